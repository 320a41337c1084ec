import { localCapability, nullCapability } from '../capnp/rpc/local.js';
import type { Capability } from '../capnp/rpc/types.js';
import { Adapter } from './adapter.js';
import { Caller } from './caller.js';
import { asError } from './failure.js';
import { FacetServer, type StartedFacet } from './facets.js';
import { HostedThreadMap } from './hosted-thread.js';
import type { InterfaceType, MethodType } from './interface.js';
import type { IpcLog } from './log.js';
import type { ObjectTable } from './object-table.js';
import { Remote, remoteOf, rememberRemote } from './remote.js';

/** Number of the last incoming request of this process, for logs. */
let requestCount = 0;

/** What one process keeps for another over their connection. */
export interface SessionStatistics {
  /** References to objects of this process that the peer has. */
  readonly objects: number;
  /** Threads of the peer that calls from here run on, idle ones included. */
  readonly peerThreads: number;
  /** Threads of this process that the peer has made. */
  readonly ownThreads: number;
}

/** What two processes know of each other over one connection: threads, and which objects stand for which. */
export class Session implements ObjectTable {
  /** How many references to objects of this process the peer has. */
  objects = 0;
  /** Our factory of threads, to be given to the peer. */
  readonly threadMap: HostedThreadMap;
  readonly #caller: Caller;
  readonly #threadPrefix: string;
  /** This process and its main thread, in log lines. */
  readonly label: string;

  /** @param processName name of this program, for logs and the names of threads */
  constructor(
    readonly log: IpcLog,
    processName: string,
  ) {
    this.#threadPrefix = `${processName}-${process.pid}/${processName}`;
    this.label = `${this.#threadPrefix}-${process.pid}`;
    this.threadMap = new HostedThreadMap(this.#threadPrefix);
    this.#caller = new Caller(this, this.#threadPrefix);
  }

  statistics(): SessionStatistics {
    return { objects: this.objects, peerThreads: this.#caller.threadCount, ownThreads: this.threadMap.size };
  }

  nextRequestNumber(): number {
    return ++requestCount;
  }

  /** Uses the peer's factory of threads, which is taken over. */
  setPeerThreads(threadMap: Capability | null): void {
    this.#caller.setPeerThreads(threadMap);
  }

  /** Gives up what the session holds of the peer, after the connection has ended. */
  close(): void {
    this.#caller.setPeerThreads(null);
  }

  importObject<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
    return this.importWith(capability, type, () => undefined);
  }

  importOwned<T extends object>(capability: Capability | null, type: InterfaceType<T>): T {
    return this.importObject(capability, type);
  }

  exportObject<T extends object>(object: T, type: InterfaceType<T>): Capability {
    return this.exportWith(object, type, () => undefined);
  }

  exportFacets(facets: readonly StartedFacet[]): Capability {
    return localCapability(new FacetServer(this, facets));
  }

  /** Like importObject; tells the remote if the object is one of the peer's. */
  importWith<T extends object>(
    capability: Capability | null,
    type: InterfaceType<T>,
    onRemote: (remote: Remote) => void,
  ): T {
    const server = capability?.localServer;
    const own = server instanceof Adapter || server instanceof FacetServer ? server.targetAs(type) : undefined;
    if (own !== undefined) {
      capability?.dispose();
      return own;
    }
    const remote = new Remote(this, type, capability);
    onRemote(remote);
    const client = type.client(remote);
    rememberRemote(client, remote);
    return client;
  }

  /** Like exportObject; tells the adapter if the object needed one. */
  exportWith<T extends object>(
    object: T,
    type: InterfaceType<T>,
    onAdapter: (adapter: Adapter<T>) => void,
  ): Capability {
    const remote = remoteOf(object);
    if (remote?.session === this) return remote.duplicate() ?? nullCapability();
    const adapter = new Adapter(this, object, type);
    onAdapter(adapter);
    return localCapability(adapter);
  }

  /** Destroys objects of the peer one after the other. That one could not be is logged. */
  async destroyAll(remotes: readonly Remote[]): Promise<void> {
    for (const remote of remotes) {
      try {
        await remote.destroy();
      } catch (error) {
        this.log.warn(`IPC client: destroy failed: ${asError(error).message}`);
      }
    }
  }

  /** Calls a method of the peer's, until the signal is aborted; see Caller. */
  call<Params, Results>(
    target: Capability,
    method: MethodType<Params, Results>,
    params: Params,
    signal?: AbortSignal,
  ): Promise<Results> {
    return this.#caller.call(target, method, params, signal);
  }
}
