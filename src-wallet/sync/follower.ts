import { parseBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import { parseTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { MemPoolRemovalReason } from '../../src-interfaces/enums.js';
import type { BlockInfo, ChainNotifications, ChainstateRole } from '../../src-interfaces/generated/chain.js';
import { inactive, keyOf } from '../coins/wallet-transaction.js';
import type { LoadedWallet, SeenBlock } from '../wallet.js';
import { applyBlock, applyTransaction, revertBlock } from './apply.js';
import { locatorOf } from './blocks.js';

/** Blocks after which the position in the chain is saved even if none concerned the wallet. */
const saveEvery = 144;

function blockOf(info: BlockInfo): Block | undefined {
  return info.data === undefined ? undefined : parseBlock(info.data);
}

/** Keeps a wallet in step with the chain and the mempool. The node calls it; each event is on disk before it returns. */
export class ChainFollower implements ChainNotifications {
  readonly #wallet: LoadedWallet;
  #savedHeight: number;

  constructor(wallet: LoadedWallet) {
    this.#wallet = wallet;
    this.#savedHeight = wallet.lastBlock.height;
  }

  async destroy(): Promise<void> {
    // The node lets go of this object; the wallet owns nothing that hangs on it.
  }

  async #inTurn(work: () => void | Promise<void>): Promise<void> {
    await this.#wallet.chainTurns.run(async () => {
      if (this.#wallet.isOpen) await work();
    });
  }

  async transactionAddedToMempool(bytes: Uint8Array): Promise<void> {
    await this.#inTurn(() => {
      const tx = parseTransaction(bytes);
      this.#wallet.change(() => {
        const known = this.#wallet.history.get(keyOf(tx));
        // A late word of the mempool does not undo a block.
        if (known?.state.kind !== 'confirmed') applyTransaction(this.#wallet, tx, { kind: 'mempool' });
        this.#wallet.history.mempoolRival(tx, true);
      });
    });
  }

  async transactionRemovedFromMempool(bytes: Uint8Array, reason: number): Promise<void> {
    await this.#inTurn(() => {
      const tx = parseTransaction(bytes);
      this.#wallet.change(() => {
        const known = this.#wallet.history.get(keyOf(tx));
        if (known?.state.kind === 'mempool') this.#wallet.history.update(known, inactive);
        else if (known !== undefined && reason === MemPoolRemovalReason.conflict) this.#wallet.history.touched(known);
        this.#wallet.history.mempoolRival(tx, false);
      });
    });
  }

  async blockConnected(role: ChainstateRole, info: BlockInfo): Promise<void> {
    // Blocks behind a snapshot are scanned when the node has them all.
    if (role.historical) return;
    await this.#inTurn(async () => {
      const block = blockOf(info);
      if (block === undefined) throw new Error('a block was announced without its data');
      const { hash, height, chainTimeMax } = info;
      const isDue = height >= this.#savedHeight + saveEvery || block.transactions.some((tx) => this.#wallet.history.affects(tx));
      await this.#moveTo({ hash, height }, isDue, () => applyBlock(this.#wallet, { block, hash, height, maxTime: chainTimeMax }));
    });
  }

  async blockDisconnected(info: BlockInfo): Promise<void> {
    await this.#inTurn(async () => {
      const block = blockOf(info);
      if (block === undefined) throw new Error('a block was removed without its data');
      const before = { hash: info.prevHash ?? new Uint8Array(32), height: info.height - 1 };
      await this.#moveTo(before, true, () => revertBlock(this.#wallet, { block, height: info.height }));
    });
  }

  async updatedBlockTip(): Promise<void> {
    // Depths are computed from the last block; there is nothing to keep.
  }

  async chainStateFlushed(role: ChainstateRole, locator: Uint8Array): Promise<void> {
    // Events come in order: everything up to the locator's block has been taken in by now.
    if (role.historical) return;
    await this.#inTurn(() => {
      if (this.#wallet.catchingUp) return;
      this.#wallet.change(() => this.#wallet.writer.bestBlock(locator));
      this.#savedHeight = this.#wallet.lastBlock.height;
    });
  }

  /** Saves the last block, so that a wallet that is closed need not look again at what it has seen. */
  async leave(): Promise<void> {
    await this.#inTurn(() => (this.#savedHeight === this.#wallet.lastBlock.height ? undefined : this.savePosition()));
  }

  /** Saves the last block as the place to go on from. */
  async savePosition(): Promise<void> {
    await this.#moveTo(this.#wallet.lastBlock, true, () => undefined);
  }

  /**
   * Makes a block the last one, with what that changes, as one change of the file.
   * @param save keep it as the place to go on from, unless blocks before it are still missing.
   */
  async #moveTo(block: SeenBlock, save: boolean, change: () => void): Promise<void> {
    const locator = save && !this.#wallet.catchingUp ? await locatorOf(this.#wallet.context.chain, block.hash) : undefined;
    if (!this.#wallet.isOpen) return;
    this.#wallet.change(() => {
      this.#wallet.lastBlock = block;
      change();
      if (locator !== undefined) this.#wallet.writer.bestBlock(locator);
    });
    if (locator !== undefined) this.#savedHeight = block.height;
  }
}
