import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import test from 'node:test';
import { ByteReader } from '../../../src-bitcoin/bytes/reader.js';
import { concatBytes } from '../../../src-bitcoin/bytes/bytes.js';
import { secp256k1 } from '../../../src-bitcoin/crypto/secp256k1.js';
import { sha256 } from '../../../src-bitcoin/crypto/hash.js';
import { parseBlock } from '../../../src-bitcoin/primitives/block.js';
import { readTxOut, wtxidOf, type Transaction, type TxOut } from '../../../src-bitcoin/primitives/transaction.js';
import { mandatoryScriptFlags, scriptFlags, standardScriptFlags } from '../../../src-bitcoin/script/flags.js';
import { PrecomputedTransaction } from '../../../src-bitcoin/script/precomputed-transaction.js';
import { signatureHashTaproot } from '../../../src-bitcoin/script/sighash.js';
import { CheckedTransactions } from './checked-transactions.js';
import { ScriptChecker, scriptThreads, type Spend } from './script-checker.js';

const flags = mandatoryScriptFlags;
const secret = sha256(Uint8Array.of(1));
const scriptPubKey = concatBytes(Uint8Array.of(0x51, 32), secp256k1.xOnlyPublicKey(secret));

/** A transaction of taproot inputs, each signed; those in `broken` with a signature of something else. */
function taprootSpend(seed: number, count: number, broken: readonly number[] = []): Spend {
  const spentOutputs = Array.from({ length: count }, (_, i): TxOut => ({ value: BigInt(1000 + i), scriptPubKey }));
  const unsigned: Transaction = {
    version: 2,
    inputs: spentOutputs.map((_, index) => ({
      prevout: { txid: sha256(Uint8Array.of(seed & 255, seed >> 8)), index },
      scriptSig: new Uint8Array(0),
      sequence: 0xffffffff,
      witness: [],
    })),
    outputs: [{ value: 1n, scriptPubKey }],
    locktime: 0,
  };
  const precomputed = new PrecomputedTransaction(unsigned, spentOutputs);
  const inputs = unsigned.inputs.map((input, i) => {
    const hash = signatureHashTaproot(precomputed, i, 0);
    assert.ok(hash !== undefined);
    const signed = broken.includes(i) ? sha256(hash) : hash;
    return { ...input, witness: [secp256k1.signSchnorr(signed, secret, new Uint8Array(32))] };
  });
  return { tx: { ...unsigned, inputs }, spentOutputs };
}

for (const threads of [1, 2]) {
  test(`a block's scripts with ${threads} thread(s): valid, and the first failure in block order`, async (t) => {
    const checker = new ScriptChecker({ threads });
    t.after(() => checker.close());
    const spends = Array.from({ length: 40 }, (_, i) => taprootSpend(i, 1 + (i % 7)));
    spends.push(taprootSpend(100, 300));
    assert.equal(await checker.checkBlock(spends, flags), undefined);
    assert.equal(await checker.checkBlock([], flags), undefined);
    assert.equal(await checker.checkBlock(spends.slice(0, 2), flags), undefined);

    const bad = spends.slice();
    bad[40] = taprootSpend(100, 300, [7, 250, 299]);
    assert.deepEqual(await checker.checkBlock(bad, flags), { spendIndex: 40, inputIndex: 7, error: 'SCHNORR_SIG' });
    bad[20] = taprootSpend(20, 7, [3]);
    assert.deepEqual(await checker.checkBlock(bad, flags), { spendIndex: 20, inputIndex: 3, error: 'SCHNORR_SIG' });
    bad[0] = taprootSpend(0, 1, [0]);
    assert.deepEqual(await checker.checkBlock(bad, flags), { spendIndex: 0, inputIndex: 0, error: 'SCHNORR_SIG' });

    // Without the rule the same block is valid: the flags reach the workers.
    assert.equal(await checker.checkBlock(bad, flags & ~scriptFlags.TAPROOT), undefined);
    // Two at a time do not mix.
    const [one, two] = await Promise.all([checker.checkBlock(bad, flags), checker.checkBlock(spends, flags)]);
    assert.deepEqual([one?.spendIndex, two], [0, undefined]);
  });
}

