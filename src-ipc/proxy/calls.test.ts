import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallFailure, HelpResult, isDisconnected, RpcFailure, TypeFailure } from '../../src-interfaces/errors.js';
import type {
  ActorCallback,
  Chain,
  ChainNotifications,
  JSONRPCRequest,
  RPCCommand,
} from '../../src-interfaces/generated/chain.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { connectTo, deferred, implement, initWith } from './testing/pair.js';

const HASH = new Uint8Array(32).fill(7);

function echoOf(methods: Partial<Echo> = {}): Echo {
  return { echo: (text) => Promise.resolve(text), destroy: () => Promise.resolve(), ...methods };
}

async function chainOver(chain: Partial<Chain>): Promise<{ chain: Chain; close: () => void }> {
  const { init, close } = await connectTo(initWith({ makeChain: () => Promise.resolve(implement<Chain>(chain)) }));
  const remote = await init.makeChain();
  assert.ok(remote !== undefined);
  return { chain: remote, close };
}

test('a call goes to the other process and back', async () => {
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echoOf()) }));
  const echo = await init.makeEcho();
  assert.equal(await echo?.echo('grüße'), 'grüße');
  assert.equal(await init.makeNode(), undefined);
  close();
});

test('many calls at once are answered each on its own', async () => {
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echoOf()) }));
  const echo = await init.makeEcho();
  const texts = Array.from({ length: 100 }, (_, index) => `text ${index}`);
  assert.deepEqual(await Promise.all(texts.map((text) => echo?.echo(text))), texts);
  close();
});

test('optional results, flags and null pointers become undefined', async () => {
  const { chain, close } = await chainOver({
    getHeight: () => Promise.resolve(undefined),
    getPruneHeight: () => Promise.resolve(0),
    hasBlocks: (_hash, _min, max) => Promise.resolve(max === undefined),
    findBlock: (hash, block) =>
      Promise.resolve({
        block: { found: true, hash, height: 5, ...(block.nextBlock ? { nextBlock: { found: false } } : {}) },
        result: true,
      }),
    findCoins: (coins) =>
      Promise.resolve(coins.map(({ key }, index) => ({ key, value: index === 0 ? undefined : HASH }))),
    checkChainLimits: () => Promise.resolve({ error: { original: 'too long', translated: 'zu lang' } }),
  });
  assert.equal(await chain.getHeight(), undefined);
  assert.equal(await chain.getPruneHeight(), 0);
  assert.equal(await chain.hasBlocks(HASH, 1, undefined), true);
  assert.equal(await chain.hasBlocks(HASH, 1, 0), false);
  const { block } = await chain.findBlock(HASH, { wantHash: true, nextBlock: {} });
  assert.deepEqual([block.hash, block.height, block.time], [HASH, 5, 0n]);
  assert.deepEqual([block.nextBlock?.found, block.data], [false, undefined]);
  const outpoint = new Uint8Array(36);
  const coins = await chain.findCoins([{ key: outpoint, value: undefined }, { key: outpoint, value: undefined }]);
  assert.deepEqual(coins.map(({ value }) => value), [undefined, HASH]);
  assert.equal((await chain.checkChainLimits(HASH)).error?.translated, 'zu lang');
  close();
});

test('a thrown error is a CallFailure with its text', async () => {
  const { chain, close } = await chainOver({ getBlockHash: () => Promise.reject(new Error('no such height')) });
  await assert.rejects(chain.getBlockHash(5), { name: 'CallFailure', code: 'failed', message: 'no such height' });
  await assert.rejects(chain.getBlockHash(2 ** 31), RangeError);
  close();
});

const REQUEST: JSONRPCRequest = {
  id: '"a"',
  method: 'getbalance',
  params: '[]',
  mode: 0,
  uri: '/wallet/w',
  authUser: 'user',
  peerAddr: '127.0.0.1:1',
  version: 1,
};

/** Registers a command over a connection and returns the actor as the other process sees it. */
async function actorOver(actor: ActorCallback): Promise<{ command: RPCCommand; close: () => void }> {
  const commands: RPCCommand[] = [];
  const { chain, close } = await chainOver({
    handleRpc: (command) => {
      commands.push(command);
      return Promise.resolve(implement<Handler>({}));
    },
  });
  const argNames = [{ name: 'dummy|minconf', namedOnly: false }];
  await chain.handleRpc({ category: 'wallet', name: 'getbalance', actor, argNames, uniqueId: -(2n ** 63n) });
  const [command] = commands;
  assert.ok(command !== undefined);
  return { command, close };
}

