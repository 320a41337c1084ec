/** The wallet process as the window has it: reached through the node, gone and back with it or by itself. */
import type { WalletState } from '../../src-interfaces/facade.js';
import { asFacadeError, FacadeFailure } from '../bridge/facade-failure.js';
import { crashedState, endReason, type Compartments } from './compartments.js';
import type { NodeSession } from './node-session.js';
import { hasEnded, shownFacts, type ProcessFacts } from './process-facts.js';
import { WalletsSession } from './wallets-session.js';
import type { Push } from './wallet-session.js';
import type { WindowState } from './window-state.js';

export class WalletCompartment {
  readonly #window: WindowState;
  readonly #compartments: Compartments;
  readonly #push: Push;
  #session: WalletsSession | undefined;
  #opening: Promise<void> | undefined;
  /** The last session with the wallets: what is still shown, and whose drafts the next one keeps. */
  #last: WalletsSession | undefined;

  constructor(window: WindowState, compartments: Compartments, push: Push) {
    this.#window = window;
    this.#compartments = compartments;
    this.#push = push;
  }

  /** @throws FacadeFailure while no wallet process is connected. */
  get session(): WalletsSession {
    if (this.#session === undefined) throw new FacadeFailure('disconnected', this.#last === undefined ? 'The wallet process is not running. Restart it in the bar below.' : 'The wallet is not there at the moment. It will be back.');
    return this.#session;
  }

  /** Null until the wallet process answered once. */
  states(): readonly WalletState[] | null {
    return (this.#session ?? this.#last)?.states() ?? null;
  }

  tipChanged(): void {
    this.#session?.tipChanged();
  }

  /** Opens sessions with the wallets of a node. Calls while that goes on wait for it. */
  open(node: NodeSession): Promise<void> {
    return (this.#opening ??= this.#openOnce(node).finally(() => (this.#opening = undefined)));
  }

  async #openOnce(session: NodeSession): Promise<void> {
    const { node, offers } = session;
    this.#compartments.setState('wallet', { kind: 'starting', detail: 'Opening wallets' });
    if (!offers.wallets) {
      this.#compartments.ended('wallet', { kind: 'not-offered' });
      this.#push('wallets.loaded', []);
      return;
    }
    const loader = await node.walletLoader();
    if (loader === undefined) {
      this.#compartments.ended('wallet', { kind: 'stopped' });
      this.#push('wallets.loaded', []);
      return;
    }
    this.#session = await WalletsSession.open(loader, this.#window.params, { push: this.#push, unloading: () => session.walletUnloading() }, this.#last);
    this.#last = undefined;
    this.#compartments.update('wallet', { state: { kind: 'running' }, connection: 'through the node' });
    this.#push('wallets.loaded', this.#session.states());
  }

  /**
   * What the node says of the wallet's process.
   * @param isSettled false while sessions with the node are being opened, the wallets' among them
   */
  async told(facts: ProcessFacts, node: NodeSession, isSettled: boolean): Promise<void> {
    if (hasEnded(facts)) {
      await this.#gone(facts);
      return;
    }
    // It is back.
    if (facts.state === 'running' && this.#session === undefined && isSettled) await this.open(node);
    await this.#session?.dropGone();
    this.#compartments.update('wallet', { ...shownFacts(facts), ...(facts.state === 'in-process' ? { connection: 'inside the node process' } : {}) });
  }

  async #gone({ exitCode, signal, endedAt, restart }: ProcessFacts): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    const crashed = crashedState(endReason('wallet', exitCode, signal), { exitCode, signal }, endedAt ?? Date.now());
    if (restart !== null) {
      this.#last ??= session;
      this.#compartments.ended('wallet', { ...crashed, retry: restart });
    } else {
      this.#last = undefined;
      this.#push('wallets.loaded', null);
      this.#compartments.ended('wallet', exitCode === 0 ? { kind: 'stopped' } : crashed);
    }
    await session?.close();
  }

  /** Has the node start the wallet process again; of one that runs, the wallets are opened anew. */
  async restart(node: NodeSession): Promise<void> {
    if (!node.offers.restartsWallet) throw new FacadeFailure('unsupported', 'This node starts its wallet process only when it starts itself.');
    const session = this.#session;
    this.#compartments.setState('wallet', session === undefined ? { kind: 'restarting' } : { kind: 'starting', detail: 'Opening wallets' });
    this.#last ??= session;
    this.#session = undefined;
    await session?.close();
    try {
      await node.node.executeRpc('restartwallet', '[]', '');
      await this.open(node);
    } catch (error) {
      this.#compartments.ended('wallet', crashedState(asFacadeError(error).message));
      throw error;
    }
  }

  /** What is open is still shown when it is closed, until the next session or until it is forgotten. */
  keepForLater(): void {
    this.#last = this.#session ?? this.#last;
  }

  /**
   * Lets go of the wallets; they are still shown.
   * @param before waited for before that
   */
  async letGo(before: Promise<void>): Promise<void> {
    await this.#session?.close(before);
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** What was there is not shown any longer. */
  forget(): void {
    this.#last = undefined;
    this.#push('wallets.loaded', null);
  }
}
