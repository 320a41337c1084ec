import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { psbtToText } from '../../src-bitcoin/psbt/psbt-text.js';
import { createPsbt, extractTransaction } from '../../src-bitcoin/psbt/psbt.js';
import { finishPsbt } from '../../src-bitcoin/psbt/sign-psbt.js';
import type { Jsonable, JsonObject, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { RpcCall } from '../../src-interfaces/rpc/command.js';
import { asBoolean, asString } from '../../src-interfaces/rpc/values.js';
import { commitTransaction } from '../spend/commit.js';
import { fillPsbt } from '../spend/fill-psbt.js';
import { chooseLockTime } from '../spend/lock-time.js';
import type { LoadedWallet } from '../wallet.js';
import { fillOrRefuse } from './fill-or-refuse.js';

/** Names of options that older commands use, and what they are called here. */
const outdated: readonly (readonly [old: string, text: string])[] = [
  ['feeRate', 'Use fee_rate (sat/vB) instead of feeRate'],
  ['changeAddress', 'Use change_address instead of changeAddress'],
  ['changePosition', 'Use change_position instead of changePosition'],
  ['lockUnspents', 'Use lock_unspents instead of lockUnspents'],
  ['subtractFeeFromOutputs', 'Use subtract_fee_from_outputs instead of subtractFeeFromOutputs'],
];

/** Sequence numbers that say nothing but that the locktime counts, and perhaps that it can be replaced. */
const plainSequences: readonly number[] = [0xfffffffd, 0xfffffffe];

/** Puts what was given by position in the options. @throws RpcFailure when something is given in both ways */
export function withPositionalFee(call: RpcCall, options: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...options };
  const [target, mode, rate] = [call.value('conf_target'), call.request.params[2] ?? null, call.value('fee_rate')];
  if (options['conf_target'] !== undefined || options['estimate_mode'] !== undefined) {
    if (target !== null || mode !== null) {
      throw rpcError('invalidParameter', 'Pass conf_target and estimate_mode either as arguments or in the options object, but not both');
    }
  } else {
    merged['conf_target'] = target;
    merged['estimate_mode'] = mode;
  }
  if (options['fee_rate'] === undefined) merged['fee_rate'] = rate;
  else if (rate !== null) throw rpcError('invalidParameter', 'Pass the fee_rate either as an argument, or in the options object, but not both');
  const chosenMode = merged['estimate_mode'] ?? null;
  if ((merged['conf_target'] ?? null) !== null && (chosenMode === null || asString(chosenMode) === 'unset')) throw rpcError('invalidParameter', 'Specify estimate_mode');
  for (const [old, text] of outdated) if (options[old] !== undefined) throw rpcError('invalidParameter', text);
  return merged;
}

/**
 * Signs a payment and sends it, or returns it as the options want it, or as a PSBT where signatures are
 * missing. Callers hold the wallet's `spendTurns`.
 * @throws RpcFailure
 */
export async function finishPayment(wallet: LoadedWallet, draft: Transaction, options: JsonObject): Promise<Jsonable> {
  const free = options['locktime'] === undefined && draft.inputs.every(({ sequence }) => plainSequences.includes(sequence));
  const psbt = createPsbt(free ? { ...draft, locktime: await chooseLockTime(wallet) } : draft);
  fillPsbt(wallet, psbt, { sign: false, derivations: true, finish: true });
  fillOrRefuse(wallet, psbt, { sign: true, derivations: false, finish: true });
  const complete = finishPsbt(psbt);
  const asPsbt = options['psbt'] !== undefined && asBoolean(options['psbt']);
  const addToWallet = options['add_to_wallet'] === undefined || asBoolean(options['add_to_wallet']);
  const partial = asPsbt || !complete || !addToWallet ? { psbt: psbtToText(psbt) } : {};
  if (!complete) return { ...partial, complete };
  const tx = extractTransaction(psbt);
  const txid = hashToHex(txidOf(tx));
  if (!addToWallet || asPsbt) return { ...partial, txid, hex: toHex(serializeTransaction(tx)), complete };
  await commitTransaction(wallet, tx);
  return { txid, complete };
}
