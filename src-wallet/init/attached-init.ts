import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { replacing } from '../../src-interfaces/replacing.js';
import { BareInit } from './wallet-init.js';

/**
 * What a wallet process offers to the node it attached to by itself: its loader, which is lent, so that the node's
 * windows can show its wallets. It has its own settings and its own chain already.
 */
export class AttachedInit extends BareInit implements Init {
  #lend: (loader: WalletLoader) => void = () => undefined;
  readonly #loader = new Promise<WalletLoader>((resolve) => (this.#lend = resolve));

  /** The wallets are loaded. Whoever asks before waits for it. */
  lend(loader: WalletLoader): void {
    this.#lend(replacing(loader, { destroy: async () => undefined }));
  }

  async makeWalletLoader(_globalArgs: GlobalArgs, chain: Chain): Promise<WalletLoader> {
    await chain.destroy();
    return this.#loader;
  }
}
