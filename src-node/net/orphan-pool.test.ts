import assert from 'node:assert/strict';
import test from 'node:test';
import { txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { at } from '../mempool/testing/mempool-bed.js';
import { OrphanPool } from './orphan-pool.js';

function spending(parent: Uint8Array, index: number, mark = 0): Transaction {
  return {
    version: 2,
    inputs: [{ prevout: { txid: parent, index }, scriptSig: Uint8Array.of(mark & 0xff, mark >> 8), sequence: 0, witness: [] }],
    outputs: [{ value: 1n, scriptPubKey: new Uint8Array(0) }, { value: 2n, scriptPubKey: new Uint8Array(0) }],
    locktime: 0,
  };
}

test('orphans are given back with their parent', () => {
  const orphans = new OrphanPool(() => 0);
  const parent = spending(new Uint8Array(32), 0);
  const child = spending(txidOf(parent), 1);
  const stranger = spending(new Uint8Array(32).fill(5), 0);
  orphans.add(child, 7, 0);
  orphans.add(child, 8, 0);
  orphans.add(stranger, 7, 0);
  assert.equal(orphans.size, 2);
  assert.deepEqual(orphans.takeChildren(parent).map(({ tx, peer }) => [tx, peer]), [[child, 7]]);
  assert.equal(orphans.has(wtxidOf(child)), false);
  orphans.removePeer(7);
  assert.equal(orphans.size, 0);
});

test('their number and age are limited, and blocks clear them', () => {
  const orphans = new OrphanPool(() => 0.5);
  const all = Array.from({ length: 150 }, (_, i) => spending(new Uint8Array(32).fill(1), i, i));
  for (const tx of all) orphans.add(tx, 1, 0);
  assert.equal(orphans.size, 100);
  const kept = all.filter((tx) => orphans.has(wtxidOf(tx)));
  orphans.removeConfirmed([at(kept, 0)]);
  assert.equal(orphans.size, 99);
  orphans.removeConfirmed([{ ...at(kept, 1), locktime: 9 }]);
  assert.equal(orphans.size, 98, 'another transaction spent the same');
  orphans.expire(20 * 60_000);
  assert.equal(orphans.size, 0);
});
