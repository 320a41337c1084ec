// Generated from handler.capnp, sha256 eed74074fc72e89a. To change it: "npm run generate".

import type { Handler } from '../../src-interfaces/generated/handler.js';
import { nothing } from '../proxy/codec.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';

const HANDLER = { id: 0xea08728d34263f55n, name: 'Handler' };

const handlerMethods = {
  destroy: method(HANDLER, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  disconnect: method(HANDLER, 1, 'disconnect', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
};

/** Handler of another process. */
export class RemoteHandler implements Handler, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  disconnect(): Promise<void> {
    return this.remote.call(handlerMethods.disconnect, undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Handler across processes. */
export const handlerInterface: InterfaceType<Handler> = defineInterface(HANDLER, {
  client: (remote) => new RemoteHandler(remote),
  destroy: { method: handlerMethods.destroy, run: (target) => target.destroy() },
  methods: [serve(handlerMethods.disconnect, (target) => target.disconnect())],
});
