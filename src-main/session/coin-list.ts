import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { readOutpoint, readTxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { Coin } from '../../src-interfaces/facade.js';
import type { Wallet } from '../../src-interfaces/generated/wallet.js';
import { scriptAddress } from './destinations.js';
import type { LabelOf } from './history.js';
import type { TransactionCache } from './transaction-cache.js';

/** The coins of a wallet, those that are locked among them. */
export async function listedCoins(wallet: Pick<Wallet, 'getCoins' | 'listCoins' | 'listLockedCoins'>, cache: TransactionCache, params: ChainParams, labelOf: LabelOf): Promise<Coin[]> {
  const [groups, lockedCoins] = await Promise.all([wallet.listCoins(), wallet.listLockedCoins()]);
  const listed = groups.flatMap(({ value }) => value.map(({ key, value: output }) => ({ key, output })));
  const known = new Set(listed.map(({ key }) => Buffer.from(key).toString('hex')));
  const locked = new Set(lockedCoins.map((key) => Buffer.from(key).toString('hex')));
  const missing = lockedCoins.filter((key) => !known.has(Buffer.from(key).toString('hex')));
  const more = missing.length === 0 ? [] : (await wallet.getCoins(missing)).map((output, i) => ({ key: missing[i] ?? new Uint8Array(36), output }));
  return [...listed, ...more].map(({ key, output }) => {
    const { txid, index } = readOutpoint(new ByteReader(key));
    const { value, scriptPubKey } = readTxOut(new ByteReader(output.txout));
    const id = hashToHex(txid);
    const address = scriptAddress(scriptPubKey, params);
    return {
      txid: id,
      vout: index,
      address,
      label: labelOf(address),
      amount: value,
      height: cache.row(id)?.height ?? null,
      locked: locked.has(Buffer.from(key).toString('hex')),
      change: cache.entry(id)?.txoutIsChange[index] === true,
    };
  });
}
