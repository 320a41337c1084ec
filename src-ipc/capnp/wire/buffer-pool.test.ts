import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBuffer, POOLED_BYTES, takeBuffer } from './buffer-pool.js';
import { encodeFrame, FrameDecoder } from './frame.js';
import { MessageBuilder, MessageReader } from './message.js';

const SIZE = { dataWords: 0, pointers: 1 };
const LARGE = 'a'.repeat(2 * POOLED_BYTES);

function built(text: string): MessageBuilder {
  const message = new MessageBuilder();
  message.initRoot(SIZE).setText(0, text);
  return message;
}

/** Cut in two, so that it is put together in a buffer of its own. */
function received(text: string): MessageReader {
  const frame = encodeFrame(built(text));
  const decoder = new FrameDecoder();
  decoder.push(frame.subarray(0, 100));
  assert.equal(decoder.next(), null);
  decoder.push(frame.subarray(100));
  const message = decoder.next();
  assert.ok(message !== null);
  return message;
}

test('a buffer given back is taken again by what fits into it', () => {
  const buffer = takeBuffer(3 * POOLED_BYTES);
  assert.equal(buffer.byteLength, 4 * POOLED_BYTES);
  giveBuffer(buffer);
  assert.notEqual(takeBuffer(2 * POOLED_BYTES), buffer);
  assert.equal(takeBuffer(4 * POOLED_BYTES), buffer);
  assert.notEqual(takeBuffer(4 * POOLED_BYTES), buffer);
});

test('no more lies about unused than is allowed', () => {
  const half = 16 * 1024 * 1024;
  const buffers = [takeBuffer(half), takeBuffer(half), takeBuffer(half), takeBuffer(half)];
  for (const buffer of buffers) giveBuffer(buffer);
  const again = buffers.map(() => takeBuffer(half));
  assert.ok(buffers.filter((buffer) => again.includes(buffer)).length <= 2);
});

test('a message that is built is given back when its author and whoever sends it are done', () => {
  const message = built(LARGE);
  const reader = MessageReader.fromBuilder(message);
  const { buffer } = message.segment;
  message.hold();
  message.release();
  assert.equal(reader.root().getText(0), LARGE);
  message.release();
  assert.throws(() => reader.root(), /did not contain a root pointer/);
  assert.equal(takeBuffer(buffer.byteLength), buffer);
});

test('a message that has arrived is given back when it is released, once', () => {
  const message = received(LARGE);
  const root = message.root();
  const text = root.getTextBytes(0);
  const buffer = message.segmentAt(0).buffer;
  message.release();
  message.release();
  assert.throws(() => root.getText(0), RangeError);
  assert.throws(() => message.root(), /did not contain a root pointer/);
  const again = [takeBuffer(buffer.byteLength), takeBuffer(buffer.byteLength)];
  assert.deepEqual(again.map((each) => each === buffer), [true, false]);
  // What was read stays what it was.
  for (const each of again) new Uint8Array(each).fill(0xff);
  assert.equal(Buffer.from(text).toString(), LARGE);
});

test('small messages that arrive together are released apart', () => {
  const decoder = new FrameDecoder();
  decoder.push(Buffer.concat([encodeFrame(built('one')), encodeFrame(built('two'))]));
  const [one, two] = [decoder.next(), decoder.next()];
  one?.release();
  assert.throws(() => one?.root(), /did not contain a root pointer/);
  assert.equal(two?.root().getText(0), 'two');
});

test('what a buffer held before does not show in a message', () => {
  const dirty = takeBuffer(POOLED_BYTES);
  new Uint8Array(dirty).fill(0xff);
  giveBuffer(dirty);
  const message = new MessageBuilder(POOLED_BYTES);
  assert.equal(message.segment.buffer, dirty);
  const root = message.initRoot({ dataWords: 4, pointers: 2 });
  root.setText(0, 'seven b');
  root.setData(1, Uint8Array.of(1));
  const bytes = message.bytes();
  assert.ok(!bytes.includes(0xff));
});
