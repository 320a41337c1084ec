import { createHash } from 'node:crypto';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { sha256 } from '../../src-bitcoin/crypto/hash.js';
import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import { MuHash3072 } from './muhash.js';
import type { Coin, UtxoSetStatistics } from './types.js';

export type UtxoHashType = 'none' | 'hash_serialized_3' | 'muhash';

interface CoinEntry {
  readonly outpoint: Outpoint;
  readonly coin: Coin;
}

/** What both set hashes hash of a coin. */
export function serializeCoinForHash({ outpoint, coin }: CoinEntry): Uint8Array {
  return new ByteWriter(128)
    .bytes(outpoint.txid)
    .u32(outpoint.index)
    .u32(coin.height * 2 + (coin.coinbase ? 1 : 0))
    .i64(coin.value)
    .varBytes(coin.scriptPubKey)
    .finish();
}

interface SetHash {
  add(coin: Uint8Array): void;
  digest(): Uint8Array | undefined;
}

function setHash(type: UtxoHashType): SetHash {
  if (type === 'none') return { add: () => undefined, digest: () => undefined };
  if (type === 'muhash') {
    const hash = new MuHash3072();
    return { add: (coin) => hash.insert(coin), digest: () => hash.digest() };
  }
  const hash = createHash('sha256');
  return { add: (coin) => hash.update(coin), digest: () => sha256(hash.digest()) };
}

/** Bytes a coin is said to take besides its script, in a measure that does not depend on the database. */
const bogoOverhead = 50;

/**
 * Totals over a set of coins.
 * @param coins grouped by txid, in the order of the txids' bytes.
 * @param pause called now and then, to let other work go on; may throw to stop.
 */
export async function summarizeCoins(
  coins: AsyncIterable<CoinEntry>,
  hashType: UtxoHashType,
  pause: () => Promise<void>,
): Promise<Omit<UtxoSetStatistics, 'height' | 'bestBlock' | 'diskSize'>> {
  const hash = setHash(hashType);
  let transactions = 0;
  let outputs = 0;
  let bogoSize = 0n;
  let totalAmount = 0n;
  let group: CoinEntry[] = [];
  const finishGroup = (): void => {
    if (group.length === 0) return;
    transactions++;
    // The database orders indices by their encoding, which differs from 16512 on.
    group.sort((a, b) => a.outpoint.index - b.outpoint.index);
    for (const entry of group) {
      outputs++;
      bogoSize += BigInt(bogoOverhead + entry.coin.scriptPubKey.length);
      totalAmount += entry.coin.value;
      if (hashType !== 'none') hash.add(serializeCoinForHash(entry));
    }
    group = [];
  };
  let sincePause = 0;
  for await (const entry of coins) {
    const first = group[0];
    if (first !== undefined && !equalBytes(first.outpoint.txid, entry.outpoint.txid)) finishGroup();
    group.push(entry);
    if (++sincePause === 500) {
      sincePause = 0;
      await pause();
    }
  }
  finishGroup();
  return { transactions, outputs, bogoSize, totalAmount, hash: hash.digest() };
}
