import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { ByteReader } from '../bytes/reader.js';
import { parseBlock } from '../primitives/block.js';
import { readTxOut, type Transaction, type TxIn, type TxOut } from '../primitives/transaction.js';
import { mandatoryScriptFlags, scriptFlags } from './flags.js';
import { PrecomputedTransaction } from './precomputed-transaction.js';
import { pushBytes, ScriptReader } from './script.js';
import { isStrictDer } from './signature-encoding.js';
import { verifyInput } from './verify.js';

const blocks = new URL('../../../shared/vectors/blocks/', import.meta.url);
const absent = existsSync(blocks) ? false : 'skipped: no ../shared/vectors';

/** The spending transactions of a block with what they spend. */
function readSpends(height: number): PrecomputedTransaction[] {
  const block = parseBlock(readFileSync(new URL(`block${height}.raw`, blocks)));
  const reader = new ByteReader(readFileSync(new URL(`block${height}.spent-outputs.raw`, blocks)));
  const spends = block.transactions.slice(1).map((tx) => {
    const spent: TxOut[] = tx.inputs.map(() => readTxOut(reader));
    return new PrecomputedTransaction(tx, spent);
  });
  reader.expectEnd('spent outputs');
  return spends;
}

function flipInside(signature: Uint8Array, salt: number): Uint8Array {
  const flipped = signature.slice();
  // Some bit of r or s, not of the lengths around them.
  const rLength = signature[3] ?? 0;
  const position = salt % 2 === 0 ? 5 + (salt % (rLength - 1)) : 6 + rLength + 1 + (salt % 20);
  flipped[position] = (flipped[position] ?? 0) ^ (1 << (salt % 8));
  return flipped;
}

/** The input with the first ECDSA signature in it changed, if there is one. */
function withBrokenSignature(input: TxIn, salt: number): TxIn | undefined {
  const inWitness = input.witness.findIndex(isStrictDer);
  if (inWitness >= 0) {
    return { ...input, witness: input.witness.map((item, i) => (i === inWitness ? flipInside(item, salt) : item)) };
  }
  const reader = new ScriptReader(input.scriptSig);
  for (let start = 0; reader.next(); start = reader.position) {
    if (!isStrictDer(reader.data)) continue;
    const pushed = pushBytes(flipInside(reader.data, salt));
    if (pushed.length !== reader.position - start) return undefined;
    const scriptSig = input.scriptSig.slice();
    scriptSig.set(pushed, start);
    return { ...input, scriptSig };
  }
  return undefined;
}

for (const [height, flags, least] of [
  [300025, scriptFlags.P2SH | scriptFlags.WITNESS | scriptFlags.TAPROOT, 1000],
  [928816, mandatoryScriptFlags, 1000],
  [928927, mandatoryScriptFlags, 1000],
] as const) {
  test(`block ${height}: every input is valid, and none with a bit of its signature flipped`, { skip: absent }, () => {
    let checked = 0;
    let broken = 0;
    for (const precomputed of readSpends(height)) {
      for (let i = 0; i < precomputed.tx.inputs.length; i++) {
        assert.equal(verifyInput(precomputed, i, flags), undefined, `input ${checked} of the block`);
        checked++;
        const input = precomputed.tx.inputs[i];
        const changed = input && withBrokenSignature(input, checked);
        if (changed === undefined || checked % 3 !== 0) continue;
        const tx: Transaction = { ...precomputed.tx, inputs: precomputed.tx.inputs.map((own, j) => (i === j ? changed : own)) };
        assert.notEqual(verifyInput(new PrecomputedTransaction(tx, precomputed.spentOutputs), i, flags), undefined);
        broken++;
      }
    }
    assert.ok(checked >= least, `only ${checked} inputs`);
    assert.ok(broken > checked / 4, `only ${broken} of ${checked} inputs broken`);
  });
}
