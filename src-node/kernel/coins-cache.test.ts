import { test } from 'node:test';
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { outpointKey, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import { CoinsDb } from '../storage/coins-db.js';
import { BlockCoins } from './block-coins.js';
import { CoinsCache } from './coins-cache.js';
import { temporaryDirectory } from './testing/open-for-test.js';
import type { Coin } from './types.js';

const at = (index: number): Outpoint => ({ txid: new Uint8Array(32).fill(4), index });
const coin = (value: bigint): Coin => ({ value, scriptPubKey: Uint8Array.of(0x51), height: 1, coinbase: false });
const tip = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

test('coins added, spent, added again and written, against a simple model', async (t) => {
  const db = await CoinsDb.open({ directory: temporaryDirectory(t), cacheBytes: 1 << 20 });
  t.after(() => db.close());
  const cache = new CoinsCache(db);
  const model = new Map<number, bigint>();
  for (let round = 0; round < 400; round++) {
    const block = new BlockCoins(cache);
    const before = new Map(model);
    for (let i = 0; i < 6; i++) {
      const index = randomInt(12);
      const held = model.get(index);
      assert.equal(block.getCoin(at(index))?.value, held);
      if (held === undefined) {
        const value = BigInt(round * 10 + i);
        block.add(at(index), coin(value), randomInt(10) < 3);
        model.set(index, value);
      } else if (randomInt(10) < 2) {
        block.add(at(index), coin(held + 1n), true);
        model.set(index, held + 1n);
      } else {
        assert.equal(block.spend(at(index))?.value, held);
        assert.equal(block.spend(at(index)), undefined);
        model.delete(index);
      }
    }
    // Every fourth block proves invalid and must leave no trace.
    if (round % 4 === 3) {
      model.clear();
      for (const [index, value] of before) model.set(index, value);
    } else {
      cache.apply(block.edits);
    }
    if (round % 5 === 0) await cache.flush(tip(round % 250), randomInt(2) === 0 ? 0 : 1 << 20);
    for (let index = 0; index < 12; index++) assert.equal(cache.getCoin(at(index))?.value, model.get(index));
  }
  await cache.flush(tip(255), 0);
  assert.equal(cache.usage, 0);
  for (let index = 0; index < 12; index++) assert.equal(db.getCoin(at(index))?.value, model.get(index));
});

test('what comes and goes between writes never reaches the disk', async (t) => {
  const db = await CoinsDb.open({ directory: temporaryDirectory(t), cacheBytes: 1 << 20 });
  t.after(() => db.close());
  const cache = new CoinsCache(db);
  const made = new BlockCoins(cache);
  made.add(at(1), coin(5n), false);
  cache.apply(made.edits);
  const spent = new BlockCoins(cache);
  spent.spend(at(1));
  cache.apply(spent.edits);
  assert.equal(cache.size, 0);
  assert.equal(cache.usage, 0);
});

test('reading ahead, and memory given back', async (t) => {
  const db = await CoinsDb.open({ directory: temporaryDirectory(t), cacheBytes: 1 << 20 });
  t.after(() => db.close());
  const changes = Array.from({ length: 100 }, (_, index) => ({ outpoint: at(index), coin: coin(BigInt(index)) }));
  await db.write(changes, tip(1));
  const cache = new CoinsCache(db);
  await cache.prefetch([...changes.map(({ outpoint }) => outpoint), at(500)]);
  assert.equal(cache.size, 100);
  assert.equal(cache.coinAt(outpointKey(at(7)), at(7))?.value, 7n);
  await cache.flush(tip(2), cache.usage / 2);
  assert.equal(cache.size, 50);
  assert.equal(cache.getCoin(at(0))?.value, 0n);
  assert.equal(cache.hasCoin(at(500)), false);
});

test('a trace tells what is added, spent and dropped', async (t) => {
  const db = await CoinsDb.open({ directory: temporaryDirectory(t), cacheBytes: 1 << 20 });
  t.after(() => db.close());
  const cache = new CoinsCache(db);
  const events: string[] = [];
  const stop = cache.trace((event, { index }, { value }) => events.push(`${event} ${index} ${value}`));
  const block = new BlockCoins(cache);
  for (const index of [1, 2, 3]) block.add(at(index), coin(BigInt(index * 10)), false);
  block.spend(at(2));
  cache.apply(block.edits);
  const next = new BlockCoins(cache);
  next.spend(at(3));
  cache.apply(next.edits);
  await cache.flush(tip(1), 0);
  assert.deepEqual(events.splice(0), ['add 1 10', 'add 3 30', 'spend 3 30', 'uncache 1 10']);
  stop();
  assert.equal(cache.getCoin(at(1))?.value, 10n);
  await cache.flush(tip(2), 0);
  assert.deepEqual(events, []);
});
