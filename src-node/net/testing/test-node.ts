import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openForTest, temporaryDirectory } from '../../kernel/testing/open-for-test.js';
import { ScriptChecker } from '../../kernel/script-check/script-checker.js';
import type { NodeChainstate } from '../../kernel/node-chainstate.js';
import { NodeMempool } from '../../mempool/mempool.js';
import { outputOf, TestKey, type Spendable } from '../../mempool/testing/test-key.js';
import { NodeMiner } from '../../mining/miner.js';
import type { NetworkConfiguration, NetworkTiming } from '../configuration.js';
import { NodePeerNetwork } from '../peer-network.js';

/** Short enough for tests, long enough for a busy machine. */
const timing: Partial<NetworkTiming> = { trickleInbound: 20, trickleOutbound: 20, tick: 50, reconnect: 200 };

/** A node without commands: chain, mempool, miner and network on loopback, all real. */
export class TestNode {
  readonly chainstate: NodeChainstate;
  readonly mempool: NodeMempool;
  readonly miner: NodeMiner;
  readonly network: NodePeerNetwork;
  readonly key = new TestKey(7);

  private constructor(chainstate: NodeChainstate, mempool: NodeMempool, miner: NodeMiner, network: NodePeerNetwork) {
    this.chainstate = chainstate;
    this.mempool = mempool;
    this.miner = miner;
    this.network = network;
  }

  /** Starts a node that is stopped at the end of the test. */
  static async start(t: TestContext, options: Partial<NetworkConfiguration> = {}): Promise<TestNode> {
    let stop: () => Promise<void> = async () => undefined;
    // Before anything else registers: the network ends before the chain it works on.
    t.after(() => stop());
    const now = (): number => Math.floor(Date.now() / 1000);
    const scriptChecker = new ScriptChecker({ threads: 1 });
    const { minimumChainWork } = options;
    const chainstate = await openForTest(t, temporaryDirectory(t), {
      scriptChecker,
      ...(minimumChainWork === undefined ? {} : { minimumChainWork }),
    });
    const mempool = new NodeMempool({ chainstate, now, scriptChecker });
    const miner = new NodeMiner({ chainstate, mempool, now });
    const network = await NodePeerNetwork.start({
      chainstate,
      mempool,
      now,
      userAgent: '/Test:1.0/',
      listen: [{ host: '127.0.0.1', port: 0 }],
      connect: [],
      ...options,
      timing: { ...timing, ...options.timing },
    });
    stop = async () => {
      await network.close();
      mempool.close();
    };
    return new TestNode(chainstate, mempool, miner, network);
  }

  get port(): number {
    const port = this.network.listening[0]?.port;
    assert.ok(port !== undefined);
    return port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Connects to another node and waits for the handshake. */
  async connect(other: TestNode): Promise<void> {
    this.network.connectOnce(other.address);
    await waitFor(() => this.network.peers().some((peer) => peer.address === other.address && peer.syncedHeaders >= -1 && peer.version > 0), 'connection');
    await waitFor(() => other.network.peers().every((peer) => peer.version > 0), 'handshake');
  }

  /** Mines blocks to the node's key and returns their coinbase outputs. */
  async mine(count: number): Promise<Spendable[]> {
    const hashes = await this.miner.generate(this.key.scriptPubKey, count, 1_000_000);
    assert.equal(hashes.length, count);
    const coinbases: Spendable[] = [];
    for (const hash of hashes) {
      const index = this.chainstate.lookup(hash);
      assert.ok(index !== undefined);
      const [coinbase] = (await this.chainstate.readBlock(index)).transactions;
      assert.ok(coinbase !== undefined);
      coinbases.push(outputOf(coinbase));
    }
    return coinbases;
  }
}

/** Waits until something holds; fails after 20 seconds. */
export async function waitFor(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    assert.ok(Date.now() < end, `waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until nodes have the same tip. */
export async function waitForSameTip(...nodes: readonly TestNode[]): Promise<void> {
  const tip = (node: TestNode): string => Buffer.from(node.chainstate.tip.hash).toString('hex');
  await waitFor(() => new Set(nodes.map(tip)).size === 1, `the same tip (heights ${nodes.map((node) => node.chainstate.tip.height).join(', ')})`);
}
