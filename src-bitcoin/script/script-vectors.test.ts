import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fromHex } from '../bytes/hex.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { nullOutpoint, txidOf, type Transaction, type TxOut } from '../primitives/transaction.js';
import { allScriptFlags, parseScriptFlags, scriptFlags } from './flags.js';
import { PrecomputedTransaction } from './precomputed-transaction.js';
import { buildScript } from './script.js';
import { parseScriptText } from './script-text.js';
import { tapleafHash, taptweakHash, tapscriptLeafVersion } from './taproot.js';
import { verifyInput } from './verify.js';

const path = new URL('../../../shared/vectors/script_tests.json', import.meta.url);

function sign(amount: bigint, scriptPubKey: Uint8Array, scriptSig: Uint8Array, witness: Uint8Array[]): PrecomputedTransaction {
  const spent: TxOut = { value: amount, scriptPubKey };
  const credit: Transaction = {
    version: 1,
    inputs: [{ prevout: nullOutpoint, scriptSig: Uint8Array.of(0, 0), sequence: 0xffffffff, witness: [] }],
    outputs: [spent],
    locktime: 0,
  };
  const spend: Transaction = {
    version: 1,
    inputs: [{ prevout: { txid: txidOf(credit), index: 0 }, scriptSig, sequence: 0xffffffff, witness }],
    outputs: [{ value: amount, scriptPubKey: new Uint8Array(0) }],
    locktime: 0,
  };
  return new PrecomputedTransaction(spend, [spent]);
}

// The vectors leave control block and output key of a one-leaf tree for the internal key of secret 1 to be filled in.
const internalKey = secp256k1.xOnlyPublicKey(fromHex('01'.padStart(64, '0')));

function commit(script: Uint8Array): { control: Uint8Array; key: Uint8Array } {
  const tweaked = secp256k1.tweakXOnlyPublicKey(internalKey, taptweakHash(internalKey, tapleafHash(tapscriptLeafVersion, script)));
  assert.ok(tweaked !== undefined);
  return { control: Uint8Array.from([tapscriptLeafVersion | tweaked.parity, ...internalKey]), key: tweaked.key };
}

function readWitness(items: unknown[]): { witness: Uint8Array[]; amount: bigint; outputKey?: Uint8Array } {
  const amount = BigInt(Math.round(Number(items.at(-1)) * 1e8));
  const witness: Uint8Array[] = [];
  let outputKey: Uint8Array | undefined;
  for (const item of items.slice(0, -1).map(String)) {
    if (item.startsWith('#SCRIPT#')) witness.push(parseScriptText(item.slice(8)));
    else if (item === '#CONTROLBLOCK#') {
      const { control, key } = commit(witness.at(-1) ?? new Uint8Array(0));
      witness.push(control);
      outputKey = key;
    } else witness.push(fromHex(item));
  }
  return { witness, amount, ...(outputKey === undefined ? {} : { outputKey }) };
}

test('script_tests.json: every script ends as expected, with every kind of flags', (t) => {
  if (!existsSync(path)) {
    t.skip('skipped: no ../shared/vectors');
    return;
  }
  const rows: unknown[][] = JSON.parse(readFileSync(path, 'utf8'));
  let count = 0;
  let seed = 1;
  for (const row of rows) {
    if (row.length === 1) continue;
    const { witness, amount, outputKey } = Array.isArray(row[0])
      ? readWitness(row[0])
      : { witness: [], amount: 0n, outputKey: undefined };
    const [sigText = '', keyText = '', flagText = '', expected = ''] = (Array.isArray(row[0]) ? row.slice(1) : row).map(String);
    const scriptPubKey = keyText.endsWith('#TAPROOTOUTPUT#')
      ? buildScript(0x51, outputKey ?? new Uint8Array(0))
      : parseScriptText(keyText);
    const precomputed = sign(amount, scriptPubKey, parseScriptText(sigText), witness);
    const named = parseScriptFlags(flagText.split(',').filter((name) => name !== '' && name !== 'NONE'));
    const fill = (flags: number): number =>
      (flags & scriptFlags.CLEANSTACK) !== 0
        ? flags | scriptFlags.P2SH | scriptFlags.WITNESS
        : (flags & scriptFlags.WITNESS) !== 0
          ? flags | scriptFlags.P2SH
          : flags;
    const flags = fill(named);
    const error = verifyInput(precomputed, 0, flags);
    assert.equal(error === 'SIG_NULLFAIL' ? 'NULLFAIL' : (error ?? 'OK'), expected, JSON.stringify(row));
    // Flags are soft forks: fewer never make a valid script invalid, more never an invalid one valid.
    for (let i = 0; i < 16; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const extra = (seed >>> 8) & allScriptFlags;
      if (error !== undefined) {
        assert.notEqual(verifyInput(precomputed, 0, fill(flags | extra)), undefined, JSON.stringify(row));
      } else {
        let fewer = flags & ~extra;
        if ((fewer & scriptFlags.P2SH) === 0) fewer &= ~scriptFlags.WITNESS;
        if ((fewer & scriptFlags.WITNESS) === 0) fewer &= ~scriptFlags.CLEANSTACK;
        assert.equal(verifyInput(precomputed, 0, fewer), undefined, JSON.stringify(row));
      }
    }
    count++;
  }
  assert.ok(count > 1200, `only ${count} vectors`);
});
