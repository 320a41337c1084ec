import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CallFailure, RpcFailure } from '../../src-interfaces/errors.js';
import type { BlockRef } from '../../src-interfaces/generated/common.js';
import type { Mining } from '../../src-interfaces/generated/mining.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import type { Rpc } from '../../src-interfaces/generated/rpc.js';
import { connectTo, implement, initWith } from '../../src-ipc/proxy/testing/pair.js';
import { createNode } from '../../src-node/init/create-node.js';
import { NodeInit } from '../../src-node/init/node-init.js';
import { CoreLikeInit } from '../../e2e/framework/core-like-init.js';
import { waitFor } from '../../e2e/framework/wait.js';
import { CoreNode } from './core-node.js';
import { MiningNode } from './mining-node.js';
import { ShutdownNotice } from './multiprocess-node.js';
import { recogniseNode } from './recognise-node.js';
import { RpcCaller } from './rpc-caller.js';
import { TipWatch } from './tip-watch.js';

const address = 'bcrt1qft5p2uhsdcdc3l2ua4ap5qqfg4pjaqlp250x7us7a8qqhrxrxfsqseac85';

test('a node is recognised by what its Init answers', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'recognise-'));
  const node = await createNode(['-regtest', `-datadir=${directory}`, '-printtoconsole=0', '-disablewallet', '-listen=0', '-connect=0']);
  t.after(() => node.shutdown());
  const recognised = async (init: NodeInit): Promise<Awaited<ReturnType<typeof recogniseNode>>> => {
    const pair = await connectTo(init);
    t.after(() => pair.close());
    return recogniseNode(pair.init);
  };
  const ours = await recognised(new NodeInit(node));
  assert.deepEqual(await ours?.offers(), { wallets: true, restartsWallet: true, commands: true });
  assert.equal(ours?.shutdownNotice, undefined);
  const current = await recognised(new CoreLikeInit(node));
  assert.deepEqual(await current?.offers(), { wallets: false, restartsWallet: false, commands: true });
  assert.ok(current?.node instanceof CoreNode);
  await current.node.destroy();

  const mining = await recognised(new CoreLikeInit(node, 'mining'));
  assert.deepEqual(await mining?.offers(), { wallets: false, restartsWallet: false, commands: false });
  assert.ok(mining?.node instanceof MiningNode);
  assert.equal(await mining.node.getNumBlocks(), 0);
  assert.equal((await mining.node.getHeaderTip()).result, false);
  const tips: number[] = [];
  const handler = await mining.node.handleNotifyBlockTip(async (_state, tip) => void tips.push(tip.blockHeight));
  await node.executeRpc('generatetoaddress', JSON.stringify([1, address]), '');
  await waitFor('the block', () => tips.at(-1) === 1);
  await assert.rejects(mining.node.executeRpc(), { code: 'unimplemented' });
  await handler.destroy();
  await mining.node.destroy();
});

test('a node of the multiprocess branch is asked nothing but commands while it starts', async () => {
  let warmUp: string | undefined = 'Loading block index…';
  const node = implement<Node>({
    executeRpc: (command) => (warmUp === undefined ? Promise.resolve(command === 'uptime' ? '7' : 'null') : Promise.reject(RpcFailure.of(-28, warmUp))),
    listRpcCommands: async () => ['help', 'uptime'],
    shutdownRequested: async () => false,
  });
  // Its Chain, in the slot of Rpc, knows no commands.
  const rpc = implement<Rpc>({ executeRpc: () => Promise.reject(new CallFailure('unimplemented', 'Requested interface not implemented.')) });
  const recognised = (await recogniseNode(initWith({ makeNode: async () => node, makeRpc: async () => rpc }))) ?? assert.fail();
  assert.equal(await recognised.starting(), 'Loading block index…');
  warmUp = undefined;
  assert.equal(await recognised.starting(), undefined);
  assert.equal(await recognised.shutdownNotice?.isGiven(), false);
  // Started without wallets: asking for them would end it.
  assert.deepEqual(await recognised.offers(), { wallets: false, restartsWallet: false, commands: true });
});

test('the end of a node is noticed by a wait that finds no tip, once', async () => {
  const held = new HeldMining(false);
  const notice = new ShutdownNotice(implement<Node>({}), async () => held.mining);
  let given = 0;
  notice.watch(() => void given++);
  await waitFor('the wait', () => held.waits.length === 1);
  held.waits[0]?.end({ ...held.tip, height: 2 });
  await waitFor('the next wait', () => held.waits.length === 2);
  assert.equal(given, 0);
  held.waits[1]?.end(undefined);
  await waitFor('the notice', () => given === 1);
  await notice.close();
  assert.equal(held.waits.length, 2);
});

test('a program that is no node, and one that fails, are told apart', async () => {
  assert.equal(await recogniseNode(initWith({})), undefined);
  const fault = new CallFailure('failed', 'The disk is full');
  await assert.rejects(recogniseNode(initWith({ makeNode: () => Promise.reject(fault) })), fault);
});

