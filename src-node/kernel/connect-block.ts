import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { coinbaseMaturity, isMoney, maxBlockSigOpsCost } from '../../src-bitcoin/consensus/limits.js';
import { sequenceLocks, sequenceLocksMet } from '../../src-bitcoin/consensus/locktime.js';
import { sigOpsCost } from '../../src-bitcoin/consensus/sigops.js';
import { blockSubsidy } from '../../src-bitcoin/consensus/subsidy.js';
import { outputSum } from '../../src-bitcoin/consensus/transaction-check.js';
import type { ConsensusParams } from '../../src-bitcoin/params/chain-params.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';
import { txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { isUnspendable } from '../../src-bitcoin/script/script.js';
import type { BlockUndo } from '../storage/block-undo.js';
import { enforcesBip30 } from './bip30.js';
import type { BlockCoins } from './block-coins.js';
import type { BlockEntry } from './block-entry.js';
import { blockScriptFlags, csvActive } from './deployments.js';
import { failure } from './failure.js';
import type { Coin, ValidationFailure } from './types.js';

/** Where a block to be connected stands. */
export interface BlockPlace {
  readonly height: number;
  readonly prev: BlockEntry;
  readonly hash: Uint8Array;
}

export type ConnectOutcome =
  | { readonly valid: true; readonly undo: BlockUndo; readonly flags: number }
  | { readonly valid: false; readonly failure: ValidationFailure };

const consensus = (reason: string, debug = ''): ValidationFailure => failure('consensus', reason, debug);

interface Amounts {
  readonly fee: bigint;
}

/** Coins a transaction spends, or what is wrong with them. */
function spendInputs(tx: Transaction, coins: BlockCoins): readonly Coin[] | undefined {
  const spent: Coin[] = [];
  for (const { prevout } of tx.inputs) {
    const coin = coins.spend(prevout);
    if (coin === undefined) return undefined;
    spent.push(coin);
  }
  return spent;
}

/** Maturity and amounts: the fee, or what is wrong. The inputs are there. */
export function checkInputAmounts(tx: Transaction, spent: readonly Coin[], height: number): Amounts | ValidationFailure {
  let sum = 0n;
  for (const coin of spent) {
    if (coin.coinbase && height - coin.height < coinbaseMaturity) {
      const debug = `tried to spend coinbase at depth ${height - coin.height}`;
      return consensus('bad-txns-premature-spend-of-coinbase', debug);
    }
    sum += coin.value;
    if (!isMoney(coin.value) || !isMoney(sum)) return consensus('bad-txns-inputvalues-outofrange');
  }
  const out = outputSum(tx);
  if (sum < out) return consensus('bad-txns-in-belowout', `value in (${btc(sum)}) < value out (${btc(out)})`);
  return isMoney(sum - out) ? { fee: sum - out } : consensus('bad-txns-fee-outofrange');
}

function btc(value: bigint): string {
  const fraction = (value % 100_000_000n).toString().padStart(8, '0').replace(/0{1,6}$/, '');
  return `${value / 100_000_000n}.${fraction}`;
}

function addOutputs(tx: Transaction, height: number, coinbase: boolean, coins: BlockCoins): void {
  const txid = txidOf(tx);
  for (const [index, { value, scriptPubKey }] of tx.outputs.entries()) {
    if (isUnspendable(scriptPubKey)) continue;
    // Two early coinbases repeat older ones and replace their coins (BIP30).
    coins.add({ txid, index }, { value, scriptPubKey, height, coinbase }, coinbase);
  }
}

function checkBip30(block: Block, place: BlockPlace, coins: BlockCoins, params: ConsensusParams): ValidationFailure | undefined {
  if (!enforcesBip30(place, params)) return undefined;
  for (const tx of block.transactions) {
    const txid = txidOf(tx);
    if (tx.outputs.some((_, index) => coins.hasCoin({ txid, index }))) {
      return consensus('bad-txns-BIP30', 'tried to overwrite transaction');
    }
  }
  return undefined;
}

function checkRelativeLocks(tx: Transaction, spent: readonly Coin[], place: BlockPlace, medianTime: number): boolean {
  const heights = spent.map((coin) => coin.height);
  const locks = sequenceLocks(tx, heights, (height) => place.prev.ancestor(height)?.medianTimePast() ?? 0);
  return sequenceLocksMet(locks, place.height, medianTime);
}

/**
 * Checks what depends on the coins a block spends, scripts excepted, and applies it to `coins` (which
 * are of no use any more when it fails).
 */
export function connectBlock(block: Block, place: BlockPlace, coins: BlockCoins, params: ConsensusParams): ConnectOutcome {
  const bad = (reason: string, debug = ''): ConnectOutcome => ({ valid: false, failure: consensus(reason, debug) });
  const overwritten = checkBip30(block, place, coins, params);
  if (overwritten !== undefined) return { valid: false, failure: overwritten };
  const { height } = place;
  const flags = blockScriptFlags(place.hash, height, params);
  const medianTime = place.prev.medianTimePast();
  const undo: (readonly Coin[])[] = [];
  let fees = 0n;
  let cost = 0;
  for (const [i, tx] of block.transactions.entries()) {
    const coinbase = i === 0;
    const spent = coinbase ? [] : spendInputs(tx, coins);
    const named = (): string => ` in transaction ${hashToHex(txidOf(tx))}`;
    if (spent === undefined) return bad('bad-txns-inputs-missingorspent', `CheckTxInputs: inputs missing/spent${named()}`);
    if (!coinbase) {
      const amounts = checkInputAmounts(tx, spent, height);
      if ('reason' in amounts) return bad(amounts.reason, amounts.debug + named());
      fees += amounts.fee;
      if (!isMoney(fees)) return bad('bad-txns-accumulated-fee-outofrange', 'accumulated fee in the block out of range');
      if (csvActive(height, params) && !checkRelativeLocks(tx, spent, place, medianTime)) {
        return bad('bad-txns-nonfinal', `contains a non-BIP68-final transaction ${hashToHex(txidOf(tx))}`);
      }
      undo.push(spent);
    }
    cost += sigOpsCost(tx, spent, flags, coinbase);
    if (cost > maxBlockSigOpsCost) return bad('bad-blk-sigops', 'too many sigops');
    addOutputs(tx, height, coinbase, coins);
  }
  const [coinbase] = block.transactions;
  const paid = coinbase === undefined ? 0n : outputSum(coinbase);
  const limit = fees + blockSubsidy(height, params.subsidyHalvingInterval);
  if (paid > limit) return bad('bad-cb-amount', `coinbase pays too much (actual=${paid} vs limit=${limit})`);
  return { valid: true, undo, flags };
}
