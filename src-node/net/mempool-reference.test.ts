import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160 } from '../../src-bitcoin/crypto/hash.js';
import { serializeTransaction, txidOf, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { OP_1, OP_CHECKMULTISIG, OP_CHECKSIG, OP_EQUAL, OP_HASH160, OP_NOP, OP_RETURN } from '../../src-bitcoin/script/opcodes.js';
import { buildScript } from '../../src-bitcoin/script/script.js';
import { NodeMempool } from '../mempool/mempool.js';
import { at } from '../mempool/testing/mempool-bed.js';
import { outputOf, type Spendable } from '../mempool/testing/test-key.js';
import { ReferenceNode, referencePrograms } from './testing/reference-node.js';
import { TestNode, waitFor } from './testing/test-node.js';

const folder = referencePrograms();
const options = { skip: folder === undefined ? 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node and bitcoin-cli' : false };
const fee = 2000n;

interface Verdict {
  readonly allowed: boolean;
  readonly reason?: string | undefined;
  readonly vsize?: number | undefined;
  readonly fee?: bigint | undefined;
}

async function coreVerdict(core: ReferenceNode, tx: Transaction): Promise<Verdict> {
  const [result] = JSON.parse(await core.rpc('testmempoolaccept', JSON.stringify([toHex(serializeTransaction(tx))]), '0'));
  if (result.allowed !== true) return { allowed: false, reason: result['reject-reason'] };
  return { allowed: true, vsize: result.vsize, fee: BigInt(Math.round(result.fees.base * 1e8)) };
}

async function ourVerdict(node: TestNode, tx: Transaction): Promise<Verdict> {
  const outcome = await node.mempool.accept(tx, { test: true });
  if (outcome.accepted) return { allowed: true, vsize: outcome.entry.virtualSize, fee: outcome.entry.fee };
  return { allowed: false, reason: outcome.kind === 'missing-inputs' ? 'missing-inputs' : outcome.reason };
}

/** Puts a transaction into both mempools. */
async function putIntoBoth(core: ReferenceNode, node: TestNode, tx: Transaction): Promise<void> {
  await core.rpc('sendrawtransaction', toHex(serializeTransaction(tx)), '0');
  const outcome = await node.mempool.accept(tx);
  assert.ok(outcome.accepted || outcome.kind === 'known', outcome.accepted ? '' : outcome.reason);
}

test('both mempools judge alike', options, async (t) => {
  assert.ok(folder !== undefined);
  const node = await TestNode.start(t);
  const core = await ReferenceNode.start(t, folder);
  const { key, chainstate } = node;
  const coins = await node.mine(130);
  const pay = (coin: Spendable, ...outputs: TxOut[]): Transaction => {
    const spent = outputs.reduce((sum, { value }) => sum + value, 0n);
    return key.spend([coin], [...outputs, { value: coin.output.value - spent - fee, scriptPubKey: key.scriptPubKey }]);
  };
  const withInput = (tx: Transaction, change: Partial<Transaction['inputs'][0]>): Transaction => ({
    ...tx,
    inputs: tx.inputs.map((input) => ({ ...input, ...change })),
  });
  const key33 = key.publicKey;
  const redeem = new Uint8Array(16).fill(OP_CHECKSIG);
  const p2sh = buildScript(OP_HASH160, hash160(redeem), OP_EQUAL);
  const trueScript = buildScript(OP_1);
  const odd = [buildScript(OP_NOP, OP_1), buildScript(0x60, new Uint8Array(20)), buildScript(OP_1, Uint8Array.of(0x4e, 0x73)), p2sh, buildScript(OP_HASH160, hash160(trueScript), OP_EQUAL)];
  const funding = key.spend([at(coins, 0)], [...odd.map((scriptPubKey) => ({ value: 1_000_000n, scriptPubKey })), { value: 100_000_000n, scriptPubKey: key.scriptPubKey }]);
  const block = await node.miner.assemble(key.scriptPubKey, [funding]);
  const solved = node.miner.solve(block, 1_000_000);
  assert.ok(solved !== undefined && (await chainstate.processBlock(solved)).accepted);
  node.network.connectOnce(`127.0.0.1:${core.port}`);
  await waitFor(() => node.network.peers()[0]?.startingHeight !== undefined, 'the connection');
  const end = Date.now() + 30_000;
  while ((await core.rpc('getbestblockhash')) !== hashToHex(chainstate.tip.hash)) {
    assert.ok(Date.now() < end, 'waited in vain for the same tip');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const tip = chainstate.tip;
  const waiting = key.split([at(coins, 1)], fee, 3);
  const restricted = key.split([at(coins, 2)], fee, 3, { version: 3 });
  const restrictedChild = key.split([outputOf(restricted)], fee, 1, { version: 3 });
  const pair = [key.split([at(coins, 3)], fee), key.split([at(coins, 4)], 100_000n)] as const;
  for (const tx of [waiting, restricted, restrictedChild, ...pair]) await putIntoBoth(core, node, tx);

  const cases: readonly (readonly [string, Transaction])[] = [
    ['ordinary', key.split([at(coins, 5)], fee, 2)],
    ['version 4', key.split([at(coins, 5)], fee, 1, { version: 4 })],
    ['version 0', key.split([at(coins, 5)], fee, 1, { version: 0 })],
    ['version -1', key.split([at(coins, 5)], fee, 1, { version: -1 })],
    ['odd output', pay(at(coins, 5), { value: 1000n, scriptPubKey: buildScript(OP_NOP) })],
    ['bare 1 of 1', pay(at(coins, 5), { value: 1000n, scriptPubKey: buildScript(OP_1, key33, OP_1, OP_CHECKMULTISIG) })],
    ['bare 1 of 4', pay(at(coins, 5), { value: 1000n, scriptPubKey: buildScript(OP_1, key33, key33, key33, key33, 0x54, OP_CHECKMULTISIG) })],
    ['bare 2 of 1', pay(at(coins, 5), { value: 1000n, scriptPubKey: buildScript(0x52, key33, OP_1, OP_CHECKMULTISIG) })],
    ['two data outputs', pay(at(coins, 5), { value: 0n, scriptPubKey: buildScript(OP_RETURN, key33) }, { value: 0n, scriptPubKey: buildScript(OP_RETURN) })],
    ['much data', pay(at(coins, 5), { value: 0n, scriptPubKey: buildScript(OP_RETURN, new Uint8Array(99_000)) })],
    ['too much data', pay(at(coins, 5), { value: 0n, scriptPubKey: buildScript(OP_RETURN, new Uint8Array(100_000)) })],
    ['one dust output', pay(at(coins, 5), { value: 293n, scriptPubKey: key.scriptPubKey })],
    ['no dust output', pay(at(coins, 5), { value: 294n, scriptPubKey: key.scriptPubKey })],
    ['two dust outputs', pay(at(coins, 5), { value: 1n, scriptPubKey: key.scriptPubKey }, { value: 1n, scriptPubKey: p2sh })],
    ['script hash dust', pay(at(coins, 5), { value: 539n, scriptPubKey: p2sh })],
    ['script hash no dust', pay(at(coins, 5), { value: 540n, scriptPubKey: p2sh })],
    ['not final by height', key.split([at(coins, 5)], fee, 1, { locktime: tip.height + 1 })],
    ['final by height', key.split([at(coins, 5)], fee, 1, { locktime: tip.height })],
    ['not final by time', key.split([at(coins, 5)], fee, 1, { locktime: tip.medianTimePast() })],
    ['final by time', key.split([at(coins, 5)], fee, 1, { locktime: tip.medianTimePast() - 1 })],
    ['locktime ignored', key.split([at(coins, 5)], fee, 1, { locktime: tip.height + 9, sequence: 0xffffffff })],
    ['relative, deep enough', key.split([at(coins, 5)], fee, 1, { sequence: tip.height + 1 - 6 })],
    ['relative, too early', key.split([at(coins, 5)], fee, 1, { sequence: tip.height + 2 - 6 })],
    ['relative, unconfirmed', key.split([outputOf(waiting)], fee, 1, { sequence: 1 })],
    ['relative time', key.split([at(coins, 5)], fee, 1, { sequence: (1 << 22) | 1 })],
    ['negative output', key.spend([at(coins, 5)], [{ value: -1n, scriptPubKey: key.scriptPubKey }])],
    ['huge output', key.spend([at(coins, 5)], [{ value: 2_100_000_000_000_001n, scriptPubKey: key.scriptPubKey }])],
    ['more out than in', key.split([at(coins, 5)], -1n)],
    ['twice the same input', key.split([at(coins, 5), at(coins, 5)], fee)],
    ['little fee', key.split([at(coins, 5)], 10n)],
    ['just enough fee', key.split([at(coins, 5)], 11n)],
    ['tiny', key.spend([at(coins, 5)], [{ value: 4_990_000_000n, scriptPubKey: buildScript(OP_RETURN) }])],
    ['unknown coin', key.split([{ ...at(coins, 5), outpoint: { txid: new Uint8Array(32).fill(3), index: 0 } }], fee)],
    ['known', waiting],
    ['same without witness', withInput(waiting, { witness: [new Uint8Array(1)] })],
    ['confirmed', funding],
    ['immature', key.split([at(coins, 125)], fee)],
    ['wrong signature', { ...pay(at(coins, 5)), locktime: 1 }],
    ['no witness', withInput(pay(at(coins, 5)), { witness: [] })],
    ['scriptSig with witness program', withInput(pay(at(coins, 5)), { scriptSig: Uint8Array.of(OP_1) })],
    ['scriptSig that does more than push', withInput(pay(at(coins, 5)), { scriptSig: Uint8Array.of(OP_NOP) })],
    ['scriptSig too large', withInput(pay(at(coins, 5)), { scriptSig: buildScript(new Uint8Array(1700)) })],
    ['odd input', withInput(key.split([outputOf(funding, 0)], fee, 2), { witness: [] })],
    ['future witness version', withInput(key.split([outputOf(funding, 1)], fee, 2), { witness: [] })],
    ['anchor', withInput(key.split([outputOf(funding, 2)], fee, 2), { witness: [] })],
    ['anchor with witness', withInput(key.split([outputOf(funding, 2)], fee, 2), { witness: [new Uint8Array(1)] })],
    ['script hash, many signature operations', withInput(key.split([outputOf(funding, 3)], fee, 2), { witness: [], scriptSig: buildScript(redeem) })],
    ['script hash', withInput(key.split([outputOf(funding, 4)], fee, 2), { witness: [], scriptSig: buildScript(trueScript) })],
    ['script hash, stuffed', withInput(key.split([outputOf(funding, 4)], fee, 2), { witness: [new Uint8Array(1)], scriptSig: buildScript(trueScript) })],
    ['script hash, wrong script', withInput(key.split([outputOf(funding, 4)], fee, 2), { witness: [], scriptSig: buildScript(redeem.slice(1)) })],
    ['child of an unconfirmed one', key.split([outputOf(waiting, 1)], fee)],
    ['restricted child of an ordinary one', key.split([outputOf(waiting, 1)], fee, 1, { version: 3 })],
    ['ordinary child of a restricted one', key.split([outputOf(restricted, 1)], fee)],
    ['second restricted child', key.split([outputOf(restricted, 1)], fee, 1, { version: 3 })],
    ['second restricted child with more fee', key.split([outputOf(restricted, 1)], 3n * fee, 1, { version: 3 })],
    ['restricted grandchild', key.split([outputOf(restrictedChild)], fee, 1, { version: 3 })],
    ['large restricted child', key.split([outputOf(restricted, 2)], 10n * fee, 40, { version: 3 })],
    ['replacement with less fee', key.split([at(coins, 1)], fee - 1n)],
    ['replacement with the same fee', key.split([at(coins, 3)], fee)],
    ['replacement that pays a little more', key.split([at(coins, 3)], fee + 10n)],
    ['replacement that pays enough more', key.split([at(coins, 3)], fee + 11n)],
    ['replacement at a lower feerate', key.split([at(coins, 4)], 150_000n, 200)],
    ['spends what it replaces', key.split([at(coins, 1), outputOf(waiting)], 100_000n)],
    ['replaces two', key.split([at(coins, 3), at(coins, 4)], 110_000n)],
  ];
  for (const [name, tx] of cases) {
    const theirs = await coreVerdict(core, tx);
    assert.deepEqual({ name, ...(await ourVerdict(node, tx)) }, { name, ...theirs });
  }
});

test('mempool.dat passes both ways', options, async (t) => {
  assert.ok(folder !== undefined);
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-mempool-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const node = await TestNode.start(t);
  const core = await ReferenceNode.start(t, folder);
  const coins = await node.mine(110);
  node.network.connectOnce(`127.0.0.1:${core.port}`);
  const end = Date.now() + 30_000;
  while ((await core.rpc('getbestblockhash')) !== hashToHex(node.chainstate.tip.hash)) {
    assert.ok(Date.now() < end, 'waited in vain for the same tip');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await core.rpc('setnetworkactive', 'false');

  const path = join(directory, 'mempool.dat');
  const now = (): number => Math.floor(Date.now() / 1000);
  const ours = new NodeMempool({ chainstate: node.chainstate, now, path });
  await ours.load();
  const parent = node.key.split([at(coins, 0)], fee);
  const child = node.key.split([outputOf(parent)], fee);
  for (const tx of [parent, child]) assert.ok((await ours.accept(tx)).accepted);
  ours.prioritise(txidOf(parent), 777n);
  ours.setUnbroadcast(txidOf(child), true);
  await ours.save();
  const imported = '{"use_current_time": false, "apply_fee_delta_priority": true, "apply_unbroadcast_set": true}';
  await core.rpc('importmempool', path, imported);
  const entries = JSON.parse(await core.rpc('getrawmempool', 'true'));
  assert.deepEqual(Object.keys(entries).sort(), [parent, child].map((tx) => hashToHex(txidOf(tx))).sort());
  assert.equal(entries[hashToHex(txidOf(parent))].fees.modified, 0.00002777);
  assert.equal(entries[hashToHex(txidOf(child))].unbroadcast, true);

  const { filename } = JSON.parse(await core.rpc('savemempool'));
  const again = new NodeMempool({ chainstate: node.chainstate, now, path: filename });
  await again.load();
  assert.equal(again.size, 2);
  assert.equal(again.get(txidOf(parent))?.modifiedFee, fee + 777n);
  assert.deepEqual(again.unbroadcast(), [txidOf(child)]);
});
