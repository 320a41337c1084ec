/** BIP141: the most a block may weigh, weight units. */
export const maxBlockWeight = 4_000_000;
/** BIP141: the most the signature operations of a block may cost. */
export const maxBlockSigOpsCost = 80_000;
/** Weight of a byte outside witnesses, and cost of a signature operation outside them. */
export const witnessScaleFactor = 4;
/** Blocks before a coinbase output can be spent. */
export const coinbaseMaturity = 100;
/** No amount and no sum of amounts is larger; satoshis. */
export const maxMoney = 2_100_000_000_000_000n;
/** A block's time may be this much ahead of the clock, seconds. */
export const maxFutureBlockTime = 2 * 60 * 60;
/** BIP94: the first block of a retarget period may be this much older than the one before, seconds. */
export const maxTimeWarp = 600;

/** True for an amount, in satoshis, that can exist. */
export function isMoney(value: bigint): boolean {
  return value >= 0n && value <= maxMoney;
}
