/** A recorded wallet process of the reference, played to our node in place of its own. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseBlock } from '../../src-bitcoin/primitives/block.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { Connection } from '../../src-ipc/capnp/rpc/connection.js';
import { StreamTransport } from '../../src-ipc/capnp/transport/stream.js';
import type { JSONRPCRequest } from '../../src-interfaces/generated/chain.js';
import { NodeProcess } from '../framework/node-process.js';
import { rootFolder, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';
import { Meaning, type Allowed } from './meaning.js';
import { PlayedRoot, Player } from './player.js';
import { blocksOf, type RecordedBlock } from './recorded-chain.js';
import { readRecording, withoutRecordings, type RecordedCall } from './recording.js';

const ALLOWED: readonly Allowed[] = [
  { where: /Init\.makeWalletLoader params: globalArgs/, why: 'the data directory is another one' },
  { where: /request\.(peerAddr|id|authUser|version)$/, why: 'the command comes over another connection' },
  { where: /getTransactionAncestry: (ancestorsize|ancestorfees)$/, why: 'the recorded node left memory in place of an answer for a transaction that it did not know' },
  { where: /guessVerificationProgress: $/, why: 'depends on the second in which it is asked' },
];

/** What wallets are told without a recorded call. */
class MoreNotifications {
  constructor(
    private readonly calls: readonly RecordedCall[],
    private readonly blocks: readonly RecordedBlock[],
    private readonly meaning: Meaning,
  ) {}

  /** Whether a wallet may be told that. `isExpected`: there are recorded calls of the kind that have not come yet. */
  may(name: string, isExpected: boolean, params: unknown): boolean {
    switch (name) {
      // Wallets hear of each write of the chain state. Our node writes it a moment after a block, the recorded one every hour.
      case 'ChainNotifications.chainStateFlushed':
        return this.#isBlock((params as { locator: Uint8Array }).locator.subarray(5, 37));
      // The recorded w2 was unloaded before it was told of the last two blocks, while w1 heard of them.
      case 'ChainNotifications.blockConnected':
        return !isExpected && this.calls.some(({ method, params: recorded }) => method.methodName === 'blockConnected' && this.meaning.agrees(name, recorded, params));
      case 'ChainNotifications.updatedBlockTip':
        return !isExpected;
      default:
        return false;
    }
  }

  #isBlock(hash: Uint8Array): boolean {
    return this.blocks.some((block) => toHex(block.hash) === toHex(hash));
  }
}

/** Programs of which the wallet passes everything on to a socket of the test. */
function programsFor(socketPath: string): string {
  const folder = path.join(temporaryFolder(), 'bin');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  fs.writeFileSync(path.join(folder, 'bitcoin-node'), `#!/usr/bin/env node\nimport ${JSON.stringify(pathToFileURL(path.join(rootFolder, 'build/bitcoin-node.mjs')).href)};\n`, { mode: 0o755 });
  const relay = `import net from 'node:net';
const parent = new net.Socket({ fd: Number(process.argv.at(-1)) });
const test = net.connect(${JSON.stringify(socketPath)});
parent.pipe(test).pipe(parent);
process.on('SIGINT', () => {});
`;
  fs.writeFileSync(path.join(folder, 'bitcoin-wallet'), relay);
  return path.join(folder, 'bitcoin-node');
}

