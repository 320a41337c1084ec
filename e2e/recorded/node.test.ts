/** A recorded node of the reference, played to our wallet process. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { BlockInfo } from '../../src-interfaces/generated/chain.js';
import { spawnProcess, type ExitStatus } from '../../src-ipc/process/index.js';
import { methods } from '../../src-ipc/testing/interfaces.js';
import { program, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';
import { connectPlayer } from './connect.js';
import { Counterparts } from './counterparts.js';
import { Meaning, type Allowed } from './meaning.js';
import { nameOf, Player } from './player.js';
import { RecordedChain } from './recorded-chain.js';
import { readRecording, withoutRecordings, type RecordedCall } from './recording.js';

/** What may differ. */
const ALLOWED: readonly Allowed[] = [
  { where: /handleRpc params: command\.uniqueId$/, why: 'a number that tells commands apart, in the reference an address in memory' },
  { where: /checkChainLimits params: tx\.txid$/, why: 'a payment is tried with several orders of outputs, by chance the same or not' },
  { where: /Transaction params: tx\.txLockTime$|checkChainLimits params: tx\.txLockTime$/, why: 'a wallet sometimes chooses an earlier height, to make its payments look less alike' },
];

/** What stands for something, and must do so everywhere. */
const RANDOM: readonly Allowed[] = [
  { where: /getnewaddress: response$/, why: 'keys are random' },
  { where: /parent_descs\.\d+\.keys\.\d+$/, why: 'keys are random' },
  { where: /broadcastTransaction params: tx\.txid$/, why: 'follows from keys' },
];

test('a recorded node gets the recorded answers from our wallet process', { skip: withoutRecordings }, async (t) => {
  const calls = readRecording('node-wallet');
  const played = new PlayedNode(calls);
  setTimeout(() => console.log('STUCK', played.open(), played.player.differences, played.player.compared, played.player.unrecorded), 15000).unref();
  const exit = await played.run(t);
  const { player } = played;
  const counts = (names: readonly string[]): object => Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]));
  console.log({ compared: player.compared, missing: counts(player.missing()), unrecorded: player.unrecorded });
  assert.deepEqual(player.differences, []);
  assert.deepEqual(played.counterparts.differences, []);
  assert.deepEqual(player.orphaned, []);
  assert.deepEqual(exit.code, 0);
  for (const { where } of [...ALLOWED, ...RANDOM]) assert.ok(played.meaning.used.has(where), `nothing differs in ${where.source}`);
});

/** The recorded node, with the chain and the clock that it had, in front of a wallet process of ours. */
class PlayedNode {
  readonly meaning = new Meaning(ALLOWED, RANDOM);
  readonly counterparts = new Counterparts(this.meaning);
  readonly player: Player;
  readonly #chain: RecordedChain;
  readonly #answered = new Set<RecordedCall>();
  readonly #loader: RecordedCall | undefined;
  #command: RecordedCall | undefined;
  #turn: Promise<void> = Promise.resolve();
  #clock = 0;

