import { COIN } from '../../src-bitcoin/amount.js';

/** Bitcoins with at least two and at most eight decimals, as reject messages show them. */
export function formatBitcoin(satoshis: bigint): string {
  const size = satoshis < 0n ? -satoshis : satoshis;
  const decimals = (size % COIN).toString().padStart(8, '0').replace(/0{1,6}$/, '');
  return `${satoshis < 0n ? '-' : ''}${size / COIN}.${decimals}`;
}