test('replies keep the text they have; requests say who asks', async () => {
  const asked: string[] = [];
  let reply = '{"jsonrpc":"2.0","result":{"10":1.10,"2":[0.00000001]},"id":1}';
  const caller = new RpcCaller({
    executeRpc: async (request, uri, user) => {
      asked.push(`${user} ${uri} ${request}`);
      return reply;
    },
  });
  assert.equal(await caller.execute('dumb', '{"a": 1.50}', '/wallet/x'), '{"10":1.10,"2":[0.00000001]}');
  assert.deepEqual(asked, ['__cookie__ /wallet/x {"jsonrpc":"2.0","id":1,"method":"dumb","params":{"a": 1.50}}']);
  reply = '{"jsonrpc":"2.0","error":{"code":-5,"message":"no","data":{"x":1.0}},"id":1}';
  await assert.rejects(caller.execute('dumb', ''), (error) => error instanceof RpcFailure && error.code === -5 && error.json === '{"code":-5,"message":"no","data":{"x":1.0}}');
  reply = 'null';
  await assert.rejects(caller.execute('stop', ''), /does not let this window run stop/);
  reply = '{"jsonrpc":"2.0","result":{"a":1},"id":1}';
  const sent = asked.length;
  await Promise.all([caller.ask('getx'), caller.ask('getx'), caller.ask('gety')]);
  assert.equal(asked.length, sent + 2, 'questions of one turn are one call');
  await caller.ask('getx');
  assert.equal(asked.length, sent + 3, 'a later one is asked anew');
  await assert.rejects(caller.execute('dumb', '[1],"method":"stop"'), (error) => error instanceof RpcFailure && error.code === -32700);
});

test('a node that is still starting says how far it is', async () => {
  let warm = false;
  const rpc = {
    executeRpc: async () =>
      warm
        ? '{"result":{"blocks":7,"headers":7,"bestblockhash":"00000000000000000000000000000000000000000000000000000000000000aa","time":1,"verificationprogress":1,"initialblockdownload":false,"warnings":[]}}'
        : '{"result":null,"error":{"code":-28,"message":"Loading block index…"}}',
  };
  const node = new CoreNode((warmingUp) => new RpcCaller(rpc, warmingUp), new Promise(() => undefined), () => undefined);
  const messages: string[] = [];
  await node.handleInitMessage(async (message) => void messages.push(message));
  assert.equal(await node.getNumBlocks(), -1);
  assert.deepEqual(messages, ['Loading block index…']);
  warm = true;
  assert.equal(await node.getNumBlocks(), 7);
  await node.destroy();
});

/** A Mining whose waits end only when they are told to. */
class HeldMining {
  tip: BlockRef = { hash: new Uint8Array(32).fill(1), height: 1 };
  readonly waits: { timeout: number; end: (tip: BlockRef | undefined) => void }[] = [];
  interrupts = 0;
  #interrupted = false;

  constructor(readonly interruptible: boolean) {}

  get mining(): Mining {
    return implement<Mining>({
      getTip: async () => this.tip,
      waitTipChanged: (_known, timeout) =>
        new Promise((resolve) => {
          if (this.#interrupted || timeout === 0) resolve(this.#interrupted ? undefined : this.tip);
          else this.waits.push({ timeout, end: resolve });
          this.#interrupted = false;
        }),
      interrupt: async () => {
        if (!this.interruptible) throw new CallFailure('unimplemented', 'Method not implemented.');
        this.interrupts++;
        const wait = this.waits.at(-1);
        if (wait === undefined) this.#interrupted = true;
        else wait.end(undefined);
      },
    });
  }
}

test('following the tip waits in the node; the end of it ends the wait', async () => {
  const held = new HeldMining(true);
  const heights: number[] = [];
  const watch = new TipWatch(held.mining, async ({ height }) => void heights.push(height), () => undefined);
  await watch.start();
  await waitFor('the wait', () => held.waits.length === 1);
  held.waits[0]?.end(held.tip);
  await waitFor('the next wait', () => held.waits.length === 2);
  assert.deepEqual(heights, [], 'a wait that ran out is no news');
  held.waits[1]?.end({ hash: new Uint8Array(32).fill(2), height: 2 });
  await waitFor('the wait after', () => held.waits.length === 3);
  assert.deepEqual(heights, [2]);
  assert.ok((held.waits[2]?.timeout ?? 0) >= 60_000);
  const before = held.interrupts;
  await watch.close();
  assert.equal(held.interrupts, before + 1);
  assert.equal(held.waits.length, 3, 'no wait begins after the end');
});

test('a node whose waits cannot be ended is asked for short ones', async () => {
  const held = new HeldMining(false);
  const watch = new TipWatch(held.mining, async () => undefined, () => undefined);
  await watch.start();
  await waitFor('the wait', () => held.waits.length === 1);
  assert.ok((held.waits[0]?.timeout ?? Infinity) <= 1000);
  const closed = watch.close();
  held.waits[0]?.end(held.tip);
  await closed;
  assert.equal(held.waits.length, 1);
});
