import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { UtxoCacheTrace, UtxoInfo } from '../../src-interfaces/generated/tracing.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import type { Coin, CoinsTrace } from '../kernel/types.js';
import { at } from '../mempool/testing/mempool-bed.js';
import { TestNode } from '../net/testing/test-node.js';
import { ownNode, startIpcNode } from './testing/ipc-node.js';
import { solve } from './testing/solver.js';
import { NodeTracing } from './tracing.js';

function recorder(): { readonly trace: UtxoCacheTrace; readonly events: string[] } {
  const events: string[] = [];
  const note = (event: string) => async ({ outpointHash, outpointN, height, value, isCoinbase }: UtxoInfo): Promise<void> => {
    events.push(`${event} ${hashToHex(outpointHash)}:${outpointN} ${height} ${value} ${isCoinbase}`);
  };
  const destroy = async (): Promise<void> => void events.push('destroy');
  return { trace: { add: note('add'), spend: note('spend'), uncache: note('uncache'), destroy }, events };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

test('coins that come and go are traced until the handler ends', async (t) => {
  const node = await TestNode.start(t);
  const [coin] = await node.mine(101);
  assert.ok(coin !== undefined);
  const { trace, events } = recorder();
  const handler = await new NodeTracing(node.chainstate, silentLogger).traceUtxoCache(trace);
  const tx = node.key.split([coin], 1000n);
  assert.ok((await node.mempool.accept(tx)).accepted);
  await node.mine(1);
  await turns();
  const block = await node.chainstate.readBlock(node.chainstate.tip);
  const outputs = block.transactions.flatMap((made, position) =>
    made.outputs.filter(({ scriptPubKey }) => scriptPubKey[0] !== 0x6a).map(({ value }, index) => `add ${hashToHex(txidOf(made))}:${index} 102 ${value} ${position === 0}`),
  );
  const spent = `spend ${hashToHex(coin.outpoint.txid)}:0 1 ${coin.output.value} true`;
  assert.deepEqual([...events].sort(), [...outputs, spent].sort());

  events.length = 0;
  const { tip } = node.chainstate;
  await node.chainstate.invalidateBlock(tip);
  await turns();
  assert.ok(events.includes(spent.replace('spend', 'add')), events.join('\n'));
  assert.ok(events.includes(at(outputs, 0).replace('add', 'spend')));
  events.length = 0;
  await handler.disconnect();
  await node.chainstate.reconsiderBlock(tip);
  await turns();
  assert.deepEqual(events, ['destroy']);
});

/** A source of events at will. */
function source(): { readonly traceCoins: (trace: CoinsTrace) => () => void; readonly emit: (n: number) => void; readonly listeners: Set<CoinsTrace> } {
  const listeners = new Set<CoinsTrace>();
  const coin: Coin = { value: 1n, scriptPubKey: new Uint8Array(), height: 1, coinbase: false };
  return {
    listeners,
    traceCoins: (trace) => {
      listeners.add(trace);
      return () => listeners.delete(trace);
    },
    emit: (n) => {
      for (let index = 0; index < n; index++) for (const trace of [...listeners]) trace('add', { txid: new Uint8Array(32), index }, coin);
    },
  };
}

test('a tracer that does not answer is given up, one that answers late gets everything in order', async () => {
  const coins = source();
  const warnings: string[] = [];
  const tracing = new NodeTracing(coins, { ...silentLogger, warning: (text) => void warnings.push(text) });
  let stuck = 0;
  let ended = false;
  const never = (): Promise<void> => {
    stuck++;
    return new Promise(() => undefined);
  };
  await tracing.traceUtxoCache({ add: never, spend: never, uncache: never, destroy: async () => void (ended = true) });
  const seen: number[] = [];
  const late = async ({ outpointN }: UtxoInfo): Promise<void> => {
    seen.push(outpointN);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await tracing.traceUtxoCache({ add: late, spend: late, uncache: late, destroy: async () => undefined });
  coins.emit(90_000);
  while (seen.length < 90_000) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([stuck, ended], [128, false]);
  coins.emit(20_000);
  while (seen.length < 110_000) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen, [...Array(90_000).keys(), ...Array(20_000).keys()]);
  assert.deepEqual([stuck, ended, coins.listeners.size], [128, true, 1]);
  assert.match(warnings.join(), /100000 events behind/);
});

test('a tracer in another process hears of coins; when it hangs up the node goes on', async (t) => {
  const { init, connect } = await startIpcNode(t, ownNode);
  const mining = (await init.makeMining()) ?? assert.fail();
  const mine = async (): Promise<void> => {
    const template = (await mining.createNewBlock({}, false)) ?? assert.fail();
    const { version, time, nonce, coinbase } = await solve(template);
    assert.equal((await template.submitSolution(version, time, nonce, coinbase)).result, true);
  };
  const tracer = await connect();
  const { trace, events } = recorder();
  const tracing = (await tracer.init.makeTracing()) ?? assert.fail();
  await tracing.traceUtxoCache(trace);
  await mine();
  while (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.match(events.join(), /^add [0-9a-f]{64}:0 1 5000000000 true$/);
  tracer.close();
  await mine();
  await mine();
  assert.equal((await mining.getTip())?.height, 3);
});
