import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { blockSubsidy } from '../../src-bitcoin/consensus/subsidy.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';
import {
  hasWitness,
  serializeTxOut,
  totalSize,
  transactionWeight,
  type Transaction,
  type TxOut,
} from '../../src-bitcoin/primitives/transaction.js';
import { isUnspendable } from '../../src-bitcoin/script/script.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { BlockIndex, Coin } from '../kernel/types.js';

/** Bytes an unspent output takes beside itself: outpoint, height and coinbase mark. */
const outputOverhead = 41;
/** Blocks of main whose coinbase repeats that of an earlier one (BIP30): they add no outputs. */
const repeatedCoinbases: readonly number[] = [91842, 91880];

const outputSize = (output: TxOut): number => serializeTxOut(output).length + outputOverhead;

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort(compare);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0n;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0n) + upper) / 2n;
}

/** Feerates below which 10, 25, 50, 75 and 90 percent of the block's weight lie. */
function percentiles(rates: readonly { readonly rate: bigint; readonly weight: number }[], totalWeight: number): readonly bigint[] {
  const sorted = [...rates].sort((a, b) => compare(a.rate, b.rate));
  const shares = [totalWeight / 10, totalWeight / 4, totalWeight / 2, (totalWeight * 3) / 4, (totalWeight * 9) / 10];
  const result: bigint[] = [];
  let weight = 0;
  for (const each of sorted) {
    weight += each.weight;
    while (result.length < shares.length && weight >= (shares[result.length] ?? Infinity)) result.push(each.rate);
  }
  const last = sorted[sorted.length - 1]?.rate ?? 0n;
  while (result.length < shares.length) result.push(last);
  return result;
}

interface PaidTransaction {
  readonly size: number;
  readonly weight: number;
  readonly fee: bigint;
  /** Satoshis per vbyte, rounded down. */
  readonly rate: bigint;
  readonly witness: boolean;
}

function paidTransaction(tx: Transaction, spent: readonly Coin[]): PaidTransaction {
  const weight = transactionWeight(tx);
  const paid = tx.outputs.reduce((sum, output) => sum + output.value, 0n);
  const fee = spent.reduce((sum, coin) => sum + coin.value, 0n) - paid;
  return { size: totalSize(tx), weight, fee, rate: (fee * 4n) / BigInt(weight), witness: hasWitness(tx) };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const sumBig = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
const largest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b), 0n);
const smallest = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a < b ? a : b), values[0] ?? 0n);

/** Everything `getblockstats` can tell. The coinbase counts for outputs only. */
export function blockStatistics(
  index: BlockIndex,
  block: Block,
  undo: readonly (readonly Coin[])[],
  params: ChainParams,
): Record<string, Jsonable> {
  const others = block.transactions.slice(1);
  const paid = others.map((tx, i) => paidTransaction(tx, undo[i] ?? []));
  const fees = paid.map(({ fee }) => fee);
  const rates = paid.map(({ rate }) => rate);
  const sizes = paid.map(({ size }) => size);
  const withWitness = paid.filter(({ witness }) => witness);
  const outputs = block.transactions.flatMap((tx, i) => tx.outputs.map((output) => ({ output, coinbase: i === 0 })));
  const spentSize = sum(undo.flat().map(outputSize));
  const repeated = params.chain === 'main' && repeatedCoinbases.includes(index.height);
  const added = outputs.filter(
    ({ output, coinbase }) => index.height > 0 && !(repeated && coinbase) && !isUnspendable(output.scriptPubKey),
  );
  const inputs = sum(others.map((tx) => tx.inputs.length));
  const totalFee = sumBig(fees);
  const totalWeight = sum(paid.map(({ weight }) => weight));
  const count = BigInt(others.length);
  return {
    avgfee: count === 0n ? 0 : totalFee / count,
    avgfeerate: totalWeight === 0 ? 0 : (totalFee * 4n) / BigInt(totalWeight),
    avgtxsize: others.length === 0 ? 0 : Math.floor(sum(sizes) / others.length),
    blockhash: hashToHex(index.hash),
    feerate_percentiles: percentiles(paid, totalWeight),
    height: index.height,
    ins: inputs,
    maxfee: largest(fees),
    maxfeerate: largest(rates),
    maxtxsize: Math.max(0, ...sizes),
    medianfee: median(fees),
    mediantime: index.medianTimePast(),
    mediantxsize: median(sizes.map(BigInt)),
    minfee: smallest(fees),
    minfeerate: smallest(rates),
    mintxsize: sizes.length === 0 ? 0 : Math.min(...sizes),
    outs: outputs.length,
    subsidy: blockSubsidy(index.height, params.consensus.subsidyHalvingInterval),
    swtotal_size: sum(withWitness.map(({ size }) => size)),
    swtotal_weight: sum(withWitness.map(({ weight }) => weight)),
    swtxs: withWitness.length,
    time: index.header.time,
    total_out: sumBig(others.flatMap((tx) => tx.outputs.map((output) => output.value))),
    total_size: sum(sizes),
    total_weight: totalWeight,
    totalfee: totalFee,
    txs: block.transactions.length,
    utxo_increase: outputs.length - inputs,
    utxo_size_inc: sum(outputs.map(({ output }) => outputSize(output))) - spentSize,
    utxo_increase_actual: added.length - inputs,
    utxo_size_inc_actual: sum(added.map(({ output }) => outputSize(output))) - spentSize,
  };
}
