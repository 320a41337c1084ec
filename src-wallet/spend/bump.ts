import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { nullOutpoint, serializeOutpoint, txidOf, virtualSize, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { isChange, outputSum } from '../coins/amounts.js';
import { depthOf } from '../coins/trust.js';
import type { WalletTransaction } from '../coins/wallet-transaction.js';
import type { LoadedWallet } from '../wallet.js';
import { buildTransaction } from './build.js';
import type { CoinControl, Recipient } from './coin-control.js';
import { recordTransaction, sendTransaction } from './commit.js';
import { chooseRate, requiredFee } from './fee-policy.js';
import { compareRates, feeFor, formatMoney, higher, perKilobyte, perKilobyteOf, readFeeRate, writeFeeRate, type FeeRate } from './fee-rate.js';
import { signTransaction } from './sign.js';
import { signedWeight } from './signed-weight.js';
import { coinsOf, unspentCoinsOf } from './spent-coins.js';

export type BumpFailureKind = 'parameter' | 'wallet' | 'unknown-transaction' | 'other';

export type BumpOutcome<Value> =
  | ({ readonly ok: true } & Value)
  | { readonly ok: false; readonly kind: BumpFailureKind; readonly errors: readonly string[] };

export interface BumpOptions {
  /** Outputs instead of the old ones. */
  readonly outputs?: readonly TxOut[];
  /** Index of the old output that is change; found by itself when left out. */
  readonly originalChangeIndex?: number;
  /** All inputs must be the wallet's, as it will have to sign them. */
  readonly requireMine: boolean;
}

/** What the wallet adds per 1000 vbytes at least, so that a replacement is worth passing on. */
const incrementalRate = perKilobyte(5000n);

const fail = (kind: BumpFailureKind, error: string): { readonly ok: false; readonly kind: BumpFailureKind; readonly errors: readonly string[] } => ({
  ok: false,
  kind,
  errors: [error],
});

/** Why a transaction cannot be replaced; undefined when it can. */
async function obstacle(wallet: LoadedWallet, transaction: WalletTransaction, requireMine: boolean): Promise<ReturnType<typeof fail> | undefined> {
  if (wallet.history.hasSpenders(transaction)) return fail('parameter', 'Transaction has descendants in the wallet');
  if (await wallet.context.chain.hasDescendantsInMempool(txidOf(transaction.tx))) return fail('parameter', 'Transaction has descendants in the mempool');
  if (depthOf(transaction, wallet.lastBlock.height) !== 0) {
    return fail('wallet', 'Transaction has been mined, or is conflicted with a mined transaction');
  }
  const successor = transaction.notes.get('replaced_by_txid');
  if (successor !== undefined) {
    return fail('wallet', `Cannot bump transaction ${transaction.txid} which was already bumped by transaction ${successor}`);
  }
  const mine = transaction.tx.inputs.every(({ prevout }) => wallet.history.owned(prevout) !== undefined);
  if (requireMine && !mine) return fail('wallet', "Transaction contains inputs that don't belong to this wallet");
  return undefined;
}

export async function canBump(wallet: LoadedWallet, transaction: WalletTransaction): Promise<boolean> {
  return (await obstacle(wallet, transaction, true)) === undefined;
}

async function checkRate(wallet: LoadedWallet, rate: FeeRate, tx: Transaction, oldFee: bigint): Promise<ReturnType<typeof fail> | undefined> {
  const { chain, settings } = wallet.context;
  const size = virtualSize(tx);
  const mempoolMin = readFeeRate(await chain.mempoolMinFee());
  if (compareRates(rate, mempoolMin) < 0) {
    return fail(
      'wallet',
      `New fee rate (${formatMoney(perKilobyteOf(rate))}) is lower than the minimum fee rate (${formatMoney(perKilobyteOf(mempoolMin))}) to get into the mempool -- `,
    );
  }
  const combined = await chain.calculateCombinedBumpFee(tx.inputs.map(({ prevout }) => serializeOutpoint(prevout)), writeFeeRate(rate));
  if (combined === undefined) {
    return fail('wallet', 'Failed to calculate bump fees, because unconfirmed UTXOs depend on an enormous cluster of unconfirmed transactions.');
  }
  const total = feeFor(rate, size) + combined;
  const increment = feeFor(readFeeRate(await chain.relayIncrementalFee()), size);
  if (total < oldFee + increment) {
    return fail(
      'parameter',
      `Insufficient total fee ${formatMoney(total)}, must be at least ${formatMoney(oldFee + increment)} (oldFee ${formatMoney(oldFee)} + incrementalFee ${formatMoney(increment)})`,
    );
  }
  const required = await requiredFee(wallet.context, size);
  if (total < required) return fail('parameter', `Insufficient total fee (cannot be less than required fee ${formatMoney(required)})`);
  if (total > settings.maxFee) {
    return fail('wallet', `Specified or calculated fee ${formatMoney(total)} is too high (cannot be higher than -maxtxfee ${formatMoney(settings.maxFee)})`);
  }
  return undefined;
}

async function bumpedRate(wallet: LoadedWallet, tx: Transaction, oldFee: bigint, control: CoinControl): Promise<FeeRate> {
  const old = perKilobyteOf({ satoshis: oldFee, virtualSize: virtualSize(tx) }) + 1n;
  const relay = readFeeRate(await wallet.context.chain.relayIncrementalFee());
  const raised = perKilobyte(old + perKilobyteOf(higher(relay, incrementalRate)));
  return higher(raised, (await chooseRate(wallet.context, control)).rate);
}

/** Who is paid by the replacement, and where its change goes. */
function payments(wallet: LoadedWallet, outputs: readonly TxOut[], changeIndex: number | undefined): { recipients: readonly Recipient[]; changeScript: Uint8Array | undefined } {
  const context = {
    history: wallet.history,
    isMine: (script: Uint8Array) => wallet.keyring.isMine(script),
    isChangeScript: (script: Uint8Array) => wallet.isChangeScript(script),
  };
  const recipients: Recipient[] = [];
  let changeScript: Uint8Array | undefined;
  outputs.forEach((output, i) => {
    if (changeIndex === undefined ? isChange(output, context) : changeIndex === i) changeScript = output.scriptPubKey;
    else recipients.push({ script: output.scriptPubKey, amount: output.value, subtractFee: false });
  });
  if (recipients.length > 0 || changeScript === undefined) return { recipients, changeScript };
  // Everything goes back to the wallet: there the fee comes from.
  return { recipients: [{ script: changeScript, amount: outputs.reduce((sum, { value }) => sum + value, 0n), subtractFee: true }], changeScript: undefined };
}

/** Prepares the replacement of an unconfirmed transaction by one with a higher fee, unsigned. */
export async function createBump(
  wallet: LoadedWallet,
  txid: string,
  control: CoinControl,
  options: BumpOptions,
): Promise<BumpOutcome<{ readonly tx: Transaction; readonly oldFee: bigint; readonly newFee: bigint }>> {
  const { outputs, originalChangeIndex } = options;
  if (outputs !== undefined && originalChangeIndex !== undefined) {
    return fail(
      'parameter',
      "The options 'outputs' and 'original_change_index' are incompatible. You can only either specify a new set of outputs, or designate a change output to be recycled.",
    );
  }
  const transaction = wallet.history.get(txid);
  if (transaction === undefined) return fail('unknown-transaction', 'Invalid or non-wallet transaction id');
  const { tx } = transaction;
  if (originalChangeIndex !== undefined && originalChangeIndex >= tx.outputs.length) return fail('parameter', 'Change position is out of range');
  const spent = await unspentCoinsOf(wallet, tx);
  const gone = spent.indexOf(undefined);
  const goneInput = tx.inputs[gone];
  if (goneInput !== undefined) return fail('other', `${hashToHex(goneInput.prevout.txid)}:${goneInput.prevout.index} is already spent`);
  const problem = await obstacle(wallet, transaction, options.requireMine);
  if (problem !== undefined) return problem;
  const inputValue = spent.reduce((sum, output) => sum + (output?.value ?? 0n), 0n);
  const oldFee = inputValue - outputSum(tx);
  const newOutputs = outputs ?? tx.outputs;
  const { recipients, changeScript } = payments(wallet, newOutputs, originalChangeIndex);
  if (recipients.length === 0) return fail('parameter', 'Unable to create transaction. Transaction must have at least one recipient');
  if (control.feeRate !== undefined) {
    const refused = await checkRate(wallet, control.feeRate, { ...tx, outputs: newOutputs }, oldFee);
    if (refused !== undefined) return refused;
  }
  const feeRate = control.feeRate ?? (await bumpedRate(wallet, tx, oldFee, control));
  const outputsSpent = spent.flatMap((output) => output ?? []);
  const precomputed = new PrecomputedTransaction(tx, outputsSpent);
  const selected = outputsSpent.map((output, i) => {
    const outpoint = tx.inputs[i]?.prevout ?? nullOutpoint;
    return wallet.history.owned(outpoint) === undefined ? { outpoint, output, weight: signedWeight(precomputed, i, output) } : { outpoint, output };
  });
  const outcome = await buildTransaction(
    wallet,
    recipients,
    {
      ...control,
      feeRate,
      selected,
      allowOtherInputs: true,
      // A new unconfirmed input would make the replacement depend on more than the original did (BIP125 rule 2).
      minDepth: 1,
      ...(changeScript === undefined ? {} : { changeScript }),
    },
    { sign: false },
  );
  if (!outcome.ok) return fail('wallet', `Unable to create transaction. ${outcome.error}`);
  return { ok: true, tx: outcome.built.tx, oldFee, newFee: outcome.built.fee };
}

/** Signs a replacement. @returns undefined when keys are missing. */
export async function signBump(wallet: LoadedWallet, tx: Transaction): Promise<Transaction | undefined> {
  const signed = signTransaction(wallet, tx, await coinsOf(wallet, tx));
  return signed.complete ? signed.tx : undefined;
}

/** Records and sends a signed replacement, and links the two transactions. */
export async function commitBump(wallet: LoadedWallet, txid: string, tx: Transaction): Promise<BumpOutcome<{ readonly txid: string; readonly errors: readonly string[] }>> {
  const old = wallet.history.get(txid);
  if (old === undefined) return fail('other', 'Invalid or non-wallet transaction id');
  const problem = await obstacle(wallet, old, false);
  if (problem !== undefined) return problem;
  const notes = new Map(old.notes);
  notes.set('replaces_txid', old.txid);
  const newTxid = hashToHex(txidOf(tx));
  const transaction = wallet.change(() => {
    const recorded = recordTransaction(wallet, tx, { notes, orderForm: old.orderForm });
    wallet.history.note(old, 'replaced_by_txid', newTxid);
    return recorded;
  });
  await sendTransaction(wallet, transaction);
  return { ok: true, txid: transaction.txid, errors: [] };
}
