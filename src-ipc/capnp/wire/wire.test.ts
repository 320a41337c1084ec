import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyPointer } from './copy.js';
import { decodeFrame, encodeFrame, FrameDecoder } from './frame.js';
import { MessageBuilder, MessageReader } from './message.js';
import { ListElementSize } from './pointer.js';
import type { StructReader } from './struct-reader.js';
import { EVERYTHING, RandomValues, readEverything, writeEverything } from './testing-everything.js';

const WORD = { dataWords: 1, pointers: 1 } as const;
const POINTERS = { dataWords: 0, pointers: 4 } as const;

function words(...values: [number, number][]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach(([low, high], i) => {
    view.setUint32(i * 8, low, true);
    view.setUint32(i * 8 + 4, high, true);
  });
  return view.buffer;
}

/** A message of one root struct with one pointer, which is what the test is about. */
const around = (...rest: [number, number][]): MessageReader => MessageReader.fromSegments([words([0, 0x10000], ...rest)]);

test('random values read back as they were written, on either side of framing', () => {
  const random = new RandomValues(99);
  for (let i = 0; i < 300; i++) {
    const value = random.everything();
    const message = new MessageBuilder(16);
    const root = message.initRoot(EVERYTHING);
    writeEverything(root, value);
    assert.deepEqual(readEverything(root.asReader()), value);
    assert.deepEqual(readEverything(decodeFrame(encodeFrame(message)).root()), value);
  }
});

test('a pointer is written once, and neighbours stay what they are', () => {
  const root = new MessageBuilder().initRoot(POINTERS);
  root.setText(0, 'first');
  root.setData(1, Uint8Array.of(1, 2, 3));
  root.initStructList(2, 2, WORD).getStruct(1).setText(0, 'deep');
  for (const again of [
    () => root.setText(0, 'x'),
    () => root.setData(1, new Uint8Array(100)),
    () => root.initStructList(2, 1, WORD),
    () => root.initStruct(0, WORD),
    () => root.initList(1, ListElementSize.BYTE, 1),
  ]) assert.throws(again, /already set/);
  const reader = root.asReader();
  assert.equal(reader.getText(0), 'first');
  assert.deepEqual(reader.getData(1), Uint8Array.of(1, 2, 3));
  assert.equal(reader.getStructList(2).getStruct(1).getText(0), 'deep');
});

test('values outside the range of a field are refused', () => {
  const root = new MessageBuilder().initRoot({ dataWords: 1, pointers: 1 });
  const list = root.initList(0, ListElementSize.BYTE_2, 1);
  for (const write of [
    () => root.setInt8(0, 128),
    () => root.setUint8(0, -1),
    () => root.setInt16(0, 70000),
    () => root.setUint16(0, 1.5),
    () => root.setInt32(0, 2 ** 31),
    () => root.setUint32(0, Number.NaN),
    () => root.setInt64(0, 1n << 63n),
    () => root.setUint64(0, 1n << 65n),
    () => list.setInt16(0, -32769),
  ]) assert.throws(write, RangeError);
  for (const write of [() => root.setInt32(8, 1), () => root.setBool(64, true), () => root.setText(1, ''), () => list.setInt16(1, 0), () => list.setInt32(0, 0)]) {
    assert.throws(write, /outside the struct|out of bounds|another element size/);
  }
});

test('reading changes nothing: null fields are empty and stay null', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(POINTERS);
  const before = message.byteLength;
  const reader = root.asReader();
  assert.equal(reader.getStruct(0).getInt32(0, 9), 9);
  assert.equal(reader.getStruct(0).getStruct(5).getText(1, 'none'), 'none');
  assert.equal(reader.getStructList(1).length, 0);
  assert.equal(reader.getText(2), '');
  assert.deepEqual(reader.getData(3), new Uint8Array(0));
  assert.equal(reader.getCapability(0), null);
  assert.equal(reader.getPointer(17).isNull, true);
  assert.equal(reader.getPointer(17).asStruct().has(0), false);
  assert.deepEqual([0, 1, 2, 3].map((i) => reader.has(i)), [false, false, false, false]);
  assert.equal(message.byteLength, before);
});

