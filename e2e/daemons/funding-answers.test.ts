/** Commands that add coins to payments and work on PSBTs, beside Bitcoin Core's: the same errors, and results of the same shape. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { answerOf, titleOf, type Call } from '../framework/compared-calls.js';
import { nodePair, withReference } from '../framework/node-pair.js';
import type { Json } from '../framework/node-process.js';
import { emptyPsbt, psbtForms, unsignedTx } from '../framework/psbt-forms.js';

const foreign = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';
const other = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';
const unknownTxid = '11'.repeat(32);
const pubkey = '0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';
const outputs = [{ [foreign]: 0.5 }];
const wallet = 'a';

type Notes = Readonly<Record<string, Json>>;

const coin = (notes: Notes, i = 0): Json => ({ txid: notes['coins'][i].txid, vout: notes['coins'][i].vout });

/** Change of an unconfirmed transaction of version 3. */
const restricted = (notes: Notes): Json => ({ txid: notes['unconfirmed'][0].txid, vout: notes['unconfirmed'][0].vout });

/** A transaction in hex that nobody signed: version, no inputs, an output of 0.5 BTC. */
const rawOutputs = `02000000000180f0fa0200000000160014${'00'.repeat(20)}00000000`;

/** Offers that must be refused or not, as the options of one command or another. */
const options: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { nonsense: 1 },
  { add_inputs: 1 },
  { add_inputs: false },
  { include_unsafe: true, minconf: 2, maxconf: 1 },
  { minconf: -1 },
  { minconf: 500 },
  { maxconf: 1 },
  { changeAddress: 'nonsense' },
  { changeAddress: foreign, change_type: 'bech32' },
  { change_type: 'nonsense' },
  { change_type: 'bech32m' },
  { change_type: 'legacy', changePosition: 0 },
  { changePosition: 2 },
  { changePosition: -1 },
  { changePosition: 'x' },
  { lockUnspents: 1 },
  { fee_rate: 1, feeRate: 1 },
  { feeRate: 1, conf_target: 3 },
  { feeRate: 1, estimate_mode: 'economical' },
  { feeRate: -1 },
  { feeRate: 'x' },
  { feeRate: 0.00001 },
  { feeRate: 1 },
  { fee_rate: 0 },
  { fee_rate: 0.1 },
  { fee_rate: 0.0001 },
  { fee_rate: '1.0005' },
  { fee_rate: true },
  { fee_rate: 3, conf_target: 1 },
  { fee_rate: 3, estimate_mode: 'economical' },
  { conf_target: 0 },
  { conf_target: 6 },
  { conf_target: 6, estimate_mode: 'unset' },
  { conf_target: 6, estimate_mode: 'economical' },
  { estimate_mode: 'nonsense' },
  { replaceable: 'x' },
  { replaceable: null },
  { subtractFeeFromOutputs: [0] },
  { subtractFeeFromOutputs: [0, 0] },
  { subtractFeeFromOutputs: [1] },
  { subtractFeeFromOutputs: [-1] },
  { subtractFeeFromOutputs: [true] },
  { subtractFeeFromOutputs: [foreign] },
  { subtractFeeFromOutputs: ['dummy'] },
  { subtractFeeFromOutputs: 1 },
  { subtractFeeFromOutputs: {} },
  { input_weights: [{ txid: unknownTxid, vout: 0, weight: 200 }] },
  { input_weights: [{ txid: unknownTxid, vout: 0, weight: 164 }] },
  { input_weights: [{ txid: unknownTxid, vout: 0, weight: 400_001 }] },
  { input_weights: [{ txid: unknownTxid, vout: 0 }] },
  { input_weights: [{ txid: unknownTxid, vout: -1, weight: 200 }] },
  { input_weights: [{ txid: unknownTxid }] },
  { input_weights: [{ txid: 'zz' }] },
  { max_tx_weight: 100 },
  { max_tx_weight: 1000 },
  { solving_data: { pubkeys: ['zz'] } },
  { solving_data: { scripts: ['zz'] } },
  { solving_data: { descriptors: ['zz'] } },
  { solving_data: { pubkeys: [pubkey] } },
  { solving_data: 1 },
  { includeWatching: true },
];

