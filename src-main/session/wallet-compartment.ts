/** The wallet process as the window has it: reached through the node, gone and back with it or by itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WalletState } from '../../src-interfaces/facade.js';
import { inTime } from '../../src-ipc/process/index.js';
import { asFacadeError, FacadeFailure } from '../bridge/facade-failure.js';
import { crashedState, endReason, type Compartments } from './compartments.js';
import type { NodeSession } from './node-session.js';
import { hasEnded, nodeProcesses, shownFacts, type ProcessFacts } from './process-facts.js';
import { WalletsSession } from './wallets-session.js';
import type { Push } from './wallet-session.js';
import type { WindowState } from './window-state.js';

/** Milliseconds after which one asks whether a wallet that owes an answer answers at all, and between such questions. */
const silence = 3000;
/** Milliseconds that the wallet process has for letting go of what this window holds. */
const partingPatience = 2000;

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
    return (this.#session ?? this.#last)?.states() ?? null;
  }

  tipChanged(): void {
    if (this.#session !== undefined) this.asked(this.#session.tipChanged());
  }

  /** The wallet process owes an answer. If it takes long, it is found out whether the process answers at all. */
  asked(answer: Promise<unknown>): void {
    const settled = answer.then(() => true, () => true);
    void (async () => {
      while ((await inTime(silence, settled)) === undefined) await this.#look();
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
    if (facts !== undefined && this.#node === node) await this.told(facts.wallet, node, this.#opening === undefined);
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
    if (this.#isRestarting) return;
    this.#node = node;
    if (hasEnded(facts)) {
      await this.#gone(facts);
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

  /** Somebody else had the process replaced by another: what is open is of the one that was. */
  #dropEarlier({ pid }: ProcessFacts): void {
    const { pid: before } = this.#compartments.get('wallet');
    const session = this.#session;
    if (session === undefined || before === null || before === pid) return;
    this.#last ??= session;
    this.#session = undefined;
    void session.close();
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
    this.#last ??= session;
    this.#session = undefined;
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
