import { setTimeout as pause } from 'node:timers/promises';
import { CallFailure, ifImplemented } from '../../src-interfaces/errors.js';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { answersJsonRpc } from '../../src-ipc/answers-json-rpc.js';
import { connectInit, type InitConnection } from '../../src-ipc/connect.js';
import type { FileLog } from '../../src-ipc/logging/file-log.js';
import { ipcLog } from '../../src-ipc/logging/ipc-log.js';
import { connectTo, IpcError, isPassing, reconnectPolicy, RetrySchedule, type IpcLink } from '../../src-ipc/process/index.js';
import { attachedChain, type AttachedVoice } from './attached-chain.js';
import { AttachedInit } from './attached-init.js';
import type { AttachedConfiguration } from './attached-configuration.js';
import { createWalletLoader } from './create-wallet-loader.js';

/** The wallets could not be loaded; the person has been told why. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

/** Milliseconds that a node gets for its answers once this process is told to end. */
const goodbye = 10_000;

/** One stay at the node: from connecting until either side leaves. */
interface Stay {
  readonly link: IpcLink;
  readonly connection: InitConnection;
  readonly loader: WalletLoader;
}

/** Current Bitcoin Core has another object in the place of the chain, which knows none of its methods. */
async function isChain(chain: Chain): Promise<boolean> {
  return (await ifImplemented(chain.getHeight().then(() => true))) === true;
}

function withoutChain({ address }: IpcLink): CallFailure {
  return new CallFailure('unimplemented', `The program at ${address} has no chain for wallets`);
}

/** A failure that another attempt may mend. */
const mayPass = (error: unknown): error is IpcError => error instanceof IpcError && isPassing(error.code);

/** Keeps wallets of this process attached to a node that was started by somebody else. */
export class AttachedWallets {
  readonly #configuration: AttachedConfiguration;
  readonly #log: FileLog;
  readonly #voice: AttachedVoice;
  readonly #signal: AbortSignal;
  readonly #retries = new RetrySchedule(reconnectPolicy);
  /** To be loaded at the next stay: those the options name, then those that were loaded when the last one ended. */
  #walletNames: readonly string[];
  /** Whether there was a stay before: then what can be loaded again is, even if something else cannot. */
  #isAgain = false;
  /** A node was reached, be it only for a moment. */
  #wasReached = false;

  /** @param signal ends it all */
  constructor(configuration: AttachedConfiguration, log: FileLog, voice: AttachedVoice, signal: AbortSignal) {
    this.#configuration = configuration;
    this.#log = log;
    this.#voice = voice;
    this.#signal = signal;
    this.#walletNames = configuration.walletNames;
  }

