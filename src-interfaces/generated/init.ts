// Generated from init.capnp, sha256 8391f2d30660e9ab. To change it: "npm run generate".

/** The first object of every connection. */

import type { Chain } from './chain.js';
import type { GlobalArgs } from './common.js';
import type { Echo } from './echo.js';
import type { Mining } from './mining.js';
import type { Node } from './node.js';
import type { Rpc } from './rpc.js';
import type { Tracing } from './tracing.js';
import type { WalletLoader } from './wallet.js';

/**
 * What a process offers to the one that connects to it. Each method gives undefined where the
 * program does not contain that part.
 */
export interface Init {
  /** A test object. */
  makeEcho(): Promise<Echo | undefined>;

  /** Block templates and tip notifications of a node. */
  makeMining(): Promise<Mining | undefined>;

  /**
   * A node's active chain, mempool, fee estimates and settings. Hashes are 32 bytes in internal
   * byte order; transactions and blocks are serialized with witness.
   */
  makeChain(): Promise<Chain | undefined>;

  /** Answers JSON-RPC requests as the HTTP endpoint does. */
  makeRpc(): Promise<Rpc | undefined>;

  /** The node's control interface, as a window uses it. */
  makeNode(): Promise<Node | undefined>;

  /**
   * Configures the process from globalArgs, then gives the loader of wallets that work on `chain`.
   * At most once per process.
   */
  makeWalletLoader(globalArgs: GlobalArgs, chain: Chain): Promise<WalletLoader | undefined>;

  /** Trace events of a node. */
  makeTracing(): Promise<Tracing | undefined>;
}
