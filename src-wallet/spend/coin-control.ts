import type { OutputType } from '../../src-bitcoin/descriptor/descriptor.js';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { Outpoint, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { FeeRate } from './fee-rate.js';

export type EstimateMode = 'unset' | 'economical' | 'conservative';

/** An output that has to be spent. */
export interface SelectedInput {
  readonly outpoint: Outpoint;
  /** For outputs that are not the wallet's. */
  readonly output?: TxOut;
  /** Weight of the input with what unlocks it, where the caller knows better. */
  readonly weight?: number;
  readonly sequence?: number;
  /** What unlocks it already, perhaps. It is kept, and may have to be made anew. */
  readonly scriptSig?: Uint8Array;
  readonly witness?: readonly Uint8Array[];
}

/** Choices for a payment; what is left out is up to the wallet. */
export interface CoinControl {
  /** Script that takes the change. */
  readonly changeScript?: Uint8Array;
  readonly changeType?: OutputType;
  /** Also spend unconfirmed outputs that others sent. */
  readonly includeUnsafe?: boolean;
  /** Spend further outputs when the selected ones do not suffice; true when left out. */
  readonly allowOtherInputs?: boolean;
  /** Take the fee rate even if it is below the wallet's minimum. */
  readonly overrideFeeRate?: boolean;
  readonly feeRate?: FeeRate;
  /** Blocks. */
  readonly confirmTarget?: number;
  readonly estimateMode?: EstimateMode;
  readonly signalRbf?: boolean;
  readonly avoidPartialSpends?: boolean;
  /** Leave out coins of addresses that were spent from before. */
  readonly avoidUsed?: boolean;
  /** Confirmations of coins chosen by the wallet. */
  readonly minDepth?: number;
  readonly maxDepth?: number;
  readonly lockTime?: number;
  readonly version?: number;
  readonly maxWeight?: number;
  readonly selected?: readonly SelectedInput[];
  /** What is known about spending selected outputs that are not the wallet's. */
  readonly solving?: SolvingData;
}

/** A payment to make. */
export interface Recipient {
  readonly script: Uint8Array;
  /** Satoshis. */
  readonly amount: bigint;
  readonly subtractFee: boolean;
}
