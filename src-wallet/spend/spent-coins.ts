import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { parseCoin } from '../../src-bitcoin/coin.js';
import { serializeOutpoint, type Outpoint, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { LoadedWallet } from '../wallet.js';

/** The outputs at these places, as far as the node has them unspent. */
export async function unspentCoinsAt(wallet: LoadedWallet, outpoints: readonly Outpoint[]): Promise<readonly (TxOut | undefined)[]> {
  const question = outpoints.map((outpoint) => ({ key: serializeOutpoint(outpoint), value: undefined }));
  const answers = await wallet.context.chain.findCoins(question);
  const byKey = new Map(answers.map(({ key, value }) => [toHex(key), value]));
  return outpoints.map((outpoint) => {
    const coin = byKey.get(toHex(serializeOutpoint(outpoint)));
    if (coin === undefined) return undefined;
    const { value, scriptPubKey } = parseCoin(coin);
    return { value, scriptPubKey };
  });
}

/** The outputs that a transaction spends, by input, as far as the node has them unspent. */
export function unspentCoinsOf(wallet: LoadedWallet, tx: Transaction): Promise<readonly (TxOut | undefined)[]> {
  return unspentCoinsAt(
    wallet,
    tx.inputs.map(({ prevout }) => prevout),
  );
}

/** The outputs that a transaction spends, by input: asked of the node, or else known to the wallet. */
export async function coinsOf(wallet: LoadedWallet, tx: Transaction): Promise<readonly (TxOut | undefined)[]> {
  const unspent = await unspentCoinsOf(wallet, tx);
  return tx.inputs.map(({ prevout }, i) => unspent[i] ?? wallet.history.find(prevout.txid)?.tx.outputs[prevout.index]);
}