test('an empty text, list or struct is not null', () => {
  const root = new MessageBuilder().initRoot(POINTERS);
  root.setText(0, '');
  root.setData(1, new Uint8Array(0));
  root.initStruct(2, { dataWords: 0, pointers: 0 });
  root.initStructList(3, 0, WORD);
  assert.deepEqual([0, 1, 2, 3].map((i) => root.asReader().has(i)), [true, true, true, true]);
});

test('long texts are UTF-8 whatever is in them', () => {
  const long = 'a long text '.repeat(200);
  for (const text of [long, `${long}é`, `é${long}`, `${long}😀`, `${long}\ud800`, 'é'.repeat(3000)]) {
    const message = new MessageBuilder(64);
    const root = message.initRoot({ dataWords: 1, pointers: 2 });
    root.setText(0, text);
    // What a text was tried in must not show in what is built behind it.
    assert.equal(root.initStruct(1, { dataWords: 2, pointers: 1 }).asReader().getUint64(8), 0n);
    const read = decodeFrame(encodeFrame(message)).root();
    assert.equal(read.getText(0), Buffer.from(text, 'utf8').toString('utf8'));
    assert.equal(read.getTextBytes(0).length, Buffer.byteLength(text));
  }
});

test('messages that arrive together are bounded each for itself', () => {
  const first = new MessageBuilder();
  first.initRoot({ dataWords: 1, pointers: 0 }).setUint32(0, 7);
  const second = encodeFrame(first);
  // The first message's root claims a word more than there is: what follows it is not its own.
  const frame = encodeFrame(first);
  new DataView(frame.buffer).setUint16(12, 2, true);
  const decoder = new FrameDecoder();
  decoder.push(Buffer.concat([frame, second]));
  assert.throws(() => decoder.next()?.root(), /out-of-bounds/);
  assert.equal(decoder.next()?.root().getUint32(0), 7);
  assert.equal(decoder.next(), null);
  assert.equal(decoder.pendingBytes, 0);
});

test('data read is a copy', () => {
  const message = new MessageBuilder();
  const root = message.initRoot(POINTERS);
  root.setData(0, Uint8Array.of(1, 2, 3));
  const read = root.asReader().getData(0);
  read[0] = 99;
  assert.deepEqual(root.asReader().getData(0), Uint8Array.of(1, 2, 3));
});

test('building is linear: 64,000 texts of a kilobyte nearly fill a message', () => {
  const message = new MessageBuilder(16);
  const list = message.initRoot(POINTERS).initList(0, ListElementSize.POINTER, 64_000);
  const text = 'x'.repeat(1000);
  for (let i = 0; i < list.length; i++) list.setText(i, text);
  const read = decodeFrame(encodeFrame(message)).root().getList(0, ListElementSize.POINTER);
  assert.equal(read.getText(63_999), text);
  assert.throws(() => message.initRoot(POINTERS), /already set/);
  assert.throws(() => new MessageBuilder().initRoot(POINTERS).setData(0, new Uint8Array(64 * 1024 * 1024)), /too large/);
});

test('a list of a million scalars reads without running into a limit', () => {
  const root = new MessageBuilder().initRoot(POINTERS);
  const list = root.initStructList(0, 1_000_000, { dataWords: 1, pointers: 0 });
  for (let i = 0; i < list.length; i++) list.getStruct(i).setUint32(0, i);
  const read = root.asReader().getStructList(0);
  let sum = 0;
  for (let round = 0; round < 8; round++) for (let i = 0; i < read.length; i++) sum += read.getStruct(i).getUint32(0);
  assert.equal(sum, 8 * ((1_000_000 * 999_999) / 2));
});

test('cycles end at the nesting limit', () => {
  const cycle = MessageReader.fromSegments([words([0, 0x10000], [0xfffffff8, 0x10000])]);
  let struct = cycle.root();
  assert.throws(() => {
    for (let i = 0; i < 1000; i++) struct = struct.getStruct(0);
  }, /too deeply-nested/);
  const copy = new MessageBuilder();
  assert.throws(() => copyPointer(cycle.rootPointer(), copy, 0), /too deeply-nested/);
});

