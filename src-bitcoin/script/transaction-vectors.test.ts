import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fromHex, hashFromHex } from '../bytes/hex.js';
import { checkTransaction } from '../consensus/transaction-check.js';
import { outpointKey, parseTransaction, type TxOut } from '../primitives/transaction.js';
import { allScriptFlags, parseScriptFlags, scriptFlagNames, scriptFlags } from './flags.js';
import { PrecomputedTransaction } from './precomputed-transaction.js';
import { parseScriptText } from './script-text.js';
import { verifyInput } from './verify.js';

const vectors = new URL('../../../shared/vectors/', import.meta.url);
const absent = existsSync(vectors) ? false : 'skipped: no ../shared/vectors';

interface Vector {
  readonly row: string;
  readonly precomputed: PrecomputedTransaction;
  readonly flagText: string;
}

function readVectors(name: string): Vector[] {
  const rows: unknown[][] = JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));
  const found: Vector[] = [];
  for (const row of rows) {
    const [prevouts, raw, flagText] = row;
    if (!Array.isArray(prevouts)) continue;
    const outputs = new Map<string, TxOut>();
    for (const prevout of prevouts) {
      assert.ok(Array.isArray(prevout));
      const [txid, index, script, amount] = prevout;
      outputs.set(outpointKey({ txid: hashFromHex(String(txid)), index: Number(index) >>> 0 }), {
        value: BigInt(Number(amount ?? 0)),
        scriptPubKey: parseScriptText(String(script)),
      });
    }
    const tx = parseTransaction(fromHex(String(raw)));
    const spent = tx.inputs.map(({ prevout }) => outputs.get(outpointKey(prevout)) ?? { value: 0n, scriptPubKey: new Uint8Array(0) });
    found.push({ row: JSON.stringify(row), precomputed: new PrecomputedTransaction(tx, spent), flagText: String(flagText) });
  }
  return found;
}

function parseFlags(text: string): number {
  return parseScriptFlags(text.split(',').filter((name) => name !== '' && name !== 'NONE'));
}

function isValid(precomputed: PrecomputedTransaction, flags: number): boolean {
  return precomputed.tx.inputs.every((_, i) => verifyInput(precomputed, i, flags) === undefined);
}

// WITNESS goes with P2SH only, CLEANSTACK with both.
function trim(flags: number): number {
  const withoutWitness = (flags & scriptFlags.P2SH) === 0 ? flags & ~scriptFlags.WITNESS : flags;
  return (withoutWitness & scriptFlags.WITNESS) === 0 ? withoutWitness & ~scriptFlags.CLEANSTACK : withoutWitness;
}

function fill(flags: number): number {
  const withWitness = (flags & scriptFlags.CLEANSTACK) !== 0 ? flags | scriptFlags.WITNESS : flags;
  return (withWitness & scriptFlags.WITNESS) !== 0 ? withWitness | scriptFlags.P2SH : withWitness;
}

const singleFlags = scriptFlagNames(allScriptFlags).map((name) => scriptFlags[name]);

test('tx_valid.json: valid with all flags but the excluded ones, which all matter', { skip: absent }, () => {
  const found = readVectors('tx_valid.json');
  assert.ok(found.length > 100);
  for (const { row, precomputed, flagText } of found) {
    assert.equal(checkTransaction(precomputed.tx), undefined, row);
    const excluded = parseFlags(flagText);
    assert.ok(isValid(precomputed, allScriptFlags & ~excluded), row);
    for (const flag of singleFlags) {
      assert.ok(isValid(precomputed, trim(allScriptFlags & ~excluded & ~flag)), row);
      // Excluding less than the row says must make it invalid, or the row says too much.
      const fewer = fill(allScriptFlags & ~(excluded & ~flag));
      if ((excluded & flag) !== 0 && fewer !== (allScriptFlags & ~excluded)) assert.equal(isValid(precomputed, fewer), false, row);
    }
  }
});

test('tx_invalid.json: invalid with the named flags, each of which matters', { skip: absent }, () => {
  const found = readVectors('tx_invalid.json');
  assert.ok(found.length > 80);
  for (const { row, precomputed, flagText } of found) {
    if (flagText === 'BADTX') {
      assert.match(checkTransaction(precomputed.tx) ?? '', /^bad-/, row);
      continue;
    }
    assert.equal(checkTransaction(precomputed.tx), undefined, row);
    const required = parseFlags(flagText);
    assert.equal(isValid(precomputed, required), false, row);
    for (const flag of singleFlags) {
      assert.equal(isValid(precomputed, fill(required | flag)), false, row);
      const fewer = trim(required & ~flag);
      if (fewer !== required) assert.ok(isValid(precomputed, fewer), row);
    }
  }
});
