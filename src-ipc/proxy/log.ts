import type { MethodType } from './interface.js';

/** Where the proxies report their traffic. The lines are those of the reference, so that its tools can read them. */
export interface IpcLog {
  /** Calls and answers, one line each. */
  debug(line: string): void;
  /** Their content; `line` is only called if the log wants it. */
  trace(line: () => string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** A log that keeps nothing. */
export const noLog: IpcLog = { debug: ignore, trace: ignore, info: ignore, warn: ignore, error: ignore };

/** Longest dump of a message's content. */
const MAX_DUMP = 200;

const CONTEXT = 'context = (thread = <external capability>, callbackThread = <external capability>)';

/** A call's parameters as text in the manner of Cap'n Proto's, cut off after 200 characters. */
export function describeParams<Params>(method: MethodType<Params, unknown>, params: Params): string {
  const text = valueText(method.params.named(params));
  if (method.context === undefined) return cut(text);
  return cut(text === '()' ? `(${CONTEXT})` : `(${CONTEXT}, ${text.slice(1)}`);
}

/** A call's results, likewise. */
export function describeResults<Results>(
  method: Pick<MethodType<unknown, Results>, 'results'>,
  results: Results,
): string {
  return cut(valueText(method.results.named(results)));
}

function cut(text: string): string {
  return text.length > MAX_DUMP ? `${text.slice(0, MAX_DUMP)}...` : text;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return quoted(Buffer.from(value, 'utf8'));
  if (value instanceof Uint8Array) return quoted(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value === 'function') return '<external capability>';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return '<external capability>';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.some(([, field]) => typeof field === 'function')) return '<external capability>';
  return `(${fields.map(([name, field]) => `${name} = ${valueText(field)}`).join(', ')})`;
}

/** Bytes outside printable ASCII become a backslash and two hexadecimal digits. */
function quoted(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, MAX_DUMP)) {
    if (byte === 0x5c) text += '\\\\';
    else if (byte < 0x20 || byte > 0x7e) text += `\\${byte.toString(16).padStart(2, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return `"${text}"`;
}

function ignore(): void {
  // Nobody listens.
}
