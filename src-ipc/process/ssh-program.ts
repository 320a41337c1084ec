import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

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

/** An ssh process that carries a link, for as long as this process wants it. */
export interface SshProcess {
  /** What it wrote to its error output, oldest first; the last lines only. */
  readonly lines: readonly string[];
  /** Fulfilled when it has ended and the directory is gone. */
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  /** Calls back for each line from now on; the result stops that. */
  onLine(listener: (line: string) => void): () => void;
  /** Makes it end. */
  stop(): void;
}

/**
 * Starts the system's ssh.
 * @param directory removed when it ends
 * @param ownSession without a terminal to ask in
 */
export function startSsh(args: readonly string[], directory: string, env: NodeJS.ProcessEnv, ownSession: boolean): SshProcess {
  const child = spawn('/bin/sh', ['-c', KEEPER, 'ssh', directory, 'ssh', ...args], { stdio: ['pipe', 'ignore', 'pipe'], env, detached: ownSession });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let hasEnded = false;
  const ended = endOf(child).then(() => {
    hasEnded = true;
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    for (const listener of listeners) listener(line);
  });
  // A write end whose reader is gone.
  child.stdin.on('error', () => {});
  return {
    lines,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    onLine(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => child.stdin.destroy(),
  };
}

/** How a short run of ssh ended. */
export interface SshRun {
  /** Null when it could not be run or was ended. */
  readonly status: number | null;
  readonly output: string;
  readonly lines: readonly string[];
}

/** Runs the system's ssh to its end. @param limit most milliseconds it may take */
export async function runSsh(args: readonly string[], limit: number): Promise<SshRun> {
  const child = spawn('ssh', args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limit });
  const [output, errors] = [textOf(child.stdout), textOf(child.stderr)];
  const status = await endOf(child);
  return { status, output: await output, lines: (await errors).split('\n') };
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** The exit status once all is read that it wrote; null without one. */
function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (status) => resolve(status));
  });
}
