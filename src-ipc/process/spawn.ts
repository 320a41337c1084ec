import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Socket } from 'node:net';
import { fromSystemError, IpcError } from './ipc-error.js';

/** Descriptor of the socket in the child: the first after the standard ones. */
const CHILD_FD = 3;

/** What to run for a program: itself, or an interpreter with the program as its first argument. */
export interface SpawnTarget {
  readonly command: string;
  /** Arguments that come before `-ipcfd`. */
  readonly args?: readonly string[];
  /** Environment variables to set in addition to this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface SpawnOptions {
  /** Name of the program, for messages. */
  readonly name: string;
  /** Takes lines for the debug log, category ipc. */
  readonly log?: (line: string) => void;
  /** What becomes of the standard streams; all are shared with this process by default. */
  readonly standardStreams?: 'inherit' | 'ignore';
}

/** How a process ended. */
export interface ExitStatus {
  /** Exit status, or null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** As wait(2) reports it. */
  readonly waitStatus: number;
}

/** A child process connected by a socket. Closing the socket asks it to end. */
export interface SpawnedProcess {
  readonly name: string;
  readonly pid: number;
  readonly socket: Socket;
  /** Fulfilled when the process has ended and been reaped. */
  readonly exited: Promise<ExitStatus>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a program with `-ipcfd <n>`, where descriptor n is one end of a socket pair; the other end is the result's.
 * The child inherits environment, directory and standard streams; files that come along as well it is to close itself
 * (`closeInheritedFiles`).
 * @throws IpcError `spawn-failed` when the program cannot be run
 */
export async function spawnProcess(target: SpawnTarget, options: SpawnOptions): Promise<SpawnedProcess> {
  const { name, log, standardStreams = 'inherit' } = options;
  const child = spawn(target.command, [...(target.args ?? []), '-ipcfd', String(CHILD_FD)], {
    // On Windows the child could otherwise not write while it waits for what it reads; elsewhere it is the same as 'pipe'.
    stdio: [standardStreams, standardStreams, standardStreams, 'overlapped'],
    env: { ...process.env, ...target.env },
  });
  const socket = childSocket(child.stdio[CHILD_FD]);
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => {
      const waitStatus = code === null ? (signal === null ? 0 : constants.signals[signal]) : code << 8;
      log?.(`Process ${name} pid ${child.pid ?? 0} exited with status ${waitStatus}`);
      resolve({ code, signal, waitStatus });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    // Stays on: a kill that fails later is reported here, too, and must not be an uncaught error.
    child.on('error', (error) => {
      socket.destroy();
      reject(new IpcError('spawn-failed', `Unable to start ${name}: ${fromSystemError(error).message}`, { cause: error }));
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new IpcError('spawn-failed', `Unable to start ${name}`);
  log?.(`Process ${name} pid ${pid} launched`);
  return { name, pid, socket, exited, kill: (signal) => void child.kill(signal) };
}

function childSocket(stream: unknown): Socket {
  // Both a check and a narrowing: an extra descriptor opened as a pipe is a socket that can be read and written.
  if (typeof stream === 'object' && stream !== null && 'destroySoon' in stream && isSocket(stream)) return stream;
  throw new IpcError('spawn-failed', 'No socket to the child process');
}

function isSocket(stream: object): stream is Socket {
  return 'write' in stream && 'read' in stream;
}
