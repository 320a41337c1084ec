/** The node as the wallet sees it. Each method says in the schema what it answers. */
import type { BilingualStr } from '../../src-interfaces/generated/common.js';
import type { Chain, ChainNotifications, RPCCommand, SettingsUpdateCallback } from '../../src-interfaces/generated/chain.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { SettingsAction } from '../../src-interfaces/enums.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';
import type { PeerNetwork } from '../rpc/context.js';
import { ChainMempool } from './chain-mempool.js';
import type { WalletNotifications, WalletSubscription } from './notifications.js';
import { handlerOf } from './subscription.js';
import type { UserInterface } from './user-interface.js';

/** The settings tree as other processes may ask about it. Values are JSON texts; `null` means unset. */
export interface SettingsAccess {
  effective(name: string): string;
  effectiveList(name: string): readonly string[];
  /** The value in settings.json alone. */
  persistent(name: string): string;
  /** Sets or, with `null`, erases a value of settings.json; writes the file when asked to. False when that failed. */
  setPersistent(name: string, value: string, write: boolean): boolean;
}

/** Where commands of other processes are added to the node's own. */
export interface CommandRegistry {
  /** Returns a function that takes the command away again. */
  register(command: RPCCommand): () => void;
  /** Whether -deprecatedrpc names it. */
  deprecatedEnabled(method: string): boolean;
}

/** What the Chain interface works on. */
export interface ChainServices {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  readonly network: () => PeerNetwork | undefined;
  readonly settings: SettingsAccess;
  readonly commands: CommandRegistry;
  readonly userInterface: UserInterface;
  readonly notifications: WalletNotifications;
  readonly log: Logger;
  shutdownRequested(): boolean;
}

/** Settings changes run one after another, as each is a read, a question to the caller, and a write. */
class SettingsQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(change);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

/**
 * A Chain for one client. Several can exist at a time; what a client registered through one ends
 * when that one is destroyed.
 */
export class NodeChain extends ChainMempool implements Chain {
  readonly #services: ChainServices;
  readonly #changes = new SettingsQueue();
  readonly #handlers = new Set<Handler>();
  readonly #subscriptions = new Set<WalletSubscription>();
  readonly #bringsCommands: (() => void) | undefined;
  #hasCommands = false;

  /** @param bringsCommands called once, when the client turns out to bring commands, as wallets do */
  constructor(services: ChainServices, bringsCommands?: () => void) {
    super(services.chainstate, services.mempool, services.network);
    this.#services = services;
    this.#bringsCommands = bringsCommands;
  }

  #owned(inner: Handler): Handler {
    const handler = handlerOf(async () => {
      this.#handlers.delete(handler);
      await inner.destroy();
    });
    this.#handlers.add(handler);
    return handler;
  }

  async destroy(): Promise<void> {
    await Promise.allSettled([...this.#handlers].map((handler) => handler.destroy()));
  }

  // No block filter index exists: the wallet scans blocks instead.
  async hasBlockFilterIndex(_filterType: number): Promise<boolean> {
    return false;
  }

  async blockFilterMatchesAny(): Promise<boolean | undefined> {
    return undefined;
  }

  async guessVerificationProgress(blockHash: Uint8Array): Promise<number> {
    const index = this.#services.chainstate.lookup(blockHash);
    return index === undefined ? 0 : this.#services.chainstate.verificationProgress(index);
  }

  async havePruned(): Promise<boolean> {
    return false;
  }

  async getPruneHeight(): Promise<number | undefined> {
    return undefined;
  }

  async isReadyToBroadcast(): Promise<boolean> {
    return !this.#services.chainstate.initialDownload && !this.#services.shutdownRequested();
  }

  async isInitialBlockDownload(): Promise<boolean> {
    return this.#services.chainstate.initialDownload;
  }

  async shutdownRequested(): Promise<boolean> {
    return this.#services.shutdownRequested();
  }

  async initMessage(message: string): Promise<void> {
    this.#services.userInterface.initMessage(message);
  }

  async initWarning(message: BilingualStr): Promise<void> {
    this.#services.userInterface.warning(message);
  }

  async initError(message: BilingualStr): Promise<void> {
    this.#services.userInterface.error(message);
  }

  async showProgress(title: string, progress: number, resumePossible: boolean): Promise<void> {
    this.#services.userInterface.showProgress(title, progress, resumePossible);
  }

  async handleNotifications(notifications: ChainNotifications): Promise<Handler> {
    const subscription = this.#services.notifications.subscribe(notifications);
    this.#subscriptions.add(subscription);
    return this.#owned(
      handlerOf(async () => {
        this.#subscriptions.delete(subscription);
        await subscription.destroy();
      }),
    );
  }

  async waitForNotificationsIfTipChanged(oldTip: Uint8Array): Promise<void> {
    const unknown = oldTip.every((byte) => byte === 0);
    if (!unknown && equalBytes(oldTip, this.#services.chainstate.tip.hash)) return;
    // What others have heard does not matter to this client, least of all of one that does not listen.
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.drained()));
  }

  async handleRpc(command: RPCCommand): Promise<Handler> {
    if (!this.#hasCommands) this.#bringsCommands?.();
    this.#hasCommands = true;
    return this.#owned(handlerOf(this.#services.commands.register(command)));
  }

  async rpcEnableDeprecated(method: string): Promise<boolean> {
    return this.#services.commands.deprecatedEnabled(method);
  }

  async getSetting(name: string): Promise<string> {
    return this.#services.settings.effective(name);
  }

  async getSettingsList(name: string): Promise<readonly string[]> {
    return this.#services.settings.effectiveList(name);
  }

  async getRwSetting(name: string): Promise<string> {
    return this.#services.settings.persistent(name);
  }

  async updateRwSetting(name: string, update: SettingsUpdateCallback): Promise<boolean> {
    return this.#changes.run(async () => {
      const { value, result } = await update(this.#services.settings.persistent(name));
      if (result === undefined) return false;
      return this.#services.settings.setPersistent(name, value, result === SettingsAction.write);
    });
  }

  async overwriteRwSetting(name: string, value: string, action: number): Promise<boolean> {
    return this.#changes.run(async () => this.#services.settings.setPersistent(name, value, action === SettingsAction.write));
  }

  async deleteRwSettings(name: string, action: number): Promise<boolean> {
    return this.#changes.run(async () => this.#services.settings.setPersistent(name, 'null', action === SettingsAction.write));
  }

  async requestMempoolTransactions(notifications: ChainNotifications): Promise<void> {
    // A child is only understood after its parents: the mempool hands them out in that order.
    for (const { tx } of [...this.#services.mempool.entries()]) await notifications.transactionAddedToMempool(serializeTransaction(tx));
    await notifications.destroy();
  }

  async hasAssumedValidChain(): Promise<boolean> {
    return false;
  }
}
