import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Handle, startCall } from './handle.js';
import { localCapability } from './local.js';
import { call, connectPair, finish, method, Probe, settle, SIZE } from './testing.js';

/* Faults of this process while a connection ends: they keep nothing else from being let go of. */

const NOTHING = { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 };

/** Texts of the warnings that the process gives from here on. */
function warningsOf(t: TestContext): string[] {
  const texts: string[] = [];
  const note = ({ message }: Error): void => void texts.push(message);
  process.on('warning', note);
  t.after(() => process.off('warning', note));
  return texts;
}

test('a method that throws when it hears that its caller is gone', async (t) => {
  const warnings = warningsOf(t);
  const told: number[] = [];
  const given = new Probe();
  const pair = connectPair(
    new Probe({
      0: (params, incoming) => {
        const n = params.getInt32(0);
        incoming.onCancelled = () => {
          told.push(n);
          throw new Error(`fault ${n}`);
        };
        return new Promise(() => {});
      },
      1: () => ({ cap: localCapability(given) }),
    }),
  );
  const root = pair.client.bootstrap();
  const { cap } = await finish(call(root, 1));
  const pending = [call(root, 0, { n: 1 }), call(root, 0, { n: 2 }), call(root, 0, { n: 3 })];
  await settle(3);
  pending[0]?.cancel();
  await settle();
  assert.deepEqual([told, pair.server.isClosed], [[1], false]);
  pair.server.close();
  await settle();
  assert.deepEqual(told, [1, 2, 3]);
  assert.deepEqual(pair.server.statistics(), NOTHING);
  assert.equal(given.releasedCount, 1);
  assert.deepEqual(warnings, ['fault 1', 'fault 2', 'fault 3']);
  assert.equal((await pair.server.closed).reason, 'closed');
  cap?.dispose();
});

test('whoever waits for the end of a call, or for room, and throws', async (t) => {
  const warnings = warningsOf(t);
  const given = new Probe();
  const pair = connectPair(new Probe({ 0: () => new Promise(() => {}), 1: () => ({ cap: localCapability(new Probe()) }) }), { client: { limits: { queuedBytes: -1 } } });
  const root = pair.client.bootstrap();
  const { cap } = await finish(call(root, 1));
  assert.ok(cap);
  const heard: string[] = [];
  const faulty = startCall(Handle.peek(root), method(0), SIZE, () => {});
  faulty.onSettled(() => {
    throw new Error('fault');
  });
  faulty.onSettled(() => heard.push('of the same call'));
  const other = call(root, 0, { cap: localCapability(given) });
  cap.onBroken(() => heard.push('of the connection'));
  pair.client.whenWritable(() => {
    throw new Error('another');
  });
  pair.client.whenWritable(() => heard.push('of room'));
  await settle(3);
  assert.equal(pair.server.statistics().imports, 1);
  pair.client.close();
  await assert.rejects(other.results, { kind: 'disconnected' });
  assert.equal((await pair.client.closed).reason, 'closed');
  await settle();
  assert.deepEqual(heard, ['of the same call', 'of room', 'of the connection']);
  assert.deepEqual([pair.client.statistics(), given.releasedCount], [NOTHING, 1]);
  assert.deepEqual(warnings, ['fault']);
  cap.dispose();
});

test('an object that was released too often', async (t) => {
  const warnings = warningsOf(t);
  const objects = [new Probe(), new Probe()];
  const capabilities = objects.map(localCapability);
  const pair = connectPair(
    new Probe({ 1: () => ({ cap: capabilities[0]?.dup() ?? null, cap2: capabilities[1]?.dup() ?? null }) }),
  );
  const root = pair.client.bootstrap();
  const held = await call(root, 1).results;
  const hook = capabilities[0] && Handle.peek(capabilities[0]);
  // This reference, the answer's and the export's: there is none left for it to be let go of by.
  for (let i = 0; i < 3; i++) hook?.release();
  capabilities[1]?.dispose();
  pair.server.close();
  assert.equal((await pair.server.closed).reason, 'closed');
  await settle();
  assert.deepEqual(pair.server.statistics(), NOTHING);
  assert.deepEqual(objects.map(({ releasedCount }) => releasedCount), [1, 1]);
  assert.deepEqual(warnings, ['Capability was released more often than referenced']);
  held.dispose();
});