  constructor(private readonly calls: readonly RecordedCall[]) {
    this.#chain = new RecordedChain(calls);
    this.#loader = calls.find(({ method }) => method.methodName === 'makeWalletLoader');
    this.player = new Player(calls, 'node', this.meaning, (name, _isExpected, params) => this.#asked(name, params));
    // One after the other, so that calls keep their order.
    this.player.before = (call) => (this.#turn = this.#turn.then(() => this.#prepare(call)));
    this.player.after = (call, live) => this.#learn(call, live);
    this.player.state = async (name, params) => {
      if (name === 'Chain.waitForNotificationsIfTipChanged') await this.#told();
      return this.#chain.answer(name, params);
    };
  }

  open(): unknown { return this.calls.filter((c) => c.caller==='node' && c.at < this.#chain.position && !this.#answered.has(c)).map((c) => [c.at, nameOf(c.method, c.params)]); }

  async run(t: TestContext): Promise<ExitStatus> {
    const datadir = path.join(temporaryFolder(), 'data');
    fs.mkdirSync(path.join(datadir, 'regtest'), { recursive: true });
    this.meaning.rename('"/home/satoshi/.bitcoin"', JSON.stringify(datadir));
    this.meaning.rename('/home/satoshi/.bitcoin/bitcoin.conf', path.join(datadir, 'bitcoin.conf'));
    const child = await spawnProcess({ command: process.execPath, args: [program('bitcoin-wallet')] }, { name: 'bitcoin-wallet' });
    t.after(() => child.kill('SIGKILL'));
    const connection = await connectPlayer(this.player, this.calls, child.socket);
    await this.player.playOverlapping();
    connection.close();
    return child.exited;
  }

  async #prepare(call: RecordedCall): Promise<void> {
    this.#chain.position = Math.max(this.#chain.position, call.at);
    if (call.method.methodName === 'call') this.#command = call;
    if (call.method.methodName === 'transactionAddedToMempool') await this.#broadcast(call);
    if (call.method.methodName === 'blockConnected') {
      const { data } = (call.params as { block: BlockInfo }).block;
      if (data !== undefined) this.counterparts.block(data);
    }
    await this.#setClock(call.time);
  }

  /** Fulfilled when the wallet has sent the transaction that the recorded one had sent by then. */
  async #broadcast(call: RecordedCall): Promise<void> {
    const sent = this.calls.filter(({ at, method }) => at < call.at && method.methodName === 'broadcastTransaction');
    await waitFor('the payment', () => this.#command === undefined || this.#answered.has(this.#command) || sent.every((each) => this.player.isAnswered(each)));
  }

  /** Gives the wallet the time of day that the recorded one had. */
  async #setClock(time: number): Promise<void> {
    const first = this.#chain.blocks[1];
    const told = this.calls.find(({ at }) => at === first?.at);
    const seconds = first === undefined || told === undefined ? 0 : Math.floor(first.time + 0.5 + time - told.time);
    const setMockTime = methods.find(({ interfaceName, methodName }) => interfaceName === 'ChainClient' && methodName === 'setMockTime');
    const { results: loader } = this.#loader ?? {};
    if (seconds === this.#clock || setMockTime === undefined || this.#loader === undefined || !this.#answered.has(this.#loader)) return;
    this.#clock = seconds;
    await this.player.session.call(this.player.liveCapability(loader as never), setMockTime, { time: BigInt(seconds) });
  }

  #learn(call: RecordedCall, live: unknown): void {
    this.#answered.add(call);
    const name = nameOf(call.method, call.params);
    if (name === 'ActorCallback.call getnewaddress') {
      const [recorded, ours] = [call.results, live].map((answer) => JSON.parse((answer as { response: string }).response) as string);
      this.counterparts.address(recorded ?? '', ours ?? '');
    } else if (name === 'Chain.broadcastTransaction') {
      const [recorded, ours] = [call.params, live].map((params) => (params as { tx: Uint8Array }).tx);
      if (recorded !== undefined && ours !== undefined) this.counterparts.transaction(recorded, ours);
    }
  }

  /** Fulfilled when the wallet has been told of all that the recorded one was told before it answered the command. */
  async #told(): Promise<void> {
    const before = this.#command?.answeredAt ?? 0;
    const told = this.calls.filter((call) => call.method.interfaceName === 'ChainNotifications' && call.method.methodName !== 'destroy' && call.caller === 'node' && call.answeredAt < before);
    await waitFor('what the recorded node told', () => told.every((call) => this.#answered.has(call)));
  }

  /** Answers a question that the recorded wallet asked less often. */
  #asked(name: string, params: unknown): { readonly results: unknown } | undefined {
    const call = this.calls.find((each) => each.caller === 'wallet' && nameOf(each.method, each.params) === name && this.meaning.agrees(`${name} params`, each.params, params));
    return call === undefined ? undefined : { results: call.results };
  }
}
