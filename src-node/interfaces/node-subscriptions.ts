/** The subscriptions of one client of the Node interface: they end with the client. */
import { SynchronizationState } from '../../src-interfaces/enums.js';
import type * as Contract from '../../src-interfaces/generated/node.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { BlockIndex } from '../kernel/types.js';
import type { NodeProgram, StartedNode } from './node-program.js';
import { Deliveries, handlerOf, mostNews } from './subscription.js';
import type { Listeners } from './user-interface.js';

/** Header tips are told without a hash, as the reference does. */

const noHash = new Uint8Array(32);

function syncState(initialDownload: boolean): number {
  return initialDownload ? SynchronizationState.initDownload : SynchronizationState.postInit;
}

const tipOf = (index: BlockIndex): Contract.BlockTip => ({ blockHeight: index.height, blockTime: BigInt(index.header.time), blockHash: index.hash });

export class NodeSubscriptions {
  protected readonly program: NodeProgram;
  readonly #handlers = new Set<Handler>();

  constructor(program: NodeProgram) {
    this.program = program;
  }

  #own(end: () => void | Promise<void>): Handler {
    const handler = handlerOf(async () => {
      this.#handlers.delete(handler);
      await end();
    });
    this.#handlers.add(handler);
    return handler;
  }

  /** Ends what this client subscribed to; the node itself goes on. */
  async destroy(): Promise<void> {
    await Promise.allSettled([...this.#handlers].map((handler) => handler.destroy()));
  }

  async handleInitMessage(callback: Contract.InitMessageCallback): Promise<Handler> {
    return this.#listen(this.program.userInterface.initMessages, callback);
  }

  async handleMessageBox(callback: Contract.MessageBoxCallback): Promise<Handler> {
    return this.#listen(this.program.userInterface.messageBoxes, callback);
  }

  async handleQuestion(callback: Contract.QuestionCallback): Promise<Handler> {
    return this.#listen(this.program.userInterface.questions, callback);
  }

  async handleShowProgress(callback: Contract.ShowNodeProgressCallback): Promise<Handler> {
    return this.#listen(this.program.userInterface.progress, callback);
  }

  async handleNotifyAlertChanged(callback: Contract.NotifyAlertChangedCallback): Promise<Handler> {
    return this.#listen(this.program.userInterface.alerts, callback);
  }

  #listen<C extends { destroy?(): Promise<void> }>(listeners: Listeners<C>, callback: C): Handler {
    const inner = listeners.add(callback);
    return this.#own(() => inner.destroy());
  }

  /** Feeds `callback` from `subscribe`, in order, until the returned handler or the callback ends. */
  #feed<C extends { destroy?(): Promise<void> }>(callback: C, subscribe: (push: (deliver: () => Promise<void>) => void, drained: () => Promise<void>) => () => void): Handler {
    const deliveries = new Deliveries(() => void handler.destroy(), mostNews);
    const stop = subscribe(
      (deliver) => deliveries.push(deliver),
      () => deliveries.drained(),
    );
    const handler = this.#own(async () => {
      stop();
      deliveries.end();
      await callback.destroy?.();
    });
    return handler;
  }

  async handleInitWallet(callback: Contract.InitWalletCallback): Promise<Handler> {
    return this.#feed(callback, (push, drained) =>
      this.program.onWalletLoader(() => {
        push(() => callback());
        return drained();
      }),
    );
  }

  /** The same for what exists only once the node has started: a window may subscribe before. */
  #feedStarted<C extends { destroy?(): Promise<void> }>(
    callback: C,
    subscribe: (started: StartedNode, push: (deliver: () => Promise<void>) => void) => (() => void) | undefined,
  ): Handler {
    return this.#feed(callback, (push) => {
      let stop: (() => void) | undefined;
      const callOff = this.program.onStarted((started) => (stop = subscribe(started, push)));
      return () => {
        callOff();
        stop?.();
      };
    });
  }

  async handleNotifyNumConnectionsChanged(callback: Contract.NotifyNumConnectionsChangedCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ network }, push) => network?.subscribe({ connectionsChanged: (count) => push(() => callback(count)) }));
  }

  async handleNotifyNetworkActiveChanged(callback: Contract.NotifyNetworkActiveChangedCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ network }, push) => network?.subscribe({ activeChanged: (active) => push(() => callback(active)) }));
  }

  async handleBannedListChanged(callback: Contract.BannedListChangedCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ bans }, push) => bans?.subscribe(() => push(() => callback())));
  }

  async handleNotifyBlockTip(callback: Contract.NotifyBlockTipCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ chainstate }, push) =>
      chainstate.subscribe({
        tipChanged: ({ tip, initialDownload }) => {
          const progress = chainstate.verificationProgress(tip);
          push(() => callback(syncState(initialDownload), tipOf(tip), progress));
        },
      }),
    );
  }

  async handleNotifyHeaderTip(callback: Contract.NotifyHeaderTipCallback): Promise<Handler> {
    return this.#feedStarted(callback, ({ chainstate }, push) =>
      chainstate.subscribe({
        headerTipChanged: ({ header, initialDownload }) => push(() => callback(syncState(initialDownload), { ...tipOf(header), blockHash: noHash }, 0)),
      }),
    );
  }
}
