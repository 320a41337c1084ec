/** Lines of the history and details of a transaction, from what the wallet tells about it. */
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import {
  parseTransaction,
  serializeTransaction,
  totalSize,
  transactionWeight,
  txidOf,
  virtualSize,
  type Transaction,
} from '../../src-bitcoin/primitives/transaction.js';
import type { WalletTx, WalletTxStatus } from '../../src-interfaces/generated/wallet.js';
import type { TransactionInput, TransactionKind, TransactionOutput, TransactionRow, TransactionStatus } from '../../src-interfaces/facade.js';
import { addressText, scriptAddress } from './destinations.js';

/** Height the wallet reports for a transaction that is in no block. */
const noHeight = 0x7fffffff;

const valueOf = (tx: WalletTx, key: string): string | undefined => tx.valueMap.find((pair) => pair.key === key)?.value;
/** A txid in the wallet's value map is hex as displayed. */
const hexOf = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

function statusOf(entry: WalletTx, status: WalletTxStatus): TransactionStatus {
  if (status.depthInMainChain > 0) return 'confirmed';
  if (status.depthInMainChain < 0) return 'conflicted';
  if (status.isAbandoned) return 'abandoned';
  // The wallet learns of a conflict from a block; that it was replaced is known before.
  return valueOf(entry, 'replaced_by_txid') === undefined ? 'pending' : 'conflicted';
}

export type LabelOf = (address: string) => string;

function kindOf(entry: WalletTx, paidOthers: boolean): TransactionKind {
  if (entry.isCoinbase) return 'mined';
  if (entry.debit === 0n) return 'received';
  return paidOthers ? 'sent' : 'self';
}

/** The fee this wallet paid: known when every input is its own. */
function feeOf(entry: WalletTx, tx: Transaction): bigint | null {
  if (entry.isCoinbase || !entry.txinIsMine.every(Boolean)) return null;
  return entry.debit - tx.outputs.reduce((sum, output) => sum + output.value, 0n);
}

/** One line of the history. The wallet must know the transaction. */
export function historyRow(entry: WalletTx & { readonly tx: Uint8Array }, status: WalletTxStatus, params: ChainParams, labelOf: LabelOf): TransactionRow {
  const tx = parseTransaction(entry.tx);
  const own = tx.outputs.map((_, i) => entry.txoutIsMine[i] === true);
  const addresses = tx.outputs.map((output, i) => {
    const known = entry.txoutAddress[i];
    return known === undefined ? scriptAddress(output.scriptPubKey, params) : addressText(known, params) || scriptAddress(output.scriptPubKey, params);
  });
  const others = addresses.filter((_, i) => own[i] === false);
  const kind = kindOf(entry, others.length > 0);
  const receiving = addresses.filter((_, i) => own[i] === true && entry.txoutIsChange[i] !== true);
  const shown = kind === 'sent' ? others : receiving.length > 0 ? receiving : addresses.filter((_, i) => own[i] === true);
  const address = shown.find((text) => text !== '') ?? '';
  const immature = entry.isCoinbase && entry.credit === 0n;
  const credit = immature ? tx.outputs.reduce((sum, output, i) => (own[i] === true ? sum + output.value : sum), 0n) : entry.credit;
  return {
    txid: hashToHex(txidOf(tx)),
    time: Number(entry.time),
    kind,
    status: statusOf(entry, status),
    height: status.depthInMainChain > 0 && status.blockHeight !== noHeight ? status.blockHeight : null,
    amount: credit - entry.debit,
    fee: feeOf(entry, tx),
    address,
    label: valueOf(entry, 'comment') ?? valueOf(entry, 'to') ?? labelOf(address),
    addressCount: new Set(shown).size,
  };
}

export interface DetailParts {
  readonly size: number;
  readonly vsize: number;
  readonly weight: number;
  readonly version: number;
  readonly locktime: number;
  readonly outputs: readonly TransactionOutput[];
  readonly hex: string;
  readonly feeRate: number | null;
}

export function transactionOutputs(tx: Transaction, own: readonly boolean[], change: readonly boolean[], params: ChainParams, labelOf: LabelOf): TransactionOutput[] {
  return tx.outputs.map((output, index) => {
    const address = scriptAddress(output.scriptPubKey, params);
    return {
      index,
      address: address === '' ? null : address,
      script: toHex(output.scriptPubKey),
      amount: output.value,
      mine: own[index] === true,
      change: change[index] === true,
      label: address === '' ? '' : labelOf(address),
    };
  });
}

/** Sizes, outputs and raw form of a transaction. */
export function detailParts(tx: Transaction, own: readonly boolean[], change: readonly boolean[], fee: bigint | null, params: ChainParams, labelOf: LabelOf): DetailParts {
  const vsize = virtualSize(tx);
  return {
    size: totalSize(tx),
    vsize,
    weight: transactionWeight(tx),
    version: tx.version,
    locktime: tx.locktime,
    outputs: transactionOutputs(tx, own, change, params, labelOf),
    hex: toHex(serializeTransaction(tx)),
    feeRate: fee === null ? null : Number(fee) / vsize,
  };
}

/** Inputs, with what they spend where `previous` knows that transaction. */
export function transactionInputs(
  tx: Transaction,
  mine: readonly boolean[],
  previous: (txid: string) => Transaction | undefined,
  params: ChainParams,
): TransactionInput[] {
  return tx.inputs.map((input, i) => {
    const txid = hashToHex(input.prevout.txid);
    const spent = previous(txid)?.outputs[input.prevout.index];
    const address = spent === undefined ? '' : scriptAddress(spent.scriptPubKey, params);
    return {
      txid,
      vout: input.prevout.index,
      sequence: input.sequence,
      address: address === '' ? null : address,
      amount: spent?.value ?? null,
      mine: mine[i] === true,
    };
  });
}

/** Which transaction this one replaced, and which replaced it. */
export function replacements(entry: WalletTx): { readonly replaces: string | null; readonly replacedBy: string | null } {
  return { replaces: hexOf(valueOf(entry, 'replaces_txid')), replacedBy: hexOf(valueOf(entry, 'replaced_by_txid')) };
}
