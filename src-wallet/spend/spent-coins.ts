import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { parseCoin } from '../../src-bitcoin/coin.js';
import { serializeOutpoint, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { LoadedWallet } from '../wallet.js';

/** The outputs that a transaction spends, by input, as far as the node has them unspent. */
export async function unspentCoinsOf(wallet: LoadedWallet, tx: Transaction): Promise<readonly (TxOut | undefined)[]> {
  const question = tx.inputs.map(({ prevout }) => ({ key: serializeOutpoint(prevout), value: undefined }));
  const answers = await wallet.context.chain.findCoins(question);
  const byKey = new Map(answers.map(({ key, value }) => [toHex(key), value]));
  return tx.inputs.map(({ prevout }) => {
    const coin = byKey.get(toHex(serializeOutpoint(prevout)));
    if (coin === undefined) return undefined;
    const { value, scriptPubKey } = parseCoin(coin);
    return { value, scriptPubKey };
  });
}

/** The outputs that a transaction spends, by input: asked of the node, or else known to the wallet. */
export async function coinsOf(wallet: LoadedWallet, tx: Transaction): Promise<readonly (TxOut | undefined)[]> {
  const unspent = await unspentCoinsOf(wallet, tx);
  return tx.inputs.map(({ prevout }, i) => unspent[i] ?? wallet.history.find(prevout.txid)?.tx.outputs[prevout.index]);
}
