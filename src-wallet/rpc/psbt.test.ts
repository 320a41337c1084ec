import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transaction as OracleTransaction } from '@scure/btc-signer';
import { encodeAddress } from '../../src-bitcoin/address/address.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { fromHex, hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { withChecksum } from '../../src-bitcoin/descriptor/checksum.js';
import { encodeExtendedPrivateKey, encodeExtendedPublicKey, neuter, rootKeyOfSeed } from '../../src-bitcoin/keys/bip32.js';
import { parseTransaction, serializeTransaction, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { Desk } from '../testing/desk.js';
import { regtest, type Cleanup } from '../testing/fixtures.js';

const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });
const recipient = encodeAddress(elsewhere, regtest) ?? '';
const roots = [1, 2].map((byte) => rootKeyOfSeed(new Uint8Array(32).fill(byte)));
const secrets = roots.map((root) => encodeExtendedPrivateKey(root, regtest));
const publics = roots.map((root) => encodeExtendedPublicKey(neuter(root), regtest));

interface Processed {
  readonly psbt: string;
  readonly complete: boolean;
  readonly hex?: string;
}

interface Funded {
  readonly psbt: string;
  readonly hex: string;
  readonly fee: number;
  readonly changepos: number;
}

interface Paid extends Processed {
  readonly txid: string;
}

const readPsbt = (text: string): OracleTransaction => OracleTransaction.fromPSBT(Buffer.from(text, 'base64'), { allowUnknownOutputs: true });

/** A wallet of two keys that both must sign with, as one of them or nobody has it. */
async function sharing(desk: Desk, name: string, [a, b]: readonly (string | undefined)[]): Promise<Desk> {
  await desk.call('createwallet', name, !`${a}${b}`.includes('tprv'), true);
  const at = desk.at(`/wallet/${name}`);
  const requests = [0, 1].map((branch) => ({ desc: withChecksum(`wsh(sortedmulti(2,${a}/${branch}/*,${b}/${branch}/*))`), timestamp: 0, active: true, internal: branch === 1, range: [0, 5] }));
  const results = await at.call<readonly { readonly success: boolean }[]>('importdescriptors', requests);
  assert.deepEqual(results.map(({ success }) => success), [true, true]);
  return at;
}

async function setUp(t: Cleanup): Promise<{ readonly first: Desk; readonly second: Desk; readonly watching: Desk }> {
  const desk = Desk.empty(t);
  const first = await sharing(desk, 'first', [secrets[0], publics[1]]);
  const second = await sharing(desk, 'second', [publics[0], secrets[1]]);
  const watching = await sharing(desk, 'watching', publics);
  const script = desk.registry.get('watching')?.decode(await watching.call<string>('getnewaddress', '', 'bech32'));
  assert.ok(script?.ok);
  for (let i = 0; i < 3; i++) await desk.chain.mine(script.scriptPubKey);
  for (let i = 0; i < 100; i++) await desk.chain.mine(elsewhere);
  return { first, second, watching };
}

test('two of two: prepared without private keys, signed by one after the other', async (t) => {
  const { first, second, watching } = await setUp(t);
  const funded = await watching.call<Funded>('walletcreatefundedpsbt', [], [{ [recipient]: 60 }], 5, { fee_rate: 4, changePosition: 0 });
  assert.equal(funded.changepos, 0);
  const prepared = readPsbt(funded.psbt);
  assert.deepEqual([prepared.inputsLength, prepared.lockTime, prepared.getOutput(1).amount], [2, 5, 6_000_000_000n]);
  assert.equal(prepared.getInput(0).bip32Derivation?.length, 2);
  assert.equal(prepared.getOutput(0).bip32Derivation?.length, 2);
  const half = await first.call<Processed>('walletprocesspsbt', funded.psbt);
  assert.equal(half.complete, false);
  assert.equal(half.hex, undefined);
  assert.equal(readPsbt(half.psbt).getInput(1).partialSig?.length, 1);
  const done = await second.call<Processed>('walletprocesspsbt', half.psbt);
  assert.equal(done.complete, true);
  const tx = parseTransaction(fromHex(done.hex ?? ''));
  const whole = await second.call<Processed>('walletprocesspsbt', half.psbt, true, null, true, false);
  assert.equal(whole.complete, false);
  const oracle = readPsbt(whole.psbt);
  oracle.finalize();
  assert.equal(oracle.hex, toHex(serializeTransaction(tx)));
  const paid = 15_000_000_000n - tx.outputs.reduce((sum, { value }) => sum + value, 0n);
  assert.equal(paid - 5_000_000_000n, BigInt(Math.round(funded.fee * 1e8)));
  // Without saying where keys come from, and without signing.
  const bare = await watching.call<Funded>('walletcreatefundedpsbt', [], [{ [recipient]: 1 }], 0, {}, false);
  assert.equal(readPsbt(bare.psbt).getInput(0).bip32Derivation, undefined);
  const filled = await first.call<Processed>('walletprocesspsbt', bare.psbt, false);
  assert.equal(readPsbt(filled.psbt).getInput(0).bip32Derivation?.length, 2);
  assert.equal(readPsbt(filled.psbt).getInput(0).partialSig, undefined);
});

