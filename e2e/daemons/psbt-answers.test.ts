/** The node's commands about PSBTs beside Bitcoin Core's: the same answers to the letter, through all stages of PSBTs of every kind. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { encodeExtendedPrivateKey, rootKeyOfSeed } from '../../src-bitcoin/keys/bip32.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { followChain } from '../framework/follow-chain.js';
import { nodePair, withReference } from '../framework/node-pair.js';
import type { Json } from '../framework/node-process.js';
import { emptyPsbt, psbtForms, unsignedTx, withoutRandomness } from '../framework/psbt-forms.js';

const keyOf = (byte: number): string => encodeExtendedPrivateKey(rootKeyOfSeed(new Uint8Array(32).fill(byte)), chainParams('regtest'));
const secrets = { A: keyOf(1), B: keyOf(2), C: keyOf(3) };
const foreign = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';
const other = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';
const unknownTxid = '11'.repeat(32);

/** Descriptors with letters in place of keys. */
const kinds: Readonly<Record<string, string>> = {
  pkh: 'pkh(A/0/*)',
  wpkh: 'wpkh(A/1/*)',
  nested: 'sh(wpkh(A/2/*))',
  'bare multisig in P2SH': 'sh(multi(2,A/3/*,B/3/*,C/3/*))',
  wsh: 'wsh(sortedmulti(2,A/4/*,B/4/*,C/4/*))',
  'nested wsh': 'sh(wsh(multi(1,B/5/*,A/5/*)))',
  'wsh of one key': 'wsh(pkh(A/6/*))',
  tr: 'tr(A/7/*)',
  'tr with a tree': 'tr(C/8/*,{pk(A/8/*),multi_a(2,A/9/*,B/9/*,C/9/*)})',
};

