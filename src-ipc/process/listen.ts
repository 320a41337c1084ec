import { lstat, mkdir } from 'node:fs/promises';
import { existsSync, linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { IpcAddress } from './address.js';
import { fromSystemError, IpcError } from './ipc-error.js';
import { connectPipe, systemPath } from './named-pipe.js';
import { answerChallenge, pipeKeyAt } from './pipe-key.js';
import { connectSocket } from './unix-socket.js';

/** A socket other processes can connect to. */
export interface IpcListener {
  readonly address: IpcAddress;
  /** Stops listening and removes the socket. Connections made stay open. */
  close(): Promise<void>;
}

/**
 * Listens at an address. Missing directories are made for the user alone, and so is the socket. A socket left behind
 * by a process that is gone is replaced; one that somebody listens on, or that is not ours, is not. A directory that
 * exists keeps its permissions: who may write there may take the name away, but nobody else may connect. On Windows the
 * file at the path is the key of a pipe, and connections are those that asked whether this process knows it.
 * @throws IpcError `in-use`, `foreign-owner` or `system`
 */
export async function listenAt(address: IpcAddress, onConnection: (socket: Socket) => void): Promise<IpcListener> {
  const { path } = address;
  const server = createServer();
  try {
    if (process.platform === 'win32') await bindPipe(server, path, onConnection);
    else await bindSocket(server.on('connection', onConnection), path);
  } catch (error) {
    server.close();
    throw fromSystemError(error);
  }
  // Somebody who took it for a stale one is about to put it back.
  const bound = statsOf(path) ?? (await delay(20), statsOf(path));
  // The socket, or the key.
  const removeAtExit = (): void => {
    try {
      const found = statsOf(path);
      if (found !== undefined && bound !== undefined && isSame(found, bound)) unlinkSync(path);
    } catch {
      // Its directory is out of reach; there is nobody to tell.
    }
  };
  process.once('exit', removeAtExit);
  return {
    address,
    // Waits for no connection to end.
    close: () => {
      process.off('exit', removeAtExit);
      removeAtExit();
      stopListening(server, path);
      return Promise.resolve();
    },
  };
}

async function bindSocket(server: Server, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await removeStaleSocket(path);
  await bindPrivately(server, path);
}

/**
 * A pipe is gone with who made it, and its last connection; of a process that was killed only the key stays behind.
 * The system refuses to make a pipe that there is, too.
 */
async function bindPipe(server: Server, path: string, onConnection: (socket: Socket) => void): Promise<void> {
  if (existsSync(path) && (await isAnswered(connectPipe(path)))) throw new IpcError('in-use', 'Address already in use');
  const key = await pipeKeyAt(path);
  await bind(server.on('connection', (socket) => answerChallenge(socket, key, onConnection)), systemPath(path));
}

/** Stops taking connections. The runtime removes whatever has the socket's name then: what somebody else has made there is put aside. */
function stopListening(server: Server, path: string): void {
  const isOthers = process.platform !== 'win32' && statsOf(path) !== undefined;
  const aside = asideOf(path);
  if (isOthers) renameSync(path, aside);
  server.close();
  if (isOthers) renameSync(aside, path);
}

function asideOf(path: string): string {
  return `${path}.${process.pid}`;
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  // Anything but a socket is left alone; binding then fails and says so.
  if (found === undefined || !found.isSocket()) return;
  const uid = process.getuid?.();
  if (uid !== undefined && found.uid !== uid) throw new IpcError('foreign-owner', `Socket "${path}" belongs to another user (uid ${found.uid})`);
  // One that was bound this moment is not listened on yet.
  if ((await isAnswered(connectSocket(path))) || (await delay(20), await isAnswered(connectSocket(path)))) throw new IpcError('in-use', 'Address already in use');
  take(path, found);
}

/**
 * Removes a file if it is the one that was found. Somebody who starts at the same time may have replaced it since; that
 * can only be told for sure once nobody else can reach it, and then it is put back.
 */
function take(path: string, found: Stats): void {
  const aside = asideOf(path);
  try {
    renameSync(path, aside);
  } catch {
    // Somebody else has taken it.
    return;
  }
  if (!isSame(lstatSync(aside), found)) linkSync(aside, path);
  unlinkSync(aside);
}

async function isAnswered(connecting: Promise<Socket>): Promise<boolean> {
  try {
    (await connecting).destroy();
    return true;
  } catch (error) {
    const { code } = fromSystemError(error);
    if (code === 'refused' || code === 'missing') return false;
    throw error;
  }
}

function isSame(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.birthtimeMs === b.birthtimeMs;
}

/** Binds with a mask that keeps others out from the first moment. */
function bindPrivately(server: Server, path: string): Promise<void> {
  const mask = process.umask(0o177);
  try {
    return bind(server, path);
  } finally {
    process.umask(mask);
  }
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
