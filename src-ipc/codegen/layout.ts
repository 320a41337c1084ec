/** Lays generated code out as a person would: at most 100 columns, two spaces of indentation. */

const WIDTH = 100;

/** Code that can be broken: on one line if it fits, else with its items on lines of their own. */
export interface Group {
  readonly head: string;
  readonly open: string;
  readonly items: readonly Code[];
  readonly close: string;
  readonly tail: string;
  /** What ends every item: a comma, but a semicolon for members of types. */
  readonly separator: ',' | ';';
}

/** A function whose body goes to a line of its own if the whole does not fit one; `tail` closes the call it is in. */
export interface Arrow {
  readonly head: string;
  readonly body: Code;
  readonly tail: string;
}

export type Code = string | Group | Arrow;

/** `head(item, item)tail` and the like; `brackets` are the opening and the closing one. */
export function group(
  head: string,
  brackets: '()' | '{}' | '[]' | '{;}',
  items: readonly Code[],
  tail = '',
): Group {
  const separator = brackets.includes(';') ? ';' : ',';
  return { head, open: brackets.charAt(0), items, close: brackets.slice(-1), tail, separator };
}

/** Code behind a head and before a tail; joins them to a group's own. */
export function around(head: string, code: Code, tail = ''): Code {
  if (typeof code === 'string') return `${head}${code}${tail}`;
  return { ...code, head: `${head}${code.head}`, tail: `${code.tail}${tail}` };
}

/** A call whose last argument, a group, keeps the brackets of the call close to its own. */
export function callWith(head: string, first: readonly string[], last: Code, tail = ''): Code {
  return around(`${head}(${first.map((argument) => `${argument}, `).join('')}`, last, `)${tail}`);
}

/** The first way of writing some code that keeps to the width; the last if none does. */
export function firstFitting(indent: string, ways: readonly Code[]): string[] {
  const laidOut = ways.map((code) => layout(indent, code));
  return laidOut.find((lines) => lines.every((line) => line.length <= WIDTH)) ?? laidOut.at(-1) ?? [];
}

/** The lines of some code. */
export function layout(indent: string, code: Code): string[] {
  const single = `${indent}${flat(code)}`;
  if (typeof code === 'string' || single.length <= WIDTH) return [single];
  if ('body' in code) {
    const closing = code.tail.startsWith(')');
    const body = layout(`${indent}  `, around('', code.body, closing ? ',' : code.tail));
    return [`${indent}${code.head}`, ...body, ...(closing ? [`${indent}${code.tail}`] : [])];
  }
  if (code.items.length === 0) return [single];
  const items = code.items.flatMap((item) => layout(`${indent}  `, around('', item, code.separator)));
  return [`${indent}${code.head}${code.open}`, ...items, `${indent}${code.close}${code.tail}`];
}

/** Some code on one line. */
export function flat(code: Code): string {
  if (typeof code === 'string') return code;
  if ('body' in code) return `${code.head} ${flat(code.body)}${code.tail}`;
  const { head, open, items, close, tail, separator } = code;
  const pad = open === '{' && items.length > 0 ? ' ' : '';
  return `${head}${open}${pad}${items.map(flat).join(`${separator} `)}${pad}${close}${tail}`;
}

/** A doc comment, one paragraph per line of `doc`; nothing if there is no text. */
export function docComment(doc: string, indent: string): string[] {
  if (doc === '') return [];
  const single = `${indent}/** ${doc} */`;
  if (!doc.includes('\n') && single.length <= WIDTH) return [single];
  const lines = doc.split('\n').flatMap((paragraph) => wrapWords(paragraph, WIDTH - indent.length - 3));
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** An import; the word `type` is before the braces if all names are types, else they come last. */
export function importLine(names: readonly string[], from: string): string[] {
  const isType = (name: string): boolean => name.startsWith('type ');
  const values = names.filter((name) => !isType(name)).sort();
  const types = names.filter(isType).sort();
  const all = values.length === 0 ? types.map((name) => name.slice('type '.length)) : [...values, ...types];
  return layout('', group(values.length === 0 ? 'import type ' : 'import ', '{}', all, ` from '${from}';`));
}
