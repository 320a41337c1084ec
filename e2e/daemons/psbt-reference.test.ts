/** PSBTs, and commands that add coins to payments, beside Bitcoin Core's: the same answers, and each works on what the other made. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { encodeExtendedPrivateKey, rootKeyOfSeed } from '../../src-bitcoin/keys/bip32.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { followChain } from '../framework/follow-chain.js';
import { nodePair, withReference } from '../framework/node-pair.js';
import type { Json } from '../framework/node-process.js';
import { withoutRandomness } from '../framework/psbt-forms.js';

const keyOf = (byte: number): string => encodeExtendedPrivateKey(rootKeyOfSeed(new Uint8Array(32).fill(byte)), chainParams('regtest'));
const [keyA, keyB, keyC] = [keyOf(1), keyOf(2), keyOf(3)];
const foreign = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';
const other = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';

type Keys = readonly [a: string, b: string, c: string];

interface WalletPlan {
  /** The keys it gets, of the private and the public ones. */
  readonly keys: (secret: Keys, open: Keys) => Keys;
  /** Its descriptors, written with those. */
  readonly texts: (keys: Keys) => readonly string[];
  readonly watching?: boolean;
}

/** Wallets that both nodes have. */
const wallets: Readonly<Record<string, WalletPlan>> = {
  single: { keys: (secret) => secret, texts: ([a]) => [`wpkh(${a}/84h/<0;1>/*)`, `tr(${a}/86h/<0;1>/*)`, `pkh(${a}/44h/<0;1>/*)`, `sh(wpkh(${a}/49h/<0;1>/*))`] },
  shareA: { keys: ([a], [, b, c]) => [a, b, c], texts: (keys) => sharing(keys) },
  shareB: { keys: ([, b], [a, , c]) => [a, b, c], texts: (keys) => sharing(keys) },
  watch: { keys: (_secret, open) => open, texts: (keys) => sharing(keys), watching: true },
  // Knows no script of the others, but has one of their keys.
  keeper: { keys: (secret) => secret, texts: ([, , c]) => [`wpkh(${c}/0/<0;1>/*)`] },
};

function sharing([a, b, c]: Keys): readonly string[] {
  const paths = [`${a}/0/<0;1>/*`, `${b}/0/<0;1>/*`, `${c}/0/<0;1>/*`];
  return [
    `wsh(sortedmulti(2,${paths.join(',')}))`,
    `sh(multi(2,${paths.join(',')}))`,
    `sh(wsh(multi(1,${paths.join(',')})))`,
    `tr(${c}/5/<0;1>/*,{pk(${a}/0/<0;1>/*),multi_a(2,${paths.join(',')})})`,
  ];
}

