import assert from 'node:assert/strict';
import test from 'node:test';
import { hash160 } from '../../src-bitcoin/crypto/hash.js';
import type { Transaction, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { OP_1, OP_CHECKMULTISIG, OP_CHECKSIG, OP_EQUAL, OP_HASH160, OP_NOP, OP_RETURN } from '../../src-bitcoin/script/opcodes.js';
import { buildScript } from '../../src-bitcoin/script/script.js';
import { at, mempoolBed } from './testing/mempool-bed.js';
import { outputOf } from './testing/test-key.js';

const fee = 1000n;

test('a valid payment comes in with its fee, size and parents', async () => {
  const { mempool, key, coins, take } = mempoolBed();
  const parent = await take(key.split([at(coins, 0)], fee, 2));
  assert.equal(parent.fee, fee);
  assert.equal(parent.virtualSize, 141);
  assert.equal(parent.spendsCoinbase, true);
  const child = await take(key.split([outputOf(parent.tx, 1)], 500n));
  assert.deepEqual([...child.parents], [parent]);
  assert.deepEqual([...parent.children], [child]);
  assert.deepEqual(mempool.ancestorPackage(child), { count: 2, size: parent.virtualSize + child.virtualSize, fees: 1500n });
  assert.equal(mempool.size, 2);
  assert.equal(mempool.totalFee, 1500n);
  assert.equal(mempool.spender(outputOf(parent.tx, 1).outpoint), child);
  assert.equal(mempool.getCoin(outputOf(parent.tx, 1).outpoint), undefined);
  assert.equal(mempool.getCoin(outputOf(parent.tx, 0).outpoint)?.height, 0x7fffffff);
});

test('testing leaves no trace', async () => {
  const { mempool, key, coins } = mempoolBed();
  const outcome = await mempool.accept(key.split([at(coins, 0)], fee), { test: true });
  assert.ok(outcome.accepted);
  assert.equal(mempool.size, 0);
  assert.equal(mempool.sequence, 1n);
});

/** A payment to one output script, else in order. */
function paymentTo(scriptPubKey: Uint8Array, value = 100_000n): (bed: ReturnType<typeof mempoolBed>) => Transaction {
  return ({ key, coins }) => key.spend([at(coins, 0)], [{ value, scriptPubKey }, change(key.scriptPubKey, value)]);
}

function change(scriptPubKey: Uint8Array, spent: bigint): TxOut {
  return { value: 5_000_000_000n - spent - fee, scriptPubKey };
}

const key33 = Uint8Array.of(2, ...new Uint8Array(32).fill(7));

const refusals: readonly [string, (bed: ReturnType<typeof mempoolBed>) => Transaction][] = [
  ['version', ({ key, coins }) => key.split([at(coins, 0)], fee, 1, { version: 4 })],
  ['version', ({ key, coins }) => key.split([at(coins, 0)], fee, 1, { version: 0 })],
  ['scriptpubkey', paymentTo(buildScript(OP_NOP))],
  ['scriptpubkey', paymentTo(buildScript(OP_1, key33, key33, key33, key33, 0x54, OP_CHECKMULTISIG))],
  ['dust', ({ key, coins }) => key.spend([at(coins, 0)], [1n, 2n].map((value) => ({ value, scriptPubKey: key.scriptPubKey })))],
  ['dust', paymentTo(buildScript(0, new Uint8Array(20)), 293n)],
  ['non-final', ({ key, coins, chain }) => key.split([at(coins, 0)], fee, 1, { locktime: chain.tip.height + 1 })],
  ['non-final', ({ key, coins, chain }) => key.split([at(coins, 0)], fee, 1, { locktime: chain.tip.medianTimePast() })],
  ['non-BIP68-final', ({ key, coins }) => key.split([at(coins, 0)], fee, 1, { sequence: 200 })],
  ['bad-txns-vout-negative', ({ key, coins }) => key.spend([at(coins, 0)], [{ value: -1n, scriptPubKey: key.scriptPubKey }])],
  ['bad-txns-vout-empty', ({ key, coins }) => key.spend([at(coins, 0)], [])],
  ['bad-txns-in-belowout', ({ key, coins }) => key.split([at(coins, 0)], -1n)],
  ['bad-txns-inputs-duplicate', ({ key, coins }) => key.split([at(coins, 0), at(coins, 0)], fee)],
  ['min relay fee not met', ({ key, coins }) => key.split([at(coins, 0)], 10n)],
  ['tx-size-small', ({ key, coins }) => key.spend([at(coins, 0)], [{ value: 1_000_000n, scriptPubKey: buildScript(OP_RETURN) }])],
  ['bad-txns-inputs-missingorspent', ({ key, coins }) => key.split([{ ...at(coins, 0), outpoint: { txid: key33.slice(1), index: 0 } }], fee)],
];

for (const [index, [reason, make]] of refusals.entries()) {
  test(`refusal ${index + 1}: ${reason}`, async () => {
    const bed = mempoolBed();
    assert.equal(await bed.refuse(make(bed)), reason);
    assert.equal(bed.mempool.size, 0);
  });
}

test('a coinbase is refused, and so is spending one too early', async () => {
  const { chain, mempool, key, refuse } = mempoolBed();
  const coinbase = chain.mine(key.scriptPubKey);
  assert.equal(await refuse(coinbase), 'coinbase');
  const early = await mempool.accept(key.split([outputOf(coinbase)], fee));
  assert.ok(!early.accepted);
  assert.equal(early.reason, 'bad-txns-premature-spend-of-coinbase');
  assert.equal(early.debug, 'tried to spend coinbase at depth 1');
  assert.equal(early.kind, 'premature');
});

test('relative locktimes count from the height of the coin, and of the next block for unconfirmed ones', async () => {
  const { chain, key, coins, take, refuse } = mempoolBed();
  const height = chain.coins.getCoin(at(coins, 5).outpoint)?.height ?? 0;
  const depth = chain.tip.height + 1 - height;
  assert.equal(await refuse(key.split([at(coins, 5)], fee, 1, { sequence: depth + 1 })), 'non-BIP68-final');
  const parent = await take(key.split([at(coins, 5)], fee, 1, { sequence: depth }));
  assert.equal(await refuse(key.split([outputOf(parent.tx)], fee, 1, { sequence: 1 })), 'non-BIP68-final');
  await take(key.split([outputOf(parent.tx)], fee, 1, { sequence: 0 }));
});

test('known transactions are told apart from new ones', async () => {
  const { chain, key, coins, take, refuse } = mempoolBed();
  const tx = key.split([at(coins, 0)], fee);
  await take(tx);
  assert.equal(await refuse(tx), 'txn-already-in-mempool');
  const other = { ...tx, inputs: tx.inputs.map((input) => ({ ...input, witness: [new Uint8Array(1)] })) };
  assert.equal(await refuse(other), 'txn-same-nonwitness-data-in-mempool');
  chain.mine(key.scriptPubKey, [tx]);
  assert.equal(await refuse(tx), 'txn-already-known');
});

test('a wrong signature and a missing witness are refused with the script error', async () => {
  const { mempool, key, coins } = mempoolBed();
  const tx = key.split([at(coins, 0)], fee);
  const wrong = { ...tx, outputs: tx.outputs.map((output) => ({ ...output, value: output.value - 1n })) };
  const bad = await mempool.accept(wrong);
  assert.ok(!bad.accepted);
  assert.equal(bad.kind, 'policy');
  assert.equal(bad.reason, 'mempool-script-verify-flag-failed (Signature must be zero for failed CHECK(MULTI)SIG operation)');
  assert.match(bad.debug, /^input 0 of [0-9a-f]{64} \(wtxid [0-9a-f]{64}\), spending [0-9a-f]{64}:0$/);
  const stripped = await mempool.accept({ ...tx, inputs: tx.inputs.map((input) => ({ ...input, witness: [] })) });
  assert.ok(!stripped.accepted);
  assert.equal(stripped.kind, 'mutated');
  assert.equal(stripped.reason, 'mempool-script-verify-flag-failed (Witness program hash mismatch)');
});

test('inputs of unknown kinds and stuffed witnesses are refused', async () => {
  const { chain, key, coins, take, refuse } = mempoolBed();
  const odd = [buildScript(OP_NOP, OP_1), buildScript(0x60, new Uint8Array(20)), buildScript(OP_1, Uint8Array.of(0x4e, 0x73))];
  const funding = key.spend([at(coins, 0)], odd.map((scriptPubKey) => ({ value: 100_000n, scriptPubKey })));
  chain.mine(key.scriptPubKey, [funding]);
  const spendOf = (index: number, witness: Uint8Array[]): Transaction => {
    const tx = key.split([outputOf(funding, index)], fee, 2);
    return { ...tx, inputs: tx.inputs.map((input) => ({ ...input, witness })) };
  };
  assert.equal(await refuse(spendOf(0, [])), 'bad-txns-nonstandard-inputs');
  assert.equal(await refuse(spendOf(1, [])), 'bad-txns-nonstandard-inputs');
  assert.equal(await refuse(spendOf(2, [new Uint8Array(1)])), 'bad-witness-nonstandard');
  await take(spendOf(2, []));
});

test('pay to script hash: too many signature operations are refused', async () => {
  const { chain, key, coins, refuse } = mempoolBed();
  const redeem = new Uint8Array(16).fill(OP_CHECKSIG);
  const funding = key.spend([at(coins, 0)], [{ value: 100_000n, scriptPubKey: buildScript(OP_HASH160, hash160(redeem), OP_EQUAL) }]);
  chain.mine(key.scriptPubKey, [funding]);
  const tx = key.split([outputOf(funding)], fee);
  const spend = { ...tx, inputs: tx.inputs.map((input) => ({ ...input, scriptSig: buildScript(redeem), witness: [] })) };
  assert.equal(await refuse(spend), 'bad-txns-nonstandard-inputs');
});

test('data outputs are limited in total', async () => {
  const data = (size: number): TxOut => ({ value: 0n, scriptPubKey: buildScript(OP_RETURN, new Uint8Array(size)) });
  const bed = mempoolBed({ maxDataCarrierBytes: 83 });
  const { key, coins } = bed;
  await bed.take(key.spend([at(coins, 0)], [data(40), data(39), change(key.scriptPubKey, 0n)]));
  assert.equal(await bed.refuse(key.spend([at(coins, 1)], [data(40), data(40), change(key.scriptPubKey, 0n)])), 'datacarrier');
});

test('non-standard transactions pass where policy says so', async () => {
  const { key, coins, take } = mempoolBed({ requireStandard: false });
  await take(key.split([at(coins, 0)], fee, 1, { version: 4 }));
});

test('a cluster holds 64 transactions', async () => {
  const { key, coins, take, refuse } = mempoolBed();
  let last = (await take(key.split([at(coins, 0)], fee))).tx;
  for (let i = 1; i < 64; i++) last = (await take(key.split([outputOf(last)], fee))).tx;
  assert.equal(await refuse(key.split([outputOf(last)], fee)), 'too-large-cluster');
});

test('version 3: one small child, which another may replace', async () => {
  const { mempool, key, coins, take, refuse } = mempoolBed();
  const parent = await take(key.split([at(coins, 0)], fee, 3, { version: 3 }));
  assert.equal(await refuse(key.split([outputOf(parent.tx, 0)], fee)), 'TRUC-violation');
  const child = await take(key.split([outputOf(parent.tx, 0)], fee, 1, { version: 3 }));
  assert.equal(await refuse(key.split([outputOf(child.tx)], fee, 1, { version: 3 })), 'TRUC-violation');
  const sibling = key.split([outputOf(parent.tx, 1)], fee, 1, { version: 3 });
  assert.equal(await refuse(sibling), 'insufficient fee (including sibling eviction)');
  await take(key.split([outputOf(parent.tx, 1)], 3n * fee, 1, { version: 3 }));
  assert.equal(mempool.get(child.txid), undefined);
  const ordinary = await take(key.split([at(coins, 1)], fee));
  assert.equal(await refuse(key.split([outputOf(ordinary.tx)], fee, 1, { version: 3 })), 'TRUC-violation');
});
