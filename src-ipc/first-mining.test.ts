import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mining } from '../src-interfaces/generated/mining.js';
import { memoryTransportPair } from './capnp/transport/memory.js';
import { connectInit } from './connect.js';
import { makeFirstMining } from './first-mining.js';
import { miningInterface } from './generated/mining.js';
import { at, capability, nothing, only } from './proxy/codec.js';
import { defineInterface, method, serve } from './proxy/interface.js';
import { connectTo, implement, initWith } from './proxy/testing/pair.js';
import { serveRoot } from './serve.js';

const INIT = { id: 0x8838c700ba5cba65n, name: 'Init' };

test('the slot of Bitcoin Core 30 gives a Mining', async () => {
  const tip = { hash: new Uint8Array(32).fill(7), height: 900_000 };
  const root = { makeMining: async () => implement<Mining>({ getTip: async () => tip }) };
  const slot = method(INIT, 2, 'makeMining', { params: nothing(0, 1), results: only(0, 1, 'result', at(0, capability(() => miningInterface))), context: 0 });
  const type = defineInterface<typeof root>(INIT, { client: () => root, methods: [serve(slot, (target) => target.makeMining())] });
  const [client, server] = memoryTransportPair();
  serveRoot(root, type, server);
  const { init, close } = await connectInit(client);
  await assert.rejects(init.makeMining(), { code: 'unimplemented' });
  const mining = await makeFirstMining(init);
  assert.deepEqual(await mining?.getTip(), tip);
  close();
});

test('later programs say that the slot is not what it was', async () => {
  const { init, close } = await connectTo(initWith({}));
  await assert.rejects(makeFirstMining(init), /Old mining interface/);
  close();
  assert.equal(await makeFirstMining(initWith({})), undefined);
});
