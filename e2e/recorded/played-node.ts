/** A recorded node in front of a wallet process: its calls, its chain, its clock, and answers about them. */
import fs from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { parseTransaction } from '../../src-bitcoin/primitives/transaction.js';
import type { BlockInfo } from '../../src-interfaces/generated/chain.js';
import { spawnProcess, type ExitStatus } from '../../src-ipc/process/index.js';
import { methods } from '../../src-ipc/testing/interfaces.js';
import { program, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';
import { connectPlayer } from './connect.js';
import { Counterparts } from './counterparts.js';
import type { Meaning } from './meaning.js';
import { nameOf, Player } from './player.js';
import { RecordedChain } from './recorded-chain.js';
import type { RecordedCall, RecordedObject } from './recording.js';

const setMockTime = methods.find(({ interfaceName, methodName }) => interfaceName === 'ChainClient' && methodName === 'setMockTime');

export class PlayedNode {
  readonly player: Player;
  readonly counterparts: Counterparts;
  readonly #chain: RecordedChain;
  #command: RecordedCall | undefined;
  #turn: Promise<void> = Promise.resolve();
  #clock = 0;

  constructor(
    private readonly calls: readonly RecordedCall[],
    private readonly meaning: Meaning,
  ) {
    this.counterparts = new Counterparts(meaning);
    this.#chain = new RecordedChain(calls);
    this.player = new Player(calls, 'node', meaning, (name, _isExpected, params) => this.#asRecordedBefore(name, params));
    // One after the other, so that calls keep their order.
    this.player.before = (call) => (this.#turn = this.#turn.then(() => this.#prepare(call)));
    this.player.after = (call, live) => this.#learn(call, live);
    this.player.state = async (name, params) => {
      if (name === 'Chain.waitForNotificationsIfTipChanged') await this.#told();
      return this.#chain.answer(name, params);
    };
  }

  /** Plays the whole recording. @returns how the wallet process ended */
  async run(t: TestContext): Promise<ExitStatus> {
    const datadir = path.join(temporaryFolder(), 'data');
    fs.mkdirSync(path.join(datadir, 'regtest', 'wallets'), { recursive: true });
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
    const { methodName } = call.method;
    this.#chain.position = Math.max(this.#chain.position, call.at);
    if (methodName === 'call') this.#command = call;
    else if (methodName === 'transactionAddedToMempool') await this.#sent(call);
    else if (methodName === 'blockConnected') {
      const { data } = (call.params as { block: BlockInfo }).block;
      if (data !== undefined) this.counterparts.block(data);
    }
    await this.#setClock(call.time);
  }

  /** Gives the wallet the time of day of the recorded one. @param time seconds since the recording began */
  async #setClock(time: number): Promise<void> {
    const loader = this.calls.find(({ method }) => method.methodName === 'makeWalletLoader');
    const [, firstMined] = this.#chain.blocks;
    const told = this.calls.find(({ at }) => at === firstMined?.at);
    if (loader === undefined || firstMined === undefined || told === undefined || setMockTime === undefined || !this.player.isAnswered(loader)) return;
    // A block mined at will has the time at which it was mined; of the second's parts nothing is known.
    const seconds = Math.floor(firstMined.time + 0.5 + time - told.time);
    if (seconds === this.#clock) return;
    this.#clock = seconds;
    // An object, as the interface says.
    const capability = this.player.liveCapability(loader.results as RecordedObject);
    await this.player.session.call(capability, setMockTime, { time: BigInt(seconds) });
  }

  #learn(call: RecordedCall, live: unknown): void {
    const name = nameOf(call.method, call.params);
    if (name === 'ActorCallback.call getnewaddress') this.counterparts.address(addressIn(call.results), addressIn(live));
    else if (name === 'Chain.broadcastTransaction') {
      this.counterparts.transaction(transactionIn(call.params), transactionIn(live));
      this.#checkLockTime(transactionIn(live));
    }
  }

  /** The height of the tip keeps others from mining a payment into an older block; at times a height up to 100 below hides who does so. */
  #checkLockTime(payment: Uint8Array): void {
    const { locktime } = parseTransaction(payment);
    const height = this.#chain.height;
    if (locktime > height || locktime < height - 100) this.player.differences.push(`a payment at height ${height} is locked until ${locktime}`);
  }

  /** Fulfilled when the wallet has sent what the recorded one had sent by then, or has failed to. */
  async #sent(call: RecordedCall): Promise<void> {
    const sent = this.calls.filter(({ at, method }) => at < call.at && method.methodName === 'broadcastTransaction');
    const command = this.#command;
    await waitFor('the payment', () => command === undefined || this.player.isAnswered(command) || sent.every((each) => this.player.isAnswered(each)));
  }

  /** Fulfilled when the wallet has been told of all that the recorded one was told before it answered the command. */
  async #told(): Promise<void> {
    const before = this.#command?.answeredAt ?? 0;
    const told = this.calls.filter(({ caller, method, answeredAt }) => {
      return caller === 'node' && method.interfaceName === 'ChainNotifications' && method.methodName !== 'destroy' && answeredAt < before;
    });
    await waitFor('what the recorded node told', () => told.every((call) => this.player.isAnswered(call)));
  }

  /** Answers a question that the recorded wallet asked less often. */
  #asRecordedBefore(name: string, params: unknown): { readonly results: unknown } | undefined {
    const asked = this.calls.filter(({ caller, method, params: recorded }) => caller === 'wallet' && nameOf(method, recorded) === name);
    const call = asked.find((each) => this.meaning.agrees(`${name} params`, each.params, params));
    return call === undefined ? undefined : { results: call.results };
  }
}

const addressIn = (answer: unknown): string => JSON.parse((answer as { readonly response: string }).response) as string;
const transactionIn = (params: unknown): Uint8Array => (params as { readonly tx: Uint8Array }).tx;
