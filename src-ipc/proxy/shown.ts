/** What a log may show of a value: structs are maps, references and secrets are symbols. */
export type Shown =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | symbol
  | Uint8Array
  | readonly Shown[]
  | ReadonlyMap<string, Shown>;

/** Stands for a reference to an object. */
export const CAPABILITY = Symbol('external capability');

/** Stands for a value that must not be shown. */
export const SECRET = Symbol('secret');

/** Longest text. */
const MAX_LENGTH = 200;

/** A shown value as text in the manner of Cap'n Proto's, cut off after 200 characters. */
export function shownText(value: Shown): string {
  const text = valueText(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}...` : text;
}

function valueText(value: Shown): string {
  if (typeof value === 'symbol') return `<${value.description ?? ''}>`;
  if (typeof value === 'string') return quoted(Buffer.from(value.slice(0, MAX_LENGTH), 'utf8'));
  if (value instanceof Uint8Array) return quoted(value);
  if (value instanceof Map) {
    const fields = [...value].filter(([, field]) => field !== undefined);
    return `(${fields.map(([name, field]) => `${String(name)} = ${valueText(field)}`).join(', ')})`;
  }
  if (Array.isArray(value)) return `[${value.slice(0, MAX_LENGTH).map(valueText).join(', ')}]`;
  return String(value);
}

/** Bytes outside printable ASCII become a backslash and two hexadecimal digits. */
function quoted(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, MAX_LENGTH)) {
    if (byte === 0x5c) text += '\\\\';
    else if (byte < 0x20 || byte > 0x7e) text += `\\${byte.toString(16).padStart(2, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return `"${text}"`;
}
