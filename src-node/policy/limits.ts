/** What this node relays and mines without being asked otherwise. Feerates in satoshis per 1000 vbytes. */

export const maxBlockWeight = 4_000_000;
export const maxBlockSigOpsCost = 80_000;
/** Weight units of a relayed transaction. */
export const maxStandardWeight = 400_000;
/** Smaller transactions (bytes without witness) can be confused with inner nodes of a merkle tree (CVE-2017-12842). */
export const minStandardStrippedSize = 65;
export const maxStandardScriptSigSize = 1650;
export const maxP2shSigOps = 15;
export const maxStandardSigOpsCost = maxBlockSigOpsCost / 5;
/** BIP54: signature operations outside the witness, counted where they are executed. */
export const maxLegacySigOps = 2500;
export const maxP2wshStackItems = 100;
export const maxP2wshStackItemSize = 80;
export const maxTapscriptStackItemSize = 80;
export const maxP2wshScriptSize = 3600;
export const maxDustOutputs = 1;
export const minStandardVersion = 1;
export const maxStandardVersion = 3;
/** Vbytes that one signature operation counts for at least. */
export const bytesPerSigOp = 20;
/** Direct conflicts of a replacement may touch this many clusters. */
export const maxReplacementClusters = 100;
/** A mempool transaction's coins have this height. */
export const mempoolHeight = 0x7fffffff;
/** Half-life of the mempool's own minimum feerate, seconds. */
export const minFeeHalfLife = 12 * 60 * 60;

/** The settings an operator may change. */
export interface PolicyOptions {
  /** False with -acceptnonstdtxn (test networks only). */
  readonly requireStandard: boolean;
  readonly minRelayFeeRate: bigint;
  readonly incrementalFeeRate: bigint;
  readonly dustRelayFeeRate: bigint;
  /** Total bytes of data outputs in a transaction; undefined refuses them. */
  readonly maxDataCarrierBytes: number | undefined;
  readonly permitBareMultisig: boolean;
  readonly bytesPerSigOp: number;
  /** Bytes of memory. */
  readonly maxMemory: number;
  /** Seconds a transaction waits. */
  readonly expiry: number;
  readonly clusterCount: number;
  /** Vbytes. */
  readonly clusterSize: number;
}

export const defaultPolicy: PolicyOptions = {
  requireStandard: true,
  minRelayFeeRate: 100n,
  incrementalFeeRate: 100n,
  dustRelayFeeRate: 3000n,
  maxDataCarrierBytes: 100_000,
  permitBareMultisig: true,
  bytesPerSigOp,
  maxMemory: 300_000_000,
  expiry: 336 * 60 * 60,
  clusterCount: 64,
  clusterSize: 101_000,
};