/** Payments given to walletcreatefundedpsbt and send in the place of outputs. */
const payments: readonly unknown[] = [null, [], {}, [1], [{ [foreign]: 1, [other]: 1 }], [{ [foreign]: 1 }, { [foreign]: 2 }], [{ data: '00' }, { data: '01' }], [{ data: 'x' }], { data: '00ff' }, [{ nonsense: 1 }], [{ [foreign]: 'x' }], [{ [foreign]: 0 }], [{ [foreign]: 0.000001 }], [{ [foreign]: 1000 }], [{ [foreign]: 50 }]];

/** Coins given to walletcreatefundedpsbt. */
const inputs: readonly ((notes: Notes) => unknown)[] = [
  () => [{}],
  () => [1],
  () => [{ txid: 'zz', vout: 0 }],
  () => [{ txid: unknownTxid }],
  () => [{ txid: unknownTxid, vout: -1 }],
  () => [{ txid: unknownTxid, vout: 0 }],
  () => [{ txid: unknownTxid, vout: 0, sequence: -1 }],
  () => [{ txid: unknownTxid, vout: 0, sequence: 2 ** 32 }],
  () => [{ txid: unknownTxid, vout: 0, weight: 1 }],
  (notes) => [coin(notes)],
  (notes) => [{ ...coin(notes), sequence: 4294967295 }],
  (notes) => [{ ...coin(notes), vout: 99 }],
  (notes) => [{ ...coin(notes), weight: 300 }, coin(notes, 1)],
  (notes) => [notes['foreignCoin']],
  (notes) => [{ ...notes['foreignCoin'], weight: 300 }],
];

/** Arguments of sendall after the recipients. */
const sendAllOptions: readonly ((notes: Notes) => Readonly<Record<string, unknown>>)[] = [
  () => ({ add_to_wallet: false }),
  () => ({ psbt: true }),
  () => ({ psbt: true, nonsense: 1 }),
  () => ({ psbt: true, feeRate: 1 }),
  () => ({ psbt: true, fee_rate: 0.01 }),
  () => ({ psbt: true, fee_rate: 100_000 }),
  () => ({ psbt: true, fee_rate: 100_000, send_max: true }),
  () => ({ psbt: true, fee_rate: 2_000_000 }),
  () => ({ psbt: true, conf_target: 6 }),
  () => ({ psbt: true, minconf: -1 }),
  () => ({ psbt: true, minconf: 3, maxconf: 2 }),
  () => ({ psbt: true, minconf: 5000 }),
  () => ({ psbt: true, version: 4 }),
  () => ({ psbt: true, version: 3 }),
  () => ({ psbt: true, locktime: -1 }),
  () => ({ psbt: true, locktime: 5_000_000_000 }),
  (notes) => ({ psbt: true, inputs: [coin(notes)] }),
  (notes) => ({ psbt: true, inputs: [coin(notes)], send_max: true }),
  (notes) => ({ psbt: true, inputs: [coin(notes)], minconf: 1 }),
  (notes) => ({ psbt: true, inputs: [{ ...coin(notes), sequence: 4294967295 }] }),
  (notes) => ({ psbt: true, inputs: [notes['foreignCoin']] }),
  () => ({ psbt: true, inputs: [{ txid: unknownTxid, vout: 0 }] }),
  () => ({ psbt: true, inputs: [] }),
  () => ({ psbt: true, inputs: 1 }),
  () => ({ psbt: 1 }),
];

