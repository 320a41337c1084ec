import { Conn, ObjectSize, RemotePromise, Server, Struct } from 'capnp-ts';
import type { Method as StockMethod, ServerMethodImpl, Transport as StockTransport , Client} from 'capnp-ts';
import { memoryTransportPair } from '../transport/memory.js';
import type { MemoryTransport } from '../transport/memory.js';
import { Connection } from './connection.js';
import { localCapability } from './local.js';
import { connectPair, method, Probe, settle, SIZE } from './testing.js';
import type { Capability } from './types.js';

/* The connection that capnp-ts brings, with the test interface of testing.ts, as one end of an in-memory pair. */

/** Parameters and results of the test interface. */
export class Values extends Struct {
  static override readonly _capnp = { displayName: 'Values', id: '1', size: new ObjectSize(SIZE.dataWords * 8, SIZE.pointers) };
}

class ProbeClient {
  constructor(readonly client: Client) {}
}

const PROBE = { _capnp: { displayName: 'Probe', id: 'abcdef0123456789' }, Client: ProbeClient };

function stockMethod(id: number): StockMethod<Values, Values> {
  return { ...method(id), ParamsClass: Values, ResultsClass: Values };
}

/** A server made of functions by method id. */
export function stockServer(methods: Readonly<Record<number, ServerMethodImpl<Values, Values>>>): Server {
  return new Server(Object.entries(methods).map(([id, impl]) => ({ ...stockMethod(Number(id)), impl })));
}

class StockProbePromise extends RemotePromise<Values> {
  /** The capability promised at a pointer of the results. */
  at(index: number): Client {
    return this.pipelineClient(index);
  }
}

/** A connection of capnp-ts. */
export class StockConnection {
  readonly conn: Conn;
  /** Gives it the bytes of a message, as its transport would. */
  deliver: (bytes: Uint8Array) => void = () => {};
  /** What it threw at its transport. */
  readonly thrown: unknown[] = [];

  constructor(transport: MemoryTransport, other: MemoryTransport, main?: Server) {
    const adapter: StockTransport = {
      close: () => transport.close(),
      onClose: () => {},
      onMessage: (callback) => (this.deliver = callback),
      send: (bytes) => other.sendBytes(bytes),
    };
    this.conn = new Conn(adapter, main === undefined ? {} : { main });
    transport.start({
      message: ({ segments: [segment] }) => {
        const length = segment?.byteLength ?? 0;
        const frame = new Uint8Array(8 + length);
        new DataView(frame.buffer).setUint32(4, length / 8, true);
        if (segment !== undefined) frame.set(segment.bytes(0, length), 8);
        try {
          this.deliver(frame);
        } catch (error) {
          this.thrown.push(error);
        }
      },
      malformed: (error) => this.thrown.push(error),
      ended: () => {},
    });
  }

  bootstrap(): Client {
    return this.conn.bootstrap(PROBE).client;
  }

  /** Sizes of its tables, which it keeps to itself. */
  size(table: 'exports' | 'imports' | 'questions' | 'answers'): number {
    const value: unknown = Reflect.get(this.conn, table);
    return value instanceof Map ? value.size : Number.NaN;
  }
}

/** Calls a method of the test interface through capnp-ts. Its results need not be awaited. */
export function stockCall(client: Client, id: number, build: (params: Values) => void = () => {}): StockProbePromise {
  const promise = client.call(stockMethod(id), build, StockProbePromise);
  promise.catch(() => {});
  return promise;
}

/** Our end of a connection. */
export interface Ends {
  readonly client: Connection;
  readonly root: Capability;
  readonly stock?: StockConnection;
}

/** Our client with a server of capnp-ts. */
export function callStock(server: Server): Ends & { stock: StockConnection } {
  const [near, far] = memoryTransportPair();
  const stock = new StockConnection(far, near, server);
  const client = new Connection(near);
  return { client, root: client.bootstrap(), stock };
}

/** Our client with a server of ours. */
export function callOurs(server: Probe): Ends & { server: Connection } {
  const pair = connectPair(server);
  return { client: pair.client, root: pair.client.bootstrap(), server: pair.server };
}

/** A client of capnp-ts with a server of ours. */
export function stockCalls(server: Probe): { stock: StockConnection; server: Connection } {
  const [near, far] = memoryTransportPair();
  const served = new Connection(far, { bootstrap: server });
  return { stock: new StockConnection(near, far), server: served };
}

/** What a promise has come to once everything under way has arrived. */
export async function outcome<T>(promise: PromiseLike<T>): Promise<string> {
  let seen = 'nothing';
  void promise.then(
    () => (seen = 'answer'),
    (error: unknown) => (seen = String(error)),
  );
  await settle(30);
  return seen;
}

/** A server of ours that gives out the same object again and again. */
export function sharing(): Probe {
  const shared = new Probe({ 0: () => ({ n: 5 }) });
  return new Probe({ 0: () => ({ cap: localCapability(shared) }) });
}
