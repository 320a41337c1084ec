import { serializeTransaction, serializeTxOut, type Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import { destinationOf } from '../../src-bitcoin/address/destination.js';
import { toTxDestination } from '../../src-interfaces/destination.js';
import type { Pair } from '../../src-interfaces/generated/common.js';
import type { TxDestination, WalletTx, WalletTxOut, WalletTxStatus } from '../../src-interfaces/generated/wallet.js';
import { changeOf, creditOf, debitOf, isChange, type AmountContext } from '../coins/amounts.js';
import { blocksToMaturity, depthOf, TrustJudge } from '../coins/trust.js';
import { isGenerated, transactionTime, type WalletTransaction } from '../coins/wallet-transaction.js';
import type { LoadedWallet } from '../wallet.js';

/** Height of a transaction that is in no block. */
const noHeight = 0x7fffffff;

export function amountContext(wallet: LoadedWallet): AmountContext {
  return { history: wallet.history, isMine: (script) => wallet.keyring.isMine(script), isChangeScript: (script) => wallet.isChangeScript(script) };
}

/** The destination of a script; an empty one for scripts that have none. */
export function destinationOfScript(script: Uint8Array): TxDestination {
  const destination = destinationOf(script);
  return (destination === undefined ? undefined : toTxDestination(destination)) ?? {};
}

const noTransaction: WalletTx = {
  txinIsMine: [],
  txoutIsMine: [],
  txoutIsChange: [],
  txoutAddress: [],
  txoutAddressIsMine: [],
  credit: 0n,
  debit: 0n,
  change: 0n,
  time: 0n,
  valueMap: [],
  isCoinbase: false,
};

export function walletTx(wallet: LoadedWallet, transaction: WalletTransaction | undefined): WalletTx {
  if (transaction === undefined) return noTransaction;
  const { tx } = transaction;
  const context = amountContext(wallet);
  const mine = tx.outputs.map((output) => context.isMine(output.scriptPubKey));
  // Coins that cannot be spent yet do not count as credit.
  const immature = blocksToMaturity(transaction, wallet.lastBlock.height) > 0;
  return {
    tx: serializeTransaction(tx),
    txinIsMine: tx.inputs.map((input) => wallet.history.owned(input.prevout) !== undefined),
    txoutIsMine: mine,
    txoutIsChange: tx.outputs.map((output) => isChange(output, context)),
    txoutAddress: tx.outputs.map((output) => destinationOfScript(output.scriptPubKey)),
    txoutAddressIsMine: mine,
    credit: immature ? 0n : creditOf(tx, context),
    debit: debitOf(tx, context),
    change: changeOf(tx, context),
    time: BigInt(transactionTime(transaction)),
    valueMap: [...transaction.notes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value })),
    isCoinbase: isGenerated(transaction),
  };
}

export function walletTxStatus(wallet: LoadedWallet, transaction: WalletTransaction): WalletTxStatus {
  const { state, tx } = transaction;
  const tip = wallet.lastBlock.height;
  const depth = depthOf(transaction, tip);
  return {
    blockHeight: state.kind === 'confirmed' || state.kind === 'conflicted' ? state.height : noHeight,
    blocksToMaturity: blocksToMaturity(transaction, tip),
    depthInMainChain: depth,
    timeReceived: transaction.timeReceived,
    lockTime: tx.locktime,
    isTrusted: new TrustJudge(wallet.coinContext).trusts(transaction),
    isAbandoned: state.kind === 'inactive' && state.abandoned,
    isCoinbase: isGenerated(transaction),
    isInMainChain: depth > 0,
  };
}

const unknownOutput: WalletTxOut = { txout: serializeTxOut({ value: -1n, scriptPubKey: new Uint8Array(0) }), time: 0n, depthInMainChain: -1, isSpent: false };

export function walletTxOut(wallet: LoadedWallet, outpoint: Outpoint): WalletTxOut {
  const transaction = wallet.history.find(outpoint.txid);
  const output = transaction?.tx.outputs[outpoint.index];
  if (transaction === undefined || output === undefined) return unknownOutput;
  return {
    txout: serializeTxOut(output),
    time: BigInt(transactionTime(transaction)),
    depthInMainChain: depthOf(transaction, wallet.lastBlock.height),
    isSpent: wallet.history.isSpent(outpoint),
  };
}

/** Entries grouped by the destination that their scripts pay to. */
export function byDestination<T>(entries: Iterable<{ readonly script: Uint8Array; readonly entry: T }>): Pair<TxDestination, readonly T[]>[] {
  const groups = new Map<string, { destination: TxDestination; list: T[] }>();
  for (const { script, entry } of entries) {
    const key = Buffer.from(script).toString('latin1');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { destination: destinationOfScript(script), list: [entry] });
    else group.list.push(entry);
  }
  return [...groups.values()].map(({ destination, list }) => ({ key: destination, value: list }));
}

