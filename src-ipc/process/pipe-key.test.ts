import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { DirectSocket } from '../capnp/transport/direct-socket.js';
import { answerChallenge, challengeListener, pipeKeyAt, readPipeKey } from './pipe-key.js';
import { systemPath } from './named-pipe.js';
import { connectSocket } from './unix-socket.js';

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'ipc-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A connection to a server that does as told with it. */
async function connected(t: TestContext, serve: (socket: Socket) => void): Promise<DirectSocket> {
  const path = systemPath(join(folder(t), 'x.sock'));
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = await connectSocket(path);
  t.after(() => {
    server.close();
    for (const each of [socket, ...sockets]) each.destroy();
  });
  return socket;
}

const key = Buffer.alloc(32, 1);
const nowhere = '/data/node.sock';

test('who knows the key is taken, and what follows is left for others', async (t) => {
  const socket = await connected(t, (taken) => answerChallenge(taken, key, (answered) => answered.once('data', (bytes: Buffer) => answered.end(`re:${bytes.toString()}`))));
  await challengeListener(socket, key, nowhere);
  const answer = new Promise<string>((resolve) => socket.deliverTo({ room: () => undefined, filled: () => undefined, received: (bytes) => resolve(Buffer.from(bytes).toString()) }));
  socket.write('call');
  assert.equal(await answer, 're:call');
});

test('who does not know it, says something else, says nothing or hangs up is not', async (t) => {
  const foreign = { code: 'foreign-owner', message: /"\/data\/node\.sock" does not know its key/ };
  const other = await connected(t, (socket) => answerChallenge(socket, Buffer.alloc(32, 2), () => {}));
  await assert.rejects(challengeListener(other, key, nowhere), foreign);
  assert.equal(other.destroyed, true);
  const mirror = await connected(t, (socket) => socket.pipe(socket));
  await assert.rejects(challengeListener(mirror, key, nowhere), foreign);
  const talkative = await connected(t, (socket) => socket.write(Buffer.alloc(100)));
  await assert.rejects(challengeListener(talkative, key, nowhere), foreign);
  const silent = await connected(t, () => {});
  await assert.rejects(challengeListener(silent, key, nowhere, 50), { code: 'timeout' });
  const brief = await connected(t, (socket) => socket.destroy());
  await assert.rejects(challengeListener(brief, key, nowhere), { code: 'refused' });
});

test('calls that come without a challenge reach nobody', async (t) => {
  const socket = await connected(t, (taken) => answerChallenge(taken, key, () => assert.fail('taken')));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.write(Buffer.alloc(33));
  await closed;
  const silent = await connected(t, (taken) => answerChallenge(taken, key, () => assert.fail('taken'), 50));
  await new Promise((resolve) => silent.once('close', resolve).resume());
});

test('a key stays while its file does, and another file is left alone', async (t) => {
  const path = join(folder(t), 'deep', 'node.sock');
  const made = await pipeKeyAt(path);
  assert.equal(made.length, 32);
  assert.deepEqual(await pipeKeyAt(path), made);
  assert.deepEqual(await readPipeKey(path), made);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  rmSync(path);
  await assert.rejects(readPipeKey(path), { code: 'ENOENT' });
  assert.notDeepEqual(await pipeKeyAt(path), made);
  writeFileSync(path, 'mine');
  await assert.rejects(pipeKeyAt(path), { code: 'in-use', message: 'Address already in use' });
  assert.equal(await readPipeKey(path), undefined);
  assert.equal(readFileSync(path, 'utf8'), 'mine');
});
