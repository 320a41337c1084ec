import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import type { OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import { txidOf, virtualSize, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import { verifyInput } from '../../src-bitcoin/script/verify.js';
import { createWallet } from '../init/open-wallet.js';
import { testContext, type Cleanup } from '../testing/fixtures.js';
import type { MemoryChain } from '../testing/memory-chain.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletSettings } from '../context.js';
import { buildTransaction, type BuildOptions } from './build.js';
import { commitBump, createBump, signBump } from './bump.js';
import type { CoinControl, Recipient } from './coin-control.js';
import { abandonTransaction, canAbandon, commitTransaction } from './commit.js';
import { perKilobyte } from './fee-rate.js';
import { outputSum } from '../coins/amounts.js';

const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });
const types: readonly OutputType[] = ['legacy', 'p2sh-segwit', 'bech32', 'bech32m'];

interface Setup {
  readonly wallet: LoadedWallet;
  readonly chain: MemoryChain;
}

async function setUp(t: Cleanup, settings: Partial<WalletSettings> = {}): Promise<Setup> {
  const context = testContext(t, settings);
  const outcome = await createWallet(context, 'w', { flags: 0n, passphrase: '' });
  assert.ok(outcome.ok);
  t.after(() => outcome.wallet.close());
  return { wallet: outcome.wallet, chain: context.chain };
}

function address(wallet: LoadedWallet, type: OutputType): Uint8Array {
  const next = wallet.newReceiveAddress(type, '');
  assert.ok(next.ok);
  return next.script;
}

/** Gives the wallet mature coins of every type. */
async function fund({ wallet, chain }: Setup, each: readonly OutputType[] = types): Promise<void> {
  for (const type of each) await chain.mine(address(wallet, type));
  for (let i = 0; i < 100; i++) await chain.mine(elsewhere);
}

async function build(wallet: LoadedWallet, recipients: readonly Recipient[], control: CoinControl = {}, options: Partial<BuildOptions> = {}): Promise<{ tx: Transaction; fee: bigint; changePosition: number | undefined }> {
  const outcome = await buildTransaction(wallet, recipients, control, { sign: true, ...options });
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.error);
  return outcome.built;
}

const pay = (amount: bigint, subtractFee = false): Recipient => ({ script: elsewhere, amount, subtractFee });

function verify({ chain }: Setup, tx: Transaction): void {
  const spent = tx.inputs.map(({ prevout }) => chain.output(prevout.txid, prevout.index));
  assert.ok(spent.every((output) => output !== undefined));
  const precomputed = new PrecomputedTransaction(tx, spent.flatMap((output) => output ?? []));
  tx.inputs.forEach((_input, i) => assert.equal(verifyInput(precomputed, i, standardScriptFlags), undefined));
}

test('coins of all four types are spent together, at the fee rate asked for', async (t) => {
  const setup = await setUp(t);
  const { wallet, chain } = setup;
  await fund(setup);
  const before = wallet.balances().trusted;
  assert.equal(before, 20_000_000_000n);
  const { tx, fee, changePosition } = await build(wallet, [pay(19_900_000_000n)], { feeRate: perKilobyte(25_000n) });
  verify(setup, tx);
  assert.equal(tx.inputs.length, 4);
  assert.ok(changePosition !== undefined && tx.outputs.length === 2);
  const size = virtualSize(tx);
  assert.ok(fee >= BigInt(size * 25) && fee <= BigInt((size + 8) * 25), `${fee} for ${size} vB`);
  assert.equal(before - outputSum(tx), fee);
  const { refusal } = await commitTransaction(wallet, tx);
  assert.equal(refusal, undefined);
  assert.equal(chain.broadcasts.length, 1);
  assert.equal(wallet.balances().trusted, before - 19_900_000_000n - fee);
  await chain.mine(elsewhere);
  assert.equal(wallet.balances().trusted, before - 19_900_000_000n - fee);
  assert.equal(wallet.history.find(txidOf(tx))?.state.kind, 'confirmed');
});

test('recipients can pay the fee; everything can be sent away', async (t) => {
  const setup = await setUp(t);
  await fund(setup, ['bech32', 'bech32m']);
  const { wallet } = setup;
  const all = wallet.balances().trusted;
  const { tx, fee, changePosition } = await build(wallet, [pay(all, true)]);
  assert.equal(changePosition, undefined);
  assert.deepEqual(tx.outputs.map(({ value }) => value), [all - fee]);
  const two = await build(wallet, [pay(1_000_000n, true), pay(2_000_000n), pay(3_000_000n, true)], {}, { changePosition: 3 });
  const [first, second, third] = two.tx.outputs;
  assert.equal(second?.value, 2_000_000n);
  assert.equal((first?.value ?? 0n) + (third?.value ?? 0n), 4_000_000n - two.fee);
  assert.ok((first?.value ?? 0n) <= 1_000_000n - two.fee / 2n);
});