test('checks of a block begin before all of it is there', async (t) => {
  const checker = new ScriptChecker({ threads: 2 });
  t.after(() => checker.close());
  const check = checker.beginBlock(flags);
  for (let i = 0; i < 10; i++) {
    const { tx, spentOutputs } = taprootSpend(i, 20, i === 6 ? [19] : []);
    check.add(tx, spentOutputs);
  }
  assert.throws(() => check.add(taprootSpend(1, 2).tx, []), /spend 2 outputs, not 0/);
  assert.deepEqual(await check.finish(), { spendIndex: 6, inputIndex: 19, error: 'SCHNORR_SIG' });
});

test('what the mempool has checked is not checked again, unless more is asked', async (t) => {
  const checker = new ScriptChecker({ threads: 1 });
  t.after(() => checker.close());
  const spend = taprootSpend(1, 2);
  assert.equal(checker.checkTransaction(spend, standardScriptFlags), undefined);
  // Known by its wtxid alone: told to spend something else, it would not be valid.
  const unlike: Spend = { tx: spend.tx, spentOutputs: spend.spentOutputs.map((output) => ({ ...output, value: 5n })) };
  assert.equal(await checker.checkBlock([unlike], flags), undefined);
  assert.notEqual(await new ScriptChecker({ threads: 1 }).checkBlock([unlike], flags), undefined);

  const loose = taprootSpend(2, 1, [0]);
  assert.equal(checker.checkTransaction(loose, scriptFlags.P2SH | scriptFlags.WITNESS), undefined);
  assert.deepEqual(checker.checkTransaction(loose, flags), { spendIndex: 0, inputIndex: 0, error: 'SCHNORR_SIG' });
  assert.equal((await checker.checkBlock([loose], flags))?.error, 'SCHNORR_SIG');
});

test('remembered transactions are limited, the oldest go first', () => {
  const checked = new CheckedTransactions(2);
  const [a, b, c] = [taprootSpend(1, 1), taprootSpend(2, 1), taprootSpend(3, 1)].map(({ tx }) => wtxidOf(tx));
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  checked.add(a, 3);
  checked.add(b, 3);
  checked.add(a, 7);
  checked.add(c, 3);
  assert.equal(checked.size, 2);
  assert.deepEqual([checked.has(a, 5), checked.has(b, 1), checked.has(c, 1), checked.has(c, 4)], [true, false, true, false]);
  checked.delete(a);
  assert.equal(checked.has(a, 0), false);
});

test('a worker that cannot run is a fault, not a verdict', async (t) => {
  const broken = new ScriptChecker({ threads: 2, workerUrl: pathToFileURL('/nonexistent/worker.mjs') });
  t.after(() => broken.close());
  const spends = [taprootSpend(1, 100)];
  await assert.rejects(broken.checkBlock(spends, flags), /worker failed/);
  await assert.rejects(broken.checkBlock(spends, flags), /have stopped/);

  const closed = new ScriptChecker({ threads: 2 });
  const rejected = assert.rejects(closed.checkBlock(spends, flags), /closed/);
  await closed.close();
  await rejected;
});

test('threads for -par', () => {
  assert.equal(scriptThreads(0, 8), 8);
  assert.equal(scriptThreads(-2, 8), 6);
  assert.equal(scriptThreads(-9, 8), 1);
  assert.equal(scriptThreads(3, 2), 3);
  assert.equal(scriptThreads(0, 64), 16);
});

const blocks = new URL('../../../../shared/vectors/blocks/', import.meta.url);

test('a real block over two threads', { skip: existsSync(blocks) ? false : 'skipped: no ../shared/vectors' }, async (t) => {
  const checker = new ScriptChecker({ threads: 2 });
  t.after(() => checker.close());
  const block = parseBlock(readFileSync(new URL('block928927.raw', blocks)));
  const reader = new ByteReader(readFileSync(new URL('block928927.spent-outputs.raw', blocks)));
  const spends = block.transactions.slice(1).map((tx): Spend => ({ tx, spentOutputs: tx.inputs.map(() => readTxOut(reader)) }));
  assert.equal(await checker.checkBlock(spends, flags), undefined);
  const last = spends.length - 1;
  const lastSpend = spends[last];
  assert.ok(lastSpend !== undefined);
  // A different amount of what the last transaction pays invalidates its first signature.
  spends[last] = { ...lastSpend, tx: { ...lastSpend.tx, outputs: lastSpend.tx.outputs.map((out) => ({ ...out, value: out.value + 1n })) } };
  const failure = await checker.checkBlock(spends, flags);
  assert.deepEqual([failure?.spendIndex, failure?.inputIndex], [last, 0]);
});
