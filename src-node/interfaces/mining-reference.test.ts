import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromHex, hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { blockMerkleRoot } from '../../src-bitcoin/consensus/merkle.js';
import { parseBlock, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { BlockTemplate, Mining } from '../../src-interfaces/generated/mining.js';
import { ownNode, startIpcNode } from './testing/ipc-node.js';
import { solve } from './testing/solver.js';

/*
 * The same questions to our node and to another: the multiprocess programs in BITCOIN_REFERENCE_BIN, which know
 * submitSolution by its earlier number, and a current Bitcoin Core in BITCOIN_CORE_BIN, which has makeRpc.
 */

const reference = process.env['BITCOIN_REFERENCE_BIN'];
const core = process.env['BITCOIN_CORE_BIN'];

/** What a call gave, as a value: its result, or that it failed. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CallFailure) return error.code;
    throw error;
  }
}

async function submit(template: BlockTemplate, isEarly: boolean): Promise<unknown> {
  const { version, time, nonce, coinbase } = await solve(template);
  if (isEarly) return template.submitSolutionOld7(version, time, nonce, coinbase);
  return template.submitSolution(version, time, nonce, coinbase);
}

/** The multiprocess reference ends itself when it is asked for a template of one of the first 16 blocks. */
async function prepare(init: Init): Promise<void> {
  const node = (await init.makeNode()) ?? assert.fail();
  await node.executeRpc('generatetoaddress', '[16, "bcrt1qmfvqnyey54wkveu9erfwwe03uzzta0wuksm2w8"]', '/');
  await node.destroy();
}

/** Everything the interface tells that does not depend on the time. */
async function transcript(init: Init, isEarly: boolean): Promise<unknown[]> {
  const mining: Mining = (await init.makeMining()) ?? assert.fail();
  const lines: unknown[] = [await mining.isTestChain(), await mining.isInitialBlockDownload(), (await mining.getTip())?.height];
  if (isEarly) await prepare(init);
  const first = isEarly ? 17 : 1;
  for (let height = first; height <= 18; height++) {
    const template = (await mining.createNewBlock({}, false)) ?? assert.fail();
    const { scriptSigPrefix, ...fields } = await template.getCoinbaseTx();
    if (height > 16) lines.push(scriptSigPrefix);
    lines.push(fields, await template.getTxFees(), await template.getTxSigops(), await template.getCoinbaseMerklePath());
    if (height === 18) {
      const open = parseBlock(await template.getBlock());
      // Theirs leaves the merkle root open.
      const block = { ...open, header: { ...open.header, merkleRoot: blockMerkleRoot(open).root } };
      lines.push(block.header.version, block.header.bits, block.transactions.length);
      for (const spoiled of [
        block,
        { ...block, header: { ...block.header, merkleRoot: new Uint8Array(32) } },
        { ...block, header: { ...block.header, bits: 0x1d00ffff } },
        { ...block, header: { ...block.header, prevHash: new Uint8Array(32) } },
        { ...block, header: { ...block.header, version: 1 } },
        { ...block, transactions: [] },
      ]) {
        lines.push(await mining.checkBlock(serializeBlock(spoiled), { checkPow: false, checkMerkleRoot: false }));
        lines.push(await mining.checkBlock(serializeBlock(spoiled), { checkPow: false }));
      }
      lines.push((await mining.checkBlock(serializeBlock({ ...block, header: { ...block.header, bits: 0x1d00ffff } }), {})).reason);
    }
    lines.push(await submit(template, isEarly), (await mining.getTip())?.height);
    // A block that is known already.
    if (height === first) lines.push(await submit(template, isEarly));
    await template.destroy();
  }
  const tip = (await mining.getTip()) ?? assert.fail();
  lines.push((await mining.waitTipChanged(tip.hash, 30))?.height, (await mining.waitTipChanged(new Uint8Array(32), 30))?.height);
  const template = (await mining.createNewBlock({ useMempool: false }, false)) ?? assert.fail();
  lines.push(await template.waitNext({ timeout: 30 }));
  const waiting = template.waitNext({});
  await new Promise((resolve) => setTimeout(resolve, 100));
  await template.interruptWait();
  lines.push(await waiting);
  return lines;
}

async function transcriptOfNewer(init: Init): Promise<unknown[]> {
  const mining = (await init.makeMining()) ?? assert.fail();
  const rpc = (await init.makeRpc()) ?? assert.fail();
  const { hash } = (await mining.getTip()) ?? assert.fail();
  const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getblock', params: [hashToHex(hash), 0] });
  const reply: unknown = JSON.parse(await rpc.executeRpc(request, '/', ''));
  assert.ok(typeof reply === 'object' && reply !== null && 'result' in reply);
  const lines: unknown[] = [
    await mining.submitBlock(fromHex(String(reply.result))),
    await mining.getTransactionsByTxID([new Uint8Array(32)]),
    await mining.getTransactionsByWitnessID([]),
    await outcome(mining.createNewBlock({ blockReservedWeight: 5n }, false).catch((error: Error) => error.message)),
  ];
  for (const request of [
    '{"method":"getblockcount","params":[],"id":1}',
    '{"jsonrpc":"2.0","method":"getblockhash","params":{"height":0},"id":"x"}',
    '{"method":"getblockhash","params":[100],"id":1}',
    '{"jsonrpc":"2.0","method":"nope","id":3}',
    '{"jsonrpc":"2.0","method":"getblockcount"}',
    '[{"method":"getblockcount","id":1},{"jsonrpc":"2.0","method":"nope","id":2}]',
    '[]',
    '7',
    '{"id":1}',
  ]) {
    lines.push(await rpc.executeRpc(request, '/', 'user'));
  }
  return lines;
}

test('block making as the multiprocess reference does it', { skip: reference === undefined && 'skipped: no BITCOIN_REFERENCE_BIN' }, async (t) => {
  const ours = await startIpcNode(t, ownNode);
  const theirs = await startIpcNode(t, [join(reference ?? '', 'bitcoin-node')]);
  assert.deepEqual(await transcript(ours.init, true), await transcript(theirs.init, true));
});

test('block making and JSON-RPC as a current Bitcoin Core does them', { skip: core === undefined && 'skipped: no BITCOIN_CORE_BIN' }, async (t) => {
  const ours = await startIpcNode(t, ownNode);
  const theirs = await startIpcNode(t, [join(core ?? '', 'bitcoin-node')]);
  assert.deepEqual(await transcript(ours.init, false), await transcript(theirs.init, false));
  assert.deepEqual(await transcriptOfNewer(ours.init), await transcriptOfNewer(theirs.init));
});