test('a JSON-RPC command offered to a node runs in the process that offered it', async () => {
  const { command, close } = await actorOver((request, response, lastCallback) => {
    return Promise.resolve({ response: `${request.method} ${request.id} ${response} ${lastCallback}`, result: true });
  });
  assert.deepEqual([command.name, command.uniqueId], ['getbalance', -(2n ** 63n)]);
  assert.deepEqual(command.argNames, [{ name: 'dummy|minconf', namedOnly: false }]);
  const answer = await command.actor(REQUEST, 'null', true);
  assert.deepEqual(answer, { response: 'getbalance "a" null true', result: true });
  const { id: _, ...notification } = REQUEST;
  assert.equal((await command.actor(notification, 'null', false)).response, 'getbalance undefined null false');
  close();
});

for (const [thrown, check] of [
  [RpcFailure.of(-18, 'no wallet'), { name: 'RpcFailure', code: -18, message: 'no wallet' }],
  [new TypeFailure('JSON value is not a string'), { name: 'TypeFailure', message: 'JSON value is not a string' }],
  [new HelpResult('getbalance ( "dummy" )'), { name: 'HelpResult', message: 'getbalance ( "dummy" )' }],
  [new Error('disk full'), { name: 'Error', message: 'disk full' }],
  [new Error(''), { name: 'Error', message: '' }],
] as const) {
  test(`a command's ${thrown.name} "${thrown.message}" arrives as one`, async () => {
    const { command, close } = await actorOver(() => Promise.reject(thrown));
    await assert.rejects(command.actor(REQUEST, 'null', true), check);
    close();
  });
}

test('an RpcFailure keeps the text of its JSON', async () => {
  const json = '{"code":-5,"message":"x","data":1.50}';
  const { init, close } = await connectTo(
    initWith({
      makeNode: () => Promise.resolve(implement<Node>({ executeRpc: () => Promise.reject(new RpcFailure(json)) })),
    }),
  );
  const node = await init.makeNode();
  await assert.rejects(async () => node?.executeRpc('x', '[]', ''), { json });
  close();
});

test('a dropped connection fails calls under way and later ones, and ends destroy quietly', async () => {
  const { init, server, closed } = await connectTo(
    initWith({ makeEcho: () => Promise.resolve(echoOf({ echo: () => new Promise(() => undefined) })) }),
  );
  const echo = await init.makeEcho();
  assert.ok(echo !== undefined);
  const underWay = echo.echo('never answered');
  setImmediate(() => server.close());
  await assert.rejects(underWay, (error) => isDisconnected(error) && /interrupted by disconnect/.test(error.message));
  await assert.rejects(echo.echo('late'), (error) => isDisconnected(error) && /after disconnect/.test(error.message));
  await echo.destroy();
  assert.equal((await closed).reason, 'eof');
});

test('a call after destroy is a typed error in either process', async () => {
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echoOf()) }));
  const echo = await init.makeEcho();
  await echo?.destroy();
  await echo?.destroy();
  await assert.rejects(async () => echo?.echo('x'), (error) => error instanceof CallFailure && error.code === 'destroyed');
  close();
});

test('notifications arrive with their data, one after the other', async () => {
  const seen: string[] = [];
  const subscribed = deferred<ChainNotifications>();
  const { chain, close } = await chainOver({
    handleNotifications: (notifications) => {
      subscribed.resolve(notifications);
      return Promise.resolve(implement<Handler>({}));
    },
  });
  const block = { hash: HASH, height: 1, chainTimeMax: 3, data: HASH, fileNumber: 0 };
  await chain.handleNotifications(
    implement<ChainNotifications>({
      blockConnected: (role, info) => {
        seen.push(`${role.validated} ${info.height} ${info.fileNumber} ${info.dataPos} ${info.data?.length}`);
        assert.equal(info.prevHash, undefined);
        return Promise.resolve();
      },
      updatedBlockTip: () => {
        seen.push('tip');
        return Promise.resolve();
      },
    }),
  );
  const notifications = await subscribed.promise;
  await notifications.blockConnected({ validated: true, historical: false }, block);
  await notifications.updatedBlockTip();
  assert.deepEqual(seen, ['true 1 0 0 32', 'tip']);
  close();
});
