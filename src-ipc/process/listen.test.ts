import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connectTo, listenAt, parseBindAddress } from './index.js';

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'ipc-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A socket that a process which is gone has left behind. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}~`, resolve));
  linkSync(`${path}~`, path);
  await new Promise((resolve) => server.close(resolve));
}

/** What whoever listens says. */
function answerAt(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    connect(path)
      .on('data', (data) => resolve(data.toString()))
      .on('error', reject);
  });
}

test('a socket that was removed, and one that took its name, are left alone at the end', async (t) => {
  const address = parseBindAddress('unix', temporaryDirectory(t), 'node');
  const first = await listenAt(address, () => {});
  unlinkSync(address.path);
  const second = await listenAt(address, (socket) => socket.end('second'));
  await first.close();
  assert.equal(await answerAt(address.path), 'second');
  unlinkSync(address.path);
  await second.close();
  assert.equal(existsSync(address.path), false);
  const third = await listenAt(address, () => {});
  unlinkSync(address.path);
  writeFileSync(address.path, 'mine');
  await third.close();
  assert.equal(readFileSync(address.path, 'utf8'), 'mine');
  assert.deepEqual(readdirSync(join(address.path, '..')), ['node.sock']);
});

test('a socket that was moved is not removed, nor missed', async (t) => {
  const address = parseBindAddress('unix', temporaryDirectory(t), 'node');
  const listener = await listenAt(address, (socket) => socket.end('moved'));
  renameSync(address.path, `${address.path}.moved`);
  assert.equal(await answerAt(`${address.path}.moved`), 'moved');
  await listener.close();
  assert.equal(existsSync(`${address.path}.moved`), true);
});

test('of two processes that find the same stale socket at the same time, one listens', { timeout: 60_000 }, async (t) => {
  const directory = temporaryDirectory(t);
  const { path } = parseBindAddress('unix', directory, 'node');
  const program = fileURLToPath(new URL('testing-racing-child.ts', import.meta.url));
  const children = [1, 2].map(() => fork(program, { execArgv: ['--import', 'tsx'] }));
  t.after(() => children.forEach((child) => child.kill()));
  const tell = (order?: unknown): Promise<unknown[]> =>
    Promise.all(
      children.map((child) => {
        const said = new Promise<unknown>((resolve) => child.once('message', resolve));
        if (order !== undefined) child.send(order as object);
        return said;
      }),
    );
  assert.deepEqual(await tell(), ['ready', 'ready']);
  for (let round = 0; round < 60; round++) {
    await leaveSocket(path);
    const outcomes = await tell({ at: Date.now() + 10, directory });
    assert.deepEqual(outcomes.toSorted(), ['in-use', 'listening'], `round ${round}`);
    assert.equal(await answerAt(path), String(children[outcomes.indexOf('listening')]?.pid), `round ${round}`);
    await tell('close');
    assert.deepEqual(readdirSync(directory), []);
  }
});

test('what is no socket is not listened at, and nobody is found there', async (t) => {
  const directory = temporaryDirectory(t);
  const dangling = parseBindAddress('unix:dangling', directory, 'node');
  symlinkSync(join(directory, 'nowhere'), dangling.path);
  await assert.rejects(listenAt(dangling, () => {}), { code: 'in-use' });
  assert.equal(lstatSync(dangling.path).isSymbolicLink(), true);
  await assert.rejects(connectTo(dangling), { code: 'missing', message: 'No such file or directory' });
  assert.equal(await connectTo({ ...dangling, isOptional: true }), null);

  const folder = parseBindAddress('unix:folder', directory, 'node');
  mkdirSync(folder.path);
  await assert.rejects(listenAt(folder, () => {}), { code: 'in-use' });
  await assert.rejects(connectTo(folder), { code: 'refused' });

  const file = parseBindAddress('unix:file', directory, 'node');
  writeFileSync(file.path, 'mine');
  await assert.rejects(connectTo(file), { code: 'refused', message: 'Connection refused' });
  const below = parseBindAddress('unix:file/below.sock', directory, 'node');
  await assert.rejects(listenAt(below, () => {}), { message: /Not a directory|File exists|File already exists/i });
  await assert.rejects(connectTo(below), { code: 'missing', message: 'Not a directory' });
  assert.equal(await connectTo({ ...below, isOptional: true }), null);
});
