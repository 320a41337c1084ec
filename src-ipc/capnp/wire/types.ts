import type { Capability } from '../rpc/types.js';

/** Size of a struct: words of data and number of pointers, as the schema compiler computes them. */
export interface StructSize {
  readonly dataWords: number;
  readonly pointers: number;
}

/**
 * The capabilities a message mentions. A capability pointer in the message holds an index into it.
 * `get` hands out a new reference that the caller must dispose; `add` takes over the reference it is given, `lend` makes
 * one of its own.
 */
export interface CapabilityTable {
  readonly length: number;
  get(index: number): Capability | null;
  add(capability: Capability): number;
  lend(capability: Capability): number;
}
