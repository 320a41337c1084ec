import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fromHex, hashFromHex, hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { parseCoin } from '../../src-bitcoin/coin.js';
import { serializeOutpoint, serializeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { serializeNetAddress } from '../../src-bitcoin/address/net-address.js';
import { TransactionError } from '../../src-interfaces/enums.js';
import { RpcFailure } from '../../src-interfaces/errors.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { connectTo } from '../../src-ipc/proxy/testing/pair.js';
import { createNode } from '../../src-node/init/create-node.js';
import type { NodeProcess } from '../../src-node/init/node-process.js';
import { NodeInterface } from '../../src-node/interfaces/node.js';
import { CoreLikeInit } from '../../e2e/framework/core-like-init.js';
import { freePort } from '../../e2e/framework/node-process.js';
import { waitFor } from '../../e2e/framework/wait.js';
import { recogniseNode } from './recognise-node.js';

/** Anybody may spend: P2WSH of OP_TRUE. */
const anyoneScript = '00204ae81572f06e1b88fd5ced7a1a000945432e83e1551e6f721ee9c00b8cc33260';
const anyone = 'bcrt1qft5p2uhsdcdc3l2ua4ap5qqfg4pjaqlp250x7us7a8qqhrxrxfsqseac85';

async function startNode(...args: string[]): Promise<NodeProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'core-'));
  return createNode(['-regtest', `-datadir=${directory}`, '-printtoconsole=0', '-disablewallet', '-v2transport=0', ...args]);
}

/** The node as a window sees it through Mining and Rpc, in messages as between processes. */
async function attach(node: NodeProcess): Promise<{ core: Node; close: () => void }> {
  const pair = await connectTo(new CoreLikeInit(node));
  const recognised = await recogniseNode(pair.init);
  assert.ok(recognised !== undefined);
  assert.deepEqual(await recognised.offers(), { wallets: false, restartsWallet: false, commands: true });
  return { core: recognised.node, close: pair.close };
}