test('content that is pointed at again and again runs into the traversal limit', () => {
  const message = new MessageBuilder();
  const root = message.initRoot({ dataWords: 0, pointers: 3 });
  root.setData(0, new Uint8Array(1024 * 1024));
  root.initStruct(1, { dataWords: 60_000, pointers: 0 });
  root.initList(2, ListElementSize.BYTE, 120_000);
  const reads: ((from: StructReader) => unknown)[] = [(from) => from.getData(0), (from) => from.getStruct(1), (from) => from.getList(2, ListElementSize.BYTE)];
  for (const read of reads) {
    const reader = root.asReader();
    assert.throws(() => {
      for (let i = 0; i < 1000; i++) read(reader);
    }, /traversal limit/, String(read));
  }
  // Elements without size cost, too.
  const voids = around([1, 0xfffffff8]).root();
  assert.throws(() => voids.getList(0, ListElementSize.VOID), /traversal limit/);
});

test('a few bytes do not announce millions of values', () => {
  const announced = 1_000_000;
  const structs = around([1, 7], [announced << 2, 0]).root();
  assert.throws(() => structs.getStructList(0), /traversal limit/);
  assert.equal(around([1, 7], [1000 << 2, 0]).root().getStructList(0).length, 1000);
  const bits = new MessageBuilder(16);
  bits.initRoot({ dataWords: 0, pointers: 1 }).initList(0, ListElementSize.BIT, 32 * announced);
  assert.throws(() => decodeFrame(encodeFrame(bits)).root().getList(0, ListElementSize.BIT), /traversal limit/);
  // Nor do bytes that are taken for structs.
  const bytes = new MessageBuilder(16);
  bytes.initRoot({ dataWords: 0, pointers: 1 }).initList(0, ListElementSize.BYTE, 2 * announced);
  assert.throws(() => decodeFrame(encodeFrame(bytes)).root().getStructList(0), /traversal limit/);
  // Bytes are no list of values: as many as fit may come, and be passed on.
  const data = new MessageBuilder(16);
  data.initRoot({ dataWords: 0, pointers: 1 }).setData(0, new Uint8Array(40 * announced));
  const reader = decodeFrame(encodeFrame(data));
  copyPointer(reader.rootPointer(), new MessageBuilder(16), 0);
  assert.equal(reader.root().getData(0).length, 40 * announced);
});

test('malformed pointers are refused', () => {
  const cases: [string, MessageReader, (message: MessageReader) => unknown][] = [
    ['struct beyond the end', around([0, 0x20001]), (m) => m.root().getStruct(0)],
    ['struct before the beginning', around([0xffffff00, 0x10000]), (m) => m.root().getStruct(0)],
    ['list where a struct is expected', around([1, 2]), (m) => m.root().getStruct(0)],
    ['struct where a list is expected', around([0, 1], [0, 0]), (m) => m.root().getStructList(0)],
    ['list beyond the end', around([1, (100 << 3) | 5]), (m) => m.root().getList(0, ListElementSize.BYTE_8)],
    ['text without NUL', around([1, (2 << 3) | 2], [0x4141, 0]), (m) => m.root().getText(0)],
    ['text of no bytes', around([1, 2]), (m) => m.root().getText(0)],
    ['list of words as data', around([1, (1 << 3) | 5], [0, 0]), (m) => m.root().getData(0)],
    ['struct list with more elements than words', around([1, (1 << 3) | 7], [100 << 2, 1], [0, 0]), (m) => m.root().getStructList(0)],
    ['struct list whose tag is a list', around([1, (1 << 3) | 7], [1, 1], [0, 0]), (m) => m.root().getStructList(0)],
    ['bits as structs', around([1, (1 << 3) | 1], [0, 0]), (m) => m.root().getStructList(0)],
    ['bytes as bits', around([1, (1 << 3) | 2], [0, 0]), (m) => m.root().getList(0, ListElementSize.BIT)],
    ['bytes as words', around([1, (1 << 3) | 2], [0, 0]), (m) => m.root().getList(0, ListElementSize.BYTE_8)],
    ['far pointer to an unknown segment', around([2, 9]), (m) => m.root().getStruct(0)],
    ['far pointer beyond its segment', around([(99 << 3) | 2, 0]), (m) => m.root().getStruct(0)],
    ['far pointer to a far pointer', around([(2 << 3) | 2, 0], [(2 << 3) | 2, 0]), (m) => m.root().getStruct(0)],
    ['double-far pad without a far pointer', around([(2 << 3) | 6, 0], [0, 1], [0, 1]), (m) => m.root().getStruct(0)],
    ['capability as struct', around([3, 0]), (m) => m.root().getStruct(0)],
    ['struct as capability', around([0, 1], [0, 0]), (m) => m.root().getCapability(0)],
    ['unknown kind of pointer', around([7, 0]), (m) => m.root().getStruct(0)],
    ['index beyond a list', around([1, (1 << 3) | 5], [0, 0]), (m) => m.root().getList(0, ListElementSize.BYTE_8).getUint64(1)],
  ];
  for (const [name, message, read] of cases) assert.throws(() => read(message), { name: 'WireError' }, name);
});

