import assert from 'node:assert/strict';
import { RpcFailure } from '../../src-interfaces/errors.js';
import { parseJson, writeJson, type Jsonable } from '../../src-interfaces/json/json.js';
import { RequestMode, runCommand, type CommandSpec } from '../../src-interfaces/rpc/command.js';
import { walletCommands } from '../rpc/wallet-commands.js';
import { WalletRegistry } from '../wallet-registry.js';
import type { WalletSettings } from '../context.js';
import { testContext, type Cleanup } from './fixtures.js';
import type { MemoryChain } from './memory-chain.js';

/** Commands answered as the node would pass them on, without node and process. */
export class Desk {
  readonly #commands: ReadonlyMap<string, CommandSpec>;

  constructor(
    readonly registry: WalletRegistry,
    readonly chain: MemoryChain,
    readonly uri = '/',
  ) {
    this.#commands = new Map(walletCommands(registry).map((spec) => [spec.name, spec]));
  }

  /** A desk without wallets, whose files go with the test. */
  static empty(t: Cleanup, settings: Partial<WalletSettings> = {}): Desk {
    const context = testContext(t, settings);
    const registry = new WalletRegistry(context);
    t.after(() => registry.closeAll());
    return new Desk(registry, context.chain);
  }

  /** The same wallets, asked by another path. */
  at(uri: string): Desk {
    return new Desk(this.registry, this.chain, uri);
  }

  /** Result as plain JSON, of the shape the caller expects. */
  async call<T = unknown>(name: string, ...params: readonly Jsonable[]): Promise<T> {
    const spec = this.#commands.get(name);
    assert.ok(spec, name);
    const request = { id: null, method: name, params: params.map((each) => parseJson(writeJson(each))), mode: RequestMode.execute, uri: this.uri, authUser: '', peerAddress: '', version: 1 };
    return JSON.parse(writeJson(await runCommand(spec, request))) as T;
  }

  async refused(code: number, message: string | RegExp, name: string, ...params: readonly Jsonable[]): Promise<void> {
    await assert.rejects(this.call(name, ...params), (fault) => {
      assert.ok(fault instanceof RpcFailure, String(fault));
      assert.equal(fault.code, code, fault.message);
      if (typeof message === 'string') assert.equal(fault.message, message);
      else assert.match(fault.message, message);
      return true;
    });
  }
}
