/**
 * JSON whose numbers keep the digits they were written with, so that amounts pass through unchanged
 * and integers of 64 bits stay whole.
 */

import { formatDouble } from './format-double.js';

/** A number as it stands in a JSON text. */
export class JsonNumber {
  /** @param text a number in JSON's syntax. @throws SyntaxError when it is not. */
  constructor(readonly text: string) {
    if (!numberSyntax.test(text)) throw new SyntaxError(`not a JSON number: ${text}`);
  }

  /** True when there is neither fraction nor exponent. */
  get isInteger(): boolean {
    return /^-?\d+$/.test(this.text);
  }

  toString(): string {
    return this.text;
  }
}

const numberSyntax = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A JSON text that is passed on as it is. It has been checked by whoever made it. */
export class JsonText {
  constructor(readonly text: string) {}
}

export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;
/** Made without a prototype by the parser, so that no key is special. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** What can be written as JSON. Members that are undefined are left out. */
export type Jsonable =
  | null
  | boolean
  | string
  | number
  | bigint
  | JsonNumber
  | JsonText
  | readonly Jsonable[]
  | { readonly [key: string]: Jsonable | undefined };

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);
}

export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** UniValue's names for kinds of values, as they appear in error messages. */
export function jsonTypeName(value: JsonValue): 'null' | 'bool' | 'string' | 'number' | 'array' | 'object' {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (value instanceof JsonNumber) return 'number';
  return Array.isArray(value) ? 'array' : 'object';
}

function writeString(text: string): string {
  // As UniValue: the seven-bit control characters and DEL are escaped, the rest stays UTF-8.
  return JSON.stringify(text).replaceAll('\x7f', '\\u007f');
}

/**
 * JSON text of a value. With `indent`, one member a line, nested by that many spaces.
 * @throws RangeError for numbers that are not finite.
 */
export function writeJson(value: Jsonable, indent = 0, level = 1): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isSafeInteger(value) ? (Object.is(value, -0) ? '0' : String(value)) : formatDouble(value);
    default:
  }
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof JsonText) return indent === 0 ? value.text : writeJson(parseJson(value.text), indent, level);
  const inner = indent === 0 ? '' : ' '.repeat(indent * level);
  const outer = indent === 0 ? '' : ' '.repeat(indent * (level - 1));
  const newline = indent === 0 ? '' : '\n';
  const members: string[] = [];
  const isArray = isJsonableArray(value);
  if (isArray) {
    for (const member of value) members.push(inner + writeJson(member, indent, level + 1));
  } else {
    const colon = indent === 0 ? ':' : ': ';
    for (const [key, member] of writtenMembers.get(value) ?? Object.entries(value)) {
      if (member !== undefined) members.push(inner + writeString(key) + colon + writeJson(member, indent, level + 1));
    }
  }
  const [open, close] = isArray ? '[]' : '{}';
  return `${open}${newline}${members.join(`,${newline}`)}${members.length > 0 ? newline : ''}${outer}${close}`;
}

function isJsonableArray(value: Jsonable): value is readonly Jsonable[] {
  return Array.isArray(value);
}

const duplicates = new WeakMap<JsonObject, string[]>();

/** Keys that occurred more than once in a parsed object; its member is the first of each. */
export function duplicateKeys(object: JsonObject): readonly string[] {
  return duplicates.get(object) ?? [];
}

/**
 * The members of parsed objects as they stand in their text, where the object itself does not tell: JavaScript keeps
 * one member of a name, and puts whole numbers first.
 */
const writtenMembers = new WeakMap<object, readonly (readonly [string, JsonValue])[]>();

/** The members of an object in the order of the text it was parsed from, each of those that have one name. */
export function membersOf(object: JsonObject): readonly (readonly [name: string, value: JsonValue])[] {
  return writtenMembers.get(object) ?? Object.entries(object);
}

const maxDepth = 512;

class JsonParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): JsonValue {
    return this.#last(this.#value(0));
  }

  /** The members of an object as they stand in the text, the first of each key. */
  members(): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    this.#expect('{');
    for (let more = !this.#ends('}'); more; more = !this.#ends('}') && this.#expect(',')) {
      const key = this.#key();
      const start = this.#at;
      this.#value(1);
      if (!texts.has(key)) texts.set(key, this.#text.slice(start, this.#at).trim());
    }
    return this.#last(texts);
  }

  /** `value`, when nothing follows it. */
  #last<T>(value: T): T {
    this.#space();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #fail(): never {
    throw new SyntaxError(`not JSON at position ${this.#at}`);
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #value(depth: number): JsonValue {
    if (depth > maxDepth) this.#fail();
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail();
    this.#at += word.length;
    return value;
  }

  #number(): JsonNumber {
    const pattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) this.#fail();
    this.#at = pattern.lastIndex;
    return new JsonNumber(match[0]);
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    for (; ; end++) {
      const letter = this.#text[end];
      if (letter === undefined) this.#fail();
      if (letter === '\\') end++;
      else if (letter === '"') break;
    }
    this.#at = end + 1;
    try {
      const text: unknown = JSON.parse(this.#text.slice(start, end + 1));
      if (typeof text === 'string') return text;
    } catch {
      this.#at = start;
    }
    return this.#fail();
  }

  #array(depth: number): readonly JsonValue[] {
    this.#at++;
    const members: JsonValue[] = [];
    if (this.#ends(']')) return members;
    for (;;) {
      members.push(this.#value(depth + 1));
      if (this.#ends(']')) return members;
      this.#expect(',');
    }
  }

  #object(depth: number): JsonObject {
    this.#at++;
    const members: Record<string, JsonValue> = {};
    Object.setPrototypeOf(members, null);
    const written: [string, JsonValue][] = [];
    const repeated: string[] = [];
    for (let more = !this.#ends('}'); more; more = !this.#ends('}') && this.#expect(',')) {
      const key = this.#key();
      const value = this.#value(depth + 1);
      if (key in members) {
        repeated.push(key);
      } else {
        members[key] = value;
      }
      written.push([key, value]);
    }
    if (repeated.length > 0) duplicates.set(members, repeated);
    if (repeated.length > 0 || written.some(([key]) => /^\d/.test(key))) writtenMembers.set(members, written);
    return members;
  }

  /** A member's name, up to its value. */
  #key(): string {
    this.#space();
    if (this.#text[this.#at] !== '"') this.#fail();
    const key = this.#string();
    this.#expect(':');
    return key;
  }

  #ends(letter: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== letter) return false;
    this.#at++;
    return true;
  }

  #expect(letter: string): true {
    return this.#ends(letter) || this.#fail();
  }
}

/** @throws SyntaxError when the text is not exactly one JSON value. */
export function parseJson(text: string): JsonValue {
  return new JsonParser(text).parse();
}

/**
 * The members of an object as the texts they are written in: nothing about them is changed, not even the order
 * of keys inside. @throws SyntaxError when the text is not exactly one JSON object.
 */
export function memberTexts(text: string): ReadonlyMap<string, string> {
  return new JsonParser(text).members();
}
