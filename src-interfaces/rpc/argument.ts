import { jsonTypeName, writeJson, type Jsonable, type JsonValue } from '../json/json.js';

/**
 * Kinds of arguments. `amount` is a number or a string, `range` a number or a pair; the members of
 * `named-options` may also be given as named arguments of the command itself.
 */
export type ArgumentKind =
  | 'string'
  | 'hex'
  | 'number'
  | 'amount'
  | 'range'
  | 'boolean'
  | 'object'
  | 'named-options'
  | 'user-keys'
  | 'array';

/** One argument of a JSON-RPC command. */
export interface Argument {
  /** The name; older names it also answers to follow, separated by `|`. */
  readonly names: string;
  readonly kind: ArgumentKind;
  readonly help: string;
  /** Must be given. */
  readonly required?: boolean;
  /** Used when the argument is left out or null. */
  readonly default?: Jsonable;
  /** What happens without it, in words, where that is no plain value. */
  readonly defaultHint?: string;
  /** Members of an object, or the elements of an array. */
  readonly inner?: readonly Argument[];
  /** Not shown in help, like everything after it. */
  readonly hidden?: boolean;
  /** How the signature shows it. */
  readonly oneLine?: string;
  /** How help shows the type, in place of the kind's word. */
  readonly typeText?: string;
  /** The command checks the type itself. */
  readonly anyType?: boolean;
}

export function firstName(argument: Argument): string {
  const bar = argument.names.indexOf('|');
  return bar < 0 ? argument.names : argument.names.slice(0, bar);
}

const expectedTypes: Readonly<Record<ArgumentKind, ReturnType<typeof jsonTypeName> | undefined>> = {
  string: 'string',
  hex: 'string',
  number: 'number',
  amount: undefined,
  range: undefined,
  boolean: 'bool',
  object: 'object',
  'named-options': 'object',
  'user-keys': 'object',
  array: 'array',
};

/** What is wrong with the type of a value, if anything. */
export function typeMismatch(argument: Argument, value: JsonValue): string | undefined {
  if (argument.anyType === true) return undefined;
  if (value === null && argument.required !== true) return undefined;
  const expected = expectedTypes[argument.kind];
  const actual = jsonTypeName(value);
  if (expected === undefined || expected === actual) return undefined;
  return `JSON value of type ${actual} is not of expected type ${expected}`;
}

const kindWords: Readonly<Record<ArgumentKind, string>> = {
  string: 'string',
  hex: 'string',
  number: 'numeric',
  amount: 'numeric or string',
  range: 'numeric or array',
  boolean: 'boolean',
  object: 'json object',
  'named-options': 'json object',
  'user-keys': 'json object',
  array: 'json array',
};

/** The part of help that follows an argument's name: `(numeric, optional, default=1) …`. */
export function describeArgument(argument: Argument, named: boolean): string {
  let facts = argument.typeText ?? kindWords[argument.kind];
  if (argument.required === true) facts += ', required';
  else if (argument.defaultHint !== undefined) facts += `, optional, default=${argument.defaultHint}`;
  else if (argument.default !== undefined) facts += `, optional, default=${writeJson(argument.default)}`;
  else if (named) facts += ', optional';
  return argument.help === '' ? `(${facts})` : `(${facts}) ${argument.help}`;
}

/** How an argument looks in a signature. */
export function argumentShape(argument: Argument, oneLine: boolean): string {
  if (oneLine && argument.oneLine !== undefined) return argument.oneLine;
  switch (argument.kind) {
    case 'string':
    case 'hex':
      return `"${firstName(argument)}"`;
    case 'number':
    case 'amount':
    case 'range':
    case 'boolean':
      return firstName(argument);
    case 'object':
    case 'named-options':
    case 'user-keys': {
      const members = (argument.inner ?? []).map((member) => memberShape(member, oneLine)).join(',');
      return argument.kind === 'object' ? `{${members}}` : `{${members},...}`;
    }
    case 'array':
      return `[${(argument.inner ?? []).map((element) => `${argumentShape(element, oneLine)},`).join('')}...]`;
  }
}

/** How a member of an object looks: name and a stand-in for its value. */
export function memberShape(member: Argument, oneLine: boolean): string {
  const name = `"${firstName(member)}":${oneLine ? '' : ' '}`;
  switch (member.kind) {
    case 'string':
      return `${name}"str"`;
    case 'hex':
      return `${name}"hex"`;
    case 'number':
      return `${name}n`;
    case 'range':
      return `${name}n or [n,n]`;
    case 'amount':
      return `${name}amount`;
    case 'boolean':
      return `${name}bool`;
    default:
      return name + argumentShape(member, oneLine);
  }
}
