/** The wallet process as the window has it: reached through the node, gone and back with it or by itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CompartmentState, WalletState } from '../../src-interfaces/facade.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { inTime } from '../../src-ipc/process/index.js';
import { asFacadeError, FacadeFailure } from '../bridge/facade-failure.js';
import { crashedState, endReason, type Compartments } from './compartments.js';
import type { NodeSession } from './node-session.js';
import { partingPatience, silence } from './patience.js';
import { isMissing, nodeProcesses, shownFacts, type ProcessFacts } from './process-facts.js';
import { WalletsSession } from './wallets-session.js';
import type { Push } from './wallet-session.js';
import type { WindowState } from './window-state.js';

/** How the bar shows that there is no process. */
function absence({ state, exitCode, signal, endedAt, restart }: ProcessFacts): CompartmentState {
  if (state === 'disabled') return { kind: 'disabled' };
  const crashed = crashedState(endReason('wallet', exitCode, signal), { exitCode, signal }, endedAt ?? Date.now());
  if (restart !== null) return { ...crashed, retry: restart };
  return exitCode === 0 ? { kind: 'stopped' } : crashed;
}

export class WalletCompartment {
  readonly #window: WindowState;
  readonly #compartments: Compartments;
  readonly #push: Push;
  #session: WalletsSession | undefined;
  #opening: Promise<void> | undefined;
  /** The last session with the wallets: what is still shown, and whose drafts the next one keeps. */
  #last: WalletsSession | undefined;
  #node: NodeSession | undefined;
  #looking: Promise<void> | undefined;
  #isRestarting = false;

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
    const [session, last] = [this.#session, this.#last];
    if (session === undefined || last === undefined || !session.isApart) return (session ?? last)?.states() ?? null;
    // The node's own will be back.
    const there = session.states();
    return [...there, ...last.states().filter(({ name }) => !there.some((wallet) => wallet.name === name))].sort((a, b) => a.title.localeCompare(b.title));
  }

  /** Sessions tell of their own wallets; those that are away are shown, too. */
  readonly #sessionPush: Push = (name, data) => {
    // When all are open, that is told.
    if (name === 'wallets.loaded' && this.#opening !== undefined) return;
    if (name === 'wallets.loaded') this.#push('wallets.loaded', this.states());
    else this.#push(name, data);
  };

