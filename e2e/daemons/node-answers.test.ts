/** Commands of the node that need no wallet, beside Bitcoin Core's: the same answers to the letter. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { encodeExtendedPrivateKey, rootKeyOfSeed } from '../../src-bitcoin/keys/bip32.js';
import { encodeWif } from '../../src-bitcoin/keys/wif.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { followChain } from '../framework/follow-chain.js';
import { nodePair, withReference } from '../framework/node-pair.js';

const secret = 'cUeKHd5orzT3mz8P9pxyREHfsWtVfgsfDjiZZBcjUBAaGk1BTj7N';
const foreign = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';
const unknownTxid = '11'.repeat(32);

describe('commands of the node give the answers of Bitcoin Core', withReference, () => {
  const pair = nodePair();
  /** Txids of the blocks: the coinbase first. The last block has five more. */
  const blocks: { readonly hash: string; readonly txids: readonly string[] }[] = [];

  before(async () => {
    const { checksum } = await pair.reference.rpc('getdescriptorinfo', [`wpkh(${secret})`]);
    const [purse] = await pair.reference.rpc('deriveaddresses', [`wpkh(${secret})#${checksum}`]);
    await pair.reference.rpc('generatetoaddress', [5, purse]);
    await pair.reference.rpc('generatetoaddress', [100, foreign]);
    for (let height = 1; height <= 5; height++) {
      const { tx } = await pair.reference.rpc('getblock', [await pair.reference.rpc('getblockhash', [height])]);
      const psbt = await pair.reference.rpc('createpsbt', [[{ txid: tx[0], vout: 0 }], [{ [purse]: 20 }, { [foreign]: 29.999 }]]);
      const { hex } = await pair.reference.rpc('descriptorprocesspsbt', [psbt, [`wpkh(${secret})`]]);
      await pair.reference.rpc('sendrawtransaction', [hex]);
    }
    await pair.reference.rpc('generatetoaddress', [1, foreign]);
    await followChain(pair.own, pair.reference);
    for (const height of [1, 105, 106]) {
      const hash = await pair.reference.rpc('getblockhash', [height]);
      blocks.push({ hash, txids: (await pair.reference.rpc('getblock', [hash])).tx });
    }
  });

  test('commands take the same arguments', async () => {
    await pair.sameSignatures(['gettxoutproof', 'verifytxoutproof', 'verifymessage', 'signmessagewithprivkey', 'createmultisig', 'submitheader', 'signrawtransactionwithkey', 'combinerawtransaction', 'scantxoutset', 'gettxspendingprevout', 'savemempool', 'getblocktemplate']);
  });

  test('gettxoutproof, verifytxoutproof', async () => {
    const [early, lone, last] = blocks;
    assert.ok(early && lone && last);
    assert.equal(last.txids.length, 6);
    const proofs: string[] = [];
    for (let choice = 1; choice < 64; choice += 3) {
      const txids: readonly string[] = last.txids.filter((_txid, i) => (choice >> i) & 1);
      const proof = await pair.same('gettxoutproof', [txids, last.hash]);
      assert.equal(await pair.same('gettxoutproof', [[...txids].reverse()]), proof);
      assert.deepEqual(await pair.same('verifytxoutproof', [proof]), txids);
      proofs.push(proof);
    }
    await pair.same('gettxoutproof', [lone.txids]);
    const genesis = await pair.same('getblockhash', [0]);
    const { tx } = await pair.same('getblock', [genesis]);
    await pair.same('verifytxoutproof', [await pair.same('gettxoutproof', [tx, genesis])]);
    // The first coinbase is spent: without the block hash nothing leads to its block.
    for (const params of [[early.txids], [early.txids, early.hash], [[...early.txids, ...last.txids]], [[unknownTxid]], [[unknownTxid], last.hash], [tx]]) await pair.sameAnswer('gettxoutproof', params);
    for (const params of [[], [[]], ['x'], [['x']], [['zz'.repeat(32)]], [[1]], [last.txids, 'x'], [last.txids, unknownTxid], [[last.txids[0], last.txids[0]]], [last.txids, last.hash, 1]]) await pair.sameAnswer('gettxoutproof', params);
    const [proof = ''] = proofs;
    const elsewhere = `${proof.slice(0, 8)}${'22'.repeat(32)}${proof.slice(72)}`;
    for (const wrong of ['', 'zz', '00', 1, null, proof.slice(0, -2), `${proof.slice(0, -2)}00`, `${proof}00`, elsewhere, `${proof.slice(0, 160)}00000000${proof.slice(168)}`, `${proof.slice(0, 168)}fd0100`, `${proof.slice(0, 168)}ffffffffffffffffff`]) {
      await pair.sameAnswer('verifytxoutproof', [wrong]);
    }
    // Of a block that is not of the chain any more.
    await pair.both((node) => node.rpc('invalidateblock', [last.hash]));
    await pair.sameAnswer('verifytxoutproof', [proof]);
    await pair.sameAnswer('gettxoutproof', [last.txids, last.hash]);
    await pair.both((node) => node.rpc('reconsiderblock', [last.hash]));
  });

  test('signmessagewithprivkey, verifymessage', async () => {
    const { checksum } = await pair.reference.rpc('getdescriptorinfo', [`pkh(${secret})`]);
    const [address] = await pair.reference.rpc('deriveaddresses', [`pkh(${secret})#${checksum}`]);
    for (const message of ['', 'text', 'grüße']) {
      const signature = await pair.same('signmessagewithprivkey', [secret, message]);
      assert.equal(await pair.same('verifymessage', [address, signature, message]), true);
      assert.equal(await pair.same('verifymessage', [address, signature, `${message}.`]), false);
      assert.equal(await pair.same('verifymessage', ['mfWxJ45yp2SFn7UciZyNpvDKrzbhyfKrY8', signature, message]), false);
      for (const wrong of ['', 'AAAA', 'nonsense!', signature.slice(0, -1), `${signature}AAAA`, 1]) await pair.sameAnswer('verifymessage', [address, wrong, message]);
      for (const wrong of ['', 'x', foreign, 1]) await pair.sameAnswer('verifymessage', [wrong, signature, message]);
    }
    for (const wrong of ['', 'x', 'KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn', 1]) await pair.sameAnswer('signmessagewithprivkey', [wrong, 'text']);
  });

  test('createmultisig', async () => {
    const keys = Array.from({ length: 21 }, (_, i) => toHex(secp256k1.createPublicKey(new Uint8Array(32).fill(i + 1))));
    const long = toHex(secp256k1.createPublicKey(new Uint8Array(32).fill(1), false));
    for (const type of ['legacy', 'p2sh-segwit', 'bech32', 'bech32m', 'nonsense', 1]) {
      for (const count of [0, 1, 3, 15, 16, 17, 20, 21]) await pair.sameAnswer('createmultisig', [2, keys.slice(0, count), type]);
      for (const required of [-1, 0, 1, 3, 17, 'x', 1.5]) await pair.sameAnswer('createmultisig', [required, keys.slice(0, 2), type]);
      await pair.sameAnswer('createmultisig', [17, keys.slice(0, 20), type]);
      await pair.sameAnswer('createmultisig', [1, [long, keys[1]], type]);
    }
    for (const wrong of ['', 'zz', '02', keys[0]?.replace(/^0./, '05'), 1]) await pair.sameAnswer('createmultisig', [1, [wrong]]);
    for (const wrong of [[], [1], [1, 'x'], [1, [], 'legacy', 1]]) await pair.sameAnswer('createmultisig', wrong);
  });

  test('scantxoutset', async () => {
    const key = `${encodeExtendedPrivateKey(rootKeyOfSeed(new Uint8Array(32).fill(1)), chainParams('regtest'))}/*`;
    const pubkey = toHex(secp256k1.createPublicKey(new Uint8Array(32).fill(1)));
    const scans: readonly (readonly unknown[])[] = [
      [`wpkh(${secret})`],
      [`combo(${secret})`, `addr(${foreign})`],
      [`addr(${foreign})`, `raw(0014${'00'.repeat(20)})`, { desc: `wpkh(${secret})`, range: 5 }],
      [{ desc: `wpkh(${key})`, range: [0, 20] }, `tr(${pubkey})`],
      [],
    ];
    for (const scan of scans) await pair.same('scantxoutset', ['start', scan]);
    const { unspents } = await pair.same('scantxoutset', ['start', [`wpkh(${secret})`]]);
    assert.ok(unspents.length >= 5);
    for (const params of [['status'], ['abort'], ['nonsense'], ['start'], ['start', null], ['start', 'x'], ['start', ['x']], ['start', [1]], ['start', [{}]], ['start', [{ desc: `wpkh(${key})`, range: -1 }]], [1], [], ['status', []], ['start', [], 1]]) {
      await pair.sameAnswer('scantxoutset', params);
    }
  });

  test('signrawtransactionwithkey, combinerawtransaction', async () => {
    const keys = [1, 2, 3].map((byte) => encodeWif({ secret: new Uint8Array(32).fill(byte), compressed: true }, chainParams('regtest')));
    const pubkeys = [1, 2, 3].map((byte) => toHex(secp256k1.createPublicKey(new Uint8Array(32).fill(byte))));
    const shared = await Promise.all(['legacy', 'p2sh-segwit', 'bech32'].map((type) => pair.same('createmultisig', [2, pubkeys, type])));
    const [, coin = ''] = blocks[2]?.txids ?? [];
    const payment = await pair.same('createrawtransaction', [[{ txid: coin, vout: 0 }], [...shared.map(({ address }) => ({ [address]: 5 })), { [foreign]: 4.999 }]]);
    // The purse is known by the key alone, and by a wrong one not.
    await pair.sameAnswer('signrawtransactionwithkey', [payment, [keys[0]]]);
    await pair.sameAnswer('signrawtransactionwithkey', [payment, []]);
    for (const hashType of ['ALL', 'NONE|ANYONECANPAY', 'nonsense', 1]) await pair.sameAnswer('signrawtransactionwithkey', [payment, [secret], null, hashType]);
    const { hex } = await pair.same('signrawtransactionwithkey', [payment, [secret]]);
    const txid = await pair.same('sendrawtransaction', [hex]);

    const spends = shared.map((_each, vout) => ({ txid, vout }));
    const draft = await pair.same('createrawtransaction', [spends, [{ [foreign]: 14.9 }]]);
    const { vout: outputs } = await pair.same('decoderawtransaction', [hex]);
    const given = spends.map((each, i) => ({ ...each, scriptPubKey: outputs[i].scriptPubKey.hex, amount: 5 }));
    const scripts = [{ redeemScript: shared[0].redeemScript }, { witnessScript: shared[1].redeemScript }, { witnessScript: shared[2].redeemScript }];
    const whole = given.map((each, i) => ({ ...each, ...scripts[i] }));
    const partial: string[] = [];
    for (const key of keys) partial.push((await pair.sameAnswer('signrawtransactionwithkey', [draft, [key], whole])).hex);
    await pair.sameAnswer('signrawtransactionwithkey', [draft, keys.slice(0, 2), whole]);
    await pair.sameAnswer('signrawtransactionwithkey', [partial[0], [keys[2]], whole]);
    for (const variants of [partial, partial.slice(0, 2), partial.slice(0, 1), [draft, ...partial.slice(1)], [partial[2], draft]]) await pair.sameAnswer('combinerawtransaction', [variants]);
    const single = await pair.same('createrawtransaction', [[...spends].reverse(), [{ [foreign]: 1 }]]);
    await pair.sameAnswer('signrawtransactionwithkey', [single, keys, whole, 'SINGLE']);

    const [first] = whole;
    const wrong: readonly unknown[] = [
      1,
      [1],
      [{}],
      [{ ...first, txid: 1 }],
      [{ ...first, vout: -1 }],
      [{ ...first, scriptPubKey: 'zz' }],
      [{ ...first, scriptPubKey: '51' }],
      [{ ...first, amount: 'x' }],
      [{ ...first, redeemScript: 1 }],
      [{ ...first, redeemScript: null }],
      [{ ...first, redeemScript: '' }],
      [{ ...first, redeemScript: '51' }],
      [{ ...first, witnessScript: '51' }],
      [{ ...whole[2], amount: undefined }],
      given,
    ];
    for (const coins of wrong) await pair.sameAnswer('signrawtransactionwithkey', [draft, keys, coins]);
    for (const params of [[], [draft], ['00', []], ['', []], [draft, ['x']], [draft, [1]], [draft, 'x']]) await pair.sameAnswer('signrawtransactionwithkey', params);
    const unknown = await pair.same('createrawtransaction', [[{ txid: unknownTxid, vout: 0 }], []]);
    await pair.sameAnswer('signrawtransactionwithkey', [unknown, keys]);
    await pair.sameAnswer('signrawtransactionwithkey', [unknown, [secret], [{ txid: unknownTxid, vout: 0, scriptPubKey: outputs[3].scriptPubKey.hex }]]);
    for (const variants of [[], ['00'], [1], [unknown], 'x']) await pair.sameAnswer('combinerawtransaction', [variants]);
  });

  test('gettxspendingprevout, savemempool', async () => {
    // The one transaction that waits, and an output that nobody spends.
    const [txid] = await pair.same('getrawmempool');
    const { vin } = await pair.same('getrawtransaction', [txid, 1]);
    const outputs = [{ txid: vin[0].txid, vout: vin[0].vout }, { txid, vout: 0 }];
    for (const options of [{}, { return_spending_tx: true }, { mempool_only: true }, { mempool_only: false }, { mempool_only: null }, { nonsense: true }, { return_spending_tx: 1 }, 1]) {
      for (const asked of [outputs, outputs.slice(0, 1), [{}], [1]]) await pair.sameAnswer('gettxspendingprevout', [asked, options]);
    }
    await pair.same('gettxspendingprevout', { outputs, return_spending_tx: true });
    const files = await pair.both(async (node) => [(await node.rpc('savemempool')).filename, path.join(node.networkFolder, 'mempool.dat')]);
    for (const [file, expected] of files) assert.deepEqual([file, fs.existsSync(expected)], [expected, true]);
    await pair.sameAnswer('savemempool', [1]);
  });

  test('getblocktemplate', async () => {
    const rules = ['segwit'];
    // Two that depend on each other, beside the one that waits.
    const { checksum } = await pair.reference.rpc('getdescriptorinfo', [`wpkh(${secret})`]);
    const [purse] = await pair.reference.rpc('deriveaddresses', [`wpkh(${secret})#${checksum}`]);
    let coin = { txid: blocks[2]?.txids[2] ?? '', vout: 0 };
    for (const amount of [19.999, 19.998]) {
      const { hex } = await pair.same('signrawtransactionwithkey', [await pair.same('createrawtransaction', [[coin], [{ [purse]: amount }]]), [secret]]);
      coin = { txid: await pair.same('sendrawtransaction', [hex]), vout: 0 };
    }
    const { time } = await pair.same('getblockheader', [await pair.same('getbestblockhash')]);
    await pair.both((node) => node.rpc('setmocktime', [Number(time) + 600]));
    const [ours, theirs] = await pair.both(async (node) => {
      // What follows the hash in the id is everybody's own, as is the order of what pays alike.
      const { longpollid, transactions, ...rest } = await node.rpc('getblocktemplate', [{ rules }]);
      return { ...rest, tip: String(longpollid).slice(0, 64), transactions };
    });
    assert.deepEqual(ours, theirs);
    assert.deepEqual(theirs.transactions.map(({ depends }: { depends: unknown[] }) => depends.length).sort(), [0, 0, 1]);
    for (const request of [{}, { rules: [] }, { rules: ['signet'] }, { rules: 'x' }, { rules: [1] }, { mode: 'nonsense', rules }, { mode: 1, rules }, { rules, longpollid: 'x' }, 1, null]) await pair.sameAnswer('getblocktemplate', [request]);
    for (const params of [[], [{ rules }, 1]]) await pair.sameAnswer('getblocktemplate', params);

    const { hex: proposal } = await pair.reference.rpc('generateblock', [foreign, [], false]);
    const tip = await pair.same('getblock', [await pair.same('getbestblockhash'), 0]);
    const elsewhere = `${proposal.slice(0, 8)}${'11'.repeat(32)}${proposal.slice(72)}`;
    const otherRoot = `${proposal.slice(0, 72)}${'22'.repeat(32)}${proposal.slice(136)}`;
    for (const data of [proposal, tip, elsewhere, otherRoot, '', 'zz', '00', undefined, 1]) await pair.sameAnswer('getblocktemplate', [{ mode: 'proposal', data }]);
    await pair.both((node) => node.rpc('setmocktime', [0]));
  });

  test('a long poll for a block template ends with the next block', async () => {
    const { longpollid } = await pair.own.rpc('getblocktemplate', [{ rules: ['segwit'] }]);
    const poll = pair.own.rpc('getblocktemplate', [{ rules: ['segwit'], longpollid }]);
    await pair.reference.rpc('generatetoaddress', [1, foreign]);
    await followChain(pair.own, pair.reference);
    assert.equal((await poll).previousblockhash, await pair.same('getbestblockhash'));
  });

  test('submitheader', async () => {
    const hash = await pair.same('getbestblockhash');
    const header = await pair.same('getblockheader', [hash, false]);
    const unknown = `${header.slice(0, 8)}${'11'.repeat(32)}${header.slice(72)}`;
    for (const given of ['', 'zz', '00', header.slice(2), header, `${header}00`, unknown, 1]) await pair.sameAnswer('submitheader', [given]);
    // A block that only one of them has.
    const [made] = await pair.reference.rpc('generatetoaddress', [1, foreign]);
    const next = await pair.reference.rpc('getblockheader', [made, false]);
    await pair.same('submitheader', [next]);
    assert.equal((await pair.own.rpc('getblockchaininfo')).headers, (await pair.own.rpc('getblockcount')) + 1);
    const early = `${next.slice(0, 136)}00000000${next.slice(144)}`;
    await pair.sameAnswer('submitheader', [early]);
  });
});
