import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CompositeList, getInt32Mask, getUint32Mask, Message, ObjectSize, Pointer, Struct, TextList, Uint32List } from 'capnp-ts';
import { copyPointer } from './copy.js';
import { decodeFrame, encodeFrame, FrameDecoder } from './frame.js';
import { MessageBuilder, MessageReader } from './message.js';
import { ListElementSize } from './pointer.js';
import type { StructReader } from './struct-reader.js';

/*
 * What capnp-ts does wrong by itself, each beside the same thing done here. When an update mends something there, the
 * test says so. Unions have no readers of their own here: a field is read whatever the others say.
 */

const POINTERS = { dataWords: 1, pointers: 4 } as const;
const WORD = { dataWords: 1, pointers: 0 } as const;
const LONG = 'y'.repeat(2000);

/** One word and four pointers, for capnp-ts. */
class Stock extends Struct {
  static override readonly _capnp = { displayName: 'Stock', id: '1', size: new ObjectSize(8, 4) };
}

/** What one word has become in a newer schema. */
class StockNewer extends Struct {
  static override readonly _capnp = { displayName: 'StockNewer', id: '2', size: new ObjectSize(16, 1) };
}

/** One word. */
class StockWord extends Struct {
  static override readonly _capnp = { displayName: 'StockWord', id: '3', size: new ObjectSize(8, 0) };
}

const stock = (): Stock => new Message().initRoot(Stock);
const received = (struct: Struct): Stock => new Message(struct.segment.message.toArrayBuffer(), false).getRoot(Stock);
const ours = (struct: Struct): StructReader => decodeFrame(new Uint8Array(struct.segment.message.toArrayBuffer())).root();

/** A struct that points to itself. */
function cycle(): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(4, 0x10000, true);
  view.setInt32(8, -8, true);
  view.setUint32(12, 0x10000, true);
  return view.buffer;
}

test('setting a text again zeroes its neighbours; here it is refused', () => {
  const theirs = stock();
  Struct.setText(0, 'first..', theirs);
  Struct.setText(1, 'second.', theirs);
  Struct.setText(0, 'x', theirs);
  assert.equal(Struct.getText(1, theirs), '\0'.repeat(7));
  const root = new MessageBuilder().initRoot(POINTERS);
  root.setText(0, 'first..');
  root.setText(1, 'second.');
  assert.throws(() => root.setText(0, 'x'), /already set/);
  assert.deepEqual([root.asReader().getText(0), root.asReader().getText(1)], ['first..', 'second.']);
});

test('defaults of Int32 lose their upper half and those of UInt32 their sign; here they do not', () => {
  const theirs = stock();
  assert.deepEqual([-100000, 123456].map((value) => Struct.getInt32(0, theirs, getInt32Mask(value))), [31072, 57920]);
  assert.equal(Struct.getUint32(0, theirs, getUint32Mask(0xffffffff)), -1);
  const reader = ours(theirs);
  assert.deepEqual([-100000, 123456].map((value) => reader.getInt32(0, value)), [-100000, 123456]);
  assert.equal(reader.getUint32(0, 0xffffffff), 0xffffffff);
});

test('a list of structs with long texts cannot be copied into another message; here it can', () => {
  const list = Struct.initList(0, CompositeList(Stock), 50, stock());
  for (let i = 0; i < 50; i++) Struct.setText(0, `${i}${LONG}`, list.get(i));
  const source = received(list.segment.message.getRoot(Stock));
  assert.throws(() => Pointer.copyFrom(Struct.getPointer(0, source), Struct.getPointer(0, stock())), RangeError);
  const copy = new MessageBuilder();
  copyPointer(ours(source).getPointer(0), copy, copy.initRoot(POINTERS).pointerOffset(0));
  const texts = decodeFrame(encodeFrame(copy)).root().getStructList(0).map((copied, i) => copied.getStruct(i).getText(0));
  assert.deepEqual(texts, Array.from({ length: 50 }, (_, i) => `${i}${LONG}`));
});

test('a struct with a capability cannot be copied; here it can, and the copy has a reference of its own', () => {
  const source = stock();
  const pointer = Struct.getPointer(0, source);
  pointer.segment.setUint32(pointer.byteOffset, 3);
  pointer.segment.setUint32(pointer.byteOffset + 4, source.segment.message.addCap(null));
  assert.throws(() => Pointer.copyFrom(source, Struct.getPointer(1, stock())), /CAPNP-TS017/);
  const taken: number[] = [];
  const from = decodeFrame(new Uint8Array(source.segment.message.toArrayBuffer()));
  from.capabilities = { length: 1, get: (index) => (taken.push(index), null), add: () => 0, lend: () => 0 };
  const copy = new MessageBuilder();
  copyPointer(from.rootPointer(), copy, 0);
  assert.deepEqual([taken, copy.byteLength], [[0], from.byteLength]);
});

test('numbers that have become structs, or structs read as numbers, come out as zero; here they are read', () => {
  const numbers = stock();
  const written = Struct.initList(0, Uint32List, 2, numbers);
  written.set(0, 7);
  written.set(1, 8);
  const upgraded = Struct.getList(0, CompositeList(StockNewer), received(numbers));
  assert.notDeepEqual([0, 1].map((i) => Struct.getUint32(0, upgraded.get(i))), [7, 8]);
  const list = ours(numbers).getStructList(0);
  assert.deepEqual([0, 1].map((i) => [list.getStruct(i).getUint32(0), list.getStruct(i).getText(0)]), [[7, ''], [8, '']]);

  const structs = stock();
  const words = Struct.initList(0, CompositeList(StockWord), 2, structs);
  Struct.setUint32(0, 8, words.get(1));
  assert.notEqual(Struct.getList(0, Uint32List, received(structs)).get(1), 8);
  assert.equal(ours(structs).getList(0, ListElementSize.BYTE_4).getUint32(1), 8);
});