describe('PSBTs beside Bitcoin Core', withReference, () => {
  const pair = nodePair();
  /** Addresses of the wallets' first scripts, one for each descriptor. */
  const addresses: Record<string, string[]> = {};
  /** Coins of the wallets at those, by wallet: the first has each once, all the others twice. */
  const coins: Record<string, Json[]> = {};

  const open = async (key: string): Promise<string> => /wpkh\((.*)\)#/.exec((await pair.reference.rpc('getdescriptorinfo', [`wpkh(${key})`])).descriptor)?.[1] ?? '';
  const decoded = async (psbt: string): Promise<Json> => withoutRandomness(await pair.reference.rpc('decodepsbt', [psbt]));

  before(async () => {
    const secret: Keys = [keyA, keyB, keyC];
    const publics: Keys = [await open(keyA), await open(keyB), await open(keyC)];
    for (const [name, { keys, texts, watching }] of Object.entries(wallets)) {
      await pair.both((node) => node.rpc('createwallet', [name, watching === true, true]));
      addresses[name] = [];
      for (const text of texts(keys(secret, publics))) {
        const { checksum } = await pair.reference.rpc('getdescriptorinfo', [text]);
        await pair.same('importdescriptors', [[{ desc: `${text}#${checksum}`, timestamp: 0, active: true, range: [0, 9] }]], name);
        const type = text.startsWith('tr') ? 'bech32m' : text.startsWith('w') ? 'bech32' : text.startsWith('sh(w') ? 'p2sh-segwit' : 'legacy';
        addresses[name]?.push(await pair.same('getnewaddress', ['', type], name));
      }
    }
    const [mined = ''] = addresses['single'] ?? [];
    await pair.reference.rpc('generatetoaddress', [110, mined]);
    const payments = Object.fromEntries(['single', 'shareA', 'keeper'].flatMap((name) => (addresses[name] ?? []).map((address, i) => [address, 1 + i / 10])));
    for (let i = 0; i < 2; i++) await pair.reference.rpc('sendmany', ['', payments], 'single');
    await pair.reference.rpc('generatetoaddress', [6, mined]);
    await followChain(pair.own, pair.reference);
    await pair.both((node) => node.rpc('syncwithvalidationinterfacequeue'));
    for (const name of Object.keys(wallets)) {
      const list: Json[] = await pair.reference.rpc('listunspent', [1, 9, addresses[name]], name);
      coins[name] = (addresses[name] ?? []).map((address) => list.find((coin) => coin.address === address));
    }
  });

  const inputs = (name: string, ...which: readonly number[]): Json[] =>
    (which.length === 0 ? (coins[name] ?? []) : which.map((i) => coins[name]?.[i])).map(({ txid, vout, desc }: Json) =>
      // Bitcoin Core takes a push of more than 75 bytes for one byte shorter than it is, and scripts of taproot for nothing.
      desc.startsWith('sh(multi') || desc.includes(',{') ? { txid, vout, weight: 1200 } : { txid, vout },
    );
  /** A payment in which nothing is left to chance. */
  const prepared = async (name: string, which: readonly number[] = [], more: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const options = { fee_rate: 5, changeAddress: addresses[name]?.[1] ?? addresses[name]?.[0], changePosition: 1, ...more };
    const { psbt } = await pair.same('walletcreatefundedpsbt', [inputs(name, ...which), [{ [foreign]: 0.5 }], 0, options], name);
    return psbt;
  };
  /** Both wallets process the same PSBT, with the same result. @returns Bitcoin Core's and ours */
  const processed = async (psbt: string, name: string, ...params: readonly unknown[]): Promise<{ readonly theirs: Json; readonly ours: Json }> => {
    const [ours, theirs] = await pair.both((node) => node.rpc('walletprocesspsbt', [psbt, ...params], name));
    assert.equal(ours.complete, theirs.complete);
    assert.equal(ours.hex === undefined, theirs.hex === undefined);
    assert.deepEqual(await decoded(ours.psbt), await decoded(theirs.psbt));
    if (!JSON.stringify(await pair.reference.rpc('decodepsbt', [theirs.psbt])).includes('taproot')) assert.equal(ours.psbt, theirs.psbt);
    return { ours, theirs };
  };
  /** Both wallets make the same PSBT, but for the order of its inputs and outputs, and for a locktime that is left to chance. */
  const similar = async (method: string, params: readonly unknown[], wallet: string): Promise<void> => {
    const sorted = (list: readonly Json[]): string[] => list.map((each) => JSON.stringify({ ...each, n: 0 })).sort();
    const [mine, theirs] = await pair.both(async (node) => {
      const { psbt, ...rest } = await node.rpc(method, params, wallet);
      const { tx, fee } = await pair.reference.rpc('decodepsbt', [psbt]);
      return { rest: { ...rest, txid: undefined, hex: undefined }, fee, inputs: sorted(tx.vin), outputs: sorted(tx.vout) };
    });
    assert.deepEqual(mine, theirs);
  };
  const accepted = async (hex: string): Promise<void> => {
    const [[ours], [theirs]] = await pair.both((node) => node.rpc('testmempoolaccept', [[hex]]));
    assert.deepEqual([ours.allowed, theirs.allowed], [true, true], JSON.stringify([ours, theirs]));
  };

  test('a wallet of its own keys fills, signs and finishes coins of every kind', async () => {
    const psbt = await prepared('single');
    for (const params of [[false], [false, null, false], [true, null, true, false], [true, 'ALL'], [true, 'DEFAULT'], [true, 'NONE', false, false]]) {
      await processed(psbt, 'single', ...params);
    }
    const hashType = 'SINGLE|ANYONECANPAY';
    await processed(await prepared('single', [0, 1]), 'single', true, hashType);
    // Two inputs have no output beside them. Bitcoin Core signs those as well: for whoever wants to have them.
    const [mine, others] = await pair.both((node) => node.rpc('walletprocesspsbt', [psbt, true, hashType], 'single'));
    assert.deepEqual([mine.complete, others.complete], [false, true]);
    assert.deepEqual((await decoded(mine.psbt)).inputs.map((input: Json) => Object.keys(input).some((name) => name.startsWith('final_'))), [true, true, false, false]);
    const { ours, theirs } = await processed(psbt, 'single');
    assert.equal(ours.complete, true);
    for (const { hex } of [ours, theirs]) await accepted(hex);
    // Everything is there but the last step, which the other does.
    const signed = await processed(psbt, 'single', true, null, true, false);
    for (const { psbt: unfinished } of [signed.ours, signed.theirs]) await accepted((await processed(unfinished, 'single')).ours.hex);
    for (const { psbt: done } of [ours, theirs]) await processed(done, 'single');
  });

  for (const [i, kind] of ['wsh(sortedmulti)', 'sh(multi)', 'sh(wsh(multi))', 'tr with a tree'].entries()) {
    test(`${kind}: prepared by a wallet without private keys, signed by two, each with the other's program`, async () => {
      const psbt = await prepared('watch', [i]);
      await processed(psbt, 'watch');
      await processed(psbt, 'watch', true, null, false);
      for (const params of [[false], [true, null, true, false], [true, null, false]]) await processed(psbt, 'shareA', ...params);
      const { ours, theirs } = await processed(psbt, 'shareA', true, null, true, false);
      for (const first of [ours, theirs]) {
        for (const params of [[], [true, null, true, false]]) await processed(first.psbt, 'shareB', ...params);
        const second = await processed(first.psbt, 'shareB');
        assert.equal(second.ours.complete, true);
        for (const { hex } of [second.ours, second.theirs]) await accepted(hex);
      }
    });

    test(`${kind}: a wallet that has nothing but one of the keys signs with it`, async () => {
      const psbt = await prepared('watch', [i]);
      for (const params of [[false], [], [true, null, true, false]]) await processed(psbt, 'keeper', ...params);
    });
  }

  test('all kinds in one transaction, and inputs of somebody else', async () => {
    const { theirs } = await processed(await prepared('watch'), 'shareA');
    await processed(theirs.psbt, 'shareB');
    await processed(await prepared('shareA'), 'single');
    const mixed = await pair.reference.rpc('joinpsbts', [[await prepared('single'), await prepared('watch', [3])]]);
    await processed(mixed, 'single');
    await processed(mixed, 'shareA');
  });

  test('a PSBT of one wallet that another one pays for, with coins of both', async () => {
    const given = inputs('shareA', 0).map((coin) => ({ ...coin, weight: 500 }));
    const options = { add_inputs: true, fee_rate: 3, changeAddress: addresses['single']?.[0], changePosition: 0, minconf: 1000 };
    const refusals = await pair.both((node) => node.rpc('walletcreatefundedpsbt', [given, [{ [foreign]: 1.5 }], 7, options], 'single').catch((error: unknown) => String(error)));
    assert.equal(refusals[0], refusals[1]);
    const { psbt } = await pair.same('walletcreatefundedpsbt', [[...given, ...inputs('single', 0, 1)], [{ [foreign]: 1.5 }, { data: 'c0ffee' }], 7, { ...options, add_inputs: false }], 'single');
    const { theirs: half } = await processed(psbt, 'single');
    await processed((await processed(half.psbt, 'shareA')).ours.psbt, 'shareB');
  });

  test('what nobody knows is kept', async () => {
    const psbt = Buffer.from(await prepared('single', [0]), 'base64');
    // After the transaction in the global map: a field of an unknown type and a proprietary one.
    const at = 5 + 2 + 1 + (psbt[7] ?? 0);
    const fields = Buffer.from('02 f0 01 03 aabbcc 07 fc 03 616263 00 07 01 ff'.replaceAll(' ', ''), 'hex');
    const extended = Buffer.concat([psbt.subarray(0, at), fields, psbt.subarray(at)]).toString('base64');
    const { ours } = await processed(extended, 'single');
    const { unknown, proprietary } = await pair.reference.rpc('decodepsbt', [ours.psbt]);
    assert.equal(Object.keys(unknown).length + proprietary.length, 2);
  });

  test('fundrawtransaction, send, sendall and psbtbumpfee make the same of the same coins', async () => {
    const change = addresses['single']?.[3];
    const given = inputs('single', 0, 2);
    const raw = await pair.reference.rpc('createrawtransaction', [given, [{ [foreign]: 0.25 }, { [other]: 0.5 }], 3]);
    for (const options of [{ feeRate: '0.00007' }, { fee_rate: 4.5, subtractFeeFromOutputs: [0, 1] }, { fee_rate: 2, input_weights: [{ ...given[0], weight: 999 }], replaceable: false }]) {
      await pair.same('fundrawtransaction', [raw, { changeAddress: change, changePosition: 2, add_inputs: false, ...options }], 'single');
    }
    const { hex: signed } = await pair.reference.rpc('signrawtransactionwithwallet', [raw], 'single');
    await pair.same('fundrawtransaction', [signed, { changeAddress: change, changePosition: 0, fee_rate: 9 }, true], 'single');
    const options = { locktime: 9, psbt: true, change_address: change, change_position: 1 };
    for (const more of [{}, { subtract_fee_from_outputs: [0] }, { replaceable: false }, { add_to_wallet: false, psbt: false }]) {
      for (const [name, coinsGiven] of [['single', given], ['single', given.map((coin) => ({ ...coin, sequence: 7 }))], ['watch', inputs('watch', 0)]] as const) {
        await pair.same('send', [[{ [foreign]: 0.5 }], null, 'unset', 6, { ...options, ...more, inputs: coinsGiven, replaceable: false }], name);
      }
    }
    for (const recipients of [[foreign], [{ [foreign]: 0.125 }, other], [other, change, { [foreign]: 0.3 }]]) {
      for (const more of [{}, { replaceable: false }, { locktime: 0, version: 1 }]) {
        await pair.same('sendall', [recipients, null, 'unset', 3, { inputs: given, locktime: 9, psbt: true, ...more }], 'single');
        await pair.same('sendall', [recipients, null, 'unset', 3, { inputs: inputs('watch', 0, 2), locktime: 9, ...more }], 'watch');
      }
    }
    for (const more of [{}, { send_max: true }, { minconf: 3 }, { maxconf: 20 }]) {
      await similar('sendall', [[foreign, { [other]: 1 }], null, 'unset', 30, { psbt: true, locktime: 3, ...more }], 'keeper');
    }
    const { hex } = await pair.reference.rpc('send', [[{ [foreign]: 0.5 }], null, 'unset', 6, { inputs: inputs('keeper', 0), locktime: 9, add_to_wallet: false }], 'keeper');
    const txid = await pair.same('sendrawtransaction', [hex]);
    await pair.both((node) => node.rpc('syncwithvalidationinterfacequeue'));
    for (const more of [{}, { outputs: [{ [other]: 0.4 }] }, { outputs: { [other]: 0.4 }, replaceable: false }, { original_change_index: 0 }]) {
      await similar('psbtbumpfee', [txid, { fee_rate: 20, ...more }], 'keeper');
    }
    await pair.same('getrawmempool', []);
  });

  test('psbtbumpfee pays for the coins of others, too', async () => {
    const given = [...inputs('shareA', 0).map((coin) => ({ ...coin, weight: 500 })), ...inputs('single', 1)];
    const options = { fee_rate: 3, changeAddress: addresses['single']?.[0] };
    let signed = await pair.reference.rpc('walletcreatefundedpsbt', [given, [{ [foreign]: 1.5 }], 0, options], 'single');
    for (const name of ['single', 'shareA', 'shareB']) signed = await pair.reference.rpc('walletprocesspsbt', [signed.psbt], name);
    const txid = await pair.same('sendrawtransaction', [signed.hex]);
    await pair.both((node) => node.rpc('syncwithvalidationinterfacequeue'));
    for (const fee_rate of [20, 31.5]) await similar('psbtbumpfee', [txid, { fee_rate }], 'single');
    const refusals = await pair.both((node) => node.rpc('bumpfee', [txid], 'single').catch((error: unknown) => String(error)));
    assert.equal(refusals[0], refusals[1]);
  });
});
