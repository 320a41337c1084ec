// Generated from echo.capnp, sha256 66cbbc4af3b48a84. To change it: "npm run generate".

import type { Echo } from '../../src-interfaces/generated/echo.js';
import { at, nothing, only, struct, text } from '../proxy/codec.js';
import { defineInterface, method, serve, type InterfaceType } from '../proxy/interface.js';
import type { Remote } from '../proxy/remote.js';

const ECHO = { id: 0xd36b89640dc94399n, name: 'Echo' };

const echoMethods = {
  destroy: method(ECHO, 0, 'destroy', {
    params: nothing(0, 1),
    results: nothing(0, 0),
    context: 0,
  }),
  echo: method(ECHO, 1, 'echo', {
    params: struct(0, 2, { echo: at(1, text) }),
    results: only(0, 1, 'result', at(0, text)),
    context: 0,
  }),
};

/** Echo of another process. */
export class RemoteEcho implements Echo, AsyncDisposable {
  constructor(protected readonly remote: Remote) {}

  destroy(): Promise<void> {
    return this.remote.destroy();
  }

  echo(echo: string): Promise<string> {
    return this.remote.call(echoMethods.echo, { echo });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remote.destroy();
  }
}

/** Echo across processes. */
export const echoInterface: InterfaceType<Echo> = defineInterface(ECHO, {
  client: (remote) => new RemoteEcho(remote),
  destroy: { method: echoMethods.destroy, run: (target) => target.destroy() },
  methods: [serve(echoMethods.echo, (target, { echo }) => target.echo(echo))],
});