test('looking at a small message often ends at the traversal limit; here what is visited counts', { timeout: 60_000 }, () => {
  const theirs = stock();
  const list = Struct.initList(0, CompositeList(StockWord), 1, theirs);
  assert.throws(() => {
    for (let i = 0; i < 6_000_000; i++) Struct.getUint32(0, list.get(0));
  }, /CAPNP-TS022/);
  const own = new MessageBuilder().initRoot(POINTERS);
  own.initStructList(0, 1, WORD);
  const read = own.asReader().getStructList(0);
  for (let i = 0; i < 6_000_000; i++) read.getStruct(0).getUint32(0);
  // Building is not reading.
  const builder = new Message();
  const before = builder._capnp.traversalLimit;
  builder.initRoot(Stock);
  assert.ok(builder._capnp.traversalLimit < before);
  const fresh = new MessageBuilder().initRoot(POINTERS);
  const words = fresh.initStructList(0, 1, WORD);
  for (let i = 0; i < 20_000_000; i++) words.getStruct(0).setUint32(0, i);
  assert.equal(fresh.asReader().getStructList(0).getStruct(0).getUint32(0), 19_999_999);
});

test('a struct inside itself is followed for ever; here it ends at the nesting limit', () => {
  let theirs = new Message(cycle(), false, true).getRoot(Stock);
  for (let depth = 0; depth < 100_000; depth++) theirs = Struct.getStruct(0, Stock, theirs);
  let own = MessageReader.fromSegments([cycle()]).root();
  let depth = 0;
  assert.throws(() => {
    for (; depth < 100_000; depth++) own = own.getStruct(0);
  }, /too deeply-nested/);
  assert.ok(depth < 64);
});

/** How often `build` makes the first segment move to a larger buffer. */
function growth(segment: { replaceBuffer(buffer: ArrayBuffer): void }, build: () => void): number {
  let count = 0;
  const replace = segment.replaceBuffer.bind(segment);
  segment.replaceBuffer = (buffer) => {
    count++;
    replace(buffer);
  };
  build();
  return count;
}

test('a growing message is copied every 4 KiB; here each time it doubles', () => {
  const theirs = stock();
  const list = Struct.initList(0, TextList, 1000, theirs);
  const often = growth(theirs.segment, () => {
    for (let i = 0; i < 1000; i++) list.set(i, 'x'.repeat(1000));
  });
  assert.ok(often > 200, `${often} times`);
  const message = new MessageBuilder();
  const own = message.initRoot(POINTERS).initList(0, ListElementSize.POINTER, 1000);
  const seldom = growth(message.segment, () => {
    for (let i = 0; i < 1000; i++) own.setText(i, 'x'.repeat(1000));
  });
  assert.ok(seldom <= 12, `${seldom} times`);
});

test('reading a null field allocates it; here it stays null', () => {
  const theirs = stock();
  const before = theirs.segment.byteLength;
  Struct.getStruct(0, StockWord, theirs);
  Struct.getList(1, TextList, theirs);
  assert.ok(theirs.segment.byteLength > before);
  const message = new MessageBuilder();
  const reader = message.initRoot(POINTERS).asReader();
  const size = message.byteLength;
  reader.getStruct(0).getUint32(0);
  assert.deepEqual([reader.getList(1, ListElementSize.POINTER).length, reader.has(0), message.byteLength], [0, false, size]);
});

test('a frame that announces four billion segments is believed; here it is refused by name', () => {
  const header = Uint8Array.from([255, 255, 255, 255, 0, 0, 0, 0]);
  assert.throws(() => new Message(header, false), RangeError);
  const decoder = new FrameDecoder();
  decoder.push(header);
  assert.throws(() => decoder.next(), { name: 'WireError', message: 'Message has too many segments: 4294967296, 512 allowed.' });
});

test('data that was read changes with the message, and the other way; here it is a copy', () => {
  const theirs = stock();
  Struct.initData(0, 3, theirs).copyBuffer(Uint8Array.of(1, 2, 3));
  Struct.getData(0, theirs).toUint8Array()[0] = 99;
  assert.equal(Struct.getData(0, theirs).toUint8Array()[0], 99);
  const root = new MessageBuilder().initRoot(POINTERS);
  root.setData(0, Uint8Array.of(1, 2, 3));
  root.asReader().getData(0)[0] = 99;
  assert.deepEqual(root.asReader().getData(0), Uint8Array.of(1, 2, 3));
});

test('numbers out of range are cut off in silence; here they are refused', () => {
  const theirs = stock();
  Struct.setInt16(0, 70000, theirs);
  assert.equal(Struct.getInt16(0, theirs), 4464);
  Struct.setUint64(0, 1n << 65n, theirs);
  assert.equal(Struct.getUint64(0, theirs), 0n);
  const root = new MessageBuilder().initRoot(POINTERS);
  assert.throws(() => root.setInt16(0, 70000), RangeError);
  assert.throws(() => root.setUint64(0, 1n << 65n), RangeError);
});
