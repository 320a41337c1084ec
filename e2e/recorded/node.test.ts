/** A recorded node of the reference, played to our wallet process in place of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meaning, type Allowed } from './meaning.js';
import { PlayedNode } from './played-node.js';
import { nameOf } from './player.js';
import { RecordedChain } from './recorded-chain.js';
import { readRecording, withoutRecordings } from './recording.js';

/** What may differ. */
const ALLOWED: readonly Allowed[] = [
  { where: /handleRpc \w+ params: command\.uniqueId$/, why: 'tells commands apart and means nothing, an address in memory in the reference' },
  { where: /(checkChainLimits|broadcastTransaction) params: tx\.txLockTime$/, why: 'a wallet sometimes chooses an earlier height, to make its payments look less alike' },
  { where: /checkChainLimits params: tx\.txid$/, why: 'it is of a payment that may have its outputs in another order than the one that is sent' },
];

/** What stands for something, and must do so everywhere. */
const RANDOM: readonly Allowed[] = [
  { where: /getnewaddress: response$/, why: 'the keys of the wallets are random' },
  { where: /parent_descs\.\d+\.keys\.\d+$/, why: 'the keys of the wallets are random' },
  { where: /broadcastTransaction params: tx\.txid$/, why: 'follows from keys' },
];

/** Recorded calls that our wallet does not make, or less often, and why it need not. */
const MISSING: ReadonlyMap<string, string> = new Map([
  ['', ''],
]);

/** Calls that the recorded wallet did not make, or less often, and why ours does. */
const UNRECORDED: ReadonlyMap<string, string> = new Map([
  ['Chain.findBlock', 'a scan asks for all it needs of a block at once'],
  ['Chain.hasBlocks', 'before catching up, too, it is asked whether the blocks are there'],
]);

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

test('a recorded node gets the recorded answers from our wallet process', { skip: withoutRecordings }, async (t) => {
  const meaning = new Meaning(ALLOWED, RANDOM);
  const node = new PlayedNode(readRecording('node-wallet'), meaning);
  const exit = await node.run(t);
  const { player, counterparts } = node;
  console.log(player.compared, player.recognized, player.unrecorded, total(player.compared), total(player.recognized));
  assert.deepEqual(player.differences, []);
  assert.deepEqual(counterparts.differences, []);
  assert.deepEqual(player.orphaned, []);
  assert.deepEqual([...new Set(player.missing())].sort(), [...MISSING.keys()].sort());
  assert.deepEqual([...player.unrecorded.keys()].sort(), [...UNRECORDED.keys()]);
  assert.deepEqual([exit.code, exit.signal], [0, null]);
  assert.ok(total(player.compared) >= 240 && player.compared.size >= 22, `${total(player.compared)} answers of ${player.compared.size} methods`);
  assert.ok(total(player.recognized) >= 250 && player.recognized.size >= 22, `${total(player.recognized)} calls of ${player.recognized.size} methods`);
  for (const { where } of [...ALLOWED, ...RANDOM]) assert.ok(meaning.used.has(where), `nothing differs in ${where.source}`);
});

test('the chain that answers the wallet is the recorded one', { skip: withoutRecordings }, () => {
  const calls = readRecording('node-wallet');
  const chain = new RecordedChain(calls);
  const meaning = new Meaning([]);
  const answered = calls.filter((call) => {
    chain.position = call.at;
    const name = nameOf(call.method, call.params);
    const answer = call.caller === 'wallet' ? chain.answer(name, call.params) : undefined;
    if (answer !== undefined) assert.deepEqual(meaning.differences(`${name} at ${call.at}`, call.results, answer.results), []);
    return answer !== undefined;
  });
  assert.ok(answered.length > 300, `${answered.length} answers`);
});
