import assert from 'node:assert/strict';
import test from 'node:test';
import { fromHex, toHex } from '../../../src-bitcoin/bytes/hex.js';
import { concatBytes } from '../../../src-bitcoin/bytes/bytes.js';
import { frameMessage, FramingError, MessageDecoder } from './framing.js';

const magic = fromHex('f9beb4d9');
/** The verack of the main network, as everybody's documentation has it. */
const verack = 'f9beb4d976657261636b000000000000000000005df6e0e2';

test('a message has the published form', () => {
  assert.equal(toHex(frameMessage(magic, 'verack', new Uint8Array(0))), verack);
});

test('messages are found whatever pieces they come in', () => {
  const payload = Uint8Array.from({ length: 300 }, (_, i) => i & 0xff);
  const stream = concatBytes(frameMessage(magic, 'ping', payload.subarray(0, 8)), fromHex(verack), frameMessage(magic, 'block', payload));
  for (const piece of [1, 3, 23, 24, 25, 1000]) {
    const decoder = new MessageDecoder(magic);
    const found = [];
    for (let at = 0; at < stream.length; at += piece) found.push(...decoder.push(stream.subarray(at, at + piece)));
    assert.deepEqual(found.map(({ command, size }) => [command, size]), [['ping', 32], ['verack', 24], ['block', 324]]);
    assert.deepEqual(found[2]?.payload, payload);
  }
});

test('a wrong checksum or command spoils one message', () => {
  const decoder = new MessageDecoder(magic);
  const bad = frameMessage(magic, 'ping', new Uint8Array(8));
  bad[20] = (bad[20] ?? 0) ^ 1;
  const odd = frameMessage(magic, 'pi\u0001ng', new Uint8Array(8));
  const hidden = frameMessage(magic, 'ping', new Uint8Array(8));
  hidden[12] = 0x41;
  const found = decoder.push(concatBytes(bad, odd, hidden, fromHex(verack)));
  assert.deepEqual(found.map(({ payload }) => payload?.length), [undefined, undefined, undefined, 0]);
});

test('foreign magic and oversized payloads are noticed at once', () => {
  assert.throws(() => new MessageDecoder(magic).push(fromHex('f9beb4da')), FramingError);
  assert.throws(() => new MessageDecoder(magic).push(fromHex('00')), FramingError);
  const decoder = new MessageDecoder(magic);
  assert.deepEqual(decoder.push(fromHex('f9be')), []);
  assert.throws(() => decoder.push(fromHex('b4d9626c6f636b0000000000000001093d0000000000')), /4000001 bytes/);
});