test('change is of the kind that hides best, and its address is not given out again', async (t) => {
  const setup = await setUp(t);
  await fund(setup, ['bech32']);
  const { wallet } = setup;
  const cases: [Uint8Array, OutputType][] = [
    [elsewhere, 'bech32'],
    [scriptPubKeyOf({ kind: 'pubkeyhash', hash: new Uint8Array(20) }), 'legacy'],
    [scriptPubKeyOf({ kind: 'scripthash', hash: new Uint8Array(20) }), 'p2sh-segwit'],
    [address(wallet, 'bech32m'), 'bech32m'],
  ];
  const seen = new Set<string>();
  for (const [script, type] of cases) {
    for (let i = 0; i < 2; i++) {
      const { tx, changePosition } = await build(wallet, [{ script, amount: 1_000_000n, subtractFee: false }]);
      const change = tx.outputs[changePosition ?? -1];
      assert.ok(change);
      assert.equal(wallet.keyring.owners(change.scriptPubKey)[0]?.descriptor.outputType, type);
      seen.add(wallet.addressOf(change.scriptPubKey) ?? '');
    }
  }
  assert.equal(seen.size, cases.length * 2);
  const own = await build(wallet, [pay(1_000_000n)], { changeScript: elsewhere });
  assert.ok(own.tx.outputs.every(({ scriptPubKey }) => scriptPubKey.length === elsewhere.length));
});

test('locktime is the height or a little less, and sequences signal replacement', async (t) => {
  const setup = await setUp(t);
  const { wallet, chain } = setup;
  await chain.mine(address(wallet, 'bech32'), { time: Math.floor(Date.now() / 1000) - 60_000 });
  for (let i = 0; i < 100; i++) await chain.mine(elsewhere, { time: Math.floor(Date.now() / 1000) - 100 + i });
  const { tx } = await build(wallet, [pay(1_000_000n)]);
  assert.ok(tx.locktime <= 101 && tx.locktime > 0 && tx.version === 2);
  assert.deepEqual(tx.inputs.map(({ sequence }) => sequence), [0xfffffffd]);
  const final = await build(wallet, [pay(1_000_000n)], { signalRbf: false, lockTime: 5, version: 1 });
  assert.deepEqual([final.tx.inputs[0]?.sequence, final.tx.locktime, final.tx.version], [0xfffffffe, 5, 1]);
});

test('what cannot be paid is refused in the reference words', async (t) => {
  const setup = await setUp(t);
  await fund(setup, ['bech32']);
  const { wallet } = setup;
  const refused = async (recipients: readonly Recipient[], control: CoinControl, error: string): Promise<void> => {
    const outcome = await buildTransaction(wallet, recipients, control, { sign: true });
    assert.deepEqual(outcome, { ok: false, error });
  };
  await refused([], {}, 'Transaction must have at least one recipient');
  await refused([pay(-1n)], {}, 'Transaction amounts must not be negative');
  await refused([pay(293n)], {}, 'Transaction amount too small');
  await refused([pay(6_000_000_000n)], {}, 'Insufficient funds');
  await refused([pay(5_000_000_000n)], {}, 'The total exceeds your balance when the 0.0000084 transaction fee is included.');
  await refused([pay(1000n)], { feeRate: perKilobyte(1n) }, 'Fee rate (0.001 sat/vB) is lower than the minimum fee rate setting (1.000 sat/vB)');
  await refused([pay(1000n, true)], { feeRate: perKilobyte(100_000n) }, 'The transaction amount is too small to pay the fee');
  await refused([pay(1_000_000n)], { feeRate: perKilobyte(200_000_000n) }, 'Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)');
  const [coin] = wallet.history.ownedOutputs();
  assert.ok(coin);
  await refused(
    [pay(6_000_000_000n)],
    { selected: [{ outpoint: coin.outpoint }], allowOtherInputs: false },
    'The preselected coins total amount does not cover the transaction target. Please allow other inputs to be automatically selected or include more coins manually',
  );
  wallet.lockOutput(coin.outpoint, true);
  await refused([pay(1000n)], {}, 'Insufficient funds');
  assert.ok(wallet.unlockOutput(coin.outpoint));
});

test('no estimate and no fallback is an error; an estimate is used', async (t) => {
  const setup = await setUp(t, { fallbackFee: 0n });
  await fund(setup, ['bech32']);
  const { wallet, chain } = setup;
  const none = await buildTransaction(wallet, [pay(1_000_000n)], {}, { sign: true });
  assert.deepEqual(none, { ok: false, error: 'Fee estimation failed. Fallbackfee is disabled. Wait a few blocks or enable -fallbackfee.' });
  chain.estimate = 40_000n;
  const { tx, fee } = await build(wallet, [pay(1_000_000n)]);
  assert.ok(fee >= BigInt(virtualSize(tx) * 40));
});

