import assert from 'node:assert/strict';
import type { Transaction } from '../../../src-bitcoin/primitives/transaction.js';
import type { PolicyOptions } from '../../policy/limits.js';
import { NodeMempool } from '../mempool.js';
import type { MempoolEntry } from '../types.js';
import { TestChain } from './test-chain.js';
import { outputOf, TestKey, type Spendable } from './test-key.js';

/** A chain with mature coins, a mempool on it, and the key that owns the coins. */
export interface MempoolBed {
  readonly chain: TestChain;
  readonly mempool: NodeMempool;
  readonly key: TestKey;
  /** Mature coinbase outputs of 50 bitcoins each. */
  readonly coins: readonly Spendable[];
  /** Accepts or fails the test. */
  take(tx: Transaction): Promise<MempoolEntry>;
  /** Expects a refusal and returns its reason. */
  refuse(tx: Transaction): Promise<string>;
}

export function mempoolBed(policy: Partial<PolicyOptions> = {}, matureCoins = 10, path?: string): MempoolBed {
  const chain = new TestChain();
  const key = new TestKey(1);
  const coinbases = Array.from({ length: matureCoins + 100 }, () => chain.mine(key.scriptPubKey));
  const coins = coinbases.slice(0, matureCoins).map((tx) => outputOf(tx));
  const mempool = new NodeMempool({ chainstate: chain, policy, now: () => chain.now, ...(path === undefined ? {} : { path }) });
  return {
    chain,
    mempool,
    key,
    coins,
    async take(tx) {
      const outcome = await mempool.accept(tx);
      assert.ok(outcome.accepted, outcome.accepted ? '' : `${outcome.reason} ${outcome.debug}`);
      return outcome.entry;
    },
    async refuse(tx) {
      const outcome = await mempool.accept(tx);
      assert.ok(!outcome.accepted, 'the transaction was accepted');
      return outcome.reason;
    },
  };
}

/** The item at an index, which must be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  assert.ok(item !== undefined, `no item ${index}`);
  return item;
}
