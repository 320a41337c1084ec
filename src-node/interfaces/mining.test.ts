import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { parseBlock, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import { maxDouble, type BlockTemplate, type Mining } from '../../src-interfaces/generated/mining.js';
import { ownNode, startIpcNode } from './testing/ipc-node.js';
import { solve } from './testing/solver.js';

async function miningOf(init: Init): Promise<Mining> {
  const mining = await init.makeMining();
  assert.ok(mining !== undefined);
  return mining;
}

async function templateOf(mining: Mining): Promise<BlockTemplate> {
  const template = await mining.createNewBlock({}, false);
  assert.ok(template !== undefined);
  return template;
}

async function mineOne(mining: Mining): Promise<Uint8Array> {
  const template = await templateOf(mining);
  const { version, time, nonce, coinbase, hash } = await solve(template);
  assert.deepEqual(await template.submitSolution(version, time, nonce, coinbase), { reason: '', debug: '', result: true });
  await template.destroy();
  return hash;
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('a miner in another process makes blocks from what the interface tells', async (t) => {
  const { init } = await startIpcNode(t, ownNode);
  const mining = await miningOf(init);
  assert.equal(await mining.isTestChain(), true);
  assert.equal(await mining.isInitialBlockDownload(), true);
  assert.equal((await mining.getTip())?.height, 0);
  for (let height = 1; height <= 20; height++) {
    const hash = await mineOne(mining);
    assert.deepEqual(await mining.getTip(), { hash, height });
  }
  assert.equal(await mining.isInitialBlockDownload(), false);
  const template = await templateOf(mining);
  const fields = await template.getCoinbaseTx();
  assert.deepEqual([fields.version, fields.sequence, fields.lockTime, fields.blockRewardRemaining], [2, 0xfffffffe, 20, 5_000_000_000n]);
  assert.deepEqual([fields.requiredOutputs.length, fields.witness], [1, new Uint8Array(32)]);
  assert.deepEqual([await template.getTxFees(), await template.getTxSigops(), await template.getCoinbaseMerklePath()], [[], [], []]);

  const block = parseBlock(await template.getBlock());
  assert.deepEqual(await mining.checkBlock(serializeBlock(block), { checkPow: false }), { reason: '', debug: '', result: true });
  const spoiled = { ...block, header: { ...block.header, merkleRoot: new Uint8Array(32) } };
  assert.equal((await mining.checkBlock(serializeBlock(spoiled), { checkPow: false })).reason, 'bad-txnmrklroot');
  assert.equal((await mining.checkBlock(serializeBlock(spoiled), { checkPow: false, checkMerkleRoot: false })).result, true);
  const hard = { ...block, header: { ...block.header, bits: 0x1d00ffff } };
  assert.equal((await mining.checkBlock(serializeBlock(hard), {})).reason, 'high-hash');

  const { version, time, nonce, coinbase } = await solve(template);
  assert.equal((await template.submitSolution(version, time, nonce, new Uint8Array())).result, false);
  assert.equal(await template.submitSolutionOld7(version, time, nonce, coinbase), true);
  assert.equal((await template.submitSolution(version, time, nonce, coinbase)).reason, 'duplicate');
  assert.equal(await template.submitSolutionOld7(version, time, nonce, coinbase), true);
});

test('bad arguments are failures that name them, and the node goes on', async (t) => {
  const { init } = await startIpcNode(t, ownNode);
  const mining = await miningOf(init);
  const failed = (message: RegExp) => ({ name: 'CallFailure', code: 'failed', message });
  await assert.rejects(mining.createNewBlock({ blockReservedWeight: 5n }, false), failed(/^block_reserved_weight \(5\) is lower than minimum safety value of \(2000\)$/));
  await assert.rejects(mining.createNewBlock({ blockReservedWeight: 4_000_001n }, false), failed(/block_reserved_weight \(4000001\) exceeds/));
  await assert.rejects(mining.createNewBlock({ coinbaseOutputMaxAdditionalSigops: 80_001n }, false), failed(/coinbase_output_max_additional_sigops \(80001\) exceeds/));
  await assert.rejects(mining.submitBlock(new Uint8Array(10)), failed(/block cannot be read/));
  const template = await templateOf(mining);
  await assert.rejects(template.submitSolution(1, 1, 1, Uint8Array.of(1)), failed(/coinbase cannot be read/));
  assert.deepEqual(await mining.getTransactionsByWitnessID([new Uint8Array(32)]), [new Uint8Array()]);
});

test('waits end with a tip, a time, an interruption, a cancellation and the node', async (t) => {
  const { init, connect, stop } = await startIpcNode(t, ownNode);
  const mining = await miningOf(init);
  // A tip as old as the genesis block would make every template due for one of least difficulty.
  const hash = await mineOne(mining);
  assert.equal((await mining.waitTipChanged(hash, 20))?.height, 1);
  assert.equal((await mining.waitTipChanged(new Uint8Array(32), maxDouble))?.height, 1);
  const waiting = mining.waitTipChanged(hash, maxDouble);
  const template = await templateOf(mining);
  const next = template.waitNext({});
  assert.equal(await template.waitNext({ timeout: 20 }), undefined);
  await pause(50);
  await mineOne(mining);
  assert.equal((await waiting)?.height, 2);
  const follower = (await next) ?? assert.fail();
  assert.ok(equalBytes(parseBlock(await follower.getBlock()).header.prevHash, (await mining.getTip())?.hash ?? hash));

  // Interrupted: those under way, or the next when there is none.
  const tip = (await mining.getTip()) ?? assert.fail();
  const ends = [mining.waitTipChanged(tip.hash, maxDouble), mining.waitTipChanged(tip.hash, maxDouble)];
  await pause(50);
  await mining.interrupt();
  assert.deepEqual(await Promise.all(ends), [undefined, undefined]);
  await follower.interruptWait();
  assert.equal(await follower.waitNext({}), undefined);

  // Given up by the caller, who can make calls on.
  const giveUp = new AbortController();
  const given = follower.waitNext({}, giveUp.signal);
  await pause(50);
  giveUp.abort(new Error('enough'));
  await assert.rejects(given, /enough/);
  assert.equal((await mining.getTip())?.height, 2);

  // One that hangs up leaves no wait behind that would keep the node from ending.
  const other = await connect();
  const lost = (await miningOf(other.init)).waitTipChanged(tip.hash, maxDouble);
  await pause(50);
  other.close();
  await assert.rejects(lost, (error) => error instanceof CallFailure && error.code === 'disconnected');

  const last = mining.waitTipChanged(tip.hash, maxDouble).catch((error: unknown) => error);
  await pause(50);
  assert.equal(await stop(), 0);
  const end = await last;
  assert.ok(end === undefined || end instanceof CallFailure, String(end));
});

test('a template with higher fees is worth having, one with the same is not', async (t) => {
  const { init } = await startIpcNode(t, ownNode, '-acceptnonstdtxn');
  const mining = await miningOf(init);
  const rpc = (await init.makeRpc()) ?? assert.fail();
  const execute = async (method: string, params: unknown[]): Promise<unknown> => {
    const reply: unknown = JSON.parse(await rpc.executeRpc(JSON.stringify({ method, params }), '/', ''));
    assert.ok(typeof reply === 'object' && reply !== null && 'result' in reply && 'error' in reply);
    assert.equal(reply.error, null);
    return reply.result;
  };
  await mineOne(mining);
  const [coinbase1] = parseBlock(fromHex(String(await execute('getblock', [await execute('getblockhash', [1]), 0])))).transactions;
  assert.ok(coinbase1 !== undefined);
  for (let i = 0; i < 100; i++) await mineOne(mining);
  const template = await templateOf(mining);
  assert.equal(await template.waitNext({ timeout: 50, feeThreshold: 1n }), undefined);
  const waiting = template.waitNext({ feeThreshold: 10_000n });
  // 10000 satoshis of fee, from an output that anyone can spend.
  const payee = fromHex('0014751e76e8199196d454941c45d1b3a323f1433bd6');
  const input = { prevout: { txid: txidOf(coinbase1), index: 0 }, scriptSig: new Uint8Array(), sequence: 0xffffffff, witness: [] };
  const spend = { version: 2, inputs: [input], outputs: [{ value: 4_999_990_000n, scriptPubKey: payee }], locktime: 0 };
  await execute('sendrawtransaction', [toHex(serializeTransaction(spend)), 0]);
  assert.deepEqual(await mining.getTransactionsByTxID([txidOf(spend), new Uint8Array(32)]), [serializeTransaction(spend), new Uint8Array()]);
  assert.deepEqual(await mining.getTransactionsByWitnessID([txidOf(spend)]), [serializeTransaction(spend)]);
  const better = (await waiting) ?? assert.fail();
  assert.deepEqual(await better.getTxFees(), [10_000n]);
  assert.equal((await better.getTxSigops()).length, 1);
  assert.equal((await better.getCoinbaseTx()).blockRewardRemaining, 5_000_010_000n);
  assert.equal((await better.getCoinbaseMerklePath()).length, 1);
  const { transactions } = parseBlock(await better.getBlock());
  assert.equal(transactions.length, 2);
  const { version, time, nonce, coinbase } = await solve(better);
  assert.equal((await better.submitSolution(version, time, nonce, coinbase)).result, true);
  assert.equal((await mining.createNewBlock({ useMempool: false }, true))?.constructor.name, 'RemoteBlockTemplate');
});