test('a wallet signs with keys that a PSBT names, in scripts it does not know', async (t) => {
  const { first, watching } = await setUp(t);
  await first.call('createwallet', 'keeper', false, true);
  const keeper = first.at('/wallet/keeper');
  await keeper.call('importdescriptors', [{ desc: withChecksum(`wpkh(${secrets[0]}/0/*)`), timestamp: 0, range: [0, 5] }]);
  const { psbt } = await watching.call<Funded>('walletcreatefundedpsbt', [], [{ [recipient]: 1 }]);
  const signed = await keeper.call<Processed>('walletprocesspsbt', psbt);
  assert.equal(readPsbt(signed.psbt).getInput(0).partialSig?.length, 1);
  await keeper.call('encryptwallet', 'pass');
  await keeper.refused(-13, 'Error: Please enter the wallet passphrase with walletpassphrase first.', 'walletprocesspsbt', psbt);
  assert.equal((await keeper.call<Processed>('walletprocesspsbt', psbt, false)).psbt, psbt);
});

test('what is no PSBT is refused, as is what a wallet must not sign', async (t) => {
  const { first, watching } = await setUp(t);
  await first.refused(-22, 'TX decode failed invalid base64', 'walletprocesspsbt', 'psbt!');
  await first.refused(-22, 'TX decode failed invalid base64', 'walletprocesspsbt', 'cHNidP9=');
  await first.refused(-22, 'TX decode failed Separator is missing at the end of the global map', 'walletprocesspsbt', 'cHNidP8=');
  await first.refused(-22, 'TX decode failed Unsupported version number', 'walletprocesspsbt', 'cHNidP8B+wQCAAAAAQIEAgAAAAEEAQABBQEAAA==');
  const { psbt } = await watching.call<Funded>('walletcreatefundedpsbt', [], [{ [recipient]: 1 }]);
  await first.refused(-8, "'MOST' is not a valid sighash parameter.", 'walletprocesspsbt', psbt, true, 'MOST');
  const none = await first.call<Processed>('walletprocesspsbt', psbt, true, 'NONE');
  await first.refused(-22, 'Specified sighash value does not match value stored in PSBT', 'walletprocesspsbt', none.psbt);
});

