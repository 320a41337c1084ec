/** Names of wallets as one window is told them, where several processes have wallets. */
import type { Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { replacing } from '../../src-interfaces/replacing.js';

/**
 * Two processes may have wallets of one name. The one that is told first keeps it, another is called by its folder as
 * well. Commands know nothing of such names: for them, the process that came first is meant.
 */
export class WalletNames {
  readonly #present: () => readonly WalletLoader[];
  /** By loader, from the name that a wallet has there to the one it is told by. */
  readonly #told = new Map<WalletLoader, Map<string, string>>();

  /** @param present the loaders whose wallets are told at the moment */
  constructor(present: () => readonly WalletLoader[]) {
    this.#present = present;
  }

  /** The wallet, with a name that no wallet of another process is told by. */
  async distinct(wallet: Wallet, loader: WalletLoader): Promise<Wallet> {
    const name = await wallet.getWalletName();
    const known = this.#told.get(loader)?.get(name);
    const told = known ?? this.#give(loader, name, this.#isTaken(name) ? await loader.getWalletDir() : '');
    return told === name ? wallet : replacing(wallet, { getWalletName: async () => told });
  }

  #isTaken(told: string): boolean {
    return this.#present().some((loader) => [...(this.#told.get(loader)?.values() ?? [])].includes(told));
  }

  #give(loader: WalletLoader, name: string, directory: string): string {
    let told = name;
    for (let count = 1; this.#isTaken(told); count++) told = `${name} (${directory}${count === 1 ? '' : `, ${count}`})`;
    const ofLoader = this.#told.get(loader) ?? new Map<string, string>();
    this.#told.set(loader, ofLoader.set(name, told));
    return told;
  }
}
