import { Handle } from './handle.js';
import { interfaceNotImplemented, methodNotImplemented } from './error.js';
import { Connection } from './connection.js';
import type { ConnectionOptions } from './connection.js';
import { memoryTransportPair } from '../transport/memory.js';
import type { MemoryTransport } from '../transport/memory.js';
import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import type { Capability, CallOptions, IncomingCall, LocalServer, MethodRef, PendingCall } from './types.js';

/*
 * Parts for tests: a small interface whose every method has one Int32, one Text and two capabilities as parameters and
 * results, and a pair of connected ends.
 */

export const SIZE = { dataWords: 1, pointers: 3 } as const;
const INTERFACE_ID = 0xabcdef0123456789n;

/** Method `id` of the test interface. */
export function method(id: number): MethodRef {
  return { interfaceId: INTERFACE_ID, methodId: id, interfaceName: 'Probe', methodName: `m${id}` };
}

/** Parameters or results: number at 0, text at pointer 0, capabilities at pointers 1 and 2. */
export interface Values {
  readonly n?: number;
  readonly text?: string;
  /** Handed over. */
  readonly cap?: Capability | null;
  readonly cap2?: Capability | null;
}

export function fill(target: StructBuilder, values: Values): void {
  if (values.n !== undefined) target.setInt32(0, values.n);
  if (values.text !== undefined) target.setText(0, values.text);
  if (values.cap !== undefined) target.setCapability(1, values.cap);
  if (values.cap2 !== undefined) target.setCapability(2, values.cap2);
}

export function call(target: Capability, id: number, values: Values = {}, options?: CallOptions): PendingCall {
  return target.call(method(id), SIZE, (params) => fill(params, values), options);
}

/** Awaits a call and takes its results apart; the capability is the caller's. */
export async function finish(pending: PendingCall): Promise<{ n: number; text: string; cap: Capability | null }> {
  const results = await pending.results;
  try {
    const { content } = results;
    return { n: content.getInt32(0), text: content.getText(0), cap: content.getCapability(1) };
  } finally {
    results.dispose();
  }
}

type Method = (params: StructReader, call: IncomingCall) => Promise<Values | void> | Values | void;

/** A server made of functions by method id. */
export class Probe implements LocalServer {
  releasedCount = 0;
  constructor(readonly methods: Readonly<Record<number, Method>> = {}) {}

  async dispatch(call: IncomingCall): Promise<void> {
    if (call.interfaceId !== INTERFACE_ID) throw interfaceNotImplemented('Probe', call.interfaceId);
    const run = this.methods[call.methodId];
    if (run === undefined) throw methodNotImplemented('Probe', call.interfaceId, call.methodId);
    const values = await run(call.params, call);
    if (values !== undefined) fill(call.initResults(SIZE), values);
  }

  released(): void {
    this.releasedCount++;
  }
}

/** Two connected ends in this process. */
export function connectPair(server: LocalServer, options: { client?: ConnectionOptions; server?: ConnectionOptions } = {}): {
  client: Connection;
  server: Connection;
  clientTransport: MemoryTransport;
  serverTransport: MemoryTransport;
} {
  const [clientTransport, serverTransport] = memoryTransportPair();
  return {
    client: new Connection(clientTransport, options.client),
    server: new Connection(serverTransport, { bootstrap: server, ...options.server }),
    clientTransport,
    serverTransport,
  };
}

/** Lets everything that is under way between in-memory ends arrive. */
export async function settle(turns = 10): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The hook behind a capability, for identity checks. */
export const hookOf = (capability: Capability): unknown => Handle.peek(capability);
