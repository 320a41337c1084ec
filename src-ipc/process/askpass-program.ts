import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * OpenSSH starts a program to ask a person something, with the question as its only argument. What is made here for
 * that passes the question on to the process that started ssh, prints the answer, and fails when there is none. It
 * needs nothing of ours to be installed where OpenSSH can find it.
 */

const ASK = `
import { connect } from 'node:net';
const ask = (prompt, asker) => new Promise(() => {
  const { BULKHEAD_ASKPASS: path, BULKHEAD_ASKPASS_TOKEN: token, SSH_ASKPASS_PROMPT: hint = '' } = process.env;
  const socket = connect(path, () => socket.write(JSON.stringify({ token, asker, hint, prompt }) + '\\n'));
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => (received += text));
  socket.on('error', () => process.exit(1));
  socket.on('close', () => {
    if (received === '') process.exit(1);
    const { answer, status } = JSON.parse(received);
    process.stdout.write(answer + '\\n', () => process.exit(status));
  });
});
`;

/** For a file that is run with the question as its argument. */
const AS_FILE = `${ASK}
await ask(process.argv[2] ?? '', process.ppid);
`;

/**
 * For Node.js with the question in the place of a file to run, which therefore has to come before that. It does not
 * have the words as they were given but in its report. What else ssh starts with Node.js, to reach a host, has a file.
 */
const BEFORE_FILE = `${ASK}
import { existsSync } from 'node:fs';
const { commandLine } = process.report.getReport().header;
if (commandLine.length === 2 && !existsSync(commandLine[1])) await ask(commandLine[1], process.ppid);
`;

const PROMPT = 'BULKHEAD_ASKPASS_QUESTION';
const ASKER = 'BULKHEAD_ASKPASS_ASKER';

/** For a program that asks by way of another process. */
const FOR_ANOTHER = `${ASK}
await ask(process.env.${PROMPT}, Number(process.env.${ASKER}));
`;

/** Environment variables for Node.js to be Node.js, also when it comes with Electron. */
const asNode: Readonly<Record<string, string>> = process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };

/** Whether the executable of this process answers for itself when ssh starts it. */
let isAskpassItself = false;

/**
 * Ends this process if ssh started it to ask a person something; a packaged program does this before anything else.
 * @param isPackaged whether the executable is all that has to be named to run this program
 */
export function answerAsAskpass(isPackaged: boolean): void {
  isAskpassItself = isPackaged;
  if (process.env['BULKHEAD_ASKPASS'] === undefined) return;
  const env = { ...process.env, ...asNode, [PROMPT]: process.argv.at(-1) ?? '', [ASKER]: String(process.ppid) };
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', FOR_ANOTHER], { env, stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });
  process.exit(status ?? 1);
}

/** A script for the system to run, and a program for the script, in the directory. @returns environment variables for ssh */
export function askpassScript(directory: string): Readonly<Record<string, string>> {
  const program = join(directory, 'askpass.mjs');
  const script = join(directory, 'askpass');
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  writeFileSync(program, AS_FILE, { mode: 0o600 });
  writeFileSync(script, `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(process.execPath)} ${quoted(program)} "$1"\n`, { mode: 0o700 });
  return { SSH_ASKPASS: script };
}

/**
 * This process's own executable. Windows would pass a script to its shell together with the question, whose words, some
 * of them the other computer's, mean something there.
 * @returns environment variables for ssh
 */
export function askpassExecutable(): Readonly<Record<string, string>> {
  if (isAskpassItself) return { SSH_ASKPASS: process.execPath };
  const before = `--import data:text/javascript,${encodeURIComponent(BEFORE_FILE)}`;
  return { ...asNode, SSH_ASKPASS: process.execPath, NODE_OPTIONS: `${before} ${process.env['NODE_OPTIONS'] ?? ''}`.trim() };
}
