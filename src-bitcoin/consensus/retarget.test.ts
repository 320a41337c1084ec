import assert from 'node:assert/strict';
import test from 'node:test';
import { chainParams } from '../params/networks.js';
import { isPermittedTransition } from './retarget.js';

test('how bits may change from one block to the next', () => {
  const main = chainParams('main').consensus;
  const old = 0x1c05a3f4;
  assert.ok(isPermittedTransition(2015, old, old, main));
  assert.equal(isPermittedTransition(2015, old, old + 1, main), false);
  // A quarter of the target and four times the target, and no further.
  const [hardest, easiest] = [0x1c0168fd, 0x1c168fd0];
  for (const bits of [hardest, old, easiest]) assert.ok(isPermittedTransition(2016, old, bits, main), bits.toString(16));
  for (const bits of [hardest - 1, easiest + 1, 0, 0x1c800001]) assert.equal(isPermittedTransition(2016, old, bits, main), false, bits.toString(16));
  // Never easier than the chain allows.
  assert.ok(isPermittedTransition(2016, 0x1d00ffff, 0x1d00ffff, main));
  assert.equal(isPermittedTransition(2016, 0x1d00ffff, 0x1d010000, main), false);
  assert.ok(isPermittedTransition(2015, old, 0x1d00ffff, chainParams('test').consensus));
});
