import type { Chain } from '../src-interfaces/generated/chain.js';
import type { WalletLoader } from '../src-interfaces/generated/wallet.js';
import type { WalletSurroundings } from '../src-node/init/boot-surroundings.js';
import type { WalletHost, WalletProcessState } from '../src-node/init/wallet-host.js';
import { adoptOptions } from '../src-wallet/init/adopt-options.js';
import { createWalletLoader } from '../src-wallet/init/create-wallet-loader.js';

/** The wallets in the node's own process: the same objects that bitcoin-wallet serves, without proxies. */
export class LocalWallets implements WalletHost {
  readonly #surroundings: WalletSurroundings;
  #loader: WalletLoader | undefined;

  readonly state: WalletProcessState = {
    state: 'in-process',
    pid: undefined,
    startedAt: undefined,
    exitCode: undefined,
    signal: undefined,
    endedAt: undefined,
  };

  constructor(surroundings: WalletSurroundings) {
    this.#surroundings = surroundings;
  }

  async start(chain: Chain): Promise<WalletLoader> {
    const { globalArgs, log } = this.#surroundings;
    this.#loader = await createWalletLoader(chain, adoptOptions(globalArgs()), log);
    return this.#loader;
  }

  async stop(): Promise<void> {
    const loader = this.#loader;
    this.#loader = undefined;
    await loader?.destroy();
  }

  async answers(): Promise<boolean> {
    return true;
  }

  async kill(): Promise<void> {
    // There is no process to end.
  }

  onEnded(_ended: (how: string) => void): void {
    // Wallets of this process end with it.
  }
}
