import type { Transaction, TxOut } from '../primitives/transaction.js';
import { scriptFlags } from '../script/flags.js';
import { maxPubkeysPerMultisig } from '../script/limits.js';
import {
  OP_1,
  OP_16,
  OP_CHECKMULTISIG,
  OP_CHECKMULTISIGVERIFY,
  OP_CHECKSIG,
  OP_CHECKSIGVERIFY,
  OP_INVALIDOPCODE,
} from '../script/opcodes.js';
import { isPayToScriptHash, isPushOnly, ScriptReader, witnessProgram } from '../script/script.js';
import { witnessScaleFactor } from './limits.js';

const noScript = new Uint8Array(0);

/**
 * Signature operations in a script, up to where it can be read.
 * @param accurate count the keys of OP_CHECKMULTISIG where the script says how many; else always 20.
 */
export function scriptSigOps(script: Uint8Array, accurate: boolean): number {
  let count = 0;
  let last = OP_INVALIDOPCODE;
  const reader = new ScriptReader(script);
  while (reader.next()) {
    const { opcode } = reader;
    if (opcode === OP_CHECKSIG || opcode === OP_CHECKSIGVERIFY) count++;
    else if (opcode === OP_CHECKMULTISIG || opcode === OP_CHECKMULTISIGVERIFY) {
      count += accurate && last >= OP_1 && last <= OP_16 ? last - OP_1 + 1 : maxPubkeysPerMultisig;
    }
    last = opcode;
  }
  return count;
}

/** Signature operations of input and output scripts as they stand, the way blocks were counted before BIP16. */
export function legacySigOps(tx: Transaction): number {
  let count = 0;
  for (const { scriptSig } of tx.inputs) count += scriptSigOps(scriptSig, false);
  for (const { scriptPubKey } of tx.outputs) count += scriptSigOps(scriptPubKey, false);
  return count;
}

/** The last bytes a script pushes; undefined when it does anything but push. */
function lastPush(script: Uint8Array): Uint8Array | undefined {
  const reader = new ScriptReader(script);
  let data: Uint8Array = noScript;
  while (!reader.atEnd) {
    if (!reader.next() || reader.opcode > OP_16) return undefined;
    data = reader.data;
  }
  return data;
}

function programSigOps(script: Uint8Array, witness: readonly Uint8Array[]): number | undefined {
  const found = witnessProgram(script);
  if (found === undefined) return undefined;
  if (found.version !== 0) return 0;
  if (found.program.length === 20) return 1;
  const witnessScript = witness.at(-1);
  return found.program.length === 32 && witnessScript !== undefined ? scriptSigOps(witnessScript, true) : 0;
}

function witnessSigOps(scriptSig: Uint8Array, scriptPubKey: Uint8Array, witness: readonly Uint8Array[]): number {
  const direct = programSigOps(scriptPubKey, witness);
  if (direct !== undefined) return direct;
  if (!isPayToScriptHash(scriptPubKey) || !isPushOnly(scriptSig)) return 0;
  return programSigOps(lastPush(scriptSig) ?? noScript, witness) ?? 0;
}

/**
 * BIP141 cost of a transaction's signature operations.
 * @param spent the outputs its inputs spend, in order; not looked at for a coinbase.
 * @param flags whether P2SH and WITNESS scripts count.
 */
export function sigOpsCost(tx: Transaction, spent: readonly TxOut[], flags: number, coinbase: boolean): number {
  let cost = legacySigOps(tx) * witnessScaleFactor;
  if (coinbase) return cost;
  for (const [i, { scriptSig, witness }] of tx.inputs.entries()) {
    const scriptPubKey = spent[i]?.scriptPubKey ?? noScript;
    if ((flags & scriptFlags.P2SH) !== 0 && isPayToScriptHash(scriptPubKey)) {
      const redeemScript = lastPush(scriptSig);
      if (redeemScript !== undefined) cost += scriptSigOps(redeemScript, true) * witnessScaleFactor;
    }
    if ((flags & scriptFlags.WITNESS) !== 0) cost += witnessSigOps(scriptSig, scriptPubKey, witness);
  }
  return cost;
}