test('unconfirmed change is spent when needed; foreign unconfirmed coins only when asked', async (t) => {
  const setup = await setUp(t);
  await fund(setup, ['bech32']);
  const { wallet, chain } = setup;
  const first = await build(wallet, [pay(1_000_000n)]);
  await commitTransaction(wallet, first.tx);
  const second = await build(wallet, [pay(1_000_000n)]);
  assert.deepEqual(second.tx.inputs[0]?.prevout.txid, txidOf(first.tx));
  verify(setup, second.tx);
  const gift: Transaction = {
    version: 2,
    inputs: [{ prevout: { txid: new Uint8Array(32).fill(3), index: 0 }, scriptSig: new Uint8Array(0), sequence: 0, witness: [] }],
    outputs: [{ value: 9_000_000_000n, scriptPubKey: address(wallet, 'bech32') }],
    locktime: 0,
  };
  await chain.addToMempool(gift);
  assert.equal(wallet.balances().untrustedPending, 9_000_000_000n);
  const refused = await buildTransaction(wallet, [pay(6_000_000_000n)], {}, { sign: true });
  assert.deepEqual(refused, { ok: false, error: 'Insufficient funds' });
  const risky = await build(wallet, [pay(6_000_000_000n)], { includeUnsafe: true });
  verify(setup, risky.tx);
});

test('a payment can be bumped, once, and the old one gives way', async (t) => {
  const setup = await setUp(t);
  await fund(setup, ['bech32m', 'bech32m']);
  const { wallet, chain } = setup;
  const original = await build(wallet, [pay(1_000_000n)], { feeRate: perKilobyte(2000n) });
  const { transaction } = await commitTransaction(wallet, original.tx, { notes: new Map([['comment', 'rent']]) });
  const bump = await createBump(wallet, transaction.txid, {}, { requireMine: true });
  assert.ok(bump.ok, bump.ok ? '' : bump.errors.join());
  assert.equal(bump.oldFee, original.fee);
  assert.ok(bump.newFee > bump.oldFee);
  const signed = await signBump(wallet, bump.tx);
  assert.ok(signed);
  verify(setup, signed);
  assert.ok(signed.outputs.some(({ value }) => value === 1_000_000n));
  const done = await commitBump(wallet, transaction.txid, signed);
  assert.ok(done.ok);
  assert.equal(chain.mempool.length, 1);
  const replacement = wallet.history.get(done.txid);
  assert.equal(replacement?.notes.get('replaces_txid'), transaction.txid);
  assert.equal(replacement?.notes.get('comment'), 'rent');
  assert.equal(transaction.notes.get('replaced_by_txid'), done.txid);
  assert.equal(wallet.balances().trusted, 10_000_000_000n - 1_000_000n - bump.newFee);
  const again = await createBump(wallet, transaction.txid, {}, { requireMine: true });
  assert.ok(!again.ok && /already bumped/.test(again.errors.join()));
  await chain.mine(elsewhere);
  assert.equal(transaction.state.kind, 'conflicted');
  const low = await createBump(wallet, done.txid, {}, { requireMine: true });
  assert.ok(!low.ok && /has been mined/.test(low.errors.join()));
});

test('a payment the node refuses stays, and can be abandoned', async (t) => {
  const setup = await setUp(t);
  await fund(setup, ['bech32']);
  const { wallet, chain } = setup;
  chain.rejection = 'min relay fee not met';
  const { tx } = await build(wallet, [pay(1_000_000n)]);
  const { transaction, refusal } = await commitTransaction(wallet, tx);
  assert.equal(refusal, 'min relay fee not met');
  assert.equal(wallet.balances().trusted, 0n);
  assert.ok(canAbandon(wallet, transaction));
  assert.ok(abandonTransaction(wallet, transaction));
  assert.equal(canAbandon(wallet, transaction), false);
  assert.equal(wallet.balances().trusted, 5_000_000_000n);
  chain.rejection = undefined;
  // Mined after all: it counts again.
  await chain.mine(elsewhere, { transactions: [tx] });
  assert.equal(transaction.state.kind, 'confirmed');
});

test('a locked wallet prepares payments but does not sign', async (t) => {
  const context = testContext(t);
  const outcome = await createWallet(context, 'locked', { flags: 0n, passphrase: 'pass' });
  assert.ok(outcome.ok);
  const { wallet } = outcome;
  t.after(() => wallet.close());
  const setup = { wallet, chain: context.chain };
  await fund(setup, ['bech32', 'bech32m']);
  assert.deepEqual(await buildTransaction(wallet, [pay(9_000_000_000n)], {}, { sign: true }), { ok: false, error: 'Signing transaction failed' });
  assert.ok((await buildTransaction(wallet, [pay(9_000_000_000n)], {}, { sign: false })).ok);
  assert.ok(wallet.keyring.vault.unlock(new TextEncoder().encode('pass'), wallet.keyring.descriptors));
  verify(setup, (await build(wallet, [pay(9_000_000_000n)])).tx);
});
