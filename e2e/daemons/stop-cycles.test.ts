/** A hundred starts and ends of every kind leave nothing behind, and the data directory opens again after each. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { freePort, NodeProcess } from '../framework/node-process.js';
import { childrenOf, processesMarked, zombiesOf } from '../framework/process-tree.js';
import { temporaryFolder } from '../framework/programs.js';
import { SpawnedNode } from '../framework/spawned-node.js';
import { waitFor } from '../framework/wait.js';
import { lockDirectory } from '../../src-node/storage/directory-lock.js';

const marker = 'BULKHEAD_TEST_CYCLES';
const cyclesPerLane = 50;

/** Files that a node has while it runs, or while it replaces another: none of them may outlive a clean end. */
function leftovers(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isSocket() || entry.name === '.cookie' || entry.name.endsWith('.pid') || /-(wal|shm|journal)$|\.(new|tmp)$/.test(entry.name))
    .map(({ name }) => name);
}

/** One data directory, and the ends that nodes on it find. */
class Lane {
  readonly #datadir = temporaryFolder();
  /** For temporary files of the programs. */
  readonly #scratch = temporaryFolder();
  readonly #mark: string;
  /** Blocks that must be there at the next start; those of the last moments before a kill may be lost. */
  #height = 0;
  #hasWallet = false;

  constructor(name: string) {
    this.#mark = `${process.pid}-${name}`;
  }

  get #env(): Record<string, string> {
    return { [marker]: this.#mark, TMPDIR: this.#scratch };
  }

  get #processes(): number[] {
    return processesMarked(marker, this.#mark);
  }

