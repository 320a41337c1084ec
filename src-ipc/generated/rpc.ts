// Generated from rpc.capnp, sha256 cded78a36e67de8a. To change it: "npm run generate".

import type { Rpc } from '../../src-interfaces/generated/rpc.js';
import { at, only, secret, struct, text } from '../proxy/codec.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';

const RPC = { id: 0xacb1d37f0a713129n, name: 'Rpc' };

const rpcMethods = {
  executeRpc: method(RPC, 0, 'executeRpc', {
    params: struct(0, 4, { request: at(1, secret(text)), uri: at(2, text), user: at(3, text) }),
    results: only(0, 1, 'result', at(0, secret(text))),
    context: 0,
  }),
};

/** Rpc of another process. */
export class RemoteRpc implements Rpc, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  executeRpc(request: string, uri: string, user: string): Promise<string> {
    return this.remote.call(rpcMethods.executeRpc, { request, uri, user });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Rpc across processes. */
export const rpcInterface: InterfaceType<Rpc> = defineInterface(RPC, {
  client: (remote) => new RemoteRpc(remote),
  methods: [
    serve(rpcMethods.executeRpc, (target, { request, uri, user }) =>
      target.executeRpc(request, uri, user),
    ),
  ],
});
