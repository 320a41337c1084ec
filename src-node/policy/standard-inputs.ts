import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { isPayToAnchor, isPayToScriptHash, witnessProgram } from '../../src-bitcoin/script/script.js';
import { scriptSigOps } from '../../src-bitcoin/consensus/sigops.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import { annexTag, leafVersionMask, tapscriptLeafVersion } from '../../src-bitcoin/script/taproot.js';
import {
  maxLegacySigOps,
  maxP2shSigOps,
  maxP2wshScriptSize,
  maxP2wshStackItems,
  maxP2wshStackItemSize,
  maxTapscriptStackItemSize,
} from './limits.js';
import { lastPush } from './push-stack.js';

type Spent = readonly { readonly scriptPubKey: Uint8Array }[];

/** Signature operations of an input where they are executed, P2SH included, the witness not. */
function executedSigOps(scriptSig: Uint8Array, scriptPubKey: Uint8Array): number {
  const own = scriptSigOps(scriptSig, true);
  if (!isPayToScriptHash(scriptPubKey)) return own + scriptSigOps(scriptPubKey, true);
  const redeem = lastPush(scriptSig);
  return own + (redeem === undefined ? 0 : scriptSigOps(redeem, true));
}

/**
 * Spends only outputs of known kinds, without too many signature operations.
 * @param spent the coins of the inputs, in their order.
 */
export function hasStandardInputs(tx: Transaction, spent: Spent): boolean {
  let sigOps = 0;
  return tx.inputs.every(({ scriptSig }, index) => {
    const scriptPubKey = spent[index]?.scriptPubKey;
    if (scriptPubKey === undefined) return false;
    sigOps += executedSigOps(scriptSig, scriptPubKey);
    if (sigOps > maxLegacySigOps) return false;
    const kind = solve(scriptPubKey).type;
    if (kind === 'nonstandard' || kind === 'witness_unknown') return false;
    if (kind !== 'scripthash') return true;
    const redeem = lastPush(scriptSig);
    return redeem !== undefined && scriptSigOps(redeem, true) <= maxP2shSigOps;
  });
}

function isStandardScriptHashWitness(witness: readonly Uint8Array[]): boolean {
  const script = witness[witness.length - 1];
  return (
    script !== undefined &&
    script.length <= maxP2wshScriptSize &&
    witness.length - 1 <= maxP2wshStackItems &&
    witness.slice(0, -1).every((item) => item.length <= maxP2wshStackItemSize)
  );
}

function isStandardTaprootWitness(witness: readonly Uint8Array[]): boolean {
  if (witness.length < 2) return true;
  const control = witness[witness.length - 1];
  // An annex, and a control block that is missing, have no meaning yet.
  if (control === undefined || control.length === 0 || control[0] === annexTag) return false;
  if (((control[0] ?? 0) & leafVersionMask) !== tapscriptLeafVersion) return true;
  return witness.slice(0, -2).every((item) => item.length <= maxTapscriptStackItemSize);
}

/** Witnesses belong to what they are attached to and keep to the sizes that are relayed. */
export function hasStandardWitness(tx: Transaction, spent: Spent): boolean {
  return tx.inputs.every(({ scriptSig, witness }, index) => {
    if (witness.length === 0) return true;
    let script = spent[index]?.scriptPubKey;
    if (script === undefined || isPayToAnchor(script)) return false;
    const nested = isPayToScriptHash(script);
    if (nested) script = lastPush(scriptSig);
    const program = script === undefined ? undefined : witnessProgram(script);
    if (program === undefined) return false;
    if (program.version === 0 && program.program.length === 32) return isStandardScriptHashWitness(witness);
    if (program.version === 1 && program.program.length === 32 && !nested) return isStandardTaprootWitness(witness);
    return true;
  });
}

/** Some input cannot do without a witness. */
export function spendsWitnessProgram(tx: Transaction, spent: Spent): boolean {
  return tx.inputs.some(({ scriptSig }, index) => {
    const scriptPubKey = spent[index]?.scriptPubKey;
    if (scriptPubKey === undefined) return false;
    if (witnessProgram(scriptPubKey) !== undefined) return !isPayToAnchor(scriptPubKey);
    const redeem = isPayToScriptHash(scriptPubKey) ? lastPush(scriptSig) : undefined;
    return redeem !== undefined && witnessProgram(redeem) !== undefined;
  });
}
