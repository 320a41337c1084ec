/** A process with wallets, the node's own or one that attached, as the node knows it. */

/** Waiting for another program, once for some seconds, and then no longer until it answers again. */
export interface Patience {
  /** Whether it owes an answer for too long. */
  readonly isSpent: boolean;
  /** @returns undefined when no answer came in time; while another is owed, nothing is asked */
  ask<T>(question: () => Promise<T>): Promise<T | undefined>;
  /** The same of work that goes on anyhow. */
  waitFor<T>(work: Promise<T>): Promise<T | undefined>;
}

export class WalletProcess {
  readonly patience: Patience;
  /** Where its wallets are, to tell them from those of one name elsewhere. */
  place: string;
  #wallets: readonly string[] = [];

  /** @param place words for a person: a folder, or "this node" */
  constructor(patience: Patience, place: string) {
    this.patience = patience;
    this.place = place;
  }

  /** Whether somebody has waited for it in vain, and it has not answered since. */
  get isSilent(): boolean {
    return this.patience.isSpent;
  }

  /** Names of its loaded wallets, as it told last; of the node's own also while it is gone, to be back. */
  get wallets(): readonly string[] {
    return this.#wallets;
  }

  /** It has told which wallets it has. */
  told(wallets: readonly string[]): void {
    this.#wallets = [...wallets];
  }

  loaded(wallet: string): void {
    if (!this.#wallets.includes(wallet)) this.#wallets = [...this.#wallets, wallet];
  }

  unloaded(wallet: string): void {
    this.#wallets = this.#wallets.filter((other) => other !== wallet);
  }
}

/**
 * What a wallet is called, seen among those of all processes: by its place as well while another process has one of
 * that name. To commands a name alone means the process that came first.
 */
export function shownWalletName(name: string, process: WalletProcess, processes: readonly WalletProcess[]): string {
  const having = processes.filter(({ wallets }) => wallets.includes(name));
  if (having.length < 2 || !having.includes(process)) return name;
  const { place } = process;
  // Of other computers even the folders may be the same.
  const earlier = having.slice(0, having.indexOf(process)).filter((other) => other.place === place).length;
  return `${name} (${place}${earlier === 0 ? '' : `, ${earlier + 1}`})`.trimStart();
}
