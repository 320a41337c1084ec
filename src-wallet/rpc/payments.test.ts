import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transaction as OracleTransaction } from '@scure/btc-signer';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { encodeAddress } from '../../src-bitcoin/address/address.js';
import { fromHex, hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160 } from '../../src-bitcoin/crypto/hash.js';
import { withChecksum } from '../../src-bitcoin/descriptor/checksum.js';
import { parseTransaction, serializeTransaction, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { Desk } from '../testing/desk.js';
import { regtest, type Cleanup } from '../testing/fixtures.js';

const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });
const recipient = encodeAddress(elsewhere, regtest) ?? '';
const other = encodeAddress(scriptPubKeyOf({ kind: 'witness_v1_taproot', outputKey: new Uint8Array(32).fill(5) }), regtest) ?? '';

interface ListedEntry {
  readonly category: string;
  readonly address?: string;
  readonly amount: number;
  readonly fee?: number;
  readonly label?: string;
  readonly txid: string;
}

interface ListedTransaction {
  readonly amount: number;
  readonly fee: number;
  readonly confirmations: number;
  readonly trusted?: boolean;
  readonly blockhash?: string;
  readonly blockheight?: number;
  readonly comment?: string;
  readonly to?: string;
  readonly replaced_by_txid?: string;
  readonly replaces_txid?: string;
  readonly mempoolconflicts: readonly string[];
  readonly details: readonly ListedEntry[];
  readonly hex: string;
  readonly decoded?: { readonly vout: readonly { readonly ischange?: boolean }[] };
}

interface Sent {
  readonly txid: string;
  readonly complete: boolean;
  readonly hex: string;
  readonly psbt: string;
  readonly fee_reason?: string;
}

interface ListedDescriptors {
  readonly descriptors: readonly { readonly desc: string; readonly internal: boolean }[];
}

interface Imported {
  readonly success: boolean;
  readonly error?: { readonly code: number; readonly message: string };
}

async function open(t: Cleanup): Promise<Desk> {
  const desk = Desk.empty(t);
  const { registry, chain } = desk;
  await desk.call('createwallet', 'w');
  for (const type of ['bech32', 'bech32m']) {
    const script = registry.get('w')?.decode(await desk.call<string>('getnewaddress', 'coins', type));
    assert.ok(script?.ok);
    await chain.mine(script.scriptPubKey);
  }
  for (let i = 0; i < 100; i++) await chain.mine(elsewhere);
  return desk;
}

test('the balance is told without and with its arguments', async (t) => {
  const desk = await open(t);
  const balance = await desk.call<number>('getbalance');
  assert.ok(balance > 0);
  assert.equal(await desk.call('getbalance', '*', 1), balance);
  await desk.refused(-4, 'wallet does not have the "avoid reuse" feature enabled', 'getbalance', '*', 0, false, true);
});

test('a payment is listed as sent, then confirmed, with its fee and notes', async (t) => {
  const desk = await open(t);
  const txid = await desk.call<string>('sendtoaddress', recipient, 1.5, 'rent', 'landlord');
  const unconfirmed = await desk.call<ListedTransaction>('gettransaction', txid, false, true);
  assert.equal(unconfirmed.amount, -1.5);
  assert.ok(unconfirmed.fee < 0);
  assert.equal(unconfirmed.confirmations, 0);
  assert.equal(unconfirmed.trusted, true);
  assert.equal(unconfirmed.comment, 'rent');
  assert.equal(unconfirmed.to, 'landlord');
  assert.deepEqual(unconfirmed.details.map((each) => [each.category, each.address, each.amount, each.fee]), [['send', recipient, -1.5, unconfirmed.fee]]);
  assert.equal(unconfirmed.decoded?.vout.filter((each) => each.ischange === true).length, 1);
  await desk.chain.mine(elsewhere);
  const confirmed = await desk.call<ListedTransaction>('gettransaction', txid);
  assert.equal(confirmed.confirmations, 1);
  assert.equal(confirmed.blockheight, desk.chain.tip.height);
  assert.equal(confirmed.trusted, undefined);
  const [last] = (await desk.call<readonly ListedEntry[]>('listtransactions', '*', 1)).slice(-1);
  assert.equal(last?.txid, txid);
  const coins = await desk.call<readonly ListedEntry[]>('listtransactions', 'coins');
  assert.deepEqual(coins.map((each) => [each.category, each.label, each.amount]), [['generate', 'coins', 50], ['generate', 'coins', 50]]);
  const since = await desk.call<{ readonly transactions: readonly ListedEntry[]; readonly lastblock: string }>('listsinceblock', confirmed.blockhash ?? '');
  assert.deepEqual(since.transactions, []);
  assert.equal((await desk.call<{ readonly transactions: readonly ListedEntry[]; readonly lastblock: string }>('listsinceblock')).transactions.length, 3);
  assert.equal(since.lastblock, confirmed.blockhash);
});