  tipChanged(): void {
    if (this.#session !== undefined) this.asked(this.#session.tipChanged());
  }

  /** The wallet process owes an answer. If it takes long, it is found out whether the process answers at all. */
  asked(answer: Promise<unknown>): void {
    const settled = answer.then(() => true, () => true);
    void (async () => {
      while ((await inTime(silence, settled)) === undefined) {
        // It may be one of another process than the node's own.
        void this.#session?.dropGone();
        await this.#look();
      }
    })();
  }

  /** Asks the node how the wallet's process is. */
  #look(): Promise<void> {
    return (this.#looking ??= this.#lookOnce().catch(() => undefined).finally(() => (this.#looking = undefined)));
  }

  async #lookOnce(): Promise<void> {
    const node = this.#node;
    if (node === undefined || !node.offers.wallets) return;
    const facts = await nodeProcesses(node.node);
    if (facts?.wallet !== undefined && this.#node === node) await this.told(facts.wallet, node, this.#opening === undefined);
  }

  /** Opens sessions with the wallets of a node. Calls while that goes on wait for it. */
  open(node: NodeSession): Promise<void> {
    if (this.#opening === undefined) {
      this.#node = node;
      this.#opening = this.#openOnce(node).finally(() => (this.#opening = undefined));
      this.asked(this.#opening);
    }
    return this.#opening;
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
    this.#session = await this.#sessionWith(loader, session, false);
    this.#last = undefined;
    this.#compartments.update('wallet', { state: { kind: 'running' }, connection: 'through the node' });
    this.#push('wallets.loaded', this.#session.states());
  }

  #sessionWith(loader: WalletLoader, node: NodeSession, isApart: boolean): Promise<WalletsSession> {
    return WalletsSession.open(loader, this.#window.params, { push: this.#sessionPush, unloading: () => node.walletUnloading(), isApart }, this.#last);
  }

  /**
   * What the node says of the wallet's process.
   * @param isSettled false while sessions with the node are being opened, the wallets' among them
   */
  async told(facts: ProcessFacts, node: NodeSession, isSettled: boolean): Promise<void> {
    if (this.#isRestarting) return;
    this.#node = node;
    if (isMissing(facts)) {
      await this.#missing(facts, node);
      return;
    }
    if (!facts.answers) {
      this.#silent(facts);
      return;
    }
    this.#dropEarlier(facts);
    // It is back.
    if (facts.state === 'running' && this.#session === undefined && isSettled) await this.open(node);
    else if (this.#isSilent) this.#compartments.setState('wallet', this.#session === undefined ? { kind: 'starting', detail: 'Opening wallets' } : { kind: 'running' });
    void this.#session?.dropGone();
    this.#compartments.update('wallet', { ...shownFacts(facts), ...(facts.state === 'in-process' ? { connection: 'inside the node process' } : {}) });
  }

  get #isSilent(): boolean {
    return this.#compartments.get('wallet').state.kind === 'silent';
  }

  /** It runs, but does not answer. Who asks the next time may find that it does. */
  #silent(facts: ProcessFacts): void {
    const wasSilent = this.#isSilent;
    this.#compartments.update('wallet', { ...shownFacts(facts), state: { kind: 'silent' } });
    if (wasSilent) return;
    void (async () => {
      do {
        await pause(silence);
        await this.#look();
      } while (this.#isSilent);
    })();
  }

  /** What is open is of a process that somebody else had replaced, or of others while there was none. */
  #dropEarlier({ pid }: ProcessFacts): void {
    const { pid: before } = this.#compartments.get('wallet');
    const session = this.#session;
    if (session === undefined || (!session.isApart && (before === null || before === pid))) return;
    void this.#setAside(session).close();
  }

  /** What was open is shown until it is open again; an earlier one is part of what is open apart. */
  #setAside(session: WalletsSession): WalletsSession {
    if (session.isApart) this.#last = session;
    else this.#last ??= session;
    this.#session = undefined;
    return session;
  }

  /** The node has no wallet process. Wallets of others, which attached to it, are there all the same. */
  async #missing(facts: ProcessFacts, node: NodeSession): Promise<void> {
    const session = this.#session;
    if (session !== undefined && !session.isApart) void this.#setAside(session).close();
    if (facts.restart === null) this.#last = undefined;
    this.#compartments.ended('wallet', absence(facts));
    await this.#session?.dropGone();
    if (this.#session?.states().length === 0) {
      void this.#session.close();
      this.#session = undefined;
    }
    if (this.#session === undefined) await this.#openApart(node);
    this.#push('wallets.loaded', this.states() ?? (facts.state === 'disabled' ? [] : null));
  }

  /** Opens the wallets that are there without the node's own process, if there are any. */
  async #openApart(node: NodeSession): Promise<void> {
    const loader = await node.node.walletLoader();
    if (loader === undefined) return;
    const session = await this.#sessionWith(loader, node, true);
    if (this.#session === undefined && this.#node === node && session.states().length > 0) this.#session = session;
    else await session.close();
  }

  /**
   * Has the node start the wallet process again; of one that runs, the wallets are opened anew.
   * @param kill whether one that runs is ended for it, without being asked
   */
  async restart(node: NodeSession, kill: boolean): Promise<void> {
    if (!node.offers.restartsWallet) throw new FacadeFailure('unsupported', 'This node starts its wallet process only when it starts itself.');
    if (this.#isSilent && !kill) throw new FacadeFailure('rejected', 'The wallet does not answer. End it and start it again in the bar below.');
    const session = this.#session;
    this.#isRestarting = true;
    if (kill) this.#compartments.ended('wallet', { kind: 'restarting' });
    else this.#compartments.setState('wallet', session === undefined ? { kind: 'restarting' } : { kind: 'starting', detail: 'Opening wallets' });
    if (session !== undefined) this.#setAside(session);
    try {
      // One that does not answer lets go of nothing.
      if (!kill) await session?.close();
      await node.node.executeRpc('restartwallet', JSON.stringify([kill]), '');
      await session?.close();
      await this.#opening?.catch(() => undefined);
      await this.open(node);
    } catch (error) {
      this.#compartments.ended('wallet', crashedState(asFacadeError(error).message));
      throw error;
    } finally {
      this.#isRestarting = false;
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
    this.#node = undefined;
    if (session !== undefined) await inTime(partingPatience, session.close());
  }

  /** What was there is not shown any longer. */
  forget(): void {
    this.#last = undefined;
    this.#push('wallets.loaded', null);
  }
}