const calls: readonly Call[] = [
  ...payments.flatMap((given): readonly Call[] => [
    { method: 'walletcreatefundedpsbt', params: () => [[], given], wallet },
    { method: 'send', params: () => ({ outputs: given, options: { psbt: true } }), wallet },
  ]),
  ...options.flatMap((each): readonly Call[] => [
    { method: 'walletcreatefundedpsbt', params: () => [[], outputs, 0, each], wallet },
    { method: 'fundrawtransaction', params: () => [rawOutputs, each], wallet },
    { method: 'send', params: () => ({ outputs, options: { psbt: true, ...each } }), wallet },
  ]),
  ...inputs.flatMap((given): readonly Call[] => [
    { method: 'walletcreatefundedpsbt', params: (notes) => [given(notes), outputs], wallet },
    { method: 'walletcreatefundedpsbt', params: (notes) => [given(notes), outputs, 100, { add_inputs: true, replaceable: false, solving_data: { pubkeys: [pubkey] } }], wallet },
    { method: 'send', params: (notes) => ({ outputs, options: { psbt: true, inputs: given(notes) } }), wallet },
  ]),
  { method: 'walletcreatefundedpsbt', params: () => [null, outputs], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[]], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs, -1], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs, 4294967296], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs, 'x'], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs, 0, {}, 'x'], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs, 0, {}, false, 4], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs, 0, {}, false, 3], wallet },
  { method: 'walletcreatefundedpsbt', params: () => ({ outputs, fee_rate: 3, changePosition: 1 }), wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs], wallet: 'watch' },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs], wallet: 'absent' },
  { method: 'fundrawtransaction', params: () => ['zz'], wallet },
  { method: 'fundrawtransaction', params: () => ['00'], wallet },
  { method: 'fundrawtransaction', params: () => [rawOutputs, true], wallet },
  { method: 'fundrawtransaction', params: () => [rawOutputs, 'x'], wallet },
  { method: 'fundrawtransaction', params: () => [rawOutputs, {}, true], wallet },
  { method: 'fundrawtransaction', params: () => [rawOutputs, {}, false], wallet },
  { method: 'fundrawtransaction', params: () => ['02000000000000000000'], wallet },
  { method: 'fundrawtransaction', params: () => [unsignedTx], wallet },
  { method: 'fundrawtransaction', params: () => [unsignedTx, { input_weights: [{ txid: unknownTxid, vout: 0, weight: 200 }] }], wallet },
  { method: 'fundrawtransaction', params: (notes) => [rawOutputs, { input_weights: [{ ...coin(notes), weight: 300 }], add_inputs: false }], wallet },
  { method: 'fundrawtransaction', wallet },
  { method: 'sendall', params: () => [[]], wallet },
  { method: 'sendall', params: () => [foreign], wallet },
  { method: 'sendall', params: () => [[{ [foreign]: 1 }]], wallet },
  { method: 'sendall', params: () => [['nonsense']], wallet },
  { method: 'sendall', params: () => [[foreign, foreign]], wallet },
  { method: 'sendall', params: () => [[foreign, { [foreign]: 1 }]], wallet },
  { method: 'sendall', params: () => [[foreign, { [other]: 1000 }]], wallet },
  { method: 'sendall', params: () => [[foreign, { [other]: 0.000001 }]], wallet },
  { method: 'sendall', params: () => [[foreign, { [other]: 'x' }]], wallet },
  { method: 'sendall', params: () => [[foreign, 1]], wallet },
  { method: 'sendall', params: () => [[foreign], 3], wallet },
  { method: 'sendall', params: () => [[foreign], null, 'unset', 3, { fee_rate: 2 }], wallet },
  { method: 'sendall', params: () => [[foreign.toUpperCase()], null, null, 2, { psbt: true }], wallet },
  ...sendAllOptions.map((each): Call => ({ method: 'sendall', params: (notes) => ({ recipients: [foreign], options: each(notes) }), wallet })),
  { method: 'sendall', params: () => [[foreign]], wallet: 'watch' },
  ...psbtForms.map((psbt): Call => ({ method: 'walletprocesspsbt', params: () => [psbt], wallet })),
  { method: 'walletprocesspsbt', wallet },
  { method: 'walletprocesspsbt', params: () => [1], wallet },
  { method: 'walletprocesspsbt', params: () => [emptyPsbt, 'x'], wallet },
  { method: 'walletprocesspsbt', params: () => [emptyPsbt, true, 'NONSENSE'], wallet },
  { method: 'walletcreatefundedpsbt', params: (notes) => [[coin(notes)], outputs], wallet, note: 'funded' },
  { method: 'walletprocesspsbt', params: (notes) => [notes['funded'].psbt, true, 'NONE', true, false], wallet, note: 'none' },
  { method: 'walletprocesspsbt', params: (notes) => [notes['none'].psbt, true, 'ALL'], wallet },
  { method: 'walletprocesspsbt', params: (notes) => [notes['none'].psbt], wallet },
  { method: 'walletprocesspsbt', params: (notes) => [notes['none'].psbt, false, 'NONE'], wallet },
  { method: 'walletprocesspsbt', params: (notes) => [notes['none'].psbt, true, 'NONE'], wallet },
  { method: 'walletprocesspsbt', params: (notes) => [notes['funded'].psbt], wallet: 'watch' },
  { method: 'send', params: () => [outputs, null, 'unset', 5, {}, 3], wallet },
  { method: 'listunspent', params: () => [0, 0], wallet, note: 'unconfirmed' },
  { method: 'send', params: (notes) => [outputs, null, 'unset', 5, { psbt: true, inputs: [restricted(notes)] }], wallet },
  { method: 'send', params: (notes) => [outputs, null, 'unset', 5, { psbt: true, inputs: [restricted(notes)] }, 3], wallet },
  { method: 'send', params: () => [[{ [foreign]: 140 }], null, 'unset', 5, { psbt: true }], wallet },
  { method: 'send', params: () => [[{ [foreign]: 140 }], null, 'unset', 5, { psbt: true }, 3], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs, 0, { max_tx_weight: 300_000 }, true, 3], wallet },
  { method: 'sendall', params: (notes) => [[foreign], null, 'unset', 5, { psbt: true, inputs: [restricted(notes)] }], wallet },
  { method: 'sendall', params: (notes) => [[foreign], null, 'unset', 5, { psbt: true, version: 3, inputs: [restricted(notes)] }], wallet },
  { method: 'sendall', params: () => [[foreign, { [other]: 120 }], null, 'unset', 5, { psbt: true }], wallet },
  { method: 'sendall', params: () => [[foreign, { [other]: 120 }], null, 'unset', 5, { psbt: true, version: 3 }], wallet },
  { method: 'encryptwallet', params: () => ['horse'], wallet },
  { method: 'walletprocesspsbt', params: (notes) => [notes['funded'].psbt], wallet },
  { method: 'walletprocesspsbt', params: (notes) => [notes['funded'].psbt, false], wallet },
  { method: 'walletcreatefundedpsbt', params: () => [[], outputs], wallet },
  { method: 'fundrawtransaction', params: () => [rawOutputs], wallet },
  { method: 'send', params: () => [outputs], wallet },
  { method: 'sendall', params: () => [[foreign]], wallet },
  { method: 'psbtbumpfee', params: () => [unknownTxid], wallet },
  { method: 'walletpassphrase', params: () => ['horse', 100], wallet },
  { method: 'sendall', params: () => [[foreign], null, 'unset', 2, { lock_unspents: true, add_to_wallet: false }], wallet },
  { method: 'listlockunspent', wallet },
  { method: 'sendall', params: () => [[foreign]], wallet },
  { method: 'lockunspent', params: () => [true], wallet },
  { method: 'sendall', params: () => [[foreign]], wallet, note: 'swept' },
  { method: 'sendall', params: () => [[foreign]], wallet },
  { method: 'psbtbumpfee', params: (notes) => [notes['swept'].txid], wallet },
  { method: 'psbtbumpfee', params: (notes) => [notes['swept'].txid, { outputs: [] }], wallet },
  { method: 'psbtbumpfee', params: (notes) => [notes['swept'].txid, { outputs: [{ [other]: 1 }], original_change_index: 0 }], wallet },
  { method: 'psbtbumpfee', params: (notes) => [notes['swept'].txid, { original_change_index: 5 }], wallet },
  { method: 'psbtbumpfee', params: (notes) => [notes['swept'].txid, { original_change_index: 0 }], wallet },
  { method: 'getbalances', wallet },
];