test('several recipients, fees taken from them, verbose answers', async (t) => {
  const desk = await open(t);
  const sent = await desk.call<Sent>('sendmany', '', { [recipient]: 1, [other]: '2.00000000' }, null, 'both', [other], true, null, 'unset', 2, true);
  assert.equal(typeof sent.fee_reason, 'string');
  const tx = await desk.call<ListedTransaction>('gettransaction', sent.txid);
  const parsed = parseTransaction(fromHex(tx.hex));
  const values = parsed.outputs.map(({ value }) => value);
  assert.ok(values.includes(100_000_000n));
  assert.ok(values.includes(200_000_000n + BigInt(Math.round(tx.fee * 1e8))));
  assert.equal(tx.comment, 'both');
  assert.ok(parsed.inputs.every(({ sequence }) => sequence === 0xfffffffd));
});

test('what cannot be sent is refused with the reference codes and words', async (t) => {
  const desk = await open(t);
  await desk.refused(-5, 'Invalid Bitcoin address: nobody', 'sendtoaddress', 'nobody', 1);
  await desk.refused(-3, 'Invalid amount', 'sendtoaddress', recipient, '1.000000001');
  await desk.refused(-6, 'Insufficient funds', 'sendtoaddress', recipient, 1000);
  await desk.refused(-6, 'Transaction amount too small', 'sendtoaddress', recipient, 0.00000001);
  await desk.refused(-8, 'Dummy value must be set to ""', 'sendmany', 'x', { [recipient]: 1 });
  await desk.refused(-8, "Invalid parameter 'subtract fee from output', destination x not found in tx outputs", 'sendmany', '', { [recipient]: 1 }, null, '', ['x']);
  await desk.refused(-8, 'Invalid estimate_mode parameter, must be one of: "unset", "economical", "conservative"', 'sendtoaddress', recipient, 1, '', '', false, true, null, 'fast');
  await desk.refused(-8, 'Invalid conf_target, must be between 1 and 1008', 'sendtoaddress', recipient, 1, '', '', false, true, 0);
  await desk.refused(-8, /^Cannot specify both conf_target and fee_rate\./, 'sendtoaddress', recipient, 1, '', '', false, true, 6, null, null, 5);
  await desk.refused(-4, 'wallet does not have the "avoid reuse" feature enabled', 'sendtoaddress', recipient, 1, '', '', false, true, null, null, true);
  await desk.refused(-5, 'Invalid or non-wallet transaction id', 'gettransaction', 'ab'.repeat(32));
  await desk.refused(-8, "txid must be of length 64 (not 2, for 'ab')", 'gettransaction', 'ab');
  await desk.refused(-8, 'Negative count', 'listtransactions', '*', -1);
});

test('send: options, PSBTs that others can read, and inputs by hand', async (t) => {
  const desk = await open(t);
  const [coin] = await desk.call<readonly { readonly txid: string; readonly vout: number }[]>('listunspent');
  const kept = await desk.call<Sent>('send', [{ [recipient]: 1 }], null, 'unset', 3, { add_to_wallet: false, inputs: [{ txid: coin?.txid, vout: coin?.vout, sequence: 5 }], change_position: 0 });
  assert.equal(kept.complete, true);
  const tx = parseTransaction(fromHex(kept.hex));
  assert.deepEqual(tx.inputs.map(({ sequence }) => sequence), [5]);
  assert.equal(tx.outputs[1]?.value, 100_000_000n);
  assert.equal(desk.chain.mempool.length, 0);
  const psbt = OracleTransaction.fromPSBT(Buffer.from(kept.psbt, 'base64'));
  assert.equal(psbt.inputsLength, 1);
  assert.equal(psbt.id, kept.txid);
  const sent = await desk.call<Sent>('send', { [recipient]: 1, data: 'c0ffee' }, 6, 'economical');
  assert.deepEqual(Object.keys(sent), ['txid', 'complete']);
  assert.equal(desk.chain.mempool.length, 1);
  await desk.refused(-8, 'Specify estimate_mode', 'send', { [recipient]: 1 }, 6);
  await desk.refused(-8, 'Use fee_rate (sat/vB) instead of feeRate', 'send', { [recipient]: 1 }, null, 'unset', null, { feeRate: 1 });
  await desk.refused(-8, `Invalid parameter, duplicated address: ${recipient.toUpperCase()}`, 'send', [{ [recipient]: 1 }, { [recipient.toUpperCase()]: 1 }]);
  await desk.refused(-4, 'Insufficient funds', 'send', { [recipient]: 1000 });
  await desk.refused(-4, 'Unable to find UTXO for external input', 'send', { [recipient]: 1 }, null, 'unset', null, { inputs: [{ txid: 'ab'.repeat(32), vout: 0 }] });
});

