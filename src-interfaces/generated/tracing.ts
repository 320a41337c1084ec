// Generated from tracing.capnp, sha256 cf716b9d44ef862f. To change it: "npm run generate".

/** Trace events of a node. */

import type { Handler } from './handler.js';

/** Sources of trace events. */
export interface Tracing {
  /** Reports changes of the cache of unspent outputs to `callback`. */
  traceUtxoCache(callback: UtxoCacheTrace): Promise<Handler>;
}

/** Receives changes of the cache of unspent outputs. Validation waits for the answers: be quick. */
export interface UtxoCacheTrace {
  /** The tracer is no longer referenced. */
  destroy(): Promise<void>;

  /** An output came into the cache. */
  add(utxoInfo: UtxoInfo): Promise<void>;

  /** An output was spent. */
  spend(utxoInfo: UtxoInfo): Promise<void>;

  /** An output was dropped from the cache. */
  uncache(utxoInfo: UtxoInfo): Promise<void>;
}

/** An unspent output. */
export interface UtxoInfo {
  /** Transaction id, 32 bytes, internal byte order. */
  readonly outpointHash: Uint8Array;
  /** Index of the output in its transaction. */
  readonly outpointN: number;
  /** Height of the block that created the output. */
  readonly height: number;
  /** Satoshis. */
  readonly value: bigint;
  readonly isCoinbase: boolean;
}
