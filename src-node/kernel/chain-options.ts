import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { Logger } from '../../src-interfaces/logging.js';
import type { DirectoryLock } from '../storage/directory-lock.js';
import type { ScriptChecker } from './script-check/script-checker.js';

/** How to open a chain state. Times in seconds, sizes in bytes. */
export interface ChainstateOptions {
  readonly params: ChainParams;
  /** The network's own directory: holds `chainstate`, `blocks/index` and `.lock`. */
  readonly dataDirectory: string;
  /** Where block files are; `blocks` in the data directory. */
  readonly blocksDirectory?: string;
  readonly logger: Logger;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** Shared with the mempool, so that what it checked need not be checked again. Closed by its owner. */
  readonly scriptChecker: ScriptChecker;
  /** Told when the state cannot be read or written any more: the node should stop. */
  readonly onFault?: (error: unknown) => void;
  /** Lock of the data directory, when the caller took it already; else it is taken and released here. */
  readonly lock?: DirectoryLock;
  /** Memory for all caches (`-dbcache`); 450 MiB. */
  readonly cacheSize?: number;
  /** Largest write to the coin database at once (`-dbbatchsize`); 32 MiB. */
  readonly batchSize?: number;
  /** Size at which a new block file is begun; 128 MiB. */
  readonly maxBlockFileSize?: number;
  /** Obfuscate new block files (`-blocksxor`); true. */
  readonly blocksXor?: boolean;
  /**
   * Scripts of this block (internal byte order) and those below it are not run, when it is part of
   * a chain with enough work. `none` runs all scripts. Default is the network's.
   */
  readonly assumeValid?: Uint8Array | 'none';
  /** Default is the network's. */
  readonly minimumChainWork?: bigint;
  /** A tip older than this means initial download; 24 hours. */
  readonly maxTipAge?: number;
  /** Longest time between writes to disk during initial download; 600. */
  readonly flushInterval?: number;
  /** How long after a new tip it is written, outside initial download; 0.2. */
  readonly flushDelay?: number;
  /** How long without a new tip it takes until one is written during initial download; 3. */
  readonly idleFlushDelay?: number;
  /** Blocks below the tip that are checked at start (`-checkblocks`); 6. 0 checks all. */
  readonly checkBlocks?: number;
  /** Told how far that check is, in percent from 0 to 100. */
  readonly onCheck?: (percent: number) => void;
  /** Rebuild the block index from the block files, and the chain state (`-reindex`). */
  readonly reindex?: boolean;
  /** Rebuild the chain state from the blocks (`-reindex-chainstate`). */
  readonly reindexChainstate?: boolean;
}
