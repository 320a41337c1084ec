import { Conn, ObjectSize, RemotePromise, Server, Struct } from 'capnp-ts';
import type { Method as StockMethod, ServerMethodImpl, Transport as StockTransport , Client} from 'capnp-ts';
import type { MemoryTransport } from '../transport/memory.js';
import { method, SIZE } from './testing.js';

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
        const frame = new Uint8Array(8 + (segment?.byteLength ?? 0));
        new DataView(frame.buffer).setUint32(4, (segment?.byteLength ?? 0) / 8, true);
        frame.set(new Uint8Array(segment?.buffer ?? new ArrayBuffer(0), 0, segment?.byteLength ?? 0), 8);
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