describe('PSBT commands of the node give the answers of Bitcoin Core', withReference, () => {
  const pair = nodePair();
  /** Public forms of the keys. */
  const open: Record<string, string> = {};
  /** An unspent output of each kind: one of the mempool, one of the chain. */
  const coins: Record<string, readonly [fresh: Json, settled: Json]> = {};

  /** The descriptor of a kind, with the private keys that `signers` names. */
  const descriptor = (kind: string, signers = ''): string => (kinds[kind] ?? '').replace(/[ABC](?=\/)/g, (letter) => (signers.includes(letter) ? secrets[letter as 'A'] : (open[letter] ?? '')));
  const decoded = async (psbt: string): Promise<Json> => withoutRandomness(await pair.same('decodepsbt', [psbt]));

  /** Both sign the same PSBT. @returns Bitcoin Core's result */
  const processed = async (psbt: string, descriptors: readonly unknown[], ...more: readonly unknown[]): Promise<Json> => {
    if (!JSON.stringify(descriptors).includes('"tr(')) return pair.same('descriptorprocesspsbt', [psbt, descriptors, ...more]);
    const [ours, theirs] = await pair.both((node) => node.rpc('descriptorprocesspsbt', [psbt, descriptors, ...more]));
    assert.equal(ours.complete, theirs.complete);
    assert.deepEqual(await decoded(ours.psbt), await decoded(theirs.psbt));
    return theirs;
  };
  const created = (inputs: readonly Json[], amount = 0.5): Promise<Json> => pair.same('createpsbt', [inputs, [{ [foreign]: amount }]]);
  /**
   * Both tell how far a PSBT has come. Bitcoin Core names the key of a script of one key twice, and tells no size of
   * signed taproot inputs that do not bring the whole transaction they spend from.
   */
  const analyzed = async (psbt: string): Promise<void> => {
    const [ours, theirs] = await pair.both(async (node) => JSON.parse(JSON.stringify(await node.rpc('analyzepsbt', [psbt])), (name, value: Json) => (name === 'signatures' ? [...new Set(value)] : value)));
    const { estimated_vsize: size, estimated_feerate: rate, ...rest } = ours;
    const withoutSize = theirs.estimated_vsize === undefined && theirs.fee !== undefined && ['finalizer', 'extractor'].includes(theirs.next);
    if (withoutSize) assert.ok(size > 60 && rate > 0, psbt);
    assert.deepEqual(withoutSize ? rest : ours, theirs, psbt);
  };
  /** Everything that can be asked about a PSBT. */
  const examined = async (psbt: string): Promise<void> => {
    await decoded(psbt);
    await analyzed(psbt);
    await pair.same('finalizepsbt', [psbt, false]);
    await pair.same('combinepsbt', [[psbt]]);
  };

  before(async () => {
    for (const [letter, secret] of Object.entries(secrets)) {
      open[letter] = /pkh\((.*)\)#/.exec((await pair.reference.rpc('getdescriptorinfo', [`pkh(${secret})`])).descriptor)?.[1] ?? '';
    }
    const addresses: string[] = [];
    for (const kind of Object.keys(kinds)) {
      const { checksum } = await pair.reference.rpc('getdescriptorinfo', [descriptor(kind)]);
      addresses.push((await pair.reference.rpc('deriveaddresses', [`${descriptor(kind)}#${checksum}`, [3, 3]]))[0]);
    }
    const purse = addresses[1] ?? '';
    const blocks = await pair.reference.rpc('generatetoaddress', [2, purse]);
    await pair.reference.rpc('generatetoaddress', [100, foreign]);
    /** Pays all kinds from the coinbase of a block. */
    const pay = async (block: string): Promise<string> => {
      const { tx } = await pair.reference.rpc('getblock', [block]);
      const psbt = await pair.reference.rpc('createpsbt', [[{ txid: tx[0], vout: 0 }], addresses.map((address) => ({ [address]: 5 }))]);
      const { hex } = await pair.reference.rpc('descriptorprocesspsbt', [psbt, [descriptor('wpkh', 'A')]]);
      await pair.reference.rpc('sendrawtransaction', [hex, 0]);
      return hex;
    };
    const settled = await pay(blocks[0]);
    await pair.reference.rpc('generatetoaddress', [1, foreign]);
    await followChain(pair.own, pair.reference);
    const fresh = await pay(blocks[1]);
    await pair.own.rpc('sendrawtransaction', [fresh, 0]);
    const [{ txid: freshTxid }, { txid: settledTxid }] = await Promise.all([fresh, settled].map((hex) => pair.reference.rpc('decoderawtransaction', [hex])));
    for (const [vout, kind] of Object.keys(kinds).entries()) coins[kind] = [{ txid: freshTxid, vout }, { txid: settledTxid, vout }];
  });

  test('commands take the same arguments', async () => {
    await pair.sameSignatures(['createpsbt', 'createrawtransaction', 'converttopsbt', 'decodepsbt', 'analyzepsbt', 'combinepsbt', 'joinpsbts', 'finalizepsbt', 'utxoupdatepsbt', 'descriptorprocesspsbt']);
  });

  test('drafts of transactions and PSBTs, good and bad', async () => {
    const input = { txid: unknownTxid, vout: 3 };
    const payment = { [foreign]: 0.5 };
    const drafts: readonly (readonly unknown[])[] = [
      [[], []],
      [[], {}],
      [[input], [payment]],
      [[input], payment],
      [[input], [payment, { [other]: '0.25' }, { data: 'c0ffee' }], 500],
      [[input], [payment], 500, false],
      [[input], [payment], 0, false],
      [[{ ...input, sequence: 7 }], [payment], 0, true, 3],
      [[{ ...input, sequence: 4294967295 }], [payment]],
      [[{ ...input, sequence: 4294967295 }], [payment], null, true],
      [[{ ...input, sequence: 4294967296 }], [payment]],
      [[{ ...input, sequence: 'x' }], [payment]],
      [null, [payment]],
      [[input], null],
      ['x', [payment]],
      [[{ vout: 0 }], [payment]],
      [[{ txid: 'zz', vout: 0 }], [payment]],
      [[{ txid: unknownTxid }], [payment]],
      [[{ txid: unknownTxid, vout: -1 }], [payment]],
      [[{ txid: unknownTxid, vout: 0.5 }], [payment]],
      [[1], [payment]],
      [[input], [payment, payment]],
      [[input], [{ data: '00' }, { data: '01' }]],
      [[input], [{ data: 'x' }]],
      [[input], [{ data: 12 }]],
      [[input], [{ ...payment, [other]: 1 }]],
      [[input], [1]],
      [[input], ['x']],
      [[input], [{ nonsense: 1 }]],
      [[input], [{ [foreign]: 'x' }]],
      [[input], [{ [foreign]: -1 }]],
      [[input], [{ [foreign]: 21_000_001 }]],
      [[input], [payment], -1],
      [[input], [payment], 4294967296],
      [[input], [payment], 'x'],
      [[input], [payment], 0, 'x'],
      [[input], [payment], 0, true, 0],
      [[input], [payment], 0, true, 4],
      [[input], [payment], 0, true, -1],
      [[input], [payment], 0, true, 4294967296],
      [[input], [payment], 0, true, 'x'],
      [[input]],
    ];
    for (const draft of drafts) {
      const raw = draft.length < 2 ? undefined : await pair.sameAnswer('createrawtransaction', draft);
      const psbt = draft.length < 2 ? undefined : await pair.sameAnswer('createpsbt', draft);
      if (raw === undefined) continue;
      assert.equal(await pair.same('converttopsbt', [raw]), psbt);
      await examined(psbt);
      for (const form of [true, false]) await pair.sameAnswer('converttopsbt', [raw, false, form]);
    }
    await pair.same('createpsbt', { inputs: [input], outputs: [payment], version: 1 } as never);
    for (const wrong of ['', 'zz', '00', unsignedTx.slice(2), 1]) await pair.sameAnswer('converttopsbt', [wrong]);
  });

  test('PSBTs of every form, most of them broken', async () => {
    for (const form of psbtForms) {
      for (const method of ['decodepsbt', 'analyzepsbt', 'finalizepsbt', 'utxoupdatepsbt']) await pair.sameAnswer(method, [form]);
      await pair.sameAnswer('combinepsbt', [[form, emptyPsbt]]);
      const alone = await pair.sameAnswer('combinepsbt', [[form]]);
      // Of all but the first Bitcoin Core leaves hash types and proprietary fields behind, which BIP174 does not allow.
      const isLost = alone !== undefined && /"(sighash|subtype)"/.test(JSON.stringify(await decoded(alone)));
      if (isLost) assert.equal(await pair.own.rpc('combinepsbt', [[emptyPsbt, form]]), alone);
      else await pair.sameAnswer('combinepsbt', [[emptyPsbt, form]]);
      await pair.sameAnswer('descriptorprocesspsbt', [form, []]);
    }
    for (const method of ['decodepsbt', 'analyzepsbt', 'finalizepsbt', 'utxoupdatepsbt', 'combinepsbt', 'joinpsbts']) {
      for (const wrong of [1, null, [], [1], ['x'], {}]) await pair.sameAnswer(method, [wrong]);
    }
    await pair.sameAnswer('finalizepsbt', [emptyPsbt, 'x']);
  });

  for (const kind of Object.keys(kinds)) {
    test(`${kind}: from the draft to the transaction`, async () => {
      const [fresh, settled] = coins[kind] ?? assert.fail();
      for (const coin of [fresh, settled]) {
        const draft = await created([coin], 4.999);
        await examined(draft);
        await examined(await pair.same('utxoupdatepsbt', [draft]));
        const updated = await pair.same('utxoupdatepsbt', [draft, [{ desc: descriptor(kind), range: [2, 4] }]]);
        await examined(updated);
        const shares: string[] = [];
        for (const signer of ['A', 'B', 'C']) {
          const { psbt } = await processed(updated, [{ desc: descriptor(kind, signer), range: 4 }], null, true, false);
          await examined(psbt);
          shares.push(psbt);
        }
        const combined = await pair.same('combinepsbt', [shares]);
        await examined(combined);
        for (const extract of [true, false]) await pair.same('finalizepsbt', [combined, extract]);
        const { psbt: finished } = await pair.reference.rpc('finalizepsbt', [combined, false]);
        await decoded(finished);
        await pair.same('combinepsbt', [[updated, finished]]);
        await pair.same('combinepsbt', [[finished, updated]]);
        const done = await processed(draft, [descriptor(kind, 'ABC')]);
        if (done.hex !== undefined) {
          const [{ allowed: ours }, { allowed: theirs }] = (await pair.both((node) => node.rpc('testmempoolaccept', [[done.hex]]))).map(([each]: Json) => each);
          assert.deepEqual([ours, theirs], [true, true]);
        }
      }
    });
  }

  test('hash types, derivations and descriptors that were asked for', async () => {
    const [coin] = coins['wpkh'] ?? [];
    const draft = await created([coin]);
    const keys = [descriptor('wpkh', 'A')];
    for (const hashType of ['ALL', 'NONE', 'SINGLE|ANYONECANPAY', 'DEFAULT', 'nonsense', 'all', 1]) {
      const answer = await pair.sameAnswer('descriptorprocesspsbt', [draft, keys, hashType, false, false]);
      if (answer === undefined) continue;
      await examined(answer.psbt);
      for (const another of [null, 'ALL', 'NONE']) await pair.sameAnswer('descriptorprocesspsbt', [answer.psbt, keys, another]);
    }
    const bad: readonly unknown[] = ['x', [1], ['x'], [{}], [{ desc: 1 }], [{ desc: 'x' }], [{ desc: descriptor('wpkh'), range: -1 }], [{ desc: descriptor('wpkh'), range: [5, 4] }], [{ desc: descriptor('wpkh'), range: 'x' }], [{ desc: descriptor('wpkh'), range: 2 ** 31 }], [{ desc: descriptor('wpkh'), range: [0, 1_000_001] }], [`${descriptor('wpkh')}#aaaaaaaa`], [`wpkh(${open['A']}/1h/*)`], [`addr(${foreign})`]];
    for (const descriptors of bad) {
      for (const method of ['utxoupdatepsbt', 'descriptorprocesspsbt']) await pair.sameAnswer(method, [draft, descriptors]);
    }
    await pair.sameAnswer('descriptorprocesspsbt', [draft]);
    await pair.sameAnswer('descriptorprocesspsbt', [draft, [`wpkh(${secrets.A}/1h/*)`]]);
  });

  test('outputs are described, too', async () => {
    const address = (await pair.reference.rpc('deriveaddresses', [(await pair.reference.rpc('getdescriptorinfo', [descriptor('tr with a tree')])).descriptor, [1, 1]]))[0];
    const nested = (await pair.reference.rpc('deriveaddresses', [(await pair.reference.rpc('getdescriptorinfo', [descriptor('nested wsh')])).descriptor, [1, 1]]))[0];
    const draft = await pair.same('createpsbt', [[coins['pkh']?.[0]], [{ [address]: 1 }, { [nested]: 1 }, { [foreign]: 1 }]]);
    await examined(await pair.same('utxoupdatepsbt', [draft, [descriptor('tr with a tree'), { desc: descriptor('nested wsh') }]]));
    await pair.same('descriptorprocesspsbt', [draft, [descriptor('nested wsh', 'A')], null, false]);
  });

  test('what is joined has the inputs and outputs of all, in any order', async () => {
    const drafts = await Promise.all(['pkh', 'wsh', 'tr'].map(async (kind, i) => pair.same('createpsbt', [[coins[kind]?.[0]], [{ [foreign]: 1 + i }], 9 - i, true, 1 + (i % 3)])));
    const updated = await Promise.all(drafts.map((draft) => pair.same('utxoupdatepsbt', [draft, Object.keys(kinds).map((kind) => descriptor(kind))])));
    const { psbt: signed } = await processed(updated[0], [descriptor('pkh', 'A')], null, true, false);
    const sorted = (list: readonly Json[]): string[] => list.map((each) => JSON.stringify({ ...each, n: 0 })).sort();
    const [ours, theirs] = await pair.both(async (node) => {
      const { tx, inputs, outputs, fee } = await decoded(await node.rpc('joinpsbts', [[signed, ...updated.slice(1)]]));
      return { version: tx.version, locktime: tx.locktime, vin: sorted(tx.vin), vout: sorted(tx.vout), inputs: sorted(inputs), outputs: sorted(outputs), fee };
    });
    assert.deepEqual(ours, theirs);
    assert.equal(theirs.vin.length, 3);
    for (const list of [[], [signed], [signed, signed], [signed, 'x'], [emptyPsbt, emptyPsbt]]) await pair.sameAnswer('joinpsbts', [list]);
    await pair.sameAnswer('combinepsbt', [[signed, updated[1]]]);
    await pair.sameAnswer('combinepsbt', [[]]);
  });
});
