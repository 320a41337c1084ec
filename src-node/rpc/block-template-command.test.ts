import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { parseJson, writeJson } from '../../src-interfaces/json/json.js';
import { RequestMode, runCommand } from '../../src-interfaces/rpc/command.js';
import type { Chainstate } from '../kernel/types.js';
import { at } from '../mempool/testing/mempool-bed.js';
import { TestNode } from '../net/testing/test-node.js';
import { blockTemplateCommand } from './block-template-command.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

/** The same chain by other rules. */
function withParams(chainstate: Chainstate, params: ChainParams): Chainstate {
  return new Proxy(chainstate, {
    get: (target, name): unknown => {
      if (name === 'params') return params;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

interface Asked {
  readonly node: TestNode;
  readonly stop: AbortController;
  /** Templates made. */
  readonly made: () => number;
  ask(request?: Record<string, unknown>): Promise<Json>;
}

async function start(t: TestContext, change: (params: ChainParams) => ChainParams = (params) => params): Promise<Asked> {
  const node = await TestNode.start(t);
  const stop = new AbortController();
  const now = (): number => Math.floor(Date.now() / 1000);
  const clock = { now, setMockTime: () => undefined, mockTime: 0 };
  const chainstate = withParams(node.chainstate, change(node.chainstate.params));
  let made = 0;
  const miner = {
    template: (script: Uint8Array) => {
      made++;
      return node.miner.template(script);
    },
    nextBits: () => node.miner.nextBits(),
  };
  const command = blockTemplateCommand({ chainstate, mempool: node.mempool, network: node.network, clock, stopping: stop.signal }, () => miner);
  const ask = async (request: Record<string, unknown> = {}): Promise<Json> => {
    const params = [parseJson(JSON.stringify({ rules: ['segwit'], ...request }))];
    const result = await runCommand(command, { id: undefined, method: command.name, params, mode: RequestMode.execute, uri: '', authUser: '', peerAddress: '', version: 1 });
    return JSON.parse(writeJson(result));
  };
  return { node, stop, made: () => made, ask };
}

test('on the main chain a node without peers, or behind the others, makes no templates', async (t) => {
  const { node, ask } = await start(t, (params) => ({ ...params, isTestChain: false }));
  await assert.rejects(ask(), { code: -9, message: 'Bulkhead is not connected!' });
  await node.connect(await TestNode.start(t));
  await assert.rejects(ask(), { code: -10, message: 'Bulkhead is in initial sync and waiting for blocks...' });
  await node.mine(1);
  assert.equal((await ask()).height, 2);
});

test('before segwit there is no witness, and limits count a fourth', async (t) => {
  const { node, ask } = await start(t, (params) => ({ ...params, consensus: { ...params.consensus, segwitHeight: 1000 } }));
  const [coin] = await node.mine(101);
  assert.ok(coin);
  const tx = node.key.split([coin], 1000n);
  assert.equal((await node.mempool.accept(tx)).accepted, true);
  const { rules, sizelimit: size, sigoplimit: sigops, weightlimit: weight, default_witness_commitment: commitment, transactions, coinbasevalue: value } = await ask();
  assert.deepEqual({ rules, size, sigops, weight, commitment }, { rules: ['csv', 'taproot'], size: 1_000_000, sigops: 20_000, weight: undefined, commitment: undefined });
  const { sigopCost } = at([...node.mempool.entries()], 0);
  assert.ok(sigopCost > 0);
  assert.deepEqual(transactions.map(({ fee, sigops: each }: Json) => [fee, each]), [[1000, sigopCost / 4]]);
  assert.equal(value, 50_0000_0000 + 1000);
});

test('those who ask while a template is made get the same', async (t) => {
  const { node, made, ask } = await start(t);
  await node.mine(1);
  const answers = await Promise.all([1, 2, 3, 4].map(() => ask()));
  assert.equal(made(), 1);
  const tip = hashToHex(node.chainstate.tip.hash);
  for (const { previousblockhash, longpollid } of answers) assert.deepEqual([previousblockhash, longpollid.slice(0, 64)], [tip, tip]);
  await node.mine(1);
  assert.equal((await ask()).height, 3);
  assert.equal(made(), 2);
});

test('a long poll ends with the node', async (t) => {
  const { stop, ask } = await start(t);
  const { longpollid } = await ask();
  const poll = assert.rejects(ask({ longpollid }), { code: -9, message: 'Shutting down' });
  stop.abort();
  await poll;
});
