import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { ByteSink } from './direct-socket.js';
import { socketPair } from './testing-sockets.js';

/** Keeps what arrives, and has room for the bytes after the first `header`. */
class Recorder implements ByteSink {
  readonly body: Uint8Array;
  #filled = 0;
  readonly loose: Uint8Array[] = [];

  constructor(bodyBytes: number) {
    this.body = new Uint8Array(bodyBytes);
  }

  get bytes(): number {
    return this.#filled + this.loose.reduce((sum, { length }) => sum + length, 0);
  }

  room(): Uint8Array | undefined {
    return this.loose.length === 0 || this.#filled === this.body.length ? undefined : this.body.subarray(this.#filled);
  }

  filled(bytes: number): void {
    this.#filled += bytes;
  }

  received(bytes: Uint8Array): void {
    this.loose.push(bytes);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(1);
}

test('what arrives before anybody asks is kept, in order', async (t) => {
  const [socket, peer] = await socketPair(t);
  for (const text of ['one', 'two']) {
    peer.write(text);
    await pause(20);
  }
  const sink = new Recorder(0);
  socket.deliverTo(sink);
  assert.deepEqual(sink.loose.map((bytes) => Buffer.from(bytes).toString()), ['one', 'two']);
});

test('bytes with a place are put there, and no further', async (t) => {
  const [socket, peer] = await socketPair(t);
  const sink = new Recorder(1_000_000);
  socket.deliverTo(sink);
  peer.write('header');
  await until(() => sink.bytes > 0);
  const body = Buffer.alloc(1_000_000, 'b');
  peer.write(Buffer.concat([body, Buffer.from('next')]));
  await until(() => sink.bytes === 6 + body.length + 4);
  assert.equal(Buffer.compare(sink.body, body), 0);
  assert.equal(Buffer.concat(sink.loose).toString(), 'headernext');
});

test('loose bytes are the own of who gets them', async (t) => {
  const [socket, peer] = await socketPair(t);
  const sink = new Recorder(0);
  socket.deliverTo(sink);
  for (const text of ['aaaa', 'bbbb']) {
    const before = sink.bytes;
    peer.write(text);
    await until(() => sink.bytes > before);
  }
  assert.equal(Buffer.concat(sink.loose).toString(), 'aaaabbbb');
});

test('a socket that pauses reads no more until it resumes, and sees the end', async (t) => {
  const [socket, peer] = await socketPair(t);
  const sink = new Recorder(0);
  socket.deliverTo(sink);
  socket.pause();
  peer.write(Buffer.alloc(4 * 1024 * 1024));
  await pause(100);
  assert.ok(sink.bytes < 1024 * 1024, `${sink.bytes} bytes were read`);
  const ended = once(socket, 'end');
  socket.resume();
  peer.end();
  await ended;
  assert.equal(sink.bytes, 4 * 1024 * 1024);
});
