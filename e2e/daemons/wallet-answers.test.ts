/** Two wallets with the same keys on the same chain, one of Bitcoin Core: commands of both give the same answers to the letter. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { followChain } from '../framework/follow-chain.js';
import { nodePair, withReference, type Params } from '../framework/node-pair.js';
import type { Json } from '../framework/node-process.js';

const foreign = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';
const foreignKeyHash = 'mfWxJ45yp2SFn7UciZyNpvDKrzbhyfKrY8';
const tprv = 'tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK';
const forms = { legacy: ['pkh(', '/44h/1h/0h', ')'], 'p2sh-segwit': ['sh(wpkh(', '/49h/1h/0h', '))'], bech32: ['wpkh(', '/84h/1h/0h', ')'], bech32m: ['tr(', '/86h/1h/0h', ')'] };
type AddressType = keyof typeof forms;

describe('wallet commands give the answers of Bitcoin Core', withReference, () => {
  const pair = nodePair();
  const both = (wallet: string | undefined, method: string, params?: Params): Promise<Json> => pair.sameAnswer(method, params, wallet);

  /** Makes a wallet in both whose descriptors come from the same key. */
  async function makeWallet(wallet: string, types: readonly AddressType[]): Promise<void> {
    await both(undefined, 'createwallet', [wallet, false, true]);
    for (const type of types) {
      const [open, path, close] = forms[type];
      const text = `${open}${tprv}${path}/<0;1>/*${close}`;
      const { checksum } = await pair.own.rpc('getdescriptorinfo', [text]);
      await both(wallet, 'importdescriptors', [[{ desc: `${text}#${checksum}`, timestamp: 1, active: true, range: [0, 9] }]]);
    }
  }

  const allTypes: readonly AddressType[] = ['legacy', 'p2sh-segwit', 'bech32', 'bech32m'];

  test('commands take the same arguments', async () => {
    await pair.sameSignatures(['signmessage', 'gethdkeys', 'createwalletdescriptor', 'listaddressgroupings', 'importprunedfunds', 'removeprunedfunds']);
  });

  test('walletdisplayaddress', async (t) => {
    const help = await pair.reference.rpc('help', ['walletdisplayaddress']);
    if (String(help).startsWith('help: unknown command')) return t.skip('skipped: that Bitcoin Core was built without external signers');
    await both(undefined, 'createwallet', ['shown']);
    for (const address of ['nonsense', foreign]) await both('shown', 'walletdisplayaddress', [address]);
  });

  test('signmessage', async () => {
    await makeWallet('signer', allTypes);
    const address = await both('signer', 'getnewaddress', ['', 'legacy']);
    for (const message of ['', 'text', 'grüße']) {
      const signature = await both('signer', 'signmessage', [address, message]);
      assert.equal(await pair.reference.rpc('verifymessage', [address, signature, message]), true);
    }
    for (const params of [['nonsense', 'text'], [foreign, 'text'], [foreignKeyHash, 'text'], [address, 1], [1, 2]]) await both('signer', 'signmessage', params);
    await both('signer', 'encryptwallet', ['secret']);
    await both('signer', 'signmessage', [address, 'text']);
    await both('signer', 'signmessage', ['nonsense', 'text']);
    await both('signer', 'walletpassphrase', ['secret', 100]);
    await both('signer', 'signmessage', [address, 'text']);
  });

  test('gethdkeys, createwalletdescriptor', async () => {
    await makeWallet('few', ['bech32']);
    for (const options of [{}, { active_only: true }, { private: true }, { active_only: false, private: true }, { private: 1 }, { private: null }, { nonsense: 1 }]) {
      await both('few', 'gethdkeys', [options]);
    }
    await both('few', 'gethdkeys');
    await both('few', 'gethdkeys', { private: true });
    await both('few', 'gethdkeys', [1]);
    const [{ xpub }] = await both('few', 'gethdkeys');
    await both('few', 'createwalletdescriptor', ['nonsense']);
    await both('few', 'createwalletdescriptor', ['bech32']);
    await both('few', 'createwalletdescriptor', ['bech32', { internal: 1 }]);
    await both('few', 'createwalletdescriptor', ['bech32', { hdkey: 'nonsense' }]);
    await both('few', 'createwalletdescriptor', ['bech32', { hdkey: 1 }]);
    await pair.own.rpc('createwallet', ['elsewhere']);
    const [{ xpub: unknown }] = await pair.own.rpc('gethdkeys', [], 'elsewhere');
    await pair.own.rpc('unloadwallet', ['elsewhere']);
    await both('few', 'createwalletdescriptor', ['bech32m', { hdkey: unknown }]);
    await both('few', 'createwalletdescriptor', { type: 'bech32m', internal: false });
    await both('few', 'createwalletdescriptor', ['bech32m', { internal: false }]);
    await both('few', 'createwalletdescriptor', ['bech32m', { internal: null, hdkey: xpub }]);
    await both('few', 'createwalletdescriptor', ['legacy']);
    await both('few', 'gethdkeys', [{ private: true }]);
    for (const type of ['bech32m', 'legacy']) await both('few', 'getnewaddress', ['', type]);
    await both('few', 'encryptwallet', ['secret']);
    await both('few', 'gethdkeys', [{ private: true }]);
    await both('few', 'createwalletdescriptor', ['p2sh-segwit']);
    await both('few', 'createwalletdescriptor', ['p2sh-segwit', { internal: 1 }]);
    await both('few', 'walletpassphrase', ['secret', 100]);
    // Encryption made other keys, of which each program has its own.
    await both('few', 'createwalletdescriptor', ['p2sh-segwit', { hdkey: xpub }]);
    await both(undefined, 'createwallet', ['empty', false, true]);
    await both('empty', 'gethdkeys');
    await both('empty', 'createwalletdescriptor', ['bech32']);
    await both(undefined, 'createwallet', ['watch', true]);
    await both('watch', 'gethdkeys');
    await both('watch', 'createwalletdescriptor', ['bech32']);
    const { descriptor } = await pair.own.rpc('getdescriptorinfo', [`multi(1,${xpub}/1,${unknown}/*)`]);
    await both('watch', 'importdescriptors', [[{ desc: descriptor, timestamp: 'now', range: 1 }]]);
    const [first, second] = await both('watch', 'gethdkeys');
    assert.deepEqual([first.xpub, second.xpub].sort(), [xpub, unknown].sort());
    assert.deepEqual(await both('watch', 'gethdkeys', [{ active_only: true }]), []);
    // Bitcoin Core fails with `map::at` where it has no private key to show.
    assert.deepEqual(await pair.own.rpc('gethdkeys', [{ private: true }], 'watch'), [first, second]);
  });

  test('listaddressgroupings, removeprunedfunds, importprunedfunds', async () => {
    await makeWallet('money', allTypes);
    await both('money', 'listaddressgroupings');
    const mined = await both('money', 'getnewaddress', ['mined', 'bech32m']);
    await pair.reference.rpc('generatetoaddress', [105, mined]);
    await followChain(pair.own, pair.reference);
    await both('money', 'listaddressgroupings');
    const relay = async (txid: string): Promise<string> => {
      const { hex } = await pair.reference.rpc('gettransaction', [txid], 'money');
      assert.equal(await pair.own.rpc('sendrawtransaction', [hex]), txid);
      return hex;
    };
    const paid = Object.fromEntries(await Promise.all(allTypes.map(async (type, i) => [await both('money', 'getnewaddress', [type, type]), i + 1])));
    await relay(await pair.reference.rpc('sendmany', ['', { ...paid, [foreign]: 5 }], 'money'));
    await both('money', 'listaddressgroupings');
    await pair.reference.rpc('generatetoaddress', [1, foreign]);
    await followChain(pair.own, pair.reference);
    await both('money', 'listaddressgroupings');
    const txid = await pair.reference.rpc('sendtoaddress', [foreign, 60], 'money');
    const hex = await relay(txid);
    await pair.reference.rpc('generatetoaddress', [1, mined]);
    await followChain(pair.own, pair.reference);
    await both('money', 'listaddressgroupings');

    const block = await pair.reference.rpc('getbestblockhash');
    const proof = await pair.reference.rpc('gettxoutproof', [[txid], block]);
    for (const unknown of ['11'.repeat(32), 'zz', '11', 'zz'.repeat(32)]) await both('money', 'removeprunedfunds', [unknown]);
    const balances = await both('money', 'getbalances');
    await both('money', 'removeprunedfunds', [txid]);
    assert.notDeepEqual(await both('money', 'getbalances'), balances);
    await both('money', 'gettransaction', [txid]);
    await both('money', 'removeprunedfunds', [txid]);
    await both('money', 'listaddressgroupings');
    const { tx: blockTxids } = await pair.reference.rpc('getblock', [block]);
    const otherProof = await pair.reference.rpc('gettxoutproof', [[blockTxids[0]], block]);
    const elsewhere = `${proof.slice(0, 8)}${'22'.repeat(32)}${proof.slice(72)}`;
    const broken = `${proof.slice(0, -2)}00`;
    for (const [tx, given] of [
      ['', proof],
      ['zz', proof],
      [hex, ''],
      [hex, 'zz'],
      [hex, '00'],
      [hex, proof.slice(0, -2)],
      [hex, broken],
      [hex, elsewhere],
      [hex, otherProof],
    ]) {
      await both('money', 'importprunedfunds', [tx, given]);
    }
    const { hex: others } = await pair.reference.rpc('getrawtransaction', [blockTxids[0], 2, block]);
    await both('empty', 'importprunedfunds', [others, otherProof]);
    await both('money', 'importprunedfunds', [hex, proof]);
    assert.deepEqual(await both('money', 'getbalances'), balances);
    await both('money', 'listaddressgroupings');
    await both('money', 'importprunedfunds', [hex, proof]);
    const { time: _time, timereceived: _received, ...ours } = await pair.own.rpc('gettransaction', [txid], 'money');
    const { time: _theirTime, timereceived: _theirReceived, ...theirs } = await pair.reference.rpc('gettransaction', [txid], 'money');
    assert.deepEqual(ours, theirs);
    // What was forgotten is forgotten for good, what was taken in again is kept.
    for (const each of [txid, blockTxids[0]]) await both('money', 'removeprunedfunds', [each]);
    await both('money', 'importprunedfunds', [hex, proof]);
    const known = await both('money', 'getbalances');
    await both(undefined, 'unloadwallet', ['money']);
    await both(undefined, 'loadwallet', ['money']);
    assert.deepEqual(await both('money', 'getbalances'), known);
    await both('money', 'listaddressgroupings');
  });
});
