/** The wallet's commands beside Bitcoin Core's: the same errors, and results of the same shape. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerOf, titleOf, type Call } from '../framework/compared-calls.js';
import { followChain } from '../framework/follow-chain.js';
import { nodePair, withReference } from '../framework/node-pair.js';
import type { Json } from '../framework/node-process.js';

const unknownTxid = '11'.repeat(32);
const foreign = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';
const tprv = 'tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK';

const calls: readonly Call[] = [
  { method: 'getwalletinfo' },
  { method: 'listwallets' },
  { method: 'createwallet', params: () => [''] },
  { method: 'createwallet', params: () => ['a'] },
  { method: 'createwallet', params: () => ['b', false, false, ''] },
  { method: 'createwallet', params: () => ['x', true, false, 'secret'] },
  { method: 'createwallet', params: () => ['x', false, false, null, false, false] },
  { method: 'createwallet', params: () => [1] },
  { method: 'createwallet' },
  { method: 'loadwallet', params: () => ['a'] },
  { method: 'getwalletinfo' },
  { method: 'getbalance' },
  { method: 'getwalletinfo', wallet: 'absent' },
  { method: 'unloadwallet', params: () => ['b'], wallet: 'a' },
  { method: 'unloadwallet' },
  { method: 'unloadwallet', params: () => ['absent'] },
  { method: 'getwalletinfo', wallet: 'a' },
  { method: 'getbalances', wallet: 'a' },
  { method: 'listwalletdir' },
  { method: 'getnewaddress', params: () => ['*'], wallet: 'a' },
  { method: 'getnewaddress', params: () => ['', 'nonsense'], wallet: 'a' },
  { method: 'getnewaddress', wallet: 'a', note: 'first' },
  ...['legacy', 'p2sh-segwit', 'bech32', 'bech32m'].flatMap((type): readonly Call[] => [
    { method: 'getnewaddress', params: () => [`label ${type}`, type], wallet: 'a', note: type },
    { method: 'getaddressinfo', params: (notes) => [notes[type]], wallet: 'a' },
    { method: 'getrawchangeaddress', params: () => [type], wallet: 'a', note: `${type} change` },
    { method: 'getaddressinfo', params: (notes) => [notes[`${type} change`]], wallet: 'a' },
  ]),
  { method: 'getaddressinfo', params: () => [foreign], wallet: 'a' },
  { method: 'getaddressinfo', params: () => ['nonsense'], wallet: 'a' },
  { method: 'getaddressinfo', params: () => ['bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'], wallet: 'a' },
  { method: 'setlabel', params: () => ['nonsense', 'x'], wallet: 'a' },
  { method: 'setlabel', params: () => [foreign, 'somebody'], wallet: 'a' },
  { method: 'setlabel', params: () => [foreign, '*'], wallet: 'a' },
  { method: 'listlabels', wallet: 'a' },
  { method: 'listlabels', params: () => ['send'], wallet: 'a' },
  { method: 'listlabels', params: () => ['nonsense'], wallet: 'a' },
  { method: 'getaddressesbylabel', params: () => ['absent'], wallet: 'a' },
  { method: 'getaddressesbylabel', params: () => ['somebody'], wallet: 'a' },
  { method: 'listunspent', wallet: 'a' },
  { method: 'listtransactions', wallet: 'a' },
  { method: 'listtransactions', params: () => ['*', -1], wallet: 'a' },
  { method: 'listtransactions', params: () => ['*', 1, -1], wallet: 'a' },
  { method: 'listtransactions', params: () => [''], wallet: 'a' },
  { method: 'listsinceblock', wallet: 'a' },
  { method: 'listsinceblock', params: () => [unknownTxid], wallet: 'a' },
  { method: 'listsinceblock', params: () => ['12'], wallet: 'a' },
  { method: 'listsinceblock', params: () => ['', 0], wallet: 'a' },
  { method: 'gettransaction', params: () => [unknownTxid], wallet: 'a' },
  { method: 'gettransaction', params: () => ['12'], wallet: 'a' },
  { method: 'abandontransaction', params: () => [unknownTxid], wallet: 'a' },
  { method: 'generatetoaddress', params: (notes) => [101, notes['first']] },
  { method: 'getbalances', wallet: 'a' },
  { method: 'getbalance', params: () => ['nonsense'], wallet: 'a' },
  { method: 'getbalance', params: () => ['*', 0, false, true], wallet: 'a' },
  { method: 'listunspent', wallet: 'a', note: 'coins' },
  { method: 'listunspent', params: () => [0, 9, ['nonsense']], wallet: 'a' },
  { method: 'listunspent', params: () => [0, 9, [foreign, foreign]], wallet: 'a' },
  { method: 'listunspent', params: () => [0, 999, [], true, { nonsense: 1 }], wallet: 'a' },
  { method: 'listunspent', params: () => [0, 999, [], true, { include_immature_coinbase: true, maximumCount: 3 }], wallet: 'a' },
  { method: 'listunspent', params: () => [0, 999, [], true, { minimumAmount: -1 }], wallet: 'a' },
  { method: 'listunspent', params: () => ['text'], wallet: 'a' },
  { method: 'listtransactions', wallet: 'a' },
  { method: 'lockunspent', params: () => [false, [{ txid: unknownTxid, vout: 0 }]], wallet: 'a' },
  { method: 'lockunspent', params: (notes) => [false, [{ txid: notes['coins'][0].txid, vout: 99 }]], wallet: 'a' },
  { method: 'lockunspent', params: (notes) => [false, [{ txid: notes['coins'][0].txid, vout: -1 }]], wallet: 'a' },
  { method: 'lockunspent', params: () => [false, [{ txid: unknownTxid }]], wallet: 'a' },
  { method: 'lockunspent', params: () => [false, [{ txid: 'zz', vout: 0 }]], wallet: 'a' },
  { method: 'lockunspent', params: (notes) => [true, [{ txid: notes['coins'][0].txid, vout: 0 }]], wallet: 'a' },
  { method: 'lockunspent', params: (notes) => [false, [{ txid: notes['coins'][0].txid, vout: 0 }]], wallet: 'a' },
  { method: 'lockunspent', params: (notes) => [false, [{ txid: notes['coins'][0].txid, vout: 0 }]], wallet: 'a' },
  { method: 'listlockunspent', wallet: 'a' },
  { method: 'listunspent', wallet: 'a' },
  { method: 'lockunspent', params: () => [true], wallet: 'a' },
  { method: 'sendtoaddress', params: () => ['nonsense', 1], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, 0], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, -1], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, 'x'], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, 0.000001], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, 1000], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, 50], wallet: 'a' },
  { method: 'sendtoaddress', params: () => ({ address: foreign, amount: 1, fee_rate: 0.0001 }), wallet: 'a' },
  { method: 'sendtoaddress', params: () => ({ address: foreign, amount: 1, fee_rate: 10, conf_target: 3 }), wallet: 'a' },
  { method: 'sendtoaddress', params: () => ({ address: foreign, amount: 1, estimate_mode: 'nonsense' }), wallet: 'a' },
  { method: 'sendtoaddress', params: () => ({ address: foreign, amount: 1, conf_target: 5000, estimate_mode: 'economical' }), wallet: 'a' },
  { method: 'sendtoaddress', params: () => ({ address: foreign, amount: 1, avoid_reuse: true }), wallet: 'a' },
  { method: 'sendtoaddress', params: () => ({ address: foreign, amount: 1, nonsense: true }), wallet: 'a' },
  { method: 'sendtoaddress', params: () => ({ address: foreign, amount: 1, verbose: true, comment: 'a', comment_to: 'b' }), wallet: 'a', note: 'sent' },
  { method: 'gettransaction', params: (notes) => [notes['sent'].txid, false, true], wallet: 'a' },
  { method: 'abandontransaction', params: (notes) => [notes['sent'].txid], wallet: 'a' },
  { method: 'listtransactions', params: () => ['*', 2], wallet: 'a' },
  { method: 'listunspent', params: () => [0], wallet: 'a' },
  { method: 'bumpfee', params: (notes) => [notes['sent'].txid, { fee_rate: 1 }], wallet: 'a' },
  { method: 'bumpfee', params: (notes) => [notes['sent'].txid, { nonsense: 1 }], wallet: 'a' },
  { method: 'bumpfee', params: () => [unknownTxid], wallet: 'a' },
  { method: 'bumpfee', params: (notes) => [notes['sent'].txid, { fee_rate: 100 }], wallet: 'a', note: 'bumped' },
  { method: 'bumpfee', params: (notes) => [notes['sent'].txid], wallet: 'a' },
  { method: 'gettransaction', params: (notes) => [notes['sent'].txid], wallet: 'a' },
  { method: 'gettransaction', params: (notes) => [notes['bumped'].txid], wallet: 'a' },
  { method: 'sendmany', params: () => ['', {}], wallet: 'a' },
  { method: 'sendmany', params: () => ['x', { [foreign]: 1 }], wallet: 'a' },
  { method: 'sendmany', params: () => ['', { nonsense: 1 }], wallet: 'a' },
  { method: 'sendmany', params: () => ['', { [foreign]: 1 }, null, '', ['nonsense']], wallet: 'a' },
  { method: 'generatetoaddress', params: (notes) => [1, notes['first']] },
  { method: 'bumpfee', params: (notes) => [notes['bumped'].txid], wallet: 'a' },
  { method: 'sendmany', params: (notes) => ['', { [foreign]: 1, [notes['legacy']]: 1 }, null, 'many', [foreign]], wallet: 'a' },
  { method: 'send', params: () => [[{ [foreign]: 1 }, { [foreign]: 1 }]], wallet: 'a' },
  { method: 'send', params: () => [[]], wallet: 'a' },
  { method: 'send', params: () => [[{ [foreign]: 0.5 }, { data: '00ff' }]], wallet: 'a' },
  { method: 'send', params: () => ({ outputs: [{ [foreign]: 0.5 }], options: { add_to_wallet: false } }), wallet: 'a' },
  { method: 'send', params: () => ({ outputs: [{ [foreign]: 0.5 }], options: { psbt: true } }), wallet: 'a' },
  { method: 'send', params: () => ({ outputs: [{ [foreign]: 0.5 }], options: { nonsense: true } }), wallet: 'a' },
  { method: 'listreceivedbyaddress', params: () => [0, true], wallet: 'a' },
  { method: 'listreceivedbyaddress', params: () => [0, true, false, 'nonsense'], wallet: 'a' },
  { method: 'listreceivedbylabel', params: () => [0, true], wallet: 'a' },
  { method: 'getreceivedbyaddress', params: (notes) => [notes['legacy'], 0], wallet: 'a' },
  { method: 'getreceivedbyaddress', params: () => [foreign], wallet: 'a' },
  { method: 'getreceivedbyaddress', params: () => ['nonsense'], wallet: 'a' },
  { method: 'getreceivedbylabel', params: () => ['absent'], wallet: 'a' },
  { method: 'signrawtransactionwithwallet', params: () => ['00'], wallet: 'a' },
  { method: 'simulaterawtransaction', params: () => [['00']], wallet: 'a' },
  { method: 'listdescriptors', wallet: 'a' },
  { method: 'listdescriptors', params: () => [true], wallet: 'a' },
  { method: 'createwallet', params: () => ['watch', true], note: 'watch' },
  { method: 'listdescriptors', params: () => [true], wallet: 'watch' },
  { method: 'getnewaddress', wallet: 'watch' },
  { method: 'encryptwallet', params: () => ['x'], wallet: 'watch' },
  { method: 'importdescriptors', params: () => [[{ desc: `addr(${foreign})#nonsense`, timestamp: 'now' }]], wallet: 'watch' },
  { method: 'importdescriptors', params: () => [[{ desc: 'nonsense', timestamp: 0 }]], wallet: 'watch' },
  { method: 'importdescriptors', params: () => [[{ timestamp: 0 }]], wallet: 'watch' },
  { method: 'importdescriptors', params: () => [[{ desc: 'nonsense' }]], wallet: 'watch' },
  { method: 'importdescriptors', params: () => [[{ desc: 'nonsense', timestamp: true }]], wallet: 'watch' },
  { method: 'getdescriptorinfo', params: () => [`addr(${foreign})`], note: 'info' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: notes['info'].descriptor, timestamp: 'now', active: true }]], wallet: 'watch' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: notes['info'].descriptor, timestamp: 'now', range: [0, 1] }]], wallet: 'watch' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: notes['info'].descriptor, timestamp: 0, label: 'watched' }]], wallet: 'watch' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: notes['info'].descriptor, timestamp: 0 }]], wallet: 'a' },
  { method: 'getbalances', wallet: 'watch' },
  { method: 'listunspent', params: () => [0], wallet: 'watch' },
  { method: 'listtransactions', wallet: 'watch' },
  { method: 'getaddressinfo', params: () => [foreign], wallet: 'watch' },
  { method: 'createwallet', params: () => ['blank', false, true] },
  { method: 'getwalletinfo', wallet: 'blank' },
  { method: 'importdescriptors', params: () => [[{ desc: `wpkh(${tprv}/0h/*h)#cjntj3ff`, timestamp: 'now' }]], wallet: 'blank' },
  { method: 'getdescriptorinfo', params: () => [`wpkh(${tprv}/84h/1h/0h/<0;1>/*)`], note: 'multi' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: `wpkh(${tprv}/84h/1h/0h/<0;1>/*)#${notes['multi'].checksum}`, timestamp: 'now', active: true, label: 'x' }]], wallet: 'blank' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: `wpkh(${tprv}/84h/1h/0h/<0;1>/*)#${notes['multi'].checksum}`, timestamp: 'now', active: true, internal: true }]], wallet: 'blank' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: `wpkh(${tprv}/84h/1h/0h/<0;1>/*)#${notes['multi'].checksum}`, timestamp: 'now', active: true, range: [0, 20], next_index: 99 }]], wallet: 'blank' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: `wpkh(${tprv}/84h/1h/0h/<0;1>/*)#${notes['multi'].checksum}`, timestamp: 'now', active: true, range: [0, 20], next_index: 9 }]], wallet: 'blank' },
  { method: 'importdescriptors', params: (notes) => [[{ desc: `wpkh(${tprv}/84h/1h/0h/<0;1>/*)#${notes['multi'].checksum}`, timestamp: 'now', active: true, range: [0, 5] }]], wallet: 'blank' },
  { method: 'listdescriptors', wallet: 'blank' },
  { method: 'getnewaddress', params: () => ['', 'bech32'], wallet: 'blank' },
  { method: 'getnewaddress', params: () => ['', 'legacy'], wallet: 'blank' },
  { method: 'getwalletinfo', wallet: 'blank' },
  { method: 'rescanblockchain', params: () => [5, 10], wallet: 'a' },
  { method: 'rescanblockchain', params: () => [5, 4], wallet: 'a' },
  { method: 'rescanblockchain', params: () => [5000], wallet: 'a' },
  { method: 'rescanblockchain', params: () => [0, 5000], wallet: 'a' },
  { method: 'abortrescan', wallet: 'a' },
  { method: 'keypoolrefill', params: () => [-1], wallet: 'a' },
  { method: 'keypoolrefill', params: () => [5], wallet: 'a' },
  { method: 'setwalletflag', params: () => ['nonsense'], wallet: 'a' },
  { method: 'setwalletflag', params: () => ['blank'], wallet: 'a' },
  { method: 'setwalletflag', params: () => ['avoid_reuse', false], wallet: 'a' },
  { method: 'setwalletflag', params: () => ['avoid_reuse'], wallet: 'a' },
  { method: 'getbalances', wallet: 'a' },
  { method: 'listunspent', params: () => [0], wallet: 'a' },
  { method: 'walletlock', wallet: 'a' },
  { method: 'walletpassphrase', params: () => ['x', 1], wallet: 'a' },
  { method: 'walletpassphrasechange', params: () => ['x', 'y'], wallet: 'a' },
  { method: 'encryptwallet', params: () => [''], wallet: 'a' },
  { method: 'encryptwallet', params: () => ['horse'], wallet: 'a' },
  { method: 'encryptwallet', params: () => ['horse'], wallet: 'a' },
  { method: 'getwalletinfo', wallet: 'a' },
  { method: 'walletpassphrase', params: () => ['battery', 1], wallet: 'a' },
  { method: 'walletpassphrase', params: () => ['', 1], wallet: 'a' },
  { method: 'walletpassphrase', params: () => ['horse', -1], wallet: 'a' },
  { method: 'walletpassphrase', params: () => ['horse'], wallet: 'a' },
  { method: 'walletpassphrasechange', params: () => ['battery', 'staple'], wallet: 'a' },
  { method: 'walletpassphrasechange', params: () => ['horse', ''], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, 1], wallet: 'a' },
  { method: 'listdescriptors', params: () => [true], wallet: 'a' },
  { method: 'keypoolrefill', wallet: 'a' },
  { method: 'rescanblockchain', wallet: 'a' },
  { method: 'walletpassphrase', params: () => ['horse', 100000], wallet: 'a' },
  { method: 'sendtoaddress', params: () => [foreign, 1], wallet: 'a' },
  { method: 'walletlock', wallet: 'a' },
  { method: 'backupwallet', params: () => ['/nonsense/there/is/none'], wallet: 'a' },
  { method: 'restorewallet', params: () => ['r', '/nonsense/there/is/none'] },
  { method: 'loadwallet', params: () => ['absent'] },
  { method: 'unloadwallet', params: () => ['b', false] },
  { method: 'loadwallet', params: () => ['b', true] },
];

describe('wallet commands beside Bitcoin Core', withReference, () => {
  const pair = nodePair();
  const [ours, theirs]: [Record<string, Json>, Record<string, Json>] = [{}, {}];
  for (const [i, call] of calls.entries()) {
    test(`${i}. ${titleOf(call)}`, async () => {
      const [actual, expected] = [await answerOf(pair.own, ours, call), await answerOf(pair.reference, theirs, call)];
      assert.deepEqual(actual, expected);
    });
  }

  test('the same keys give the same addresses and descriptors', async () => {
    const forms = { legacy: ['pkh(', '/44h/1h/0h', ')'], 'p2sh-segwit': ['sh(wpkh(', '/49h/1h/0h', '))'], bech32: ['wpkh(', '/84h/1h/0h', ')'], bech32m: ['tr(', '/86h/1h/0h', ')'] };
    const answers = await Promise.all(
      [pair.own, pair.reference].map(async (node) => {
        const said: Json[] = [];
        const ask = async (method: string, ...params: readonly unknown[]): Promise<Json> => {
          const answer = await node.rpc(method, params, 'same');
          said.push({ method, params, answer });
          return answer;
        };
        await node.rpc('createwallet', ['same', false, true]);
        for (const [open, path, close] of Object.values(forms)) {
          const text = `${open}${tprv}${path}/<0;1>/*${close}`;
          const { checksum } = await node.rpc('getdescriptorinfo', [text]);
          await ask('importdescriptors', [{ desc: `${text}#${checksum}`, timestamp: 1, active: true, range: [0, 9] }]);
        }
        await ask('listdescriptors');
        await ask('listdescriptors', true);
        for (const type of Object.keys(forms)) {
          for (let i = 0; i < 2; i++) {
            await ask('getaddressinfo', await ask('getnewaddress', '', type));
            await ask('getaddressinfo', await ask('getrawchangeaddress', type));
          }
        }
        await ask('listdescriptors');
        return said;
      }),
    );
    assert.deepEqual(answers[0], answers[1]);
  });

  test('the same chain gives the same balances, coins and transactions', async () => {
    // Ours goes back to the genesis block and follows the other chain.
    if ((await pair.own.rpc('getblockcount')) > 0) await pair.own.rpc('invalidateblock', [await pair.own.rpc('getblockhash', [1])]);
    const follow = (): Promise<void> => followChain(pair.own, pair.reference);
    const both = async (method: string, ...params: readonly unknown[]): Promise<Json> => {
      await pair.both((node) => node.rpc('syncwithvalidationinterfacequeue'));
      const answers = await pair.both((node) => node.rpc(method, params, 'same'));
      // When a program first saw something is its own affair, as is the order where none is promised.
      const order = (list: readonly Json[]): Json[] => (method === 'listtransactions' ? [...list] : [...list].sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1)));
      const comparable = answers.map((answer) =>
        JSON.parse(JSON.stringify(answer), (name, value: Json) => (['time', 'timereceived'].includes(name) ? undefined : Array.isArray(value) ? order(value) : value)),
      );
      assert.deepEqual(comparable[0], comparable[1], method);
      return answers[0];
    };
    const mined = await both('getnewaddress', 'mined', 'bech32m');
    await pair.reference.rpc('generatetoaddress', [101, mined]);
    await follow();
    await both('getbalances');
    const paid: string[] = [];
    for (const type of ['legacy', 'p2sh-segwit', 'bech32']) paid.push(await both('getnewaddress', type, type));
    const many = Object.fromEntries(paid.map((address, i) => [address, 1 + i]));
    const relay = async (sent: string): Promise<string> => {
      const { hex } = await pair.reference.rpc('gettransaction', [sent], 'same');
      assert.equal(await pair.own.rpc('sendrawtransaction', [hex]), sent);
      return sent;
    };
    await relay(await pair.reference.rpc('sendmany', ['', { ...many, [foreign]: 5 }], 'same'));
    await pair.reference.rpc('generatetoaddress', [1, mined]);
    await follow();
    const txid = await relay(await pair.reference.rpc('sendtoaddress', [foreign, 7], 'same'));
    const questions: readonly (readonly [string, ...unknown[]])[] = [
      ['getbalances'],
      ['listunspent', 0],
      ['listtransactions', '*', 1000],
      ['listtransactions', 'legacy'],
      ['listreceivedbyaddress', 0, true, false, '', true],
      ['getreceivedbyaddress', paid[0]],
      ['gettransaction', txid, false, true],
      ['getaddressinfo', paid[2]],
      ['listlabels'],
    ];
    for (const [method, ...params] of questions) await both(method, ...params);
    await pair.reference.rpc('generatetoaddress', [1, mined]);
    await follow();
    for (const [method, ...params] of questions) await both(method, ...params);
    // A block less: what it confirmed waits again.
    const tip = await pair.reference.rpc('getbestblockhash');
    await pair.both((node) => node.rpc('invalidateblock', [tip]));
    for (const [method, ...params] of questions) await both(method, ...params);
    await both('listsinceblock', tip);
  });
});
