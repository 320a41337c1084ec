import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import type { Block } from '../../src-bitcoin/primitives/block.js';
import { txidOf, type Outpoint, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { isUnspendable } from '../../src-bitcoin/script/script.js';
import type { BlockUndo } from '../storage/block-undo.js';
import { isRepeatedLater } from './bip30.js';
import type { BlockCoins } from './block-coins.js';
import type { Coin } from './types.js';

/** `unclean`: done, but the coins were not those the block should have left. `failed`: impossible. */
export type DisconnectOutcome = 'clean' | 'unclean' | 'failed';

interface DisconnectedBlock {
  readonly hash: Uint8Array;
  readonly height: number;
}

/** Takes away what a transaction made; false when that was not all there as it should. */
function removeOutputs(tx: Transaction, height: number, coinbase: boolean, coins: BlockCoins): boolean {
  const txid = txidOf(tx);
  let clean = true;
  for (const [index, output] of tx.outputs.entries()) {
    if (isUnspendable(output.scriptPubKey)) continue;
    const coin = coins.spend({ txid, index });
    const matches =
      coin !== undefined &&
      coin.value === output.value &&
      coin.height === height &&
      coin.coinbase === coinbase &&
      equalBytes(coin.scriptPubKey, output.scriptPubKey);
    if (!matches) clean = false;
  }
  return clean;
}

/** Old undo data knows height and kind only with the last output of a transaction: a sister has them. */
function withOrigin(coin: Coin, { txid }: Outpoint, coins: BlockCoins): Coin | undefined {
  if (coin.height > 0) return coin;
  const maxOutputs = 1_000_000 / 9;
  for (let index = 0; index < maxOutputs; index++) {
    const sister = coins.getCoin({ txid, index });
    if (sister !== undefined) return { ...coin, height: sister.height, coinbase: sister.coinbase };
  }
  return undefined;
}

/** Gives back what a transaction spent. */
function restoreInputs(tx: Transaction, spent: readonly Coin[], coins: BlockCoins): DisconnectOutcome {
  if (spent.length !== tx.inputs.length) return 'failed';
  let clean = true;
  for (let i = tx.inputs.length - 1; i >= 0; i--) {
    const prevout = tx.inputs[i]?.prevout;
    const undone = spent[i];
    if (prevout === undefined || undone === undefined) return 'failed';
    if (coins.hasCoin(prevout)) clean = false;
    const coin = withOrigin(undone, prevout, coins);
    if (coin === undefined) return 'failed';
    coins.add(prevout, coin, true);
  }
  return clean ? 'clean' : 'unclean';
}

/** Turns the coins after a block into those before it. After `failed` they are of no use any more. */
export function disconnectBlock(block: Block, { hash, height }: DisconnectedBlock, undo: BlockUndo, coins: BlockCoins): DisconnectOutcome {
  if (undo.length + 1 !== block.transactions.length) return 'failed';
  let clean = true;
  for (let i = block.transactions.length - 1; i >= 0; i--) {
    const tx = block.transactions[i];
    if (tx === undefined) return 'failed';
    const coinbase = i === 0;
    const removed = removeOutputs(tx, height, coinbase, coins);
    if (!removed && !(coinbase && isRepeatedLater(hash, height))) clean = false;
    if (coinbase) continue;
    const restored = restoreInputs(tx, undo[i - 1] ?? [], coins);
    if (restored === 'failed') return 'failed';
    if (restored === 'unclean') clean = false;
  }
  return clean ? 'clean' : 'unclean';
}