test('a pointer that only looks like zero to a floating-point comparison is not null', () => {
  // 0x8000000000000000 is the number −0.
  const message = around([0, 0x80000000]);
  assert.equal(message.root().has(0), true);
});

test('frames are cut from any chunking of the stream', () => {
  const random = new RandomValues(5);
  const values = Array.from({ length: 40 }, () => random.everything());
  const stream = Buffer.concat(
    values.map((value) => {
      const message = new MessageBuilder();
      writeEverything(message.initRoot(EVERYTHING), value);
      return encodeFrame(message);
    }),
  );
  for (const size of [1, 3, 7, 64, 1000, stream.length]) {
    const decoder = new FrameDecoder();
    const read: unknown[] = [];
    for (let at = 0; at < stream.length; at += size) {
      decoder.push(stream.subarray(at, at + size));
      for (let message = decoder.next(); message !== null; message = decoder.next()) read.push(readEverything(message.root()));
    }
    assert.deepEqual(read, values);
    assert.equal(decoder.isMidMessage, false);
  }
});

test('frames over a limit are refused from their header alone', () => {
  const header = (...numbers: number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);
  const tooMany = new FrameDecoder();
  tooMany.push(header(512, 0));
  assert.throws(() => tooMany.next(), /too many segments/);
  const huge = new FrameDecoder();
  huge.push(header(0xffffffff, 0xffffffff));
  assert.throws(() => huge.next(), /too many segments/);
  const tooLarge = new FrameDecoder();
  tooLarge.push(header(0, 8 * 1024 * 1024 + 1));
  assert.throws(() => tooLarge.next(), /too large/);
  const sum = new FrameDecoder();
  sum.push(header(1, 8 * 1024 * 1024, 1, 0));
  assert.throws(() => sum.next(), /too large/);
  const largest = new FrameDecoder();
  largest.push(header(0, 8 * 1024 * 1024));
  assert.equal(largest.next(), null);
  assert.throws(() => decodeFrame(header(0, 1)), /not exactly one message/);
});

test('messages that are built at the same time keep to their own room', () => {
  const size = { dataWords: 0, pointers: 2 };
  const messages = Array.from({ length: 200 }, (_, n) => ({ n, message: new MessageBuilder(16 + (n % 40) * 8) }));
  const roots = messages.map(({ n, message }) => ({ n, message, root: message.initRoot(size) }));
  for (const { n, root } of roots) root.setText(0, `${n}`.repeat(n % 23));
  for (const { n, root } of roots) root.setText(1, `-${n}`.repeat(n % 29));
  for (const { n, message } of roots) {
    const read = decodeFrame(encodeFrame(message)).root();
    assert.deepEqual([read.getText(0), read.getText(1)], [`${n}`.repeat(n % 23), `-${n}`.repeat(n % 29)]);
    if (n % 3 === 0) message.release();
  }
});
