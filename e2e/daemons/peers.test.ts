/** Nodes meet on the network: ours among themselves, and ours with Bitcoin Core's, each in both roles. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort, NodeProcess } from '../framework/node-process.js';
import { referenceProgram } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

/** Payments of such a peer are announced at once. */
const local = ['-dnsseed=0', '-fixedseeds=0', '-discover=0', '-whitelist=noban,in,out@127.0.0.1'];

const reference = referenceProgram('bitcoin-node');
const absent = reference === undefined ? 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node' : false;

async function sameTip(nodes: readonly [NodeProcess, NodeProcess]): Promise<string> {
  return waitFor('the same tip', async () => {
    const [a, b] = await Promise.all(nodes.map((node) => node.rpc('getbestblockhash')));
    return a === b && a;
  });
}

async function inMempool(node: NodeProcess, txid: string): Promise<void> {
  await waitFor('the payment in the mempool', async () => (await node.rpc('getrawmempool')).includes(txid));
}

/** A new address of the node's only wallet. */
async function newAddress(node: NodeProcess): Promise<string> {
  return node.rpc('getnewaddress');
}

const pairs = [
  ['our node', 'our node', 'bitcoin-node', 'bitcoin-node', false],
  ['our node', 'Bitcoin Core', 'bitcoin-node', reference ?? '', absent],
  ['Bitcoin Core', 'our node', reference ?? '', 'bitcoin-node', absent],
] as const;

for (const [listenerName, callerName, listenerProgram, callerProgram, skip] of pairs) {
  test(`${callerName} calls ${listenerName}: chain, payments, blocks, and the longer of two chains`, { skip }, async () => {
    const port = await freePort();
    const listener = await NodeProcess.start({ program: listenerProgram, args: [...local, '-bind=127.0.0.1', '-listen=1', `-port=${port}`] });
    await listener.rpc('createwallet', ['w']);
    await listener.rpc('generatetoaddress', [110, await newAddress(listener)]);
    const caller = await NodeProcess.start({ program: callerProgram, args: [...local, '-listen=0', `-connect=127.0.0.1:${port}`] });
    const both = [listener, caller] as const;
    await sameTip(both);
    assert.equal(await caller.rpc('getblockcount'), 110);
    assert.equal((await listener.rpc('getpeerinfo'))[0].inbound, true);
    assert.equal((await caller.rpc('getpeerinfo'))[0].inbound, false);
    const muhash = (await listener.rpc('gettxoutsetinfo', ['muhash'])).muhash;
    assert.equal((await caller.rpc('gettxoutsetinfo', ['muhash'])).muhash, muhash);

    // There and back again.
    await caller.rpc('createwallet', ['w']);
    const there = await listener.rpc('sendtoaddress', [await newAddress(caller), 3]);
    await inMempool(caller, there);
    await caller.rpc('generatetoaddress', [1, await newAddress(caller)]);
    await sameTip(both);
    assert.equal((await listener.rpc('gettransaction', [there])).confirmations, 1);
    const back = await caller.rpc('sendtoaddress', [await newAddress(listener), 1]);
    await inMempool(listener, back);
    await listener.rpc('generatetoaddress', [1, await newAddress(listener)]);
    await sameTip(both);
    assert.equal((await caller.rpc('gettransaction', [back])).confirmations, 1);

    // Apart, a payment is confirmed in the chain that loses.
    await caller.rpc('setnetworkactive', [false]);
    await waitFor('the connection to end', async () => (await listener.rpc('getconnectioncount')) === 0);
    const lost = await caller.rpc('sendtoaddress', [await newAddress(listener), 0.5]);
    await caller.rpc('generatetoaddress', [2, await newAddress(caller)]);
    const [, , , won] = await listener.rpc('generatetoaddress', [4, await newAddress(listener)]);
    await caller.rpc('setnetworkactive', [true]);
    assert.equal(await waitFor('the longer chain', async () => (await caller.rpc('getbestblockhash')) === won && won, 120_000), won);
    assert.equal(await sameTip(both), won);
    await inMempool(caller, lost);
    assert.equal((await caller.rpc('gettransaction', [lost])).confirmations, 0);
    await caller.rpc('generatetoaddress', [1, await newAddress(caller)]);
    await sameTip(both);
    assert.equal((await listener.rpc('gettransaction', [lost])).confirmations, 1);
    for (const node of both) assert.equal((await node.stop()).code, 0);
  });
}
