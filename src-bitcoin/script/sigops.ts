import { isCoinbase, type Transaction, type TxIn, type TxOut } from '../primitives/transaction.js';
import { scriptFlags } from './flags.js';
import { maxPubkeysPerMultisig } from './limits.js';
import {
  OP_16,
  OP_CHECKMULTISIG,
  OP_CHECKMULTISIGVERIFY,
  OP_CHECKSIG,
  OP_CHECKSIGVERIFY,
  OP_INVALIDOPCODE,
} from './opcodes.js';
import { isPayToScriptHash, isPushOnly, numberForOpcode, ScriptReader, witnessProgram } from './script.js';

/** What one signature operation outside the witness costs of a block's 80,000. */
export const witnessScaleFactor = 4;

/**
 * Signature operations in a script, as far as it can be read. A multisig counts as 20, or with
 * `accurate` as the number right before it.
 */
export function countSigops(script: Uint8Array, accurate: boolean): number {
  const reader = new ScriptReader(script);
  let count = 0;
  let previous = OP_INVALIDOPCODE;
  while (reader.next()) {
    const { opcode } = reader;
    if (opcode === OP_CHECKSIG || opcode === OP_CHECKSIGVERIFY) count++;
    else if (opcode === OP_CHECKMULTISIG || opcode === OP_CHECKMULTISIGVERIFY) {
      const keys = accurate ? (numberForOpcode(previous) ?? 0) : 0;
      count += keys === 0 ? maxPubkeysPerMultisig : keys;
    }
    previous = opcode;
  }
  return count;
}

/** The last thing a scriptSig of pushes pushes; undefined when it does anything but push. */
function lastPush(scriptSig: Uint8Array): Uint8Array | undefined {
  const reader = new ScriptReader(scriptSig);
  while (!reader.atEnd) if (!reader.next() || reader.opcode > OP_16) return undefined;
  return reader.data;
}

/** Signature operations in all scripts of a transaction as they stand (BIP16 calls it the old way). */
export function legacySigops(tx: Transaction): number {
  let count = 0;
  for (const { scriptSig } of tx.inputs) count += countSigops(scriptSig, false);
  for (const { scriptPubKey } of tx.outputs) count += countSigops(scriptPubKey, false);
  return count;
}

/** Signature operations in the redeem script of an input that spends a script hash (BIP16), else 0. */
export function p2shSigops(scriptSig: Uint8Array, scriptPubKey: Uint8Array): number {
  if (!isPayToScriptHash(scriptPubKey)) return 0;
  const redeemScript = lastPush(scriptSig);
  return redeemScript === undefined ? 0 : countSigops(redeemScript, true);
}

/** Signature operations in the witness of an input (BIP141): version 0 only. */
export function witnessSigops(input: TxIn, scriptPubKey: Uint8Array): number {
  const { scriptSig, witness } = input;
  let program = witnessProgram(scriptPubKey);
  if (program === undefined && isPayToScriptHash(scriptPubKey) && isPushOnly(scriptSig)) {
    const redeemScript = lastPush(scriptSig);
    program = redeemScript === undefined ? undefined : witnessProgram(redeemScript);
  }
  if (program?.version !== 0) return 0;
  if (program.program.length === 20) return 1;
  const script = witness.at(-1);
  return program.program.length === 32 && script !== undefined ? countSigops(script, true) : 0;
}

/**
 * BIP141 cost of a transaction's signature operations.
 * @param spentOutputs what each input spends; not looked at for a coinbase.
 * @param flags which of P2SH and WITNESS count.
 */
export function sigopCost(tx: Transaction, spentOutputs: readonly Pick<TxOut, 'scriptPubKey'>[], flags: number): number {
  let cost = legacySigops(tx) * witnessScaleFactor;
  if (isCoinbase(tx)) return cost;
  for (const [i, input] of tx.inputs.entries()) {
    const spent = spentOutputs[i];
    if (spent === undefined) throw new RangeError(`the output that input ${i} spends is not known`);
    if ((flags & scriptFlags.P2SH) !== 0) cost += p2shSigops(input.scriptSig, spent.scriptPubKey) * witnessScaleFactor;
    if ((flags & scriptFlags.WITNESS) !== 0) cost += witnessSigops(input, spent.scriptPubKey);
  }
  return cost;
}