test('send: coins of others, with what tells how large it will be to unlock them', async (t) => {
  const desk = await open(t);
  const pubkey = `02${'79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'}`;
  const nested = hash160(scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: hash160(fromHex(pubkey)) }));
  const { transactions } = await desk.chain.mine(scriptPubKeyOf({ kind: 'scripthash', hash: nested }));
  const inputs = transactions.map((tx) => ({ txid: hashToHex(txidOf(tx)), vout: 0 }));
  const pay = async (solving: Jsonable): Promise<bigint> => {
    const { psbt, complete } = await desk.call<Sent>('send', { [recipient]: 1 }, null, 'unset', 10, { inputs, solving_data: solving });
    assert.equal(complete, false);
    const read = OracleTransaction.fromPSBT(Buffer.from(psbt, 'base64'));
    return 5_000_000_000n - (read.getOutput(0).amount ?? 0n) - (read.getOutput(1).amount ?? 0n);
  };
  // 91 vbytes of input, 31 of each output, 10.5 of the rest.
  assert.equal(await pay({ pubkeys: [pubkey] }), 1640n);
  assert.equal(await pay({ descriptors: [withChecksum(`sh(wpkh(${pubkey}))`)] }), 1640n);
  const refused = (code: number, message: string | RegExp, solving: Jsonable): Promise<void> =>
    desk.refused(code, message, 'send', { [recipient]: 1 }, null, 'unset', 10, { inputs, solving_data: solving });
  await refused(-4, /^Not solvable pre-selected input/, {});
  await refused(-4, /^Not solvable pre-selected input/, { scripts: ['51'] });
  await refused(-5, 'Pubkey "zz" must be a hex string', { pubkeys: ['zz'] });
  await refused(-5, 'Pubkey "0211" must have a length of either 33 or 65 bytes', { pubkeys: ['0211'] });
  await refused(-5, `Pubkey "${'05'.repeat(33)}" must be cryptographically valid.`, { pubkeys: ['05'.repeat(33)] });
  await refused(-5, "'x' is not hex", { scripts: ['x'] });
  await refused(-8, "Unable to parse descriptor 'wpkh()': Missing checksum", { descriptors: ['wpkh()'] });
});

test('a locked wallet makes PSBTs, and signs when unlocked', async (t) => {
  const desk = await open(t);
  await desk.call('encryptwallet', 'pass');
  await desk.refused(-13, 'Error: Please enter the wallet passphrase with walletpassphrase first.', 'sendtoaddress', recipient, 1);
  const { psbt, complete } = await desk.call<Sent>('send', { [recipient]: 99 }, null, 'unset', 2);
  assert.equal(complete, false);
  const read = OracleTransaction.fromPSBT(Buffer.from(psbt, 'base64'));
  assert.equal(read.inputsLength, 2);
  const inputs = [read.getInput(0), read.getInput(1)];
  assert.ok(inputs.some((input) => input.bip32Derivation?.length === 1 && input.witnessUtxo !== undefined && input.nonWitnessUtxo !== undefined));
  assert.ok(inputs.some((input) => input.tapBip32Derivation?.length === 1 && input.tapInternalKey !== undefined));
  await desk.call('walletpassphrase', 'pass', 60);
  assert.equal(typeof (await desk.call('sendtoaddress', recipient, 1)), 'string');
});

