/**
 * The RPC console's language, as Bitcoin Core's console has it: words separated by blanks, quotes,
 * nested calls in parentheses whose results become arguments, and `[path]` to pick from a result.
 */
import { FacadeFailure } from './facade-failure.js';

/** Runs one command; parameters and result are JSON texts. */
export type Execute = (method: string, params: string) => Promise<string>;

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}
interface CallNode {
  readonly method: string;
  readonly args: readonly (Word | CallNode)[];
  /** Keys and indexes to pick from the result, in order. */
  readonly path: readonly string[];
}

const isCall = (node: Word | CallNode): node is CallNode => 'method' in node;

/** Deepest nesting of calls in one line. */
const deepest = 32;

class LineReader {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  #skip(pattern: RegExp): void {
    while (this.#at < this.#line.length && pattern.test(this.#line.charAt(this.#at))) this.#at++;
  }

  #peek(): string {
    return this.#line.charAt(this.#at);
  }

  /** A whole line: one call. */
  line(): CallNode {
    const call = this.#call(0, false);
    this.#skip(/\s/);
    if (this.#at < this.#line.length) throw syntax(`unexpected "${this.#peek()}"`);
    return call;
  }

  #call(depth: number, nested: boolean): CallNode {
    if (depth > deepest) throw syntax('calls are nested too deeply');
    this.#skip(/\s/);
    const method = this.#word().text;
    if (method === '') throw syntax('a command is missing');
    const args: (Word | CallNode)[] = [];
    this.#skip(/[ \t]/);
    const parenthesised = this.#peek() === '(';
    if (parenthesised) this.#at++;
    else if (nested) return { method, args, path: this.#path() };
    for (;;) {
      this.#skip(parenthesised ? /[\s,]/ : /\s/);
      const next = this.#peek();
      if (next === '') {
        if (parenthesised) throw syntax('a ")" is missing');
        return { method, args, path: [] };
      }
      if (next === ')') {
        if (!parenthesised) throw syntax('unexpected ")"');
        this.#at++;
        return { method, args, path: this.#path() };
      }
      args.push(this.#argument(depth));
    }
  }

  #argument(depth: number): Word | CallNode {
    const start = this.#at;
    const word = this.#word();
    if (!word.quoted && /^[a-z][a-z0-9_]*$/i.test(word.text) && this.#peek() === '(') {
      this.#at = start;
      return this.#call(depth + 1, true);
    }
    return word;
  }

  #path(): string[] {
    const path: string[] = [];
    while (this.#peek() === '[') {
      const end = this.#line.indexOf(']', this.#at);
      if (end < 0) throw syntax('a "]" is missing');
      path.push(this.#line.slice(this.#at + 1, end).trim().replace(/^["']|["']$/g, ''));
      this.#at = end + 1;
    }
    return path;
  }

  /** A word: quoted text, a JSON array or object, or everything up to a blank, comma or parenthesis. */
  #word(): Word {
    const first = this.#peek();
    if (first === '[' || first === '{') return { text: this.#json(), quoted: false };
    let text = '';
    let quoted = false;
    while (this.#at < this.#line.length) {
      const letter = this.#peek();
      if (letter === '"' || letter === "'") {
        text += this.#quoted(letter);
        quoted = true;
      } else if (/[\s,()]/.test(letter)) {
        break;
      } else {
        text += letter;
        this.#at++;
      }
    }
    return { text, quoted };
  }

  #quoted(quote: string): string {
    let text = '';
    for (this.#at++; this.#at < this.#line.length; this.#at++) {
      const letter = this.#peek();
      if (letter === quote) {
        this.#at++;
        return text;
      }
      if (letter === '\\' && quote === '"') {
        this.#at++;
        text += this.#peek();
      } else {
        text += letter;
      }
    }
    throw syntax(`a ${quote} is missing`);
  }

  #json(): string {
    const start = this.#at;
    let depth = 0;
    let inText = false;
    for (; this.#at < this.#line.length; this.#at++) {
      const letter = this.#peek();
      if (inText) {
        if (letter === '\\') this.#at++;
        else if (letter === '"') inText = false;
      } else if (letter === '"') {
        inText = true;
      } else if (letter === '[' || letter === '{') {
        depth++;
      } else if ((letter === ']' || letter === '}') && --depth === 0) {
        this.#at++;
        return this.#line.slice(start, this.#at);
      }
    }
    throw syntax('the JSON value does not end');
  }
}

function syntax(what: string): FacadeFailure {
  return new FacadeFailure('rpc', `The line could not be read: ${what}.`, { field: 'line' });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A word as a JSON value: numbers, true, false, null, arrays and objects as they are, all else text.
 * Quotes make text of anything but arrays and objects, which are quoted to keep their blanks together.
 */
function wordToJson({ text, quoted }: Word): string {
  if (/^\s*[[{]/.test(text) && isJson(text)) return text;
  if (!quoted && /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/.test(text)) return text;
  return JSON.stringify(text);
}

function pick(json: string, path: readonly string[]): string {
  if (path.length === 0) return json;
  let value: unknown = JSON.parse(json);
  for (const key of path) {
    const next: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
    if (next === undefined) throw new FacadeFailure('rpc', `The result has no "${key}".`, { field: 'line' });
    value = next;
  }
  return JSON.stringify(value);
}

async function run(call: CallNode, execute: Execute): Promise<string> {
  const params: string[] = [];
  for (const arg of call.args) params.push(isCall(arg) ? await run(arg, execute) : wordToJson(arg));
  return pick(await execute(call.method, `[${params.join(',')}]`), call.path);
}

/** Runs a line of the console; resolves to the JSON text of the result. */
export function runConsoleLine(line: string, execute: Execute): Promise<string> {
  return run(new LineReader(line).line(), execute);
}
