/** Commands whose arguments are secrets: they are not kept in the history. */
const SECRET_COMMANDS = new Set([
  'createwallet',
  'createwalletdescriptor',
  'encryptwallet',
  'importdescriptors',
  'importprivkey',
  'migratewallet',
  'sethdseed',
  'signmessagewithprivkey',
  'signrawtransactionwithkey',
  'walletpassphrase',
  'walletpassphrasechange',
]);

const MAX_HISTORY = 100;

function commandsIn(line: string): string[] {
  return line.toLowerCase().match(/[a-z]+/g) ?? [];
}

/** The line as it may be kept or shown later: secrets become an ellipsis. Nested calls count too. */
export function withoutSecrets(line: string): string {
  const first = commandsIn(line).find((word) => SECRET_COMMANDS.has(word));
  if (first === undefined) return line;
  const end = line.toLowerCase().indexOf(first) + first.length;
  return `${line.slice(0, end)} …`;
}

/** Adds a line, newest last; a repeated line moves to the end; lines with secrets are left out. */
export function remember(history: readonly string[], line: string): readonly string[] {
  const kept = line.trim();
  if (kept === '' || withoutSecrets(kept) !== kept) return history;
  return [...history.filter((old) => old !== kept), kept].slice(-MAX_HISTORY);
}

/** Commands that complete the word being typed, at most eight. The first word, or after `help` or a bracket. */
export function completions(commands: readonly string[], line: string): readonly string[] {
  const word = /(?:^|\(|^help\s+)\s*([a-z]+)$/.exec(line)?.[1];
  if (word === undefined) return [];
  const starting = commands.filter((command) => command.startsWith(word) && command !== word);
  const containing = commands.filter((command) => command.includes(word) && !command.startsWith(word));
  return [...starting, ...containing].slice(0, 8);
}

/** The line with the word being typed replaced by `command`. */
export function complete(line: string, command: string): string {
  return `${line.replace(/[a-z]+$/, '')}${command} `;
}
