// Generated from init.capnp, sha256 8391f2d30660e9ab. To change it: "npm run generate".

import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { Mining } from '../../src-interfaces/generated/mining.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import type { Rpc } from '../../src-interfaces/generated/rpc.js';
import type { Tracing } from '../../src-interfaces/generated/tracing.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { at, capability, nothing, nullable, only, struct } from '../proxy/codec.js';
import { facet, serveFacets } from '../proxy/facets.js';
import {
  defineInterface,
  method,
  serve,
  serveRetired,
  type InterfaceType,
} from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';
import { chainInterface } from './chain.js';
import { globalArgsCodec } from './common.js';
import { echoInterface } from './echo.js';
import { miningInterface } from './mining.js';
import { nodeInterface } from './node.js';
import { rpcInterface } from './rpc.js';
import { tracingInterface } from './tracing.js';
import { walletLoaderInterface } from './wallet.js';

const INIT = { id: 0x8838c700ba5cba65n, name: 'Init' };

const initMethods = {
  makeEcho: method(INIT, 1, 'makeEcho', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, nullable(capability(() => echoInterface)))),
    context: 0,
  }),
  makeMiningOld2: method(INIT, 2, 'makeMiningOld2', {
    params: nothing(0, 0),
    results: nothing(0, 0),
  }),
  makeMining: method(INIT, 3, 'makeMining', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, nullable(capability(() => miningInterface)))),
    context: 0,
  }),
  makeChain: method(INIT, 4, 'makeChain', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, nullable(capability(() => chainInterface)))),
    context: 0,
  }),
  makeRpc: method(INIT, 4, 'makeRpc', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, nullable(capability(() => rpcInterface)))),
    context: 0,
  }),
  makeNode: method(INIT, 5, 'makeNode', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, nullable(capability(() => nodeInterface)))),
    context: 0,
  }),
  makeWalletLoader: method(INIT, 6, 'makeWalletLoader', {
    params: struct(0, 3, {
      globalArgs: at(1, globalArgsCodec),
      chain: at(2, capability(() => chainInterface)),
    }),
    results: only(0, 1, 'result', at(0, nullable(capability(() => walletLoaderInterface)))),
    context: 0,
  }),
  makeTracing: method(INIT, 7, 'makeTracing', {
    params: nothing(0, 1),
    results: only(0, 1, 'result', at(0, nullable(capability(() => tracingInterface)))),
    context: 0,
  }),
};

/** Init of another process. */
export class RemoteInit implements Init, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  makeEcho(): Promise<Echo | undefined> {
    return this.remote.call(initMethods.makeEcho, undefined);
  }

  makeMining(): Promise<Mining | undefined> {
    return this.remote.call(initMethods.makeMining, undefined);
  }

  makeChain(): Promise<Chain | undefined> {
    return this.remote.call(initMethods.makeChain, undefined);
  }

  makeRpc(): Promise<Rpc | undefined> {
    return this.remote.call(initMethods.makeRpc, undefined);
  }

  makeNode(): Promise<Node | undefined> {
    return this.remote.call(initMethods.makeNode, undefined);
  }

  makeWalletLoader(globalArgs: GlobalArgs, chain: Chain): Promise<WalletLoader | undefined> {
    return this.remote.call(initMethods.makeWalletLoader, { globalArgs, chain });
  }

  makeTracing(): Promise<Tracing | undefined> {
    return this.remote.call(initMethods.makeTracing, undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Init across processes. */
export const initInterface: InterfaceType<Init> = defineInterface(INIT, {
  client: (remote) => new RemoteInit(remote),
  methods: [
    serve(initMethods.makeEcho, (target) => target.makeEcho()),
    serveRetired(
      initMethods.makeMiningOld2,
      "Old mining interface (@2) not supported. Please update your client!",
    ),
    serve(initMethods.makeMining, (target) => target.makeMining()),
    serveFacets(initMethods.makeChain, [
      facet(() => chainInterface, (target) => target.makeChain()),
      facet(() => rpcInterface, (target) => target.makeRpc()),
    ]),
    serve(initMethods.makeNode, (target) => target.makeNode()),
    serve(initMethods.makeWalletLoader, (target, { globalArgs, chain }) =>
      target.makeWalletLoader(globalArgs, chain),
    ),
    serve(initMethods.makeTracing, (target) => target.makeTracing()),
  ],
});
