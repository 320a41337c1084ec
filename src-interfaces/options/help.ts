import { optionCategories, type OptionTable } from './option-spec.js';

const width = 79;
const optionIndent = 2;
const textIndent = 7;

/** Breaks a text into lines of at most `columns` characters at spaces. */
function wrap(text: string, columns: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** The option part of `-help`, grouped; `debug` shows the debugging options too. */
export function formatOptionHelp(table: OptionTable, debug: boolean): string {
  let text = '';
  const specs = [...table.all()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const [category, heading] of Object.entries(optionCategories)) {
    if (heading === '' || (category === 'walletDebug' && !debug)) continue;
    const shown = specs.filter((spec) => spec.category === category && (debug || !spec.debugOnly));
    if (shown.length === 0) continue;
    text += `${heading}\n\n`;
    for (const spec of shown) {
      const help = spec.implemented ? spec.help : `${spec.help} [accepted, no effect yet]`;
      text += `${' '.repeat(optionIndent)}-${spec.name}${spec.argument}\n${' '.repeat(textIndent)}${wrap(help, width - textIndent, textIndent)}\n\n`;
    }
  }
  return text;
}