describe('a node with Mining and Rpc only, beside its own Node interface', () => {
  let node: NodeProcess;
  let peer: NodeProcess;
  let own: Node;
  let core: Node;
  let close: () => void;
  const mine = (blocks: number): Promise<string> => node.executeRpc('generatetoaddress', JSON.stringify([blocks, anyone]), '');

  before(async () => {
    const port = await freePort();
    node = await startNode(`-bind=127.0.0.1:${port}`, '-connect=0', '-listen=1');
    await mine(101);
    peer = await startNode('-listen=0', `-connect=127.0.0.1:${port}`);
    await waitFor('the peer', async () => (await peer.executeRpc('getblockcount', '[]', '')) === '101');
    own = new NodeInterface(node);
    ({ core, close } = await attach(node));
  });
  after(async () => {
    await core?.destroy();
    close?.();
    await peer.shutdown();
    await node.shutdown();
  });

  test('it answers every question alike', async () => {
    const questions = [
      'getWarnings', 'getMempoolSize', 'getMempoolDynamicUsage', 'getMempoolMaxUsage', 'getNumBlocks', 'getNetLocalAddresses', 'getBestBlockHash',
      'getLastBlockTime', 'isInitialBlockDownload', 'isLoadingBlocks', 'getNetworkActive', 'getHeaderTip', 'getBanned', 'shutdownRequested',
    ] as const;
    for (const question of questions) assert.deepEqual(await core[question](), await own[question](), question);
    assert.ok(Math.abs((await core.getVerificationProgress()) - (await own.getVerificationProgress())) < 1e-9);
    for (const direction of [0, 1, 2, 3]) assert.equal(await core.getNodeCount(direction), await own.getNodeCount(direction), String(direction));
    assert.ok((await core.getTotalBytesRecv()) >= (await own.getTotalBytesRecv()) - 0n);
    assert.deepEqual(await core.getProxy(1), await own.getProxy(1));
    assert.equal(await core.walletLoader(), undefined);
  });

  test('it knows the same peers', async () => {
    const [seen] = (await core.getNodesStats()).stats;
    const [known] = (await own.getNodesStats()).stats;
    assert.ok(seen !== undefined && known !== undefined);
    assert.equal(seen.startingHeight, -1, 'commands do not tell it');
    // Traffic goes on between the two questions.
    const still = { lastSend: 0n, lastRecv: 0n, sendBytes: 0n, recvBytes: 0n, sendBytesPerMsgType: [], recvBytesPerMsgType: [], minPingTime: 0n, pingTime: 0n, startingHeight: 0 };
    const calm = (stats: typeof seen): unknown => ({ ...stats, ...still, stateStats: { ...stats.stateStats, pingWait: 0n, startingHeight: 0 } });
    assert.deepEqual(calm(seen), calm(known));
    assert.equal(seen.cleanSubVer, known.cleanSubVer);
    assert.ok(seen.recvBytes > 0n && seen.inbound);
  });

  test('commands go through with every digit, errors with their code and data', async () => {
    assert.equal(await core.executeRpc('echojson', '[1.10000000,123456789012345678901,{"a":[1e5]}]', ''), '[1.10000000,123456789012345678901,{"a":[1e5]}]');
    assert.equal(await core.executeRpc('getblockcount', '', ''), '101');
    for (const [command, params] of [['getblockhash', '[900]'], ['nope', '[]'], ['getblockhash', '{"hight":1}'], ['getblockhash', '["x"]']] as const) {
      const outcome = async (through: Node): Promise<string> => {
        const error: unknown = await through.executeRpc(command, params, '').catch((failure: unknown) => failure);
        assert.ok(error instanceof RpcFailure, command);
        return error.json;
      };
      assert.equal(await outcome(core), await outcome(own));
    }
    await assert.rejects(core.executeRpc('getblockhash', '[1', ''), (error) => error instanceof RpcFailure && error.code === -32700);
    assert.deepEqual((await core.listRpcCommands()).filter((name) => /^get(block|peer)/.test(name)), (await own.listRpcCommands()).filter((name) => /^get(block|peer)/.test(name) && name !== 'getblockfrompeer').sort());
  });

  test('coins and payments: amounts to the satoshi', async () => {
    const block = JSON.parse(await node.executeRpc('getblock', JSON.stringify([JSON.parse(await node.executeRpc('getblockhash', '[1]', ''))]), ''));
    const outpoint = { txid: hashFromHex(block.tx[0]), index: 0 };
    const bytes = serializeOutpoint(outpoint);
    const coin = await core.getUnspentOutput(bytes);
    assert.deepEqual(coin, await own.getUnspentOutput(bytes));
    assert.equal(parseCoin(coin ?? bytes).value, 5_000_000_000n);
    assert.equal(await core.getUnspentOutput(serializeOutpoint({ txid: new Uint8Array(32), index: 3 })), undefined);
    const spend = (fee: bigint): Uint8Array => {
      const tx: Transaction = {
        version: 2,
        inputs: [{ prevout: outpoint, scriptSig: new Uint8Array(0), sequence: 0xfffffffd, witness: [Uint8Array.of(0x51)] }],
        outputs: [{ value: 5_000_000_000n - fee, scriptPubKey: fromHex(anyoneScript) }],
        locktime: 0,
      };
      return serializeTransaction(tx);
    };
    assert.equal((await core.broadcastTransaction(spend(100_000n), 99_999n)).result, TransactionError.maxFeeExceeded);
    assert.equal(await core.getMempoolSize(), 0n);
    assert.deepEqual(await core.broadcastTransaction(spend(100_000n), 100_000n), { error: '', result: TransactionError.ok });
    assert.equal(await core.getMempoolSize(), 1n);
    assert.equal((await core.broadcastTransaction(spend(1n), 0n)).result, TransactionError.mempoolRejected);
  });

  test('new blocks are told as they come, each one, until the subscription ends', async () => {
    const tips: string[] = [];
    const headers: number[] = [];
    const tipHandler = await core.handleNotifyBlockTip(async (_state, tip) => void tips.push(`${tip.blockHeight} ${hashToHex(tip.blockHash)} ${tip.blockTime}`));
    const headerHandler = await core.handleNotifyHeaderTip(async (_state, header) => void headers.push(header.blockHeight));
    const hashes: string[] = JSON.parse(await mine(3));
    await waitFor('the blocks', () => tips.length === 3);
    const times = await Promise.all(hashes.map(async (hash) => JSON.parse(await node.executeRpc('getblockheader', JSON.stringify([hash]), '')).time as number));
    assert.deepEqual(tips, hashes.map((hash, index) => `${102 + index} ${hash} ${times[index]}`));
    assert.equal(headers.at(-1), 104);
    // A block that takes the place of the tip, at its height.
    await node.executeRpc('invalidateblock', JSON.stringify([hashes[2]]), '');
    const other = String(JSON.parse(await node.executeRpc('generatetoaddress', '[1,"bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"]', ''))[0]);
    await waitFor('the other block', () => tips.at(-1)?.startsWith(`104 ${other}`));
    await tipHandler.destroy();
    await headerHandler.disconnect();
    const before = tips.length;
    await mine(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(tips.length, before);
  });

  test('peers that come and go are told as soon as somebody reads the peers', async () => {
    const told: number[] = [];
    const handlers = await Promise.all([
      core.handleNotifyNumConnectionsChanged(async (count) => void told.push(count)),
      core.handleNotifyBlockTip(async () => undefined),
    ]);
    await core.getNodesStats();
    await own.setNetworkActive(false);
    await waitFor('no peers', async () => (await own.getNodeCount(3)) === 0n);
    await core.getNodesStats();
    assert.deepEqual(told, [0]);
    await own.setNetworkActive(true);
    await waitFor('the peer again', async () => (await own.getNodeCount(3)) === 1n);
    await core.getNodesStats();
    assert.deepEqual(told, [0, 1]);
    await Promise.all(handlers.map((handler) => handler.destroy()));
  });

  test('what is done here is told at once: the network switched off, a ban, a peer sent away', async () => {
    const told: string[] = [];
    const handlers = await Promise.all([
      core.handleNotifyNetworkActiveChanged(async (active) => void told.push(`active ${active}`)),
      core.handleNotifyNumConnectionsChanged(async (count) => void told.push(`peers ${count}`)),
      core.handleBannedListChanged(async () => void told.push('bans')),
      core.handleNotifyBlockTip(async () => undefined),
    ]);
    const host = serializeNetAddress('203.0.113.7');
    assert.equal(await core.ban(host, 3600n), true);
    assert.deepEqual(await core.getBanned(), await own.getBanned());
    assert.match((await core.getBanned()).banmap.json, /"address":"203\.0\.113\.7\/32"/);
    assert.equal(await core.unban(new TextEncoder().encode('203.0.113.7/32')), true);
    assert.equal(await core.unban(new TextEncoder().encode('203.0.113.7/32')), false);
    assert.equal(await core.disconnectById(4711n), false);
    assert.equal(await core.disconnectByAddress(host), false);
    const [first] = (await core.getNodesStats()).stats;
    assert.equal(await core.disconnectById(first?.nodeid ?? -1n), true);
    await core.setNetworkActive(false);
    assert.equal(await own.getNetworkActive(), false);
    assert.equal(await core.getNetworkActive(), false);
    await waitFor('no peers', async () => (await own.getNodeCount(3)) === 0n);
    await core.setNetworkActive(true);
    assert.equal(await own.getNetworkActive(), true);
    assert.deepEqual(told.filter((word) => word === 'bans').length, 3);
    assert.deepEqual(told.filter((word) => word.startsWith('active')), ['active false', 'active true']);
    assert.ok(told.includes('peers 0'), told.join());
    await Promise.all(handlers.map((handler) => handler.destroy()));
  });

  test('starting, ending by halves and settings are refused', async () => {
    for (const refused of [core.baseInitialize({ settings: { forcedSettings: [], commandLineOptions: [], rwSettings: [], roConfig: [] }, configPath: '' }), core.appInitMain(), core.appShutdown(), core.updateRwSetting('prune', '1')]) {
      await assert.rejects(refused, { code: 'unimplemented' });
    }
  });
});