  async #start(program = 'bitcoin-node'): Promise<NodeProcess> {
    const node = await NodeProcess.start({ program, datadir: this.#datadir, args: program === 'bitcoin-node' ? ['-ipcbind=unix'] : [], env: this.#env, ownGroup: true });
    if (!this.#hasWallet) await node.rpc('createwallet', { wallet_name: 'w', load_on_startup: true });
    this.#hasWallet = true;
    assert.deepEqual(await node.rpc('listwallets'), ['w']);
    assert.ok((await node.rpc('getblockcount')) >= this.#height, 'no block is lost');
    await node.rpc('generatetoaddress', [1, await node.rpc('getnewaddress')]);
    this.#height = await node.rpc('getblockcount');
    return node;
  }

  /** Work that is under way when the end comes; how it ends does not matter. */
  async #busy(node: NodeProcess): Promise<void> {
    const address = await node.rpc('getnewaddress');
    void node.rpc('generatetoaddress', [30, address]).catch(() => undefined);
  }

  async #isGone(): Promise<void> {
    await waitFor('every process to end', () => this.#processes.length === 0, 15_000);
    // Those of the other lane are reaped a moment after they ended.
    await waitFor('every child to be reaped', () => zombiesOf(process.pid).length === 0);
    assert.deepEqual(fs.readdirSync(this.#scratch), []);
    // Throws when somebody still holds it.
    lockDirectory(path.join(this.#datadir, 'regtest')).release();
  }

  /** @param allowed leftovers of a process that was killed and has not run again */
  async #endedCleanly(node: NodeProcess, allowed: readonly string[] = []): Promise<void> {
    assert.deepEqual(await node.exited, { code: 0, signal: null }, node.output);
    await this.#isGone();
    assert.deepEqual(leftovers(this.#datadir).filter((name) => !allowed.includes(name)), []);
  }

  /** bitcoind is one process, and ends like the others. */
  async stopCommand(cycle: number): Promise<void> {
    const node = await this.#start(cycle % 3 === 0 ? 'bitcoind' : 'bitcoin-node');
    if (cycle % 2 === 1) await this.#busy(node);
    await node.rpc('stop');
    await this.#endedCleanly(node);
  }

  async terminated(cycle: number): Promise<void> {
    const node = await this.#start();
    if (cycle % 2 === 1) await this.#busy(node);
    node.child.kill('SIGTERM');
    // A second one, as from somebody impatient, changes nothing.
    if (cycle % 4 === 1) node.child.kill('SIGTERM');
    await this.#endedCleanly(node);
  }

  /** Ctrl-C in a terminal reaches node and wallet at the same time; so does a service manager's SIGTERM. */
  async groupSignal(cycle: number): Promise<void> {
    const node = await this.#start();
    if (cycle % 2 === 1) await this.#busy(node);
    const signal = cycle % 3 === 2 ? 'SIGTERM' : 'SIGINT';
    node.signalGroup(signal);
    if (cycle % 4 === 1) node.signalGroup(signal);
    await this.#endedCleanly(node);
  }

  async nodeKilled(cycle: number): Promise<void> {
    const node = await this.#start();
    // Blocks reach the disk a moment after they came.
    this.#height -= 1;
    if (cycle % 2 === 1) await this.#busy(node);
    node.child.kill('SIGKILL');
    assert.equal((await node.exited).signal, 'SIGKILL');
    await this.#isGone();
  }

  async walletKilled(cycle: number): Promise<void> {
    const node = await this.#start();
    const [wallet] = childrenOf(node.pid);
    assert.ok(wallet !== undefined);
    process.kill(wallet, 'SIGKILL');
    await waitFor('the node to notice', async () => (await node.rpc('getprocessinfo')).wallet.restart !== null);
    assert.deepEqual(zombiesOf(node.pid), [], 'the node takes notice of the end of its child');
    // Every other time the end of the node comes before the wallet is back.
    const comesBack = cycle % 2 === 0;
    if (comesBack) await waitFor('the wallet', async () => (await node.rpc('listwallets')).length === 1);
    await node.rpc('stop');
    await this.#endedCleanly(node, comesBack ? [] : ['wallet.dat-journal']);
  }

  async parentGone(cycle: number): Promise<void> {
    const { process: child, node, hangUp } = await SpawnedNode.start(this.#datadir, ['-ipcbind=unix', '-server=1', `-rpcport=${await freePort()}`], this.#env);
    assert.ok((await node.getNumBlocks()) >= this.#height);
    assert.equal(this.#processes.length, 2);
    if (cycle % 2 === 0) {
      hangUp();
    } else {
      child.kill('SIGINT');
      assert.ok((await node.getNumBlocks()) >= this.#height, 'Ctrl-C is left to the parent');
      child.kill('SIGTERM');
    }
    const { code, signal } = await child.exited;
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    hangUp();
    await this.#isGone();
    assert.deepEqual(leftovers(this.#datadir), []);
  }

  /** The chain is whole, and the wallet has every coin of it. */
  async finish(): Promise<void> {
    const node = await this.#start();
    await waitFor('the coins', async () => {
      const { mine } = await node.rpc('getbalances', [], 'w');
      const { total_amount: total } = await node.rpc('gettxoutsetinfo', ['none']);
      return mine.trusted + mine.immature === total;
    });
    await node.rpc('stop');
    await this.#endedCleanly(node);
  }
}

const ends = ['stopCommand', 'terminated', 'groupSignal', 'nodeKilled', 'walletKilled', 'parentGone'] as const;

describe('starts and ends', { concurrency: 2 }, () => {
  for (const lane of ['a', 'b']) {
    test(`${cyclesPerLane} by ${ends.join(', ')} in turn, lane ${lane}`, async () => {
      const subject = new Lane(lane);
      for (let cycle = 0; cycle < cyclesPerLane; cycle++) {
        // The lanes are out of step, and each end comes after each other one.
        const end = ends[(cycle + Math.floor(cycle / ends.length) + (lane === 'a' ? 0 : 3)) % ends.length] ?? 'stopCommand';
        try {
          await subject[end](Math.floor(cycle / ends.length));
        } catch (error) {
          throw new Error(`cycle ${cycle}, ${end}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
      }
      await subject.finish();
    });
  }
});
