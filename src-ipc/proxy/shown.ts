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

/** A text longer than this is cut off. */
const MAX_LENGTH = 200;

/** A shown value as text in the manner of Cap'n Proto's and the reference's logs, cut off once it is too long. */
export function shownText(value: Shown): string {
  let text = '';
  for (const byte of Buffer.from(valueText(value), 'latin1')) {
    if (byte === 0x5c) text += '\\\\';
    else if (byte < 0x20 || byte > 0x7e) text += `\\${byte.toString(16).padStart(2, '0')}`;
    else text += String.fromCharCode(byte);
    if (text.length > MAX_LENGTH) return `${text}...`;
  }
  return text;
}

/** The whole value, one character for each byte. */
function valueText(value: Shown): string {
  if (typeof value === 'symbol') return `<${value.description ?? ''}>`;
  if (typeof value === 'string') return quoted(Buffer.from(value.slice(0, MAX_LENGTH + 1), 'utf8'), false);
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Uint8Array) return quoted(value, true);
  if (value instanceof Map) {
    const fields = [...value].filter(([, field]) => field !== undefined);
    return `(${fields.map(([name, field]) => `${String(name)} = ${valueText(field)}`).join(', ')})`;
  }
  if (Array.isArray(value)) return `[${value.slice(0, MAX_LENGTH).map(valueText).join(', ')}]`;
  return String(value);
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  return String(value).replace('e+', 'e');
}

const C_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  "'": "\\'",
  '"': '\\"',
  '\\': '\\\\',
};

/** A C string literal: control characters, and in data all bytes outside ASCII, have three octal digits. */
function quoted(bytes: Uint8Array, isData: boolean): string {
  let text = '';
  for (const byte of bytes.subarray(0, MAX_LENGTH + 1)) {
    const letter = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte !== 0x7f && (byte < 0x80 || !isData);
    text += C_ESCAPES[letter] ?? (isPlain ? letter : `\\${byte.toString(8).padStart(3, '0')}`);
  }
  return `"${text}"`;
}
