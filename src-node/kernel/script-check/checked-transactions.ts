/** A map key of 32 bytes that is cheaper than hex. */
function keyOf(hash: Uint8Array): string {
  return String.fromCharCode(...hash);
}

/**
 * Transactions all of whose inputs have been checked, and by which flags, so that a block does not
 * check again what the mempool has. Keyed by wtxid, which covers the witness and, through the
 * outpoints, what is spent. Flags are soft forks: what passed with more of them passes with fewer.
 */
export class CheckedTransactions {
  readonly #limit: number;
  readonly #flags = new Map<string, number>();

  /** @param limit entries kept; the oldest go first. */
  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#flags.size;
  }

  add(wtxid: Uint8Array, flags: number): void {
    const key = keyOf(wtxid);
    this.#flags.delete(key);
    this.#flags.set(key, flags);
    for (const oldest of this.#flags.keys()) {
      if (this.#flags.size <= this.#limit) break;
      this.#flags.delete(oldest);
    }
  }

  /** Whether all inputs passed with at least these flags. */
  has(wtxid: Uint8Array, flags: number): boolean {
    const known = this.#flags.get(keyOf(wtxid));
    return known !== undefined && (known & flags) === flags;
  }

  /** Forgets a transaction, for example once a block with it is connected. */
  delete(wtxid: Uint8Array): void {
    this.#flags.delete(keyOf(wtxid));
  }
}
