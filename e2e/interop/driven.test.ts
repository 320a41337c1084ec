import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCapability } from '../../src-ipc/capnp/index.js';
import type { Capability } from '../../src-ipc/capnp/index.js';
import { call, finish } from '../../src-ipc/capnp/rpc/testing.js';
import { FEATURES } from './features.js';
import { drained, live, startPeer, withPeer } from './peer-session.js';
import { buildPeer } from './build-peer.js';
import { counts, PROBE, scenarioServer } from './scenario-server.js';

/* Every protocol feature with the C++ implementation calling: this one, and another C++ process through this one. */

/** What the C++ side sees when it plays the scenario of that name. */
const DRIVEN: Readonly<Record<string, string | RegExp>> = {
  echo: 'héllo',
  large: 'same',
  pipeline: 'in order',
  kept: '1,2',
  embargo: '0,1,2,3,4,5,6,7,8,9',
  errors: /Method not implemented/,
  cancel: 'cancelled=1',
  list: '7;7;7;',
  tail: '5',
  promise: '0,1,2',
  passPromise: '0,1,2',
  release: '10',
  blocked: 'héllo',
  nested: '1,2',
  answerAsParameter: '8',
  many: '0',
  sameObject: '6',
  givenUp: '0',
  foreign: 'unimplemented',
  null: /null capability|returned no capabilities/,
  brokenPromise: /never came to be/,
  theirPromise: '0,1,2,3',
};

/** Lets a C++ process play a scenario against an object, which is handed over. */
async function drive(root: Capability, name: string, target: Capability): Promise<void> {
  const { text } = await finish(call(root, PROBE.drive, { text: name, cap: target }));
  const expected = DRIVEN[name];
  if (typeof expected === 'string') assert.equal(text, expected);
  else assert.match(text, expected ?? assert.fail());
}

for (const name of Object.keys(DRIVEN)) {
  withPeer(`driven by C++: ${name}`, async ({ root }) => {
    counts.cancelled = 0;
    await drive(root, name, localCapability(scenarioServer()));
    if (name !== 'blocked') assert.equal(await live(root), 0);
  });
}

const NOTHING = { questions: 0, answers: 0, exports: 0, imports: 0, embargoes: 0 };
const peer = buildPeer();

for (const name of Object.keys(DRIVEN)) {
  withPeer(`C++ through this process to C++: ${name}`, async ({ root }, t) => {
    const beyond = await startPeer(t, 'program' in peer ? peer.program : assert.fail());
    await drive(root, name, beyond.root);
    await live(root);
    if (name === 'blocked') return;
    await drained(beyond.connection);
    assert.deepEqual(beyond.connection.statistics(), NOTHING);
    beyond.connection.close();
    assert.equal((await beyond.child.exited).code, 0);
  });
}

withPeer('C++ is told that the process behind this one is gone', async ({ root }, t) => {
  const beyond = await startPeer(t, 'program' in peer ? peer.program : assert.fail());
  const pending = finish(call(root, PROBE.drive, { text: 'disconnected', cap: beyond.root }));
  await finish(call(root, PROBE.echo));
  setTimeout(() => beyond.child.kill('SIGKILL'), 50);
  assert.equal((await pending).text, 'disconnected');
});

test('every feature has its scenario', (t) => {
  for (const { feature, ours, theirs } of FEATURES) {
    if (typeof theirs === 'string') assert.ok(theirs === 'disconnected' || theirs in DRIVEN, `${feature}: no scenario "${theirs}"`);
    t.diagnostic(`${feature}: we call: ${ours}; C++ calls: ${typeof theirs === 'string' ? theirs : theirs.cannot}`);
  }
});
