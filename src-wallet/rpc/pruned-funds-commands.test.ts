import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { writeHeader, type Block } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { Desk } from '../testing/desk.js';

interface Balances {
  readonly mine: { readonly immature: number };
}

/** Shows the only transaction of a block. */
function proofOf({ header, transactions }: Block): string {
  const writer = new ByteWriter(128);
  writeHeader(writer, header);
  writer.u32(1).compactSize(1);
  for (const tx of transactions.slice(0, 1)) writer.bytes(txidOf(tx));
  return toHex(writer.varBytes(Uint8Array.of(1)).finish());
}

test('a transaction is forgotten, and taken in again without a scan', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const wallet = desk.registry.get('w');
  assert.ok(wallet !== undefined);
  const decoded = wallet.decode(await desk.call<string>('getnewaddress'));
  assert.ok(decoded.ok);
  const block = await desk.chain.mine(decoded.scriptPubKey, { value: 100_000_000n });
  const [coinbase] = block.transactions;
  assert.ok(coinbase !== undefined);
  const [txid, bytes] = [hashToHex(txidOf(coinbase)), toHex(serializeTransaction(coinbase))];
  const immature = async (): Promise<number> => (await desk.call<Balances>('getbalances')).mine.immature;
  assert.equal(await immature(), 1);

  const told: (readonly [string, string])[] = [];
  wallet.events.transaction.listen((...event) => told.push(event));
  assert.equal(await desk.call('removeprunedfunds', txid), null);
  assert.deepEqual(told, [[txid, 'deleted']]);
  assert.equal(await immature(), 0);
  await desk.refused(-5, 'Invalid or non-wallet transaction id', 'gettransaction', txid);
  await desk.refused(-4, `Transaction ${txid} does not belong to this wallet`, 'removeprunedfunds', txid);
  await desk.call('unloadwallet', 'w');
  await desk.call('loadwallet', 'w');
  assert.equal(await immature(), 0);

  await desk.refused(-5, 'Something wrong with merkleblock', 'importprunedfunds', bytes, proofOf({ ...block, header: { ...block.header, merkleRoot: new Uint8Array(32) } }));
  await desk.refused(-5, 'Block not found in chain', 'importprunedfunds', bytes, proofOf({ ...block, header: { ...block.header, nonce: 99 } }));
  await desk.refused(-1, 'SpanReader::read(): end of data: iostream error', 'importprunedfunds', bytes, proofOf(block).slice(0, -2));
  await desk.refused(-8, "proof must be hexadecimal string (not 'x')", 'importprunedfunds', bytes, 'x');
  const foreign = await desk.chain.mine(Uint8Array.of(0x51));
  const [theirs] = foreign.transactions;
  assert.ok(theirs !== undefined);
  await desk.refused(-5, 'No addresses in wallet correspond to included transaction', 'importprunedfunds', toHex(serializeTransaction(theirs)), proofOf(foreign));
  await desk.refused(-5, "Transaction given doesn't exist in proof", 'importprunedfunds', bytes, proofOf(foreign));

  assert.equal(await desk.call('importprunedfunds', bytes, proofOf(block)), null);
  assert.equal(await immature(), 1);
  const { confirmations, blockheight } = await desk.call<{ readonly confirmations: number; readonly blockheight: number }>('gettransaction', txid);
  assert.deepEqual([confirmations, blockheight], [2, 1]);
  await desk.call('unloadwallet', 'w');
  await desk.call('loadwallet', 'w');
  assert.equal(await immature(), 1);
});

test('what a forgotten transaction spent can be spent again', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const decoded = desk.registry.get('w')?.decode(await desk.call<string>('getnewaddress'));
  assert.ok(decoded?.ok === true);
  await desk.chain.mine(decoded.scriptPubKey, { value: 100_000_000n });
  for (let i = 0; i < 100; i++) await desk.chain.mine(Uint8Array.of(0x51));
  const balance = await desk.call('getbalance');
  const sent = await desk.call<string>('sendtoaddress', 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202', 0.5);
  assert.notEqual(await desk.call('getbalance'), balance);
  await desk.call('removeprunedfunds', sent);
  assert.equal(await desk.call('getbalance'), balance);
  assert.deepEqual((await desk.call<readonly { readonly amount: number }[]>('listunspent')).map(({ amount }) => amount), [1]);
});

test('addresses that were spent together, or got the change, are one group', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const paid: string[] = [];
  for (const label of ['a', 'b', 'c']) {
    const address = await desk.call<string>('getnewaddress', label);
    const decoded = desk.registry.get('w')?.decode(address);
    assert.ok(decoded?.ok === true);
    paid.push(address);
    await desk.chain.mine(decoded.scriptPubKey, { value: 100_000_000n });
  }
  for (let i = 0; i < 100; i++) await desk.chain.mine(Uint8Array.of(0x51));
  type Group = readonly (readonly [string, number, string?])[];
  const groups = (): Promise<readonly Group[]> => desk.call<readonly Group[]>('listaddressgroupings');
  assert.deepEqual((await groups()).map((group) => group.map(([, ...rest]) => rest)).sort(), [[[1, 'a']], [[1, 'b']], [[1, 'c']]]);
  const coins = await desk.call<readonly { readonly txid: string; readonly vout: number; readonly label: string }[]>('listunspent');
  const inputs = coins.filter(({ label }) => label !== 'b').map(({ txid, vout }) => ({ txid, vout }));
  await desk.call('send', [{ bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202: 1.5 }], null, null, null, { inputs });
  const [large, small] = [...(await groups())].sort((x, y) => y.length - x.length);
  assert.deepEqual(small, [[paid[1], 1, 'b']]);
  assert.deepEqual(large?.map(([, , label]) => label).sort(), ['a', 'c', undefined]);
  assert.deepEqual(large?.filter(([, , label]) => label !== undefined).map(([, amount]) => amount), [0, 0]);
});
