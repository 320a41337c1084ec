import type { Block } from '../primitives/block.js';

/** Names as `-chain=` takes them. `test` is testnet3. */
export type ChainName = 'main' | 'test' | 'testnet4' | 'signet' | 'regtest';

/** A BIP9 deployment. Times in seconds; `startTime` -1 is always active, -2 never. */
export interface Deployment {
  readonly bit: number;
  readonly startTime: bigint;
  readonly timeout: bigint;
  readonly minActivationHeight: number;
  readonly period: number;
  readonly threshold: number;
}

/** The consensus rules that differ between chains. */
export interface ConsensusParams {
  readonly subsidyHalvingInterval: number;
  /** First heights at which the buried rules hold. */
  readonly bip34Height: number;
  /**
   * Block at `bip34Height` (internal byte order) from which on BIP34 is known to rule out the
   * duplicate transactions of BIP30; undefined where that cannot be relied on.
   */
  readonly bip34Hash: Uint8Array | undefined;
  readonly bip65Height: number;
  readonly bip66Height: number;
  readonly csvHeight: number;
  readonly segwitHeight: number;
  readonly deployments: { readonly testdummy: Deployment; readonly taproot: Deployment };
  /** Easiest allowed target. */
  readonly powLimit: bigint;
  readonly powAllowMinDifficultyBlocks: boolean;
  /** BIP94 (testnet4): retarget from the first block of the period, and limit time warps. */
  readonly enforceBip94: boolean;
  readonly powNoRetargeting: boolean;
  /** Seconds between blocks and per retarget period. */
  readonly powTargetSpacing: number;
  readonly powTargetTimespan: number;
  /** Least total work of a chain worth syncing. */
  readonly minimumChainWork: bigint;
  /** Scripts of this block (internal byte order) and its ancestors are assumed valid, unless told otherwise. */
  readonly defaultAssumeValid: Uint8Array | undefined;
  /** BIP325: the script that signs blocks of a signet. */
  readonly signetChallenge: Uint8Array | undefined;
  /** Historical blocks (hash, hex as displayed) with other script flags than their height says. */
  readonly scriptFlagExceptions: ReadonlyMap<string, readonly string[]>;
}

/** Everything that differs between the Bitcoin networks. Plain values, never changed. */
export interface ChainParams {
  readonly chain: ChainName;
  /** Folder below the data directory; empty on main. */
  readonly directory: string;
  /** The four bytes that start each P2P message and block record. */
  readonly magic: Uint8Array;
  readonly defaultPort: number;
  readonly rpcPort: number;
  readonly bech32Prefix: string;
  readonly pubkeyHashPrefix: number;
  readonly scriptHashPrefix: number;
  readonly secretKeyPrefix: number;
  /** BIP32 version bytes, big endian numbers. */
  readonly extendedPublicPrefix: number;
  readonly extendedSecretPrefix: number;
  readonly genesis: Block;
  readonly consensus: ConsensusParams;
  readonly pruneAfterHeight: number;
  readonly dnsSeeds: readonly string[];
  /** Whether blocks can be mined at will (regtest). */
  readonly mineBlocksOnDemand: boolean;
  readonly isTestChain: boolean;
  /** Transactions known at some time, for progress estimates. */
  readonly chainTxData: { readonly time: number; readonly txCount: number; readonly txRate: number };
}
