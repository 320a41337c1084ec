import { fromHex } from '../../src-bitcoin/bytes/hex.js';
import { BlockFilterType } from '../../src-interfaces/enums.js';
import type { LoadedWallet } from '../wallet.js';
import { fetchBlock, type FetchedBlock } from './blocks.js';

/** A block for a scan. Its data were not fetched if its filter says that it does not concern the wallet. */
export interface ScannedBlock extends FetchedBlock {
  /** How many scripts the wallet had when the filter was asked; undefined when the data were wanted. */
  readonly siftedFor: number | undefined;
}

/** Blocks for a scan, those not worth reading left out by their filters (BIP158) where the node has them. */
export class BlockSource {
  readonly #wallet: LoadedWallet;
  /** Whether blocks are chosen by filters. */
  readonly sifts: boolean;
  #scripts: readonly Uint8Array[] = [];

  private constructor(wallet: LoadedWallet, sifts: boolean) {
    this.#wallet = wallet;
    this.sifts = sifts;
  }

  static async of(wallet: LoadedWallet): Promise<BlockSource> {
    return new BlockSource(wallet, await wallet.context.chain.hasBlockFilterIndex(BlockFilterType.basic));
  }

  #currentScripts(): readonly Uint8Array[] {
    const { keyring } = this.#wallet;
    if (keyring.scriptCount !== this.#scripts.length) this.#scripts = [...keyring.scripts()].map(fromHex);
    return this.#scripts;
  }

  /** Undefined when the node does not know it. */
  async fetch(hash: Uint8Array): Promise<ScannedBlock | undefined> {
    const { chain } = this.#wallet.context;
    let siftedFor: number | undefined;
    if (this.sifts) {
      const scripts = this.#currentScripts();
      const matches = await chain.blockFilterMatchesAny(BlockFilterType.basic, hash, scripts);
      siftedFor = matches === false ? scripts.length : undefined;
    }
    const fetched = await fetchBlock(chain, hash, siftedFor === undefined);
    return fetched && { ...fetched, siftedFor };
  }

  /** The same block, looked at again if the wallet got more scripts since it was left out. */
  async renew(block: ScannedBlock | undefined): Promise<ScannedBlock | undefined> {
    const isStale = block?.siftedFor !== undefined && block.siftedFor !== this.#wallet.keyring.scriptCount;
    return isStale ? this.fetch(block.hash) : block;
  }
}
