import { transactionWeight, txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import type { Cluster } from './cluster-index.js';
import type { MempoolEntry } from './types.js';

/** What acceptance found out about a transaction. */
export interface EntryFacts {
  readonly time: number;
  readonly height: number;
  readonly fee: bigint;
  readonly modifiedFee: bigint;
  readonly sigopCost: number;
  readonly spendsCoinbase: boolean;
  readonly bytesPerSigOp: number;
  /** Mempool sequence at entry; 0 for what came back from a disconnected block. */
  readonly sequence: bigint;
}

/** The mutable entry behind {@link MempoolEntry}; only the pool changes it. */
export class PoolEntry implements MempoolEntry {
  readonly tx: Transaction;
  readonly txid: Uint8Array;
  readonly wtxid: Uint8Array;
  readonly key: string;
  readonly wtxidKey: string;
  readonly time: number;
  readonly height: number;
  readonly weight: number;
  /** Weight, or what the signature operations stand for when that is more. */
  readonly adjustedWeight: number;
  readonly virtualSize: number;
  readonly fee: bigint;
  modifiedFee: bigint;
  readonly sigopCost: number;
  readonly spendsCoinbase: boolean;
  readonly sequence: bigint;
  readonly memoryUsage: number;
  readonly parents = new Set<PoolEntry>();
  readonly children = new Set<PoolEntry>();
  /** Kept by the cluster index; undefined while it has to be found again. */
  cluster: Cluster | undefined;

  constructor(tx: Transaction, facts: EntryFacts) {
    this.tx = tx;
    this.txid = txidOf(tx);
    this.wtxid = wtxidOf(tx);
    this.key = hashKey(this.txid);
    this.wtxidKey = hashKey(this.wtxid);
    this.time = facts.time;
    this.height = facts.height;
    this.weight = transactionWeight(tx);
    this.adjustedWeight = Math.max(this.weight, facts.sigopCost * facts.bytesPerSigOp);
    this.virtualSize = Math.ceil(this.adjustedWeight / 4);
    this.fee = facts.fee;
    this.modifiedFee = facts.modifiedFee;
    this.sigopCost = facts.sigopCost;
    this.spendsCoinbase = facts.spendsCoinbase;
    this.sequence = facts.sequence;
    this.memoryUsage = estimateMemory(tx);
  }
}

/** Bytes an entry costs besides its transaction: itself, the maps it is in, and its cluster. */
const entryOverhead = 640;
/** The same for each input: the object, its outpoint and its place in the map of spent outputs. */
const inputOverhead = 320;
const outputOverhead = 112;
const witnessItemOverhead = 96;

/** Estimated bytes of memory for a transaction and its entry. */
function estimateMemory(tx: Transaction): number {
  let bytes = entryOverhead;
  for (const input of tx.inputs) {
    bytes += inputOverhead + input.scriptSig.length;
    for (const item of input.witness) bytes += witnessItemOverhead + item.length;
  }
  for (const output of tx.outputs) bytes += outputOverhead + output.scriptPubKey.length;
  return bytes;
}
