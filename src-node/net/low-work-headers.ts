import { concatBytes, equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { isPermittedTransition } from '../../src-bitcoin/consensus/retarget.js';
import { meetsTarget, workOfBits } from '../../src-bitcoin/consensus/target.js';
import { sha256 } from '../../src-bitcoin/crypto/hash.js';
import type { ConsensusParams } from '../../src-bitcoin/params/chain-params.js';
import { blockHash, type BlockHeader } from '../../src-bitcoin/primitives/block.js';
import type { BlockIndex } from '../kernel/types.js';

/** Headers between two that are remembered in the first pass. */
const interval = 600;
const commitmentSize = 4;
/** No honest chain has more blocks a second: times must grow, but six may share one. */
const maxBlocksPerSecond = 6;
const maxFuture = 2 * 60 * 60;

/** What one message of headers led to. */
export type LowWorkStep =
  /** Ask for what follows `last`; `headers` are safe to keep. */
  | { readonly state: 'more'; readonly last: Uint8Array; readonly headers: readonly BlockHeader[] }
  /** The chain has enough work; `headers` are the last that were held back. */
  | { readonly state: 'done'; readonly headers: readonly BlockHeader[] }
  /** It ended without enough work, which is no offence. */
  | { readonly state: 'too-little' }
  | { readonly state: 'invalid'; readonly reason: string };

interface Position {
  hash: Uint8Array;
  height: number;
  bits: number;
  work: bigint;
}

export interface LowWorkOptions {
  /** The last block both have. */
  readonly start: BlockIndex;
  readonly params: ConsensusParams;
  /** Total work from which on headers are worth their memory. */
  readonly enough: bigint;
  /** Seconds since 1970. */
  readonly now: number;
  /** Random: which headers are remembered must not be known outside. */
  readonly salt: Uint8Array;
}

/**
 * Gets the headers of a peer's chain whose work is not known to be enough, without letting it fill the
 * memory: in a first pass only a fingerprint of some headers is kept. When their work turns out to be
 * enough, a second pass gets the same headers again, checked against the fingerprints.
 */
export class LowWorkHeaders {
  readonly #options: LowWorkOptions;
  readonly #offset: number;
  readonly #maxHeight: number;
  #commitments: Uint8Array[] = [];
  #second = false;
  #at: Position;
  /** Second pass: headers that no fingerprint vouches for yet. */
  #held: BlockHeader[] = [];
  #vouched = 0;

  constructor(options: LowWorkOptions) {
    this.#options = options;
    const { start, now, salt } = options;
    this.#offset = ((salt[0] ?? 0) * 256 + (salt[1] ?? 0)) % interval;
    const seconds = Math.max(0, now - start.medianTimePast() + maxFuture);
    this.#maxHeight = start.height + maxBlocksPerSecond * seconds;
    this.#at = this.#beginning();
  }

  #beginning(): Position {
    const { hash, height, header, chainWork } = this.#options.start;
    return { hash, height, bits: header.bits, work: chainWork };
  }

  /** Height reached in the first pass; undefined in the second. */
  get presyncedHeight(): number | undefined {
    return this.#second ? undefined : this.#at.height;
  }

  /** Whether headers follow those that came before. */
  continues(headers: readonly BlockHeader[]): boolean {
    const [first] = headers;
    return first !== undefined && equalBytes(first.prevHash, this.#at.hash);
  }

  /** @param full the message held as many headers as one may, so that more can follow. */
  process(headers: readonly BlockHeader[], full: boolean): LowWorkStep {
    const released: BlockHeader[] = [];
    for (const header of headers) {
      const fault = this.#advance(header);
      if (fault !== undefined) return { state: 'invalid', reason: fault };
      if (this.#second) this.#hold(header, released);
    }
    const enough = this.#at.work >= this.#options.enough;
    if (this.#second) {
      if (enough) return { state: 'done', headers: [...released, ...this.#held.splice(0)] };
      if (!full) return { state: 'invalid', reason: 'the second time, headers are missing' };
      return { state: 'more', last: this.#at.hash, headers: released };
    }
    if (enough) {
      this.#second = true;
      this.#at = this.#beginning();
      return { state: 'more', last: this.#at.hash, headers: [] };
    }
    return full ? { state: 'more', last: this.#at.hash, headers: [] } : { state: 'too-little' };
  }

  #advance(header: BlockHeader): string | undefined {
    const { params } = this.#options;
    const height = this.#at.height + 1;
    if (!equalBytes(header.prevHash, this.#at.hash)) return 'non-continuous headers';
    if (height > this.#maxHeight) return 'more headers than time allows';
    if (!isPermittedTransition(height, this.#at.bits, header.bits, params)) return 'invalid difficulty transition';
    const hash = blockHash(header);
    if (!meetsTarget(hash, header.bits, params.powLimit)) return 'high-hash';
    this.#at = { hash, height, bits: header.bits, work: this.#at.work + workOfBits(header.bits) };
    if (height % interval !== this.#offset) return undefined;
    const commitment = sha256(concatBytes(this.#options.salt, hash)).slice(0, commitmentSize);
    if (!this.#second) {
      this.#commitments.push(commitment);
      return undefined;
    }
    const expected = this.#commitments.shift();
    if (expected !== undefined && !equalBytes(expected, commitment)) return 'other headers the second time';
    this.#vouched = expected === undefined ? this.#vouched : height;
    return undefined;
  }

  /** A header that is vouched for vouches for all before it. */
  #hold(header: BlockHeader, released: BlockHeader[]): void {
    this.#held.push(header);
    if (this.#vouched === this.#at.height) released.push(...this.#held.splice(0));
  }
}
