export type JsonTokenKind = 'key' | 'text' | 'number' | 'word' | 'mark' | 'space';

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/gy;

function isEmptyAhead(source: string, at: number): boolean {
  return /^\s*[}\]]/.test(source.slice(at, at + 64));
}

/**
 * Indents and classifies JSON text without parsing the numbers: amounts keep the digits the node wrote.
 * Returns null when the text is not JSON (plain text replies, such as `help`).
 */
export function jsonTokens(source: string): JsonToken[] | null {
  const tokens: JsonToken[] = [];
  const stack: ('{' | '[')[] = [];
  const space = (): void => {
    tokens.push({ kind: 'space', text: `\n${'  '.repeat(stack.length)}` });
  };
  let at = 0;
  let expectKey = false;
  for (;;) {
    while (/\s/.test(source[at] ?? '')) at++;
    if (at >= source.length) break;
    TOKEN.lastIndex = at;
    const text = TOKEN.exec(source)?.[0];
    if (text === undefined) return null;
    at += text.length;
    if (text === '{' || text === '[') {
      tokens.push({ kind: 'mark', text });
      stack.push(text);
      expectKey = text === '{';
      if (!isEmptyAhead(source, at)) space();
    } else if (text === '}' || text === ']') {
      const open = stack.pop();
      if (open === undefined || (open === '{') !== (text === '}')) return null;
      const last = tokens.at(-1);
      if (last?.kind !== 'mark' || (last.text !== '{' && last.text !== '[')) space();
      tokens.push({ kind: 'mark', text });
      expectKey = false;
    } else if (text === ',') {
      if (stack.length === 0) return null;
      tokens.push({ kind: 'mark', text });
      expectKey = stack.at(-1) === '{';
      space();
    } else if (text === ':') {
      tokens.push({ kind: 'mark', text: ': ' });
      expectKey = false;
    } else if (text.startsWith('"')) {
      tokens.push({ kind: expectKey ? 'key' : 'text', text });
    } else {
      tokens.push({ kind: /^[tfn]/.test(text) ? 'word' : 'number', text });
    }
  }
  return stack.length === 0 && tokens.length > 0 ? tokens : null;
}

/** Whether a number in a reply is an amount: the node writes those with eight decimals. */
export function looksLikeAmount(text: string): boolean {
  return /^-?\d+\.\d{8}$/.test(text);
}

/** The text of a JSON string token, or null when it is not one. */
export function plainText(source: string): string | null {
  const trimmed = source.trim();
  if (!trimmed.startsWith('"')) return null;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}
