import { randomBytes } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemPath } from './named-pipe.js';
import type { Answer, AskPerson, Question } from './question.js';

/** What a program of `askpass-program.ts` sends. */
interface Asked {
  readonly token: string;
  /** Process id of the ssh that asks: each jump host has one of its own. */
  readonly asker: number;
  /** OpenSSH's SSH_ASKPASS_PROMPT: empty, `confirm` or `none`. */
  readonly hint: string;
  readonly prompt: string;
}

/** Questions are put to the person while this is there. */
export interface Askpass {
  /** Environment variables for ssh. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the person called it off. */
  readonly isCancelled: boolean;
  /**
   * The answers so far were right. Another ssh that asks the same gets them once without the person, but for what the
   * other computer asks in its own words: that may be a code which is good only once.
   */
  keepAnswers(): void;
  close(): void;
}

/** A prompt with the account in front is the other computer's, whatever it says. */
const FOREIGN = /^\(([^)\s]+)\) /;

/** Sorts a prompt of OpenSSH. @param host that is connected to, as the address names it */
export function questionOf(prompt: string, hint: string, host: string, attempt: number): Question {
  const base = { prompt, host, attempt };
  const foreign = FOREIGN.exec(prompt);
  if (foreign !== null) return { ...base, kind: 'password', host: foreign[1] ?? host };
  const hostKey = /^The authenticity of host '([^']+?)(?: \([^']*\))?' can't be established/.exec(prompt);
  if (hostKey !== null) {
    const [, keyType, fingerprint] = /^(\S+) key fingerprint is (?:\S+ )?([A-Z0-9]+:\S+?)\.?$/m.exec(prompt) ?? [];
    return {
      ...base,
      kind: 'host-key',
      host: hostKey[1] ?? host,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(keyType === undefined ? {} : { keyType }),
    };
  }
  const passphrase = /^Enter (?:passphrase|PIN) for (?:\S+ )?key '?(.+?)'?: ?$/.exec(prompt);
  if (passphrase !== null) return { ...base, kind: 'passphrase', keyFile: passphrase[1] ?? '' };
  const password = /^(\S+)'s password: ?$/.exec(prompt);
  if (password !== null) return { ...base, kind: 'password', host: password[1] ?? host };
  if (hint === 'confirm' || hint === 'none' || /\(yes\/no\)\??:? ?$/.test(prompt)) return { ...base, kind: 'confirmation' };
  return { ...base, kind: 'other' };
}

/**
 * Takes OpenSSH's questions to the person, one at a time.
 * @param directory of this user alone; removed by the caller
 * @param program environment variables that name the program which OpenSSH starts
 * @param onCancelled called when the person wants no more of it
 */
export async function startAskpass(
  directory: string,
  program: Readonly<Record<string, string>>,
  host: string,
  ask: AskPerson,
  onCancelled: () => void,
): Promise<Askpass> {
  const path = systemPath(join(directory, 'ask.sock'));
  const token = randomBytes(32).toString('hex');
  const sockets = new Set<Socket>();
  const attempts = new Map<string, number>();
  /** By the prompt: what was answered last, and what of it was right. */
  const answers = new Map<string, Exclude<Answer, undefined>>();
  const kept = new Map<string, Exclude<Answer, undefined>>();
  let isCancelled = false;
  let turn: Promise<void> = Promise.resolve();

  const answer = async (socket: Socket, { asker, prompt, hint }: Asked): Promise<void> => {
    if (isCancelled || socket.destroyed) return;
    const asked = `${asker} ${prompt}`;
    const attempt = attempts.get(asked) ?? 0;
    attempts.set(asked, attempt + 1);
    const known = attempt === 0 ? kept.get(prompt) : undefined;
    if (known !== undefined) {
      socket.end(JSON.stringify(wordsOf(known)));
      return;
    }
    const moot = new AbortController();
    socket.once('close', () => moot.abort());
    const given = await ask(questionOf(prompt, hint, host, attempt), moot.signal).catch(() => undefined);
    if (socket.destroyed) return;
    if (given === undefined) {
      isCancelled = true;
      socket.end();
      onCancelled();
      return;
    }
    answers.set(prompt, given);
    socket.end(JSON.stringify(wordsOf(given)));
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    createInterface({ input: socket }).once('line', (line) => {
      const asked = parseAsked(line);
      if (asked?.token !== token) socket.destroy();
      else turn = turn.then(() => answer(socket, asked));
    });
  });
  await listening(server, path);
  return {
    env: { ...program, SSH_ASKPASS_REQUIRE: 'force', BULKHEAD_ASKPASS: path, BULKHEAD_ASKPASS_TOKEN: token },
    get isCancelled() {
      return isCancelled;
    },
    keepAnswers() {
      for (const [prompt, given] of answers) if (!FOREIGN.test(prompt)) kept.set(prompt, given);
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What OpenSSH wants to read, and the exit status it wants to see, for an answer. */
function wordsOf(given: Exclude<Answer, undefined>): { readonly answer: string; readonly status: number } {
  if (typeof given === 'string') return { answer: given, status: 0 };
  return { answer: given ? 'yes' : 'no', status: given ? 0 : 1 };
}

function parseAsked(line: string): Asked | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('token' in value && 'asker' in value && 'hint' in value && 'prompt' in value)) return undefined;
    const { token, asker, hint, prompt } = value;
    const isAsked = typeof token === 'string' && typeof asker === 'number' && typeof hint === 'string' && typeof prompt === 'string';
    return isAsked ? { token, asker, hint, prompt } : undefined;
  } catch {
    return undefined;
  }
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
}
