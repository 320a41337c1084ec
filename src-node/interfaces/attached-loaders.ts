/** The wallets of processes that attached to the node by themselves, for its windows to show. */
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { toGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import type { UserInterface } from './user-interface.js';
import { WalletProcess, type Patience } from './wallet-process.js';

/** A process that has connected. */
export interface Caller {
  /** What it offers in return. Of one that offers nothing, every call fails. */
  init(): Init;
  /** Fulfilled when it has gone. */
  ended(): Promise<void>;
}

/** A process whose wallets are shown, and the way to them. */
export interface WalletLender {
  readonly process: WalletProcess;
  readonly loader: WalletLoader;
}

export class AttachedLoaders {
  readonly #userInterface: UserInterface;
  readonly #newPatience: (changed: () => void) => Patience;
  readonly #log: Logger;
  readonly #lenders = new Map<WalletProcess, WalletLender>();
  readonly #listeners = new Set<(lender: WalletLender) => void>();

  /**
   * @param userInterface told when one has come or gone, has other wallets than before, or does not answer
   * @param newPatience how long one that does not answer is waited for; calls back when that changes
   */
  constructor(userInterface: UserInterface, newPatience: (changed: () => void) => Patience, log: Logger) {
    this.#userInterface = userInterface;
    this.#newPatience = newPatience;
    this.#log = log;
  }

  /** For one that comes, of which it is not known yet whether it has wallets. */
  newProcess(): WalletProcess {
    const process: WalletProcess = new WalletProcess(this.#newPatience(() => this.#answersChanged(process)), 'another process');
    return process;
  }

  /** In the order in which they came. */
  list(): readonly WalletLender[] {
    return [...this.#lenders.values()];
  }

  /** Called for each that comes, and for each that answers again; returns a function that calls it off. */
  onAdded(listener: (lender: WalletLender) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One has come or gone, or has other wallets than before. */
  changed(): void {
    this.#userInterface.setWarning('attached wallets', this.#silence, true);
  }

  /** It was waited for in vain, or it answers again: then it is as if it came. */
  #answersChanged(process: WalletProcess): void {
    const lender = this.#lenders.get(process);
    if (lender === undefined) return;
    if (!process.isSilent) for (const listener of this.#listeners) listener(lender);
    this.changed();
  }

  /** Asks all whether they answer; those that do not are waited for once. */
  async look(): Promise<void> {
    await Promise.allSettled(this.list().map(({ process, loader }) => process.patience.ask(() => loader.getWalletDir())));
  }

  /** What to tell people of processes that do not answer; undefined when all do. */
  get #silence(): string | undefined {
    const silent = this.list().filter(({ process }) => process.isSilent);
    if (silent.length === 0) return undefined;
    const wallets = silent.flatMap(({ process }) => process.wallets.map((name) => `“${name}”`));
    const whose = wallets.length === 0 ? '' : ` Its wallets: ${wallets.join(', ')}.`;
    return silent.length === 1
      ? `A wallet process that attached to the node does not answer.${whose} It may be busy, and go on by itself.`
      : `${silent.length} wallet processes that attached to the node do not answer.${whose.replace('Its', 'Their')} They may be busy, and go on by themselves.`;
  }

  /**
   * Has the loader of a process, if it offers one, until it leaves. To offer none is its own affair.
   * @param chain handed over for the loader, as its interface asks; the process has one already
   */
  async follow(caller: Caller, chain: Chain, process: WalletProcess): Promise<void> {
    const lender = await this.#lenderOf(caller, chain, process);
    if (lender === undefined) return;
    this.#lenders.set(process, lender);
    for (const listener of this.#listeners) listener(lender);
    this.changed();
    await caller.ended();
    this.#lenders.delete(process);
    this.changed();
  }

  async #lenderOf(caller: Caller, chain: Chain, process: WalletProcess): Promise<WalletLender | undefined> {
    try {
      const loader = await caller.init().makeWalletLoader(toGlobalArgs(emptySettings(), ''), chain);
      if (loader === undefined) return undefined;
      process.place = await loader.getWalletDir();
      return { process, loader };
    } catch (error) {
      this.#log.debug('ipc', () => `No wallets of the attached process are shown: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}