describe('funding and PSBTs beside Bitcoin Core', withReference, () => {
  const pair = nodePair();
  const [ours, theirs]: [Record<string, Json>, Record<string, Json>] = [{}, {}];

  before(async () => {
    await Promise.all(
      [pair.own, pair.reference].map(async (node, i) => {
        await node.rpc('createwallet', [wallet]);
        await node.rpc('createwallet', ['watch', true]);
        await node.rpc('generatetoaddress', [3, await node.rpc('getnewaddress', ['', 'bech32'], wallet)]);
        const [block] = await node.rpc('generatetoaddress', [100, other]);
        const { tx } = await node.rpc('getblock', [block, 1]);
        await node.rpc('syncwithvalidationinterfacequeue');
        const notes = i === 0 ? ours : theirs;
        notes['coins'] = await node.rpc('listunspent', [], wallet);
        notes['foreignCoin'] = { txid: tx[0], vout: 0 };
      }),
    );
  });

  for (const [i, call] of calls.entries()) {
    test(`${i}. ${titleOf(call)}`, async () => {
      const [actual, { message, ...rest }] = [await answerOf(pair.own, ours, call), await answerOf(pair.reference, theirs, call)];
      // The end is of the C++ library that the program was built with.
      const expected = message === undefined ? rest : { ...rest, message: message.replace(/: iostream error$/, '') };
      assert.deepEqual(actual, expected, JSON.stringify(call.params?.(ours) ?? []).slice(0, 400));
    });
  }
});
