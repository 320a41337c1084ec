import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import type { DirectSocket } from '../capnp/transport/direct-socket.js';
import { IpcError } from './ipc-error.js';

/*
 * On Windows no folder keeps others from making a pipe: whoever comes first can pose as the node. What the system does
 * see to is that only the user who made a pipe can write to it. So who listens keeps a key in a file at the path that the
 * pipe stands for, and who connects sends a challenge, and says nothing else until it has been answered with what only
 * a reader of that file can know.
 */

/** Bytes of a key, a challenge and an answer. */
const SIZE = 32;
const KEY_FILE = /^[0-9a-f]{64}$/;
/** Milliseconds that a challenge, and its answer, may take. */
const LIMIT = 10_000;

/**
 * The key of a pipe that is about to be listened at: one that was left behind, or a new one.
 * @param path that the pipe stands for
 * @throws IpcError `in-use` when there is another file
 */
export async function pipeKeyAt(path: string): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    // Of two programs that start at once, one makes it.
    await writeFile(path, randomBytes(SIZE).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
  const key = await readPipeKey(path);
  if (key === undefined) throw new IpcError('in-use', 'Address already in use');
  return key;
}

/** The key of the pipe that a path stands for; undefined when the file is none. Rejects with the system's error without a file. */
export async function readPipeKey(path: string): Promise<Buffer | undefined> {
  const found = await readFile(path, 'latin1');
  return KEY_FILE.test(found) ? Buffer.from(found, 'hex') : undefined;
}

function answerTo(challenge: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(challenge).digest();
}

/** Answers the challenge of a new connection and then hands it on. One that says more than that, or nothing in time, is ended. */
export function answerChallenge(socket: Socket, key: Uint8Array, onConnection: (socket: Socket) => void, limit = LIMIT): void {
  let challenge = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), limit);
  socket.once('close', () => clearTimeout(timer));
  // Whoever takes the socket over listens, too.
  socket.on('error', () => {});
  const onData = (bytes: Buffer): void => {
    challenge = Buffer.concat([challenge, bytes]);
    if (challenge.length < SIZE) return;
    socket.off('data', onData);
    clearTimeout(timer);
    if (challenge.length > SIZE) {
      socket.destroy();
      return;
    }
    socket.write(answerTo(challenge, key));
    onConnection(socket);
  };
  socket.on('data', onData);
}

/**
 * Has the other end of a new connection prove that it knows the key; ends the connection when it does not.
 * @param path that the pipe stands for, for messages
 * @param limit milliseconds
 * @throws IpcError `foreign-owner` when it does not know the key, `timeout` when it says nothing, `refused` when it hangs up
 */
export function challengeListener(socket: DirectSocket, key: Uint8Array, path: string, limit = LIMIT): Promise<void> {
  const challenge = randomBytes(SIZE);
  const expected = answerTo(challenge, key);
  let answer = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const onClose = (): void => fail(new IpcError('refused', 'Connection refused'));
    const timer = setTimeout(() => fail(new IpcError('timeout', `What listens at "${path}" does not answer`)), limit);
    const settle = (): void => {
      clearTimeout(timer);
      socket.off('close', onClose);
    };
    const fail = (error: IpcError): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const received = (bytes: Uint8Array): void => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length < SIZE) return;
      if (answer.length > SIZE || !timingSafeEqual(answer, expected)) {
        fail(new IpcError('foreign-owner', `What listens at "${path}" does not know its key, and may be another user's; not connecting to it`));
        return;
      }
      settle();
      resolve();
    };
    // Whoever takes the socket over listens, too.
    socket.on('error', () => {});
    socket.once('close', onClose);
    socket.deliverTo({ room: () => undefined, filled: () => undefined, received });
    socket.write(challenge);
  });
}
