/** What a node program is to those that drive it: its life, and what exists once it has started. */
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Chainstate } from '../kernel/types.js';
import type { Mempool } from '../mempool/types.js';
import type { PeerNetwork } from '../rpc/context.js';
import type { SettingsAccess } from './chain.js';
import type { AttachedLoaders } from './attached-loaders.js';
import type { UserInterface } from './user-interface.js';
import type { WalletProcess } from './wallet-process.js';

/** The ban list of the peer-to-peer network. Times in seconds since 1970. */
export interface BanList {
  list(): readonly { readonly subnet: string; readonly created: number; readonly until: number }[];
  /** @param seconds from now; 0 for the default of a day */
  ban(address: string, seconds: number): boolean;
  unban(subnet: string): boolean;
  subscribe(changed: () => void): () => void;
}

/** Has routers let peers in. */
export interface PortMapping {
  /** Resolves when it works, or has stopped and routers have been asked to forget. */
  setEnabled(enabled: boolean): Promise<void>;
}

/** What exists once the node has started. */
export interface StartedNode {
  readonly chainstate: Chainstate;
  readonly mempool: Mempool;
  readonly network: PeerNetwork | undefined;
  readonly bans: BanList | undefined;
  /** Asks routers for a port. */
  readonly portMapper: PortMapping | undefined;
  /** -import or -reindex is going on. */
  loadingBlocks(): boolean;
}

/** The loader of the wallets that the node starts by itself; undefined with -disablewallet. */
export interface OwnWallets {
  readonly process: WalletProcess;
  /** Waits for a start that is under way, but begins none: undefined, too, while their process is gone. */
  loader(): Promise<WalletLoader | undefined>;
  /** Of wallets that are started again when their process had ended. */
  loaderNow(): Promise<WalletLoader | undefined>;
}

/** The life of the program around the node, and what does not depend on it having started. */
export interface NodeProgram {
  readonly userInterface: UserInterface;
  readonly settings: SettingsAccess & {
    /** What settings.json and bitcoin.conf say together. */
    persistentOrConfigured(name: string): string;
    ignored(name: string): boolean;
    force(name: string, value: string): void;
    reset(): void;
  };
  started(): StartedNode | undefined;
  /** Called once when the node has started, at once when it has already; returns a function that calls it off. */
  onStarted(ready: (started: StartedNode) => void): () => void;
  initialize(globalArgs: GlobalArgs): Promise<boolean>;
  start(): Promise<boolean>;
  /** Stops everything and resolves when it is stopped. */
  shutdown(): Promise<void>;
  requestShutdown(): void;
  readonly shutdownRequested: boolean;
  readonly exitStatus: number;
  readonly logCategories: bigint;
  initLogging(): void;
  executeRpc(method: string, params: string, uri: string): Promise<string>;
  rpcCommands(): readonly string[];
  /** Of the wallet process that the node starts; undefined before it has started itself. */
  readonly ownWallets: OwnWallets | undefined;
  /** Of wallet processes that attached by themselves. */
  readonly attachedLoaders: AttachedLoaders;
  /** Called once there is a wallet loader, at once when there is already. Wallets are loaded once the promise resolves. */
  onWalletLoader(tell: () => Promise<void>): () => void;
}
