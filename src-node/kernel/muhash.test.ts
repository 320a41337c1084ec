import { test } from 'node:test';
import assert from 'node:assert/strict';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { MuHash3072 } from './muhash.js';

const element = (first: number): Uint8Array => Uint8Array.of(first, ...new Uint8Array(31));

test('the known hash of {0, 1} without 2', () => {
  const hash = new MuHash3072();
  for (const first of [0, 1]) hash.insert(element(first));
  hash.remove(element(2));
  assert.equal(hashToHex(hash.digest()), '10d312b100cbd32ada024a6646e40d3482fcff103668d2625f10002a607d5863');
});

test('order does not matter, and what is taken out was never there', () => {
  const a = new MuHash3072();
  const b = new MuHash3072();
  for (const first of [3, 4, 5]) a.insert(element(first));
  b.remove(element(9));
  for (const first of [5, 9, 3, 4]) b.insert(element(first));
  assert.deepEqual(a.digest(), b.digest());
  b.remove(element(3));
  assert.notDeepEqual(a.digest(), b.digest());
});