test('a recorded wallet process gets the recorded answers from our node', { skip: withoutRecordings }, async (t) => {
  const calls = readRecording('node-wallet');
  const meaning = new Meaning(ALLOWED);
  // The first was there before.
  const blocks = blocksOf(calls).slice(1);
  const more = new MoreNotifications(calls, blocks, meaning);
  const player = new Player(calls, 'wallet', meaning, (...told) => (more.may(...told) ? { results: undefined } : undefined));
  const socketPath = path.join(temporaryFolder(), 's');
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  let ended: Promise<unknown> = Promise.resolve();
  server.on('connection', (socket: Socket) => {
    const first = calls.find(({ method }) => method.interfaceName === 'Init');
    if (first === undefined) throw new Error('The recording has no Init.');
    ended = new Connection(new StreamTransport(socket), { bootstrap: new PlayedRoot(player, first.target) }).closed;
  });
  const time = Math.max(...blocks.map((block) => block.time));
  const node = await NodeProcess.start({ program: programsFor(socketPath), args: [`-mocktime=${time}`, '-fallbackfee=0.0001'] });
  const driver = new Driver(node, calls, player, blocks);
  player.before = (call) => driver.happened(call);
  await driver.run();
  await node.exited;
  await ended;
  assert.deepEqual(player.differences, []);
  assert.deepEqual([player.missing(), player.orphaned], [[], []]);
  for (const name of ['blockConnected', 'updatedBlockTip']) assert.equal(player.unrecorded.get(`ChainNotifications.${name}`), 2, name);
  const compared = [...player.compared.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(compared > 700 && player.compared.size >= 30, `${compared} answers of ${player.compared.size} methods`);
  for (const { where } of ALLOWED) assert.ok(meaning.used.has(where), `nothing differs in ${where.source}`);
});

/** Has the node do what the recorded one was told to do: commands and blocks, in their order. */
class Driver {
  #height = 0;

  constructor(
    private readonly node: NodeProcess,
    private readonly calls: readonly RecordedCall[],
    private readonly player: Player,
    private readonly blocks: readonly RecordedBlock[],
  ) {}

  async run(): Promise<void> {
    for (const call of this.calls) {
      if (call.caller !== 'node') continue;
      const { methodName } = call.method;
      if (methodName === 'blockConnected') await this.#connect(call.at + 1);
      else if (methodName === 'call') await this.#command(call);
      else if (methodName === 'stop') {
        await this.#caughtUp(call.at);
        await this.node.rpc('stop');
      }
    }
  }

  /** A transaction that was no longer in the mempool was in a block by then. */
  async happened(call: RecordedCall): Promise<void> {
    if (call.method.methodName !== 'isInMempool' || call.results !== false) return;
    const txid = toHex((call.params as { txid: Uint8Array }).txid);
    const block = this.blocks.find(({ bytes }) => parseBlock(bytes).transactions.some((tx) => toHex(txidOf(tx)) === txid));
    if (block !== undefined) await waitFor(`block ${block.height}`, () => this.#height >= block.height);
  }

  /** Gives the node the blocks that the recorded one told of before a position. */
  async #connect(before: number): Promise<void> {
    for (const { at, height, bytes } of this.blocks) {
      if (at >= before || height <= this.#height) continue;
      const refusal: unknown = await this.node.rpc('submitblock', [toHex(bytes)]);
      if (refusal !== null) throw new Error(`block ${height}: ${String(refusal)}`);
      this.#height = height;
    }
  }

  async #command(call: RecordedCall): Promise<void> {
    const { request } = call.params as { request: JSONRPCRequest };
    // What was told while the command ran had happened when it came.
    await this.#connect(call.answeredAt);
    await this.#caughtUp(call.at);
    // A wallet that is unloaded is no longer told what it could be told before.
    if (request.method === 'unloadwallet') await this.node.rpc('syncwithvalidationinterfacequeue');
    const wallet = /^\/wallet\/(.*)$/.exec(request.uri)?.[1];
    await this.node.rpc(request.method, JSON.parse(request.params) as unknown[], wallet).catch((error: unknown) => {
      if (call.error === undefined) this.player.differences.push(`${request.method}: ${error instanceof Error ? error.message : String(error)}`);
    });
    await waitFor(`${request.method} to be answered`, () => this.player.isAnswered(call));
  }

  /** Waits until the process has told all that the recorded one had told by then. */
  async #caughtUp(at: number): Promise<void> {
    const told = this.calls.filter((call) => call.caller === 'node' && call.at < at && call.method.interfaceName === 'ChainNotifications');
    await waitFor('what the recorded node told', () => told.every((call) => this.player.isAnswered(call)));
  }
}
