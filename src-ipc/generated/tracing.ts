// Generated from tracing.capnp, sha256 cf716b9d44ef862f. To change it: "npm run generate".

import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Tracing, UtxoCacheTrace, UtxoInfo } from '../../src-interfaces/generated/tracing.js';
import { at, bytes, capability, nothing, only, struct, type StructCodec } from '../proxy/codec.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';
import { bool, int64, uint32 } from '../proxy/scalar.js';
import { handlerInterface } from './handler.js';

export const utxoInfoCodec: StructCodec<UtxoInfo> = struct(3, 1, {
  outpointHash: at(0, bytes(32, 'outpointHash')),
  outpointN: uint32(0),
  height: uint32(4),
  value: int64(8),
  isCoinbase: bool(128),
});

const TRACING = { id: 0xb300bedcd7b880cen, name: 'Tracing' };

const tracingMethods = {
  traceUtxoCache: method(TRACING, 0, 'traceUtxoCache', {
    params: struct(0, 2, { callback: at(1, capability(() => utxoCacheTraceInterface)) }),
    results: only(0, 1, 'result', at(0, capability(() => handlerInterface))),
    context: 0,
  }),
};

/** Tracing of another process. */
export class RemoteTracing implements Tracing, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  traceUtxoCache(callback: UtxoCacheTrace): Promise<Handler> {
    return this.remote.call(tracingMethods.traceUtxoCache, { callback });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Tracing across processes. */
export const tracingInterface: InterfaceType<Tracing> = defineInterface(TRACING, {
  client: (remote) => new RemoteTracing(remote),
  methods: [
    serve(tracingMethods.traceUtxoCache, (target, { callback }) => target.traceUtxoCache(callback)),
  ],
});

const UTXO_CACHE_TRACE = { id: 0xf877dd6fb711c62fn, name: 'UtxoCacheTrace' };

const utxoCacheTraceMethods = {
  destroy: method(UTXO_CACHE_TRACE, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  add: method(UTXO_CACHE_TRACE, 1, 'add', {
    params: struct(0, 1, { utxoInfo: at(0, utxoInfoCodec) }),
    results: nothing(0, 0),
  }),
  spend: method(UTXO_CACHE_TRACE, 2, 'spend', {
    params: struct(0, 1, { utxoInfo: at(0, utxoInfoCodec) }),
    results: nothing(0, 0),
  }),
  uncache: method(UTXO_CACHE_TRACE, 3, 'uncache', {
    params: struct(0, 1, { utxoInfo: at(0, utxoInfoCodec) }),
    results: nothing(0, 0),
  }),
};

/** UtxoCacheTrace of another process. */
export class RemoteUtxoCacheTrace implements UtxoCacheTrace, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  add(utxoInfo: UtxoInfo): Promise<void> {
    return this.remote.call(utxoCacheTraceMethods.add, { utxoInfo });
  }

  spend(utxoInfo: UtxoInfo): Promise<void> {
    return this.remote.call(utxoCacheTraceMethods.spend, { utxoInfo });
  }

  uncache(utxoInfo: UtxoInfo): Promise<void> {
    return this.remote.call(utxoCacheTraceMethods.uncache, { utxoInfo });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** UtxoCacheTrace across processes. */
export const utxoCacheTraceInterface: InterfaceType<UtxoCacheTrace> =
  defineInterface(UTXO_CACHE_TRACE, {
    client: (remote) => new RemoteUtxoCacheTrace(remote),
    destroy: { method: utxoCacheTraceMethods.destroy, run: (target) => target.destroy() },
    methods: [
      serve(utxoCacheTraceMethods.add, (target, { utxoInfo }) => target.add(utxoInfo)),
      serve(utxoCacheTraceMethods.spend, (target, { utxoInfo }) => target.spend(utxoInfo)),
      serve(utxoCacheTraceMethods.uncache, (target, { utxoInfo }) => target.uncache(utxoInfo)),
    ],
  });
