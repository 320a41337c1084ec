import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Rpc } from '../../src-interfaces/generated/rpc.js';
import { connectTo, deferred, implement, initWith, settle } from './testing/pair.js';

const rpc: Rpc = { executeRpc: (request, uri, user) => Promise.resolve(`${request} ${uri} ${user}`) };
const unimplemented = { name: 'CallFailure', code: 'unimplemented' };

function chainOf(height: number, events: string[] = []): Chain {
  return implement<Chain>({
    getHeight: () => Promise.resolve(height),
    destroy: () => {
      events.push(`end of ${height}`);
      return Promise.resolve();
    },
  });
}

test('one slot gives both generations what they expect', async () => {
  const { init, close } = await connectTo(initWith({ makeChain: async () => chainOf(7), makeRpc: async () => rpc }));
  const [chain, remoteRpc] = [await init.makeChain(), await init.makeRpc()];
  assert.equal(await chain?.getHeight(), 7);
  assert.equal(await remoteRpc?.executeRpc('{}', '/wallet/w', 'user'), '{} /wallet/w user');
  close();
});

test('calls wait for their own half only', async () => {
  const later = deferred<Chain>();
  const { init, close } = await connectTo(initWith({ makeChain: () => later.promise, makeRpc: async () => rpc }));
  const chain = await init.makeChain();
  const height = chain?.getHeight();
  const remoteRpc = await init.makeRpc();
  assert.equal(await remoteRpc?.executeRpc('{}', '/', ''), '{} / ');
  later.resolve(chainOf(3));
  assert.equal(await height, 3);
  close();
});

test('a half that is not there is one the peer does not know', async () => {
  const onlyRpc = await connectTo(initWith({ makeRpc: async () => rpc }));
  const chain = await onlyRpc.init.makeChain();
  await assert.rejects(async () => chain?.getHeight(), { ...unimplemented, message: /Requested interface not implemented/ });
  onlyRpc.close();
  const onlyChain = await connectTo(initWith({ makeChain: async () => chainOf(1) }));
  const other = await onlyChain.init.makeRpc();
  await assert.rejects(async () => other?.executeRpc('{}', '/', ''), unimplemented);
  onlyChain.close();
});

test('there is no reference without any object, and an error is told', async () => {
  const none = await connectTo(initWith({}));
  assert.equal(await none.init.makeChain(), undefined);
  assert.equal(await none.init.makeRpc(), undefined);
  none.close();
  const failing = await connectTo(initWith({ makeChain: () => Promise.reject(new Error('no chain today')) }));
  await assert.rejects(failing.init.makeRpc(), { code: 'failed', message: 'no chain today' });
  failing.close();
  const half = await connectTo(initWith({ makeChain: () => Promise.reject(new Error('no chain today')), makeRpc: async () => rpc }));
  const chain = await half.init.makeChain();
  await assert.rejects(async () => chain?.getHeight(), { code: 'failed', message: 'no chain today' });
  half.close();
});

test('each object ends with its reference', async () => {
  const events: string[] = [];
  const { init, close } = await connectTo(initWith({ makeChain: async () => chainOf(5, events), makeRpc: async () => rpc }));
  const chain = await init.makeChain();
  await init.makeRpc();
  await chain?.destroy();
  assert.deepEqual(events, ['end of 5']);
  close();
  await settle();
  assert.deepEqual(events, ['end of 5', 'end of 5']);
});