test('fundrawtransaction keeps what a transaction has, and adds coins and change', async (t) => {
  const { watching } = await setUp(t);
  const [coin] = await watching.call<readonly { readonly txid: string; readonly vout: number }[]>('listunspent');
  assert.ok(coin);
  const prevout = { txid: fromHex(coin.txid).reverse(), index: coin.vout };
  const draft = { version: 1, inputs: [{ prevout, scriptSig: Uint8Array.of(0x51), sequence: 7, witness: [] }], outputs: [{ value: 6_000_000_000n, scriptPubKey: elsewhere }], locktime: 3 };
  const hex = toHex(serializeTransaction(draft));
  const funded = await watching.call<Funded>('fundrawtransaction', hex, { fee_rate: 2, lockUnspents: true, subtractFeeFromOutputs: [0] });
  const tx = parseTransaction(fromHex(funded.hex));
  assert.deepEqual([tx.version, tx.locktime, tx.inputs.length, tx.outputs.length], [1, 3, 2, 2]);
  assert.deepEqual(tx.inputs[0], draft.inputs[0]);
  assert.equal(tx.outputs[1 - funded.changepos]?.value, 6_000_000_000n - BigInt(Math.round(funded.fee * 1e8)));
  assert.equal((await watching.call<readonly unknown[]>('listlockunspent')).length, 2);
  await watching.refused(-4, 'The preselected coins total amount does not cover the transaction target. Please allow other inputs to be automatically selected or include more coins manually', 'fundrawtransaction', hex, { add_inputs: false });
  await watching.refused(-22, 'TX decode failed', 'fundrawtransaction', 'ff');
  await watching.refused(-3, 'Unexpected key fees', 'fundrawtransaction', hex, { fees: 1 });
  await watching.refused(-8, 'Cannot specify both fee_rate (sat/vB) and feeRate (BTC/kvB)', 'fundrawtransaction', hex, { fee_rate: 1, feeRate: 1 });
});

test('coins of others are paid for when their size is told', async (t) => {
  const { watching } = await setUp(t);
  const { transactions } = await watching.chain.mine(elsewhere);
  const inputs = transactions.map((tx) => ({ txid: hashToHex(txidOf(tx)), vout: 0 }));
  const fund = (given: Jsonable): Promise<Funded> => watching.call<Funded>('walletcreatefundedpsbt', given, [{ [recipient]: 60 }], 0, { add_inputs: true, fee_rate: 10 });
  const [light, heavy] = await Promise.all([272, 672].map((weight) => fund(inputs.map((input) => ({ ...input, weight })))));
  assert.equal(Math.round(((heavy?.fee ?? 0) - (light?.fee ?? 0)) * 1e8), 1000);
  await watching.refused(-4, /^Not solvable pre-selected input COutPoint/, 'walletcreatefundedpsbt', inputs, [{ [recipient]: 1 }]);
});

test('sendall leaves nothing, or what costs more than it is worth', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  for (const value of [5_000_000_000n, 500n]) {
    const script = desk.registry.get('w')?.decode(await desk.call<string>('getnewaddress'));
    assert.ok(script?.ok);
    await desk.chain.mine(script.scriptPubKey, { value });
  }
  for (let i = 0; i < 100; i++) await desk.chain.mine(elsewhere);
  const other = await desk.call<string>('getnewaddress');
  await desk.refused(-8, 'Must provide at least one address without a specified amount', 'sendall', [{ [recipient]: 1 }]);
  await desk.refused(-6, 'Assigned more value to outputs than available funds.', 'sendall', [recipient, { [other]: 51 }]);
  await desk.refused(-8, `Specified output amount to ${other} is below dust threshold.`, 'sendall', [recipient, { [other]: 0.000001 }]);
  const keep = { add_to_wallet: false };
  const all = await desk.call<Paid>('sendall', [recipient, { [other]: 1 }], null, 'unset', 20, keep);
  assert.equal(parseTransaction(fromHex(all.hex ?? '')).inputs.length, 2);
  const most = parseTransaction(fromHex((await desk.call<Paid>('sendall', [recipient, other], null, 'unset', 20, { ...keep, send_max: true })).hex ?? ''));
  assert.equal(most.inputs.length, 1);
  const [share = 0n, remainder = 0n] = most.outputs.map(({ value }) => value);
  assert.ok(share - remainder === 0n || share - remainder === 1n);
  await desk.refused(-8, 'Cannot combine send_max with specific inputs.', 'sendall', [recipient], null, 'unset', 20, { send_max: true, inputs: [] });
  const { txid } = await desk.call<Paid>('sendall', [recipient], null, 'unset', 20);
  assert.equal(desk.chain.mempool.length, 1);
  assert.equal(await desk.call('getbalance'), 0);
  await desk.refused(-6, /^Total value of UTXO pool too low to pay for transaction\./, 'sendall', [recipient]);
  const bumped = await desk.call<Funded>('psbtbumpfee', txid, { fee_rate: 40, original_change_index: 0 });
  assert.equal(readPsbt(bumped.psbt).inputsLength, 2);
});