test('bumpfee replaces; the old payment says by what', async (t) => {
  const desk = await open(t);
  const txid = await desk.call<string>('sendtoaddress', recipient, 1, '', '', false, true, null, null, null, 1);
  const bumped = await desk.call<{ readonly txid: string; readonly fee: number; readonly origfee: number; readonly errors: readonly string[] }>('bumpfee', txid, { fee_rate: 10 });
  assert.ok(bumped.fee > bumped.origfee);
  assert.deepEqual(bumped.errors, []);
  assert.equal((await desk.call<ListedTransaction>('gettransaction', txid)).replaced_by_txid, bumped.txid);
  assert.deepEqual((await desk.call<ListedTransaction>('gettransaction', txid)).mempoolconflicts, [bumped.txid]);
  assert.equal((await desk.call<ListedTransaction>('gettransaction', bumped.txid)).replaces_txid, txid);
  await desk.refused(-4, `Cannot bump transaction ${txid} which was already bumped by transaction ${bumped.txid}`, 'bumpfee', txid);
  await desk.refused(-8, /^Insufficient total fee/, 'bumpfee', bumped.txid, { fee_rate: 10 });
  await desk.refused(-5, 'Invalid or non-wallet transaction id', 'bumpfee', 'ab'.repeat(32));
  await desk.refused(-5, 'Transaction not eligible for abandonment', 'abandontransaction', bumped.txid);
  await desk.chain.mine(elsewhere);
  await desk.refused(-4, 'Transaction has been mined, or is conflicted with a mined transaction', 'bumpfee', bumped.txid);
  assert.equal((await desk.call<ListedTransaction>('gettransaction', txid)).confirmations, -1);
});

test('raw transactions are signed, and what is missing is named', async (t) => {
  const desk = await open(t);
  const { hex } = await desk.call<Sent>('send', { [recipient]: 99 }, null, 'unset', 2, { add_to_wallet: false });
  const tx = parseTransaction(fromHex(hex));
  const bare = { ...tx, inputs: tx.inputs.map((input) => ({ ...input, scriptSig: new Uint8Array(0), witness: [] })) };
  const signed = await desk.call<{ readonly complete: boolean; readonly errors: readonly { readonly error: string }[] }>('signrawtransactionwithwallet', toHex(serializeTransaction(bare)));
  assert.equal(signed.complete, true);
  const foreign = { ...bare, inputs: bare.inputs.map((input) => ({ ...input, prevout: { txid: new Uint8Array(32).fill(1), index: 0 } })).slice(0, 1) };
  const failed = await desk.call<{ readonly complete: boolean; readonly errors: readonly { readonly error: string }[] }>('signrawtransactionwithwallet', toHex(serializeTransaction(foreign)));
  assert.equal(failed.complete, false);
  assert.equal(failed.errors[0]?.error, 'Input not found or already spent');
  await desk.refused(-22, 'TX decode failed. Make sure the tx has at least one input.', 'signrawtransactionwithwallet', 'zz');
  await desk.refused(-8, "'ALOT' is not a valid sighash parameter.", 'signrawtransactionwithwallet', hex, [], 'ALOT');
});

test('descriptors are listed and imported; their coins are found', async (t) => {
  const desk = await open(t);
  const listed = await desk.call<ListedDescriptors>('listdescriptors');
  assert.equal(listed.descriptors.length, 8);
  const withKeys = await desk.call<ListedDescriptors>('listdescriptors', true);
  assert.ok(withKeys.descriptors.every((each) => each.desc.includes('tprv')));
  await desk.call('createwallet', 'watch', true, true);
  await desk.refused(-19, /^Multiple wallets are loaded\./, 'getbalances');
  await desk.call('unloadwallet', 'w');
  const requests = listed.descriptors.filter((each) => /^(tr|wpkh)/.test(each.desc)).map((each) => ({ desc: each.desc, active: true, internal: each.internal, timestamp: 0, range: [0, 30] }));
  const results = await desk.call<readonly Imported[]>('importdescriptors', requests);
  assert.deepEqual(results, requests.map(() => ({ success: true })));
  assert.equal((await desk.call<{ readonly mine: { readonly trusted: number } }>('getbalances')).mine.trusted, 100);
  const refusals: [Jsonable, number, RegExp][] = [
    [{ desc: withKeys.descriptors[0]?.desc ?? '', timestamp: 'now', range: 5 }, -4, /^Cannot import private keys to a wallet with private keys disabled$/],
    [{ desc: listed.descriptors[0]?.desc.split('#')[0] ?? '', timestamp: 'now' }, -5, /^Missing checksum$/],
    [{ desc: requests[0]?.desc ?? '', timestamp: 'now', range: [5, 1] }, -8, /must not have begin after end/],
    [{ desc: requests[0]?.desc ?? '', timestamp: 'now', range: 3, label: 'x' }, -8, /^Ranged descriptors should not have a label$/],
    [{ desc: requests[0]?.desc ?? '', timestamp: 'now', range: 3 }, -4, /new range must include current range = \[0,\d+\]$/],
  ];
  for (const [request, code, message] of refusals) {
    const [result] = await desk.call<readonly Imported[]>('importdescriptors', [request]);
    assert.equal(result?.success, false);
    assert.equal(result.error?.code, code, result.error?.message);
    assert.match(result.error?.message ?? '', message);
  }
});
