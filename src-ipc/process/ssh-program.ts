import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { ChildStream } from './child-stream.js';

/**
 * Runs the command in its arguments, and ends it when standard input ends: when this process lets go of it, or is
 * itself no more, however it ended. Then removes the directory that is the first argument. Background processes of a
 * shell have no standard input of their own, and ask the terminal itself. A signal that the whole group gets, such as
 * that of Ctrl-C or of a terminal that closes, must end neither the shell nor rm before all is cleaned up; nor must what
 * shells say about commands that a signal ended, when nobody reads it any more. The trap is set after the children are
 * made: one that is just being made would still have it.
 */
const KEEPER = `
directory=$1; shift
exec 3<&0 </dev/null
"$@" 3<&- &
command=$!
{ while read -r line; do :; done; kill "$command"; } <&3 >/dev/null 2>&1 &
watch=$!
trap : HUP INT QUIT TERM
exec 3<&- 2>/dev/null
while wait "$command"; status=$?; kill -0 "$command"; do :; done
trap '' HUP INT QUIT TERM
kill "$watch"; wait "$watch"
rm -rf -- "$directory"
exit "$status"
`;

/** Lines kept of what ssh writes. */
const KEPT_LINES = 200;

/** How ssh is to be started. */
export interface SshSurroundings {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether there is somebody to ask who is not at the terminal. */
  readonly hasPerson: boolean;
}

/** An ssh process that carries a link, for as long as this process wants it. */
export interface SshProcess {
  /** What it wrote to its error output, oldest first; the last lines only. */
  readonly lines: readonly string[];
  /** Fulfilled when it has ended and what it leaves is gone. */
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  /** Its exit status; null when it has none. */
  readonly status: number | null;
  /** Calls back for each line from now on; the result stops that. */
  onLine(listener: (line: string) => void): () => void;
  /** Makes it end. */
  stop(): void;
}

/** The same with its standard input and output. */
export interface StdioSsh extends SshProcess {
  readonly stream: Duplex;
}

/** The full path of the system's ssh; undefined where there is none. Nothing in the working directory is taken for it. */
export function sshProgram(): string | undefined {
  const name = process.platform === 'win32' ? 'ssh.exe' : 'ssh';
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Starts the system's ssh, which removes the directory when it ends. With a person to ask it has no terminal to ask in. */
export function startSsh(args: readonly string[], { directory, env, hasPerson }: SshSurroundings): SshProcess {
  const child = spawn('/bin/sh', ['-c', KEEPER, 'ssh', directory, 'ssh', ...args], { stdio: ['pipe', 'ignore', 'pipe'], env, detached: hasPerson });
  // A write end whose reader is gone.
  child.stdin.on('error', () => {});
  return watched(child, () => child.stdin.destroy());
}

/**
 * Starts ssh for what it reads and writes. When this process is no more, however it ended, ssh's standard input ends,
 * and the connection with it; on Windows the system itself ends it at once.
 */
export function startSshOnStdio(program: string, args: readonly string[], { env, hasPerson }: SshSurroundings): StdioSsh {
  // With a person to ask it needs no console, and must not open one.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env, windowsHide: hasPerson });
  const stream = new ChildStream(child);
  return Object.assign(watched(child, () => void child.kill()), { stream });
}

function watched(child: ChildProcess & { readonly stderr: Readable }, stop: () => void): SshProcess {
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const state: { hasEnded: boolean; status: number | null } = { hasEnded: false, status: null };
  const ended = endOf(child).then((status) => {
    state.hasEnded = true;
    state.status = status;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    for (const listener of listeners) listener(line);
  });
  return {
    lines,
    ended,
    get hasEnded() {
      return state.hasEnded;
    },
    get status() {
      return state.status;
    },
    onLine(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop,
  };
}

/** How a short run of ssh ended. */
export interface SshRun {
  /** Null when it could not be run or was ended. */
  readonly status: number | null;
  readonly output: string;
  readonly lines: readonly string[];
}

/** Runs the system's ssh to its end, or another. @param limit most milliseconds it may take */
export async function runSsh(args: readonly string[], limit: number, program = 'ssh'): Promise<SshRun> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limit, windowsHide: true });
  const [output, errors] = [textOf(child.stdout), textOf(child.stderr)];
  const status = await endOf(child);
  return { status, output: await output, lines: (await errors).split('\n') };
}

/** All that a stream has to say. */
export async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** The exit status once all is read that it wrote; null without one. */
function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    // A kill that fails is an error of the child, too.
    child.on('error', () => child.pid === undefined && resolve(null));
    child.once('close', (status) => resolve(status));
  });
}
