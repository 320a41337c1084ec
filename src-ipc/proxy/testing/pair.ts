/** Parts for tests: two processes' worth of proxies connected in memory. */
import { memoryTransportPair } from '../../capnp/transport/memory.js';
import { connectInit, type InitConnection } from '../../connect.js';
import { serveInit, type ServedConnection } from '../../serve.js';
import type { SessionOptions } from '../../session-options.js';
import type { Init } from '../../../src-interfaces/generated/init.js';

/** An object with some of an interface's methods and an idle `destroy`; the others fail when they are called. */
export function implement<T extends object>(methods: Partial<T>): T {
  const absent = (name: PropertyKey) => (): Promise<void> => {
    return name === 'destroy' ? Promise.resolve() : Promise.reject(new Error(`no ${String(name)} here`));
  };
  const get = (target: object, name: PropertyKey): unknown => {
    // A promise that resolves to the object would ask for it.
    return name === 'then' ? undefined : (Reflect.get(target, name) ?? absent(name));
  };
  // The proxy has every property of T.
  return new Proxy(methods, { get }) as T;
}

/** An Init that gives undefined for whatever is not said. */
export function initWith(methods: Partial<Init>): Init {
  const nothing = (): Promise<undefined> => Promise.resolve(undefined);
  return {
    makeEcho: nothing,
    makeMining: nothing,
    makeChain: nothing,
    makeRpc: nothing,
    makeNode: nothing,
    makeWalletLoader: nothing,
    makeTracing: nothing,
    ...methods,
  };
}

/** A process serving an Init, and the connection of another to it. */
export interface Pair extends InitConnection {
  readonly server: ServedConnection;
}

/** Connects to an Init in this process as if it were in another. */
export async function connectTo(init: Init, options: SessionOptions = {}): Promise<Pair> {
  const [client, server] = memoryTransportPair();
  const served = serveInit(init, server, { processName: 'server', ...options });
  const connection = await connectInit(client, { processName: 'client', ...options });
  return { ...connection, server: served };
}

/** A promise and the means to fulfil it. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

/** Lets everything under way in memory happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
