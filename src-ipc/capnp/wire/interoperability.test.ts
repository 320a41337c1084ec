import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { copyPointer } from './copy.js';
import { encodeFrame, FrameDecoder } from './frame.js';
import { ListElementSize } from './pointer.js';
import { MessageBuilder } from './message.js';
import type { MessageReader } from './message.js';
import { EVERYTHING, RandomValues, readEverything, toJson, writeEverything } from './testing-everything.js';
import type { Everything } from './testing-everything.js';

/* Against the capnp tool of the C++ implementation. */

const SCHEMA = fileURLToPath(new URL('testdata/everything.capnp', import.meta.url));
const hasTool = spawnSync('capnp', ['--version']).status === 0;

function needsTool(t: TestContext): boolean {
  if (!hasTool) t.skip('skipped: no capnp tool (Debian: capnproto)');
  return hasTool;
}

function capnp(args: string[], input: Uint8Array | string): Buffer {
  const run = spawnSync('capnp', args, { input, maxBuffer: 256 * 1024 * 1024 });
  assert.equal(run.status, 0, run.stderr.toString());
  return run.stdout;
}

function build(value: Everything): MessageBuilder {
  const message = new MessageBuilder(16);
  writeEverything(message.initRoot(EVERYTHING), value);
  return message;
}

function messages(stream: Uint8Array): MessageReader[] {
  const decoder = new FrameDecoder();
  decoder.push(stream);
  const all: MessageReader[] = [];
  for (let message = decoder.next(); message !== null; message = decoder.next()) all.push(message);
  assert.equal(decoder.isMidMessage, false);
  return all;
}

const random = new RandomValues(7);
const VALUES = Array.from({ length: 200 }, () => random.everything());

test('what is built here reads the same in C++', (t) => {
  if (!needsTool(t)) return;
  const frames = Buffer.concat(VALUES.map((value) => encodeFrame(build(value))));
  const lines = capnp(['convert', '--short', 'binary:json', SCHEMA, 'Everything'], frames).toString().trim().split('\n');
  const parsed = lines.map((line): unknown => JSON.parse(line));
  assert.equal(parsed.length, VALUES.length);
  parsed.forEach((json, i) => assert.deepEqual(json, toJson(VALUES[i] ?? assert.fail())));
});

test('what C++ writes reads the same here, in one segment or many', (t) => {
  if (!needsTool(t)) return;
  const json = VALUES.map((value) => JSON.stringify(toJson(value))).join('\n');
  for (const segmentSize of ['1', '7', '64', '8192']) {
    const read = messages(capnp(['convert', `--segment-size=${segmentSize}`, 'json:binary', SCHEMA, 'Everything'], json));
    assert.equal(read.length, VALUES.length);
    if (segmentSize === '7') assert.ok(read.some((message) => message.segments.length > 20));
    read.forEach((message, i) => assert.deepEqual(readEverything(message.root()), VALUES[i]));
  }
});

test('a deep copy is equal, whatever it is copied from', (t) => {
  if (!needsTool(t)) return;
  const frames = Buffer.concat(VALUES.map((value) => encodeFrame(build(value))));
  const scattered = messages(capnp(['convert', '--segment-size=5', 'binary:binary'], frames));
  scattered.forEach((message, i) => {
    const copy = new MessageBuilder(16);
    copyPointer(message.rootPointer(), copy, 0);
    assert.deepEqual(readEverything(messages(encodeFrame(copy))[0]?.root() ?? assert.fail()), VALUES[i]);
  });
});

test('messages of older and newer schemas read', (t) => {
  if (!needsTool(t)) return;
  const old = messages(capnp(['encode', SCHEMA, 'Old'], '(name = "n", items = [(id = 1), (id = 2)], numbers = [7, 8])'))[0];
  const fresh = messages(capnp(['encode', SCHEMA, 'New'], '(name = "n", items = [(id = 1, label = "one", more = ["x"]), (id = 2, amount = 9)], numbers = [(value = 7, label = "s"), (value = 8)], added = "a", count = 9)'))[0];
  assert.ok(old && fresh);
  for (const message of [old, fresh]) {
    const root = message.root();
    // With the old schema.
    assert.deepEqual(root.getStructList(1).map((list, i) => list.getStruct(i).getUint32(0)), [1, 2]);
    assert.deepEqual(root.getList(2, ListElementSize.BYTE_4).map((list, i) => list.getUint32(i)), [7, 8]);
  }
  // With the new schema.
  const item = (message: MessageReader, i: number): unknown[] => {
    const struct = message.root().getStructList(1).getStruct(i);
    return [struct.getUint32(0), struct.getText(0), struct.getInt64(8, 5n), struct.getList(1, ListElementSize.POINTER).map((list, j) => list.getText(j))];
  };
  assert.deepEqual([item(old, 0), item(old, 1)], [[1, '', 5n, []], [2, '', 5n, []]]);
  assert.deepEqual([item(fresh, 0), item(fresh, 1)], [[1, 'one', 5n, ['x']], [2, '', 9n, []]]);
  const numbers = (message: MessageReader): unknown[] => message.root().getStructList(2).map((list, i) => [list.getStruct(i).getUint32(0), list.getStruct(i).getText(0)]);
  assert.deepEqual([numbers(old), numbers(fresh)], [[[7, ''], [8, '']], [[7, 's'], [8, '']]]);
  assert.deepEqual([old.root().getText(3), old.root().getInt32(0, 7), fresh.root().getInt32(0, 7)], ['', 7, 9]);
});
