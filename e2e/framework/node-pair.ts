/** Our node and Bitcoin Core's beside each other, for tests that ask both the same. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { NodeProcess, RpcError, type Json } from './node-process.js';
import { referenceProgram } from './programs.js';

const program = referenceProgram('bitcoin-node') ?? referenceProgram('bitcoind');

/** Options of suites that need both nodes. */
export const withReference = { skip: program === undefined && 'skipped: no BITCOIN_REFERENCE_BIN' };

export type Params = readonly unknown[] | Readonly<Record<string, unknown>>;

/** The result of a call, or the error. */
async function said(node: NodeProcess, method: string, params: Params, wallet: string | undefined): Promise<Json> {
  try {
    return { result: await node.rpc(method, params, wallet) };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    // Help is in everybody's own words; the end is of the C++ library that a program was built with.
    const isHelp = error.code === -1 && error.message.split(/\s/)[0] === method;
    return { code: error.code, message: isHelp ? 'help' : error.message.replace(/: iostream error$/, '') };
  }
}

export class NodePair {
  #nodes: readonly [own: NodeProcess, reference: NodeProcess] | undefined;

  /** Starts both on regtest, without peers. */
  async start(): Promise<void> {
    this.#nodes = await Promise.all([NodeProcess.start({ program: 'bitcoind' }), NodeProcess.start({ program: program ?? '' })]);
  }

  async stop(): Promise<void> {
    await Promise.all((this.#nodes ?? []).map((node) => node.stop()));
  }

  #started(): readonly [own: NodeProcess, reference: NodeProcess] {
    return this.#nodes ?? assert.fail('the nodes have not been started');
  }

  get own(): NodeProcess {
    return this.#started()[0];
  }

  get reference(): NodeProcess {
    return this.#started()[1];
  }

  both<T>(ask: (node: NodeProcess) => Promise<T>): Promise<[ours: T, theirs: T]> {
    return Promise.all([ask(this.own), ask(this.reference)]);
  }

  /** Asks both once wallets know all that has happened; they must agree. @returns the result, or undefined for an error */
  async sameAnswer(method: string, params: Params = [], wallet?: string): Promise<Json> {
    await this.both((node) => node.rpc('syncwithvalidationinterfacequeue'));
    const [ours, theirs] = await this.both((node) => said(node, method, params, wallet));
    assert.deepEqual(ours, theirs, `${method} ${JSON.stringify(params).slice(0, 400)}`);
    return theirs.result;
  }

  /** Both must take the same arguments to these commands, by the same names, and expect the same of them as text. */
  async sameSignatures(methods: readonly string[]): Promise<void> {
    const [ours, theirs] = await this.both(async (node) => {
      const conversions: readonly Json[] = await node.rpc('help', ['dump_all_command_conversions']);
      const heads = methods.map(async (method) => String(await node.rpc('help', [method])).split('\n')[0]);
      return { heads: await Promise.all(heads), conversions: conversions.filter(([method]) => methods.includes(method)) };
    });
    assert.deepEqual(ours, theirs);
  }

  /** Asks both; they must agree, and not on an error. */
  async same(method: string, params: Params = [], wallet?: string): Promise<Json> {
    const [ours, theirs] = await this.both((node) => node.rpc(method, params, wallet));
    assert.deepEqual(ours, theirs, `${method} ${JSON.stringify(params).slice(0, 400)}`);
    return theirs;
  }
}

/** A pair that runs while the tests of the suite do in which this is called. */
export function nodePair(): NodePair {
  const pair = new NodePair();
  before(() => pair.start());
  after(() => pair.stop());
  return pair;
}
