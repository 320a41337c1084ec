import { RecentSet } from './recent-set.js';

/** Satoshis; announcements below any real feerate pass. */
const noFilter = 0n;

/** Transaction and address relay with one peer. */
export class PeerRelayState {
  /** It wants transactions announced. */
  wantsTransactions = true;
  /** It announces and asks by wtxid (BIP339). */
  byWtxid = false;
  /** It understands addrv2 (BIP155). */
  addressV2 = false;
  /** Satoshis per 1000 vbytes below which it does not want announcements (BIP133). */
  feeFilter = noFilter;
  /** The feerate we told it last, and when (monotonic milliseconds). */
  sentFeeFilter: bigint | undefined;
  feeFilterSentAt = 0;
  /** Inventory both sides know of. */
  readonly known = new RecentSet(50_000);
  /** Txid keys to announce next. */
  readonly queue = new Set<string>();
  /** Monotonic milliseconds at which the queue goes out. */
  nextAnnouncement = 0;
  /** Mempool sequence at the last announcement. */
  lastSequence = 1n;
  lastTransactionTime = 0;
  /** Addresses are exchanged with it. */
  addressRelay = false;
  addressesSent = false;
  addressesProcessed = 0;
  addressesLimited = 0;
  /** Monotonic milliseconds at which it is told our own address again. */
  nextSelfAnnouncement = 0;
  /** Addresses it may still send now; grows with time. */
  addressTokens = 1;
  addressTokensAt = 0;
}
