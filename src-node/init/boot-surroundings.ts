import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { FileLog } from '../../src-ipc/logging/file-log.js';
import type { AttachedLoaders } from '../interfaces/attached-loaders.js';
import type { NodeChain } from '../interfaces/chain.js';
import type { NodeMining } from '../interfaces/mining.js';
import type { StartedNode } from '../interfaces/node-program.js';
import type { NodeTracing } from '../interfaces/tracing.js';
import type { UserInterface } from '../interfaces/user-interface.js';
import type { WalletProcess } from '../interfaces/wallet-process.js';
import type { Gateways } from '../net/port-mapping/port-mapper.js';
import type { CommandTable } from '../rpc/command-table.js';
import type { JsonRpc } from '../rpc/json-rpc.js';
import type { NodeClock } from './clock.js';
import type { NodeConfiguration } from './configuration.js';
import type { SettingsStore } from './settings-store.js';
import type { ShutdownSteps } from './shutdown-steps.js';
import type { WalletHost } from './wallet-host.js';
import type { Wallets } from './wallets.js';

/** What a wallet host may want to know of the node that starts it. */
export interface WalletSurroundings {
  readonly globalArgs: () => GlobalArgs;
  readonly log: FileLog;
}

/** Parts of the node that its program chooses. */
export interface NodeDependencies {
  /** Where the wallets live. Not asked with -disablewallet; undefined when the program has none. */
  readonly walletHost?: (surroundings: WalletSurroundings) => WalletHost;
  /** The routers of this network; those of the system by default. */
  readonly gateways?: Gateways;
  /** Opens the node to other processes; called before the long phases of the start. Returns what closes it again. */
  readonly listen?: () => Promise<() => Promise<void>>;
}

/** What the start works with. */
export interface BootSurroundings {
  readonly configuration: NodeConfiguration;
  readonly settings: SettingsStore;
  readonly log: FileLog;
  readonly clock: NodeClock;
  readonly commands: CommandTable;
  readonly jsonRpc: JsonRpc;
  readonly userInterface: UserInterface;
  readonly attachedLoaders: AttachedLoaders;
  readonly stopping: AbortSignal;
  readonly steps: ShutdownSteps;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly dependencies: NodeDependencies;
  readonly globalArgs: () => GlobalArgs;
  requestShutdown(): void;
  onFault(error: unknown): void;
  /** Called as soon as there is something to show; the start may still fail after. */
  onStarted(booted: BootedNode): void;
}

/** A node that has started. */
export interface BootedNode {
  readonly node: StartedNode;
  readonly wallets: Wallets;
  /** A Chain for one more client. @param bringsCommands called once, when it turns out to bring commands, as wallets do */
  makeChain(process: WalletProcess, bringsCommands?: () => void): NodeChain;
  /** Block making for one more client. */
  makeMining(): NodeMining;
  makeTracing(): NodeTracing;
}
