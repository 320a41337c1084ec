import type { BlockEntry } from './block-entry.js';

/** The chain the node follows, as an array by height. */
export class ActiveChain {
  readonly #blocks: BlockEntry[] = [];

  constructor(tip: BlockEntry) {
    this.setTip(tip);
  }

  get tip(): BlockEntry {
    const tip = this.#blocks.at(-1);
    if (tip === undefined) throw new Error('the active chain is empty');
    return tip;
  }

  at(height: number): BlockEntry | undefined {
    return this.#blocks[height];
  }

  contains(entry: BlockEntry): boolean {
    return this.#blocks[entry.height] === entry;
  }

  /** The last block of this chain that `entry` builds on, or that it is. */
  fork(entry: BlockEntry): BlockEntry | undefined {
    let at = entry.ancestor(Math.min(entry.height, this.tip.height));
    while (at !== undefined && !this.contains(at)) at = at.prev;
    return at;
  }

  setTip(tip: BlockEntry): void {
    this.#blocks.length = tip.height + 1;
    for (let at: BlockEntry | undefined = tip; at !== undefined && this.#blocks[at.height] !== at; at = at.prev) {
      this.#blocks[at.height] = at;
    }
  }
}
