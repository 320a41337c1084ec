import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { witnessCommitment, commitmentScript } from '../../src-bitcoin/consensus/witness-commitment.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';
import { txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import type { NodeChainstate } from './node-chainstate.js';
import { openChainstate } from './open-chainstate.js';
import { ScriptChecker } from './script-check/script-checker.js';
import {
  anyoneCanSpend,
  coinbaseFor,
  genesisParent,
  makeBlock,
  makeChain,
  mine,
  parentOf,
  regtest,
  rewardOf,
  spend,
  type BlockPlan,
  type Parent,
} from './testing/regtest-chain.js';

// One chain of 110 blocks, on whose tip each case puts a block that breaks one rule. Bad blocks
// change nothing, so the cases cannot disturb each other.
const directory = mkdtempSync(join(tmpdir(), 'bulkhead-rules-'));
const scriptChecker = new ScriptChecker({ threads: 1 });
const height = 110;
const chainBlocks = makeChain(genesisParent, height);
let chain: NodeChainstate;
let tip: Parent;

function blockAt(at: number): Block {
  const block = chainBlocks[at - 1];
  assert.ok(block !== undefined);
  return block;
}

before(async () => {
  tip = parentOf(blockAt(height), height);
  chain = await openChainstate({
    params: regtest,
    dataDirectory: directory,
    logger: silentLogger,
    now: () => blockAt(height).header.time + 3600,
    scriptChecker,
  });
  for (const block of chainBlocks) await chain.processBlock(block);
  assert.equal(chain.tip.height, height);
});

test.after(async () => {
  await chain.close();
  await scriptChecker.close();
  rmSync(directory, { recursive: true });
});

const reward = 5_000_000_000n;
const pay = (value: bigint, scriptPubKey: Uint8Array = anyoneCanSpend) => [{ value, scriptPubKey }];
const matured = () => rewardOf(blockAt(1));
const otherMatured = () => rewardOf(blockAt(2));

function inCoinbase(change: Partial<Transaction>): BlockPlan {
  return { coinbase: change };
}

/** Changes a block after it was made, and mines it again without a new merkle root. */
function altered(block: Block, transactions: readonly Transaction[]): Block {
  return mine({ header: block.header, transactions });
}

const witnessed = (witness: readonly Uint8Array[]): Transaction => {
  const tx = spend([matured()], pay(reward));
  return { ...tx, inputs: tx.inputs.map((input) => ({ ...input, witness })) };
};

/** A block with a witness transaction and, changed by `edit`, the commitment and reserved value for it. */
function segwitBlock(edit: (script: Uint8Array, reserved: Uint8Array) => { script: Uint8Array; witness: Uint8Array[] }): Block {
  const tx = witnessed([Uint8Array.of(1)]);
  const reserved = new Uint8Array(32).fill(3);
  const draft = makeBlock(tip, { transactions: [tx] });
  const { script, witness } = edit(commitmentScript(witnessCommitment(draft, reserved)), reserved);
  const plain = coinbaseFor(height + 1, {});
  const inputs = plain.inputs.map((input) => ({ ...input, witness }));
  const outputs = [...plain.outputs, { value: 0n, scriptPubKey: script }];
  return makeBlock(tip, { transactions: [tx], coinbase: { inputs, outputs } });
}

const sigops = (count: number): Uint8Array => new Uint8Array(count).fill(0xac);
const anyone = (): Transaction => spend([matured()], pay(reward));
const withSequence = (sequence: number): Transaction => {
  const tx = anyone();
  return { ...tx, inputs: tx.inputs.map((input) => ({ ...input, sequence })) };
};

const cases: readonly [string, () => Block][] = [
  ['high-hash', () => ({ ...makeBlock(tip), header: { ...makeBlock(tip).header, bits: 0x1d00ffff } })],
  ['bad-diffbits', () => mine({ ...makeBlock(tip), header: { ...makeBlock(tip).header, bits: 0x207ffffe } })],
  ['time-too-old', () => makeBlock(tip, { header: { time: blockAt(height - 5).header.time } })],
  ['time-too-new', () => makeBlock(tip, { header: { time: tip.time + 3600 + 7201 } })],
  ['bad-version(0x00000001)', () => makeBlock(tip, { header: { version: 1 } })],
  ['bad-version(0x00000003)', () => makeBlock(tip, { header: { version: 3 } })],
  ['prev-blk-not-found', () => makeBlock({ ...tip, hash: new Uint8Array(32).fill(1) })],
  ['bad-txnmrklroot', () => altered(makeBlock(tip), [coinbaseFor(height + 1, { tag: 9 })])],
  [
    'bad-txns-duplicate',
    () => {
      const block = makeBlock(tip, { transactions: [anyone(), spend([otherMatured()], pay(reward))] });
      return altered(block, [...block.transactions, ...block.transactions.slice(-1)]);
    },
  ],
  ['bad-blk-length', () => makeBlock(tip, inCoinbase({ outputs: pay(1n, new Uint8Array(1_000_000)) }))],
  ['bad-cb-missing', () => altered(makeBlockOf([anyone()]), [anyone()])],
  ['bad-cb-multiple', () => makeBlock(tip, { transactions: [coinbaseFor(height + 1, { tag: 4 })] })],
  ['bad-cb-length', () => makeBlock(tip, inCoinbase({ inputs: coinbaseFor(height + 1, {}).inputs.map((i) => ({ ...i, scriptSig: new Uint8Array(101) })) }))],
  ['bad-txns-vout-negative', () => makeBlock(tip, inCoinbase({ outputs: pay(-1n) }))],
  ['bad-txns-inputs-duplicate', () => makeBlock(tip, { transactions: [spend([matured(), matured()], pay(1n))] })],
  ['bad-blk-sigops', () => makeBlock(tip, inCoinbase({ outputs: pay(1n, sigops(20_001)) }))],
  ['bad-txns-nonfinal', () => makeBlock(tip, { transactions: [{ ...withSequence(0), locktime: height + 1 }] })],
  ['bad-txns-nonfinal', () => makeBlock(tip, { transactions: [withSequence(height + 1)] })],
  ['bad-cb-height', () => makeBlock(tip, inCoinbase({ inputs: coinbaseFor(height + 2, {}).inputs }))],
  ['unexpected-witness', () => makeBlock(tip, { transactions: [witnessed([Uint8Array.of(1)])] })],
  ['bad-witness-nonce-size', () => segwitBlock((script) => ({ script, witness: [new Uint8Array(31)] }))],
  ['bad-witness-merkle-match', () => segwitBlock((script, reserved) => ({ script: script.map((byte, i) => (i === 10 ? byte ^ 1 : byte)), witness: [reserved] }))],
  ['bad-txns-inputs-missingorspent', () => makeBlock(tip, { transactions: [anyone(), spend([matured()], pay(1n))] })],
  ['bad-txns-premature-spend-of-coinbase', () => makeBlock(tip, { transactions: [spend([rewardOf(blockAt(12))], pay(reward))] })],
  ['bad-txns-in-belowout', () => makeBlock(tip, { transactions: [spend([matured()], pay(reward + 1n))] })],
  ['bad-cb-amount', () => makeBlock(tip, { fees: 1n })],
  [
    'block-script-verify-flag-failed (Script evaluated without error but finished with a false/empty top stack element)',
    () => {
      const first = spend([matured()], pay(reward, Uint8Array.of(0)));
      return makeBlock(tip, { transactions: [first, spend([{ txid: txidOf(first), index: 0 }], pay(reward))] });
    },
  ],
];

/** A block without a coinbase, with the right merkle root. */
function makeBlockOf(transactions: readonly Transaction[]): Block {
  const [only] = transactions;
  assert.ok(only !== undefined);
  return makeBlock(tip, { header: { merkleRoot: txidOf(only) } });
}

for (const [reason, make] of cases) {
  test(reason, async () => {
    const before = await chain.utxoSetStatistics('muhash');
    const block = make();
    const outcome = await chain.processBlock(block, { force: true });
    assert.equal(outcome.accepted ? 'accepted' : outcome.failure.reason, reason);
    assert.equal(chain.tip.height, height);
    const after = await chain.utxoSetStatistics('muhash');
    assert.deepEqual(after.hash, before.hash);
  });
}

test('a mutated block does not stand in the way of the real one', async () => {
  const good = segwitBlock((script, reserved) => ({ script, witness: [reserved] }));
  const [coinbase, tx] = good.transactions;
  assert.ok(coinbase !== undefined && tx !== undefined);
  const inputs = tx.inputs.map((input) => ({ ...input, witness: [Uint8Array.of(2)] }));
  const mutated = { ...good, transactions: [coinbase, { ...tx, inputs }] };
  const outcome = await chain.processBlock(mutated);
  assert.ok(!outcome.accepted);
  assert.equal(outcome.failure.kind, 'mutated');
  // The spent output takes no witness, which is what its script check says.
  const real = await chain.processBlock(good);
  assert.match(real.accepted ? '' : real.failure.reason, /Witness provided for non-witness script/);
  const again = await chain.processBlock(good);
  assert.equal(again.accepted ? '' : again.failure.reason, 'duplicate-invalid');
});

test('limits that are just met are valid', async () => {
  const start = chain.tip.height;
  const next = makeBlock(tip, {
    transactions: [withSequence(height), spend([rewardOf(blockAt(11))], pay(reward - 7n))],
    fees: 7n,
    coinbase: {},
  });
  const outcome = await chain.processBlock(next);
  assert.equal(outcome.accepted ? 'accepted' : outcome.failure.reason, 'accepted');
  const parent = parentOf(next, height + 1);
  const full = makeBlock(parent, { coinbase: { outputs: pay(1n, concatBytes(Uint8Array.of(0x6a), sigops(20_000))) } });
  const filled = await chain.processBlock(full);
  assert.equal(filled.accepted ? 'accepted' : filled.failure.reason, 'accepted');
  assert.equal(chain.tip.height, start + 2);
  // Outputs that begin with OP_RETURN are no coins.
  assert.equal(chain.coins.hasCoin(rewardOf(full)), false);
});
