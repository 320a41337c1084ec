import type { BlockIndex } from '../kernel/types.js';
import type { LowWorkHeaders } from './low-work-headers.js';

/** What is known of a peer's chain, and what it has been asked for. */
export class PeerSyncState {
  /** The block with most work the peer is known to have. */
  bestKnown: BlockIndex | undefined;
  /** Announced by hash, with its header still to come. */
  lastUnknown: Uint8Array | undefined;
  /** The last block both sides have. */
  lastCommon: BlockIndex | undefined;
  /** The last header sent to the peer. */
  bestSent: BlockIndex | undefined;
  /** Blocks asked for, in order, with when (monotonic milliseconds). */
  readonly inflight = new Map<string, { readonly index: BlockIndex; readonly since: number }>();
  /** Since when a block of this peer holds up the others. */
  stallingSince: number | undefined;
  /** When headers were asked for and have not come yet. */
  headersAskedAt: number | undefined;
  /** Something was announced since: the answer may not have it. */
  askAgain = false;
  /** It was asked for its headers at least once. */
  started = false;
  /** Its chain is being looked at before its headers are kept, from this block on. */
  lowWork: LowWorkHeaders | undefined;
  lowWorkStart: BlockIndex | undefined;
  /** It asked to be told of blocks by their headers (BIP130). */
  prefersHeaders = false;
  /** We have told it the same. */
  toldHeaders = false;
  /** It can send blocks in compact form (BIP152, version 2). */
  compactBlocks = false;
  highBandwidthFrom = false;
  lastBlockTime = 0;
}