  /**
   * Serves the node until it hangs up, or this process is told to end. A line to another computer that breaks is
   * made anew; wallets are closed meanwhile.
   * @throws IpcError when the node cannot be reached, CallFailure when it is none for wallets, NotLoaded
   */
  async run(): Promise<void> {
    let stay = await this.#attachFirst();
    while (stay !== undefined) {
      const reason = await this.#leave(stay);
      if (reason === undefined || this.#signal.aborted) return;
      stay = await this.#attachAgain(reason);
    }
  }

  /** A node that is not reached is an error. A line that breaks while the wallets are being loaded is made anew. */
  async #attachFirst(): Promise<Stay | undefined> {
    try {
      return await this.#attach();
    } catch (error) {
      if (!this.#wasReached || !mayPass(error)) throw error;
      return this.#attachAgain(error);
    }
  }

  async #attach(): Promise<Stay> {
    const { address } = this.#configuration;
    const link = await connectTo(address, { signal: this.#signal, log: (line) => this.#log.debug('ipc', line) });
    if (link === null) throw new IpcError('missing', `No node listens at ${address.canonical}`);
    this.#wasReached = true;
    this.#endInTime(link);
    try {
      const offers = new AttachedInit();
      const connection = await connectInit(link.socket, { processName: 'bitcoin-wallet', log: ipcLog(this.#log), offers });
      const loader = await this.#load(link, connection);
      offers.lend(loader);
      return { link, connection, loader };
    } catch (error) {
      link.socket.destroy();
      const reason = await link.ended;
      if (this.#signal.aborted && error instanceof CallFailure && error.code === 'disconnected') {
        throw new IpcError('cancelled', 'The node did not answer before this process was told to end', { cause: error });
      }
      throw reason ?? error;
    }
  }

  /** A node that does not answer does not keep this process from ending. */
  #endInTime({ socket, ended }: IpcLink): void {
    const hangUp = (): void => {
      const timer = setTimeout(() => socket.destroy(), goodbye);
      void ended.then(() => clearTimeout(timer));
    };
    this.#signal.addEventListener('abort', hangUp, { once: true });
    void ended.then(() => this.#signal.removeEventListener('abort', hangUp));
    if (this.#signal.aborted) hangUp();
  }

  async #load(link: IpcLink, { init }: InitConnection): Promise<WalletLoader> {
    const { options, params, netDirectory } = this.#configuration;
    const chain = await ifImplemented(init.makeChain());
    if (chain === undefined) throw withoutChain(link);
    // Bitcoin Core's multiprocess branch, which has chain and wallets in processes but no JSON-RPC beside HTTP, aborts
    // when it is offered a command while it runs, and when its chain is asked for anything while it starts.
    if (!(await answersJsonRpc(init))) {
      throw new CallFailure('unimplemented', `The node at ${link.address} takes wallets only when it starts them itself`);
    }
    if (!(await isChain(chain))) throw withoutChain(link);
    this.#log.info(`Connected to IPC address ${link.address}`);
    this.#voice.say(`Connected to IPC address ${link.address}`);
    const loader = await createWalletLoader(attachedChain(chain, this.#voice), { options, params, netDirectory }, this.#log);
    // A wallet that goes through the chain while it is loaded gives that up.
    const giveUp = (): void => void loader.destroy();
    this.#signal.addEventListener('abort', giveUp);
    try {
      if (!(await this.#loadWallets(loader, chain)) && !this.#isAgain) throw new NotLoaded('The wallets could not be loaded');
      this.#isAgain = true;
      await loader.registerRpcs();
      await loader.start();
      return loader;
    } catch (error) {
      await loader.destroy();
      // The node has ended. If it was the line to it, what that ended with counts.
      if (error instanceof CallFailure && error.code === 'disconnected') throw new IpcError('cancelled', 'The node ended while wallets were loaded', { cause: error });
      throw error;
    } finally {
      this.#signal.removeEventListener('abort', giveUp);
    }
  }

  /** False when one could not be loaded; the person is told which, and why. @throws IpcError `cancelled` when either side ends */
  async #loadWallets(loader: WalletLoader, chain: Chain): Promise<boolean> {
    let all = true;
    for (const name of this.#walletNames) {
      const { value, error } = (await loader.loadWallet(name)).result;
      await value?.destroy();
      if (error === undefined) continue;
      if (this.#signal.aborted || (await chain.shutdownRequested())) throw new IpcError('cancelled', 'Loading wallets was called off');
      this.#voice.complain(`Error: Wallet "${name}": ${error.original}`);
      all = false;
    }
    return all;
  }

  /** Waits for the end of a stay and closes the wallets. Gives the reason when it ended because the line broke. */
  async #leave({ link, connection, loader }: Stay): Promise<IpcError | undefined> {
    let leave = (): void => undefined;
    const told = new Promise<void>((resolve) => (leave = resolve));
    this.#signal.addEventListener('abort', leave);
    if (!this.#signal.aborted) await Promise.race([connection.closed, told]);
    this.#signal.removeEventListener('abort', leave);
    const wallets = await loader.getWallets();
    this.#walletNames = await Promise.all(wallets.map((wallet) => wallet.getWalletName()));
    await Promise.all(wallets.map((wallet) => wallet.destroy()));
    await loader.destroy();
    connection.close();
    return link.ended;
  }

  /**
   * @param reason why the line broke
   * @returns undefined when this process is told to end meanwhile
   */
  async #attachAgain(reason: IpcError): Promise<Stay | undefined> {
    this.#voice.complain(`${reason.message}\nConnecting again…`);
    for (;;) {
      const retry = this.#retries.failed(Date.now());
      await pause(retry?.delay, undefined, { signal: this.#signal }).catch(() => undefined);
      if (this.#signal.aborted) return undefined;
      try {
        const stay = await this.#attach();
        this.#retries.worked(Date.now());
        return stay;
      } catch (error) {
        if (this.#signal.aborted) return undefined;
        if (!mayPass(error)) throw error;
        this.#log.warning(error.message);
      }
    }
  }
}
