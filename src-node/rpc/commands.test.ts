import assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { fromHex, hashFromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { encodeExtendedPrivateKey, rootKeyOfSeed } from '../../src-bitcoin/keys/bip32.js';
import { parseTransaction, serializeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { RpcFailure } from '../../src-interfaces/errors.js';
import { JsonNumber, type JsonValue } from '../../src-interfaces/json/json.js';
import { RequestMode } from '../../src-interfaces/rpc/command.js';
import { createNode } from '../init/create-node.js';
import type { NodeProcess } from '../init/node-process.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

/** Anybody may spend: P2WSH of OP_TRUE. */
const anyoneScript = '00204ae81572f06e1b88fd5ced7a1a000945432e83e1551e6f721ee9c00b8cc33260';
const anyone = 'bcrt1qft5p2uhsdcdc3l2ua4ap5qqfg4pjaqlp250x7us7a8qqhrxrxfsqseac85';
const everyKey = encodeExtendedPrivateKey(rootKeyOfSeed(new Uint8Array(32).fill(7)), chainParams('regtest'));
const opTrue = Uint8Array.of(0x51);

describe('commands on a real chain', () => {
  let node: NodeProcess;
  const rpc = async (method: string, ...params: unknown[]): Promise<Json> => JSON.parse(await node.executeRpc(method, JSON.stringify(params), ''));
  const fails = async (code: number, message: RegExp | string, method: string, ...params: unknown[]): Promise<void> => {
    await assert.rejects(rpc(method, ...params), (error) => {
      assert.ok(error instanceof RpcFailure, String(error));
      assert.equal(error.code, code, error.message);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  };

  before(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'commands-'));
    node = await createNode(['-regtest', `-datadir=${directory}`, '-listen=0', '-connect=0', '-printtoconsole=0', '-disablewallet']);
    await rpc('generatetoaddress', 101, anyone);
  });
  after(() => node.shutdown());

  test('a scan of the unspent outputs tells how far it is, is the only one, and can be given up', async () => {
    const descriptors = [`addr(${anyone})`];
    const start = rpc('scantxoutset', 'start', descriptors);
    const [status, , aborted] = await Promise.all([
      rpc('scantxoutset', 'status'),
      fails(-8, 'Scan already in progress, use action "abort" or "status"', 'scantxoutset', 'start', descriptors),
      rpc('scantxoutset', 'abort'),
    ]);
    assert.deepEqual([status, aborted], [{ progress: 0 }, true]);
    assert.equal((await start).success, false);
    assert.equal(await rpc('scantxoutset', 'status'), null);
    assert.equal(await rpc('scantxoutset', 'abort'), false);
    const { success, unspents, txouts, total_amount: total } = await rpc('scantxoutset', 'start', descriptors);
    assert.deepEqual([success, unspents.length, txouts, total], [true, 101, 101, 5050]);
  });

  test('a scan for more scripts than can be derived in no time lets others have their turns', { timeout: 60_000 }, async () => {
    const { descriptor } = await rpc('getdescriptorinfo', `wpkh(${everyKey}/*)`);
    const start = rpc('scantxoutset', 'start', [{ desc: descriptor, range: 900_000 }]);
    let isOver = false;
    void start.then(() => (isOver = true));
    for (let turn = 0; turn < 5; turn++) assert.deepEqual(await rpc('scantxoutset', 'status'), { progress: 0 });
    assert.equal(isOver, false);
    assert.equal(await rpc('scantxoutset', 'abort'), true);
    assert.deepEqual(await start.then(({ success, unspents }: Json) => [success, unspents]), [false, []]);
  });

  test('the mempool is written once for each who asks, one after the other', async () => {
    const saved: Json[] = await Promise.all([1, 2, 3].map(() => rpc('savemempool')));
    for (const { filename } of saved) assert.ok(existsSync(filename), filename);
  });

  async function spend(height: number, fee: bigint, sequence = 0xfffffffd): Promise<{ hex: string; tx: Transaction }> {
    const block = await rpc('getblock', await rpc('getblockhash', height), 2);
    const coinbase = block.tx[0];
    const value = 50_0000_0000n;
    const tx: Transaction = {
      version: 2,
      inputs: [{ prevout: { txid: hashFromHex(coinbase.txid), index: 0 }, scriptSig: new Uint8Array(0), sequence, witness: [opTrue] }],
      outputs: [{ value: value - fee, scriptPubKey: fromHex(anyoneScript) }],
      locktime: 0,
    };
    return { hex: toHex(serializeTransaction(tx)), tx };
  }

  test('the chain as a whole', async () => {
    const info = await rpc('getblockchaininfo');
    assert.equal(info.chain, 'regtest');
    assert.equal(info.blocks, 101);
    assert.equal(info.bestblockhash, await rpc('getbestblockhash'));
    assert.equal(info.target, '7fffff0000000000000000000000000000000000000000000000000000000000');
    assert.equal(await rpc('getdifficulty'), 4.656542373906925e-10);
    assert.deepEqual(await rpc('getchaintips'), [{ height: 101, hash: info.bestblockhash, branchlen: 0, status: 'active' }]);
    const set = await rpc('gettxoutsetinfo', 'none');
    assert.deepEqual([set.height, set.txouts, set.total_amount], [101, 101, 5050]);
    await fails(-8, "'sum' is not a valid hash_type", 'gettxoutsetinfo', 'sum');
    await fails(-8, 'Block height out of range', 'getblockhash', 102);
    await fails(-5, 'Block not found', 'getblockheader', '00'.repeat(32));
    await fails(-8, "blockhash must be of length 64 (not 2, for '00')", 'getblock', '00');
    const deployments = await rpc('getdeploymentinfo');
    assert.equal(deployments.deployments.taproot.bip9.status, 'active');
    assert.ok(deployments.script_flags.includes('TAPROOT'));
  });

  test('blocks at each verbosity', async () => {
    const genesis = await rpc('getblockhash', 0);
    const { genesis: expected } = chainParams('regtest');
    const raw = await rpc('getblock', genesis, 0);
    assert.equal(raw.length, 2 * 285);
    const one = await rpc('getblock', genesis, 1);
    assert.deepEqual(one.tx, [one.merkleroot]);
    assert.equal(one.confirmations, 102);
    assert.equal(one.time, expected.header.time);
    assert.equal(one.nextblockhash, await rpc('getblockhash', 1));
    assert.equal(one.previousblockhash, undefined);
    const two = await rpc('getblock', await rpc('getblockhash', 1), 2);
    assert.equal(two.tx[0].vout[0].scriptPubKey.address, anyone);
    assert.equal(two.tx[0].vout[0].scriptPubKey.type, 'witness_v0_scripthash');
    assert.equal((await rpc('getblockheader', genesis, false)).length, 160);
  });

  test('a transaction from the mempool into a block', async () => {
    const { hex, tx } = await spend(1, 10_000n);
    const decoded = await rpc('decoderawtransaction', hex);
    assert.equal(decoded.vsize, Math.ceil(decoded.weight / 4));
    const [accepted] = await rpc('testmempoolaccept', [hex]);
    assert.equal(accepted.allowed, true);
    assert.equal(accepted.fees.base, 0.0001);
    assert.equal((await rpc('getrawmempool')).length, 0);
    const txid = await rpc('sendrawtransaction', hex);
    assert.equal(txid, decoded.txid);
    assert.equal(await rpc('sendrawtransaction', hex), txid);
    const entry = await rpc('getmempoolentry', txid);
    assert.equal(entry.vsize, accepted.vsize);
    assert.equal(entry['bip125-replaceable'], true);
    assert.equal(entry.unbroadcast, true);
    assert.equal(entry.fees.chunk, 0.0001);
    assert.deepEqual(Object.keys(await rpc('getrawmempool', true)), [txid]);
    assert.equal((await rpc('getmempoolinfo')).size, 1);
    const coinbase = { txid: decoded.vin[0].txid, vout: 0 };
    assert.equal(await rpc('gettxout', coinbase.txid, 0), null);
    assert.equal((await rpc('gettxout', coinbase.txid, 0, false)).coinbase, true);
    assert.equal((await rpc('gettxout', txid, 0)).confirmations, 0);
    assert.deepEqual(await rpc('gettxspendingprevout', [coinbase]), [{ ...coinbase, spendingtxid: txid }]);
    assert.equal(await rpc('getrawtransaction', txid), hex);
    assert.equal(serializeTransaction(parseTransaction(fromHex(hex))).length, serializeTransaction(tx).length);
    const { hash } = await rpc('generateblock', anyone, [txid]);
    const detailed = await rpc('getrawtransaction', txid, 2, hash);
    assert.equal(detailed.fee, 0.0001);
    assert.equal(detailed.vin[0].prevout.value, 50);
    assert.equal(detailed.confirmations, 1);
    assert.equal(detailed.in_active_chain, true);
    assert.equal((await rpc('getblock', hash, 3)).tx[1].vin[0].prevout.height, 1);
    await fails(-5, /No such mempool transaction/, 'getrawtransaction', txid);
    await fails(-27, 'Transaction outputs already in utxo set', 'sendrawtransaction', hex);
  });

  test('transactions that are refused, with codes and reasons', async () => {
    await fails(-22, 'TX decode failed. Make sure the tx has at least one input.', 'sendrawtransaction', '00');
    const greedy = await spend(2, 2_0000_0000n);
    await fails(-25, /Fee exceeds maximum configured by user/, 'sendrawtransaction', greedy.hex);
    assert.equal((await rpc('testmempoolaccept', [greedy.hex]))[0]['reject-reason'], 'max-fee-exceeded');
    const immature = await spend(100, 1000n);
    await fails(-26, /^bad-txns-premature-spend-of-coinbase/, 'sendrawtransaction', immature.hex);
    const free = await spend(2, 0n);
    await fails(-26, /^min relay fee not met, 0 < \d+/, 'sendrawtransaction', free.hex);
    const { tx } = await spend(2, 1000n);
    const orphan = { ...tx, inputs: tx.inputs.map((input) => ({ ...input, prevout: { ...input.prevout, index: 5 } })) };
    const orphanHex = toHex(serializeTransaction(orphan));
    await fails(-25, 'bad-txns-inputs-missingorspent', 'sendrawtransaction', orphanHex);
    assert.equal((await rpc('testmempoolaccept', [orphanHex]))[0]['reject-reason'], 'missing-inputs');
    const burn = { ...tx, outputs: [{ value: 1000n, scriptPubKey: fromHex('6a0100') }] };
    await fails(-25, 'Unspendable output exceeds maximum configured by user (maxburnamount)', 'sendrawtransaction', toHex(serializeTransaction(burn)));
    await fails(-8, 'Array must contain between 1 and 25 transactions.', 'testmempoolaccept', []);
    await fails(-3, 'Invalid amount', 'sendrawtransaction', greedy.hex, 'cheap');
  });

  test('making, submitting and taking back blocks', async () => {
    const { hash, hex } = await rpc('generateblock', 'raw(51)', [], false);
    assert.equal(await rpc('submitblock', hex), null);
    assert.equal(await rpc('submitblock', hex), 'duplicate');
    assert.equal(await rpc('getbestblockhash'), hash);
    await fails(-22, 'Block decode failed', 'submitblock', '00');
    await rpc('invalidateblock', hash);
    assert.notEqual(await rpc('getbestblockhash'), hash);
    const tips = await rpc('getchaintips');
    assert.equal(tips.find((tip: Json) => tip.hash === hash).status, 'invalid');
    await rpc('reconsiderblock', hash);
    assert.equal(await rpc('getbestblockhash'), hash);
    const mining = await rpc('getmininginfo');
    assert.equal(mining.next.height, mining.blocks + 1);
    await fails(-5, 'Error: Invalid address', 'generatetoaddress', 1, 'nonsense');
    await fails(-5, 'Error: Invalid address or descriptor', 'generateblock', 'nonsense', []);
    await fails(-25, /^TestBlockValidity failed: bad-txns-inputs-missingorspent/, 'generateblock', anyone, [(await spend(1, 1000n)).hex]);
  });

  test('waiting for blocks', async () => {
    const { blocks } = await rpc('getblockchaininfo');
    const waiting = rpc('waitforblockheight', blocks + 1, 30_000);
    await rpc('generatetoaddress', 1, anyone);
    assert.equal((await waiting).height, blocks + 1);
    assert.equal((await rpc('waitforblockheight', blocks + 5, 5)).height, blocks + 1);
    assert.equal((await rpc('waitfornewblock', 5)).height, blocks + 1);
    await fails(-1, 'Negative timeout', 'waitfornewblock', -1);
  });

  test('nothing is waited for once nobody waits for the answer', async () => {
    const { longpollid } = await rpc('getblocktemplate', { rules: ['segwit'] });
    const left = new AbortController();
    const ask = (method: string, ...params: JsonValue[]): Promise<unknown> =>
      node.commands.execute({ id: undefined, method, params, mode: RequestMode.execute, uri: '', authUser: '', peerAddress: '', version: 1, abandoned: left.signal });
    const waiting = [ask('waitfornewblock'), ask('waitforblockheight', new JsonNumber('5000'))];
    const poll = assert.rejects(ask('getblocktemplate', { rules: ['segwit'], longpollid }), /Nobody waits/);
    left.abort();
    await Promise.all([...waiting, poll, ask('waitfornewblock')]);
  });

  test('addresses and scripts', async () => {
    const { witness_program: program, isscript } = await rpc('validateaddress', anyone);
    assert.equal(program, anyoneScript.slice(4));
    assert.equal(isscript, true);
    assert.equal((await rpc('validateaddress', '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2')).isvalid, false);
    const decoded = await rpc('decodescript', '51');
    assert.equal(decoded.segwit.address, anyone);
    await fails(-8, "argument must be hexadecimal string (not 'x')", 'decodescript', 'x');
    const info = await rpc('getdescriptorinfo', `addr(${anyone})`);
    assert.equal(info.issolvable, false);
    assert.deepEqual(await rpc('deriveaddresses', info.descriptor), [anyone]);
  });

  test('many addresses are derived in turns', async () => {
    const { descriptor } = await rpc('getdescriptorinfo', `wpkh(${everyKey}/*)`);
    const { checksum } = await rpc('getdescriptorinfo', `wpkh(${everyKey}/*)`);
    const derived = rpc('deriveaddresses', `wpkh(${everyKey}/*)#${checksum}`, 4999);
    let isOver = false;
    void derived.then(() => (isOver = true));
    for (let turn = 0; turn < 2; turn++) await rpc('getblockcount');
    assert.equal(isOver, false);
    const [first] = await rpc('deriveaddresses', descriptor, 0);
    assert.deepEqual(await derived.then((addresses: Json) => [addresses.length, addresses[0]]), [5000, first]);
  });

  test('control', async () => {
    assert.deepEqual(await rpc('echo', 1, 'x', null, { a: [1] }), [1, 'x', null, { a: [1] }]);
    assert.equal(await node.executeRpc('echojson', '[1.10000000,123456789012345678901]', ''), '[1.10000000,123456789012345678901]');
    assert.equal((await rpc('logging', ['net'], [])).net, true);
    assert.equal((await rpc('logging', [], ['net'])).net, false);
    await fails(-8, 'unknown logging category nonsense', 'logging', ['nonsense']);
    const list = await rpc('help');
    for (const heading of ['== Blockchain ==', '== Control ==', '== Mining ==', '== Network ==', '== Rawtransactions ==', '== Util ==']) {
      assert.ok(list.includes(heading), heading);
    }
    assert.match(await rpc('help', 'getblockhash'), /^getblockhash height\n\n[^]*Arguments:\n1\. height {4}\(numeric, required\)[^]*Result:\n"hex"/);
    assert.equal(await rpc('help', 'nonsense'), 'help: unknown command: nonsense');
    await fails(-1, /^getblockhash height\n/, 'getblockhash');
    await fails(-3, /Position 1 \(height\)/, 'getblockhash', 'x');
    await rpc('setmocktime', 2_000_000_000);
    await rpc('generatetoaddress', 1, anyone);
    assert.equal((await rpc('getblockheader', await rpc('getbestblockhash'))).time, 2_000_000_000);
    await rpc('setmocktime', 0);
    await fails(-8, /^Mocktime must be in the range/, 'setmocktime', -1);
    assert.deepEqual((await rpc('getrpcinfo')).active_commands.map(({ method }: Json) => method), ['getrpcinfo']);
    assert.equal((await rpc('getprocessinfo')).wallet.state, 'disabled');
  });

  test('the network, alone', async () => {
    assert.equal(await rpc('getconnectioncount'), 0);
    assert.deepEqual(await rpc('getpeerinfo'), []);
    assert.equal(await rpc('setnetworkactive', false), false);
    assert.equal((await rpc('getnetworkinfo')).networkactive, false);
    assert.equal(await rpc('setnetworkactive', true), true);
    await rpc('addnode', '127.0.0.1:1', 'add');
    await fails(-23, 'Error: Node already added', 'addnode', '127.0.0.1:1', 'add');
    assert.equal((await rpc('getaddednodeinfo'))[0].addednode, '127.0.0.1:1');
    await rpc('addnode', '127.0.0.1:1', 'remove');
    await fails(-24, /Node could not be removed/, 'addnode', '127.0.0.1:1', 'remove');
    await fails(-29, 'Node not found in connected nodes', 'disconnectnode', '127.0.0.1:1');
    await rpc('setban', '192.0.2.1', 'add', 100);
    assert.equal((await rpc('listbanned'))[0].address, '192.0.2.1/32');
    await fails(-23, 'Error: IP/Subnet already banned', 'setban', '192.0.2.1', 'add');
    const onion = 'pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion';
    await rpc('setban', onion, 'add', 100);
    assert.equal((await rpc('listbanned'))[1].address, onion);
    for (const subnet of ['::', `${onion}/32`, 'a.onion']) await fails(-30, 'Error: Invalid IP/Subnet', 'setban', subnet, 'add');
    await rpc('clearbanned');
    assert.deepEqual(await rpc('listbanned'), []);
  });
});
