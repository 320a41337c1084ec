/** Lays generated code out as a person would: at most 100 columns, two spaces of indentation. */

const WIDTH = 100;

/** A doc comment, one line per element; nothing if there is no text. */
export function docComment(doc: string, indent: string): string[] {
  if (doc === '') return [];
  const single = `${indent}/** ${doc} */`;
  if (!doc.includes('\n') && single.length <= WIDTH) return [single];
  const lines = doc.split('\n').flatMap((paragraph) => wrapWords(paragraph, WIDTH - indent.length - 3));
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}

/**
 * `head(item, item)tail` on one line if it fits, else one item per line.
 * @param open,close the brackets, which hug the items on one line if they are round
 */
export function bracketed(
  indent: string,
  head: string,
  [open, close]: readonly [string, string],
  items: readonly string[],
  tail: string,
): string[] {
  const pad = open === '{' && items.length > 0 ? ' ' : '';
  const separator = items.some((item) => item.endsWith(';')) ? ' ' : ', ';
  const single = `${indent}${head}${open}${pad}${items.join(separator)}${pad}${close}${tail}`;
  if (items.length === 0 || (single.length <= WIDTH && !single.includes('\n'))) return [single];
  const ending = separator === ' ' ? '' : ',';
  const lines = items.flatMap((item) => `${item}${ending}`.split('\n').map((line) => `${indent}  ${line}`));
  return [`${indent}${head}${open}`, ...lines, `${indent}${close}${tail}`];
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
