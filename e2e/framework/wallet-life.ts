/** What a wallet goes through in its life, told by commands: create, receive, send, reorganise, pay by PSBT, unload, load again. */
import assert from 'node:assert/strict';
import { RpcError, type Json } from './node-process.js';
import { waitFor } from './wait.js';

/** Runs a command, over JSON-RPC or as a program of its own; `wallet` chooses one by its name. @throws RpcError */
export type Commands = (method: string, params?: readonly unknown[], wallet?: string) => Promise<Json>;

/** An address of which nobody has the key. */
export const burnt = 'bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqdku202';

/**
 * The life of one wallet on a node that has no block yet; it ends loaded.
 * @param created called when the wallet is there
 */
export async function liveThrough(ask: Commands, created: () => void = () => undefined): Promise<void> {
  // create
  await ask('createwallet', ['w']);
  created();
  // receive
  const mine = await ask('getnewaddress', ['', 'bech32m'], 'w');
  await ask('generatetoaddress', [101, mine]);
  const balance = async (): Promise<number> => (await ask('getbalances', [], 'w')).mine.trusted;
  await waitFor('the first coinbase to be mature', async () => (await balance()) === 50);
  // send
  const txid = await ask('sendtoaddress', [burnt, 1.5], 'w');
  assert.deepEqual(await ask('getrawmempool'), [txid]);
  const [block] = await ask('generatetoaddress', [1, burnt]);
  const confirmations = async (): Promise<number> => (await ask('gettransaction', [txid], 'w')).confirmations;
  await waitFor('the payment to be confirmed', async () => (await confirmations()) === 1);
  // reorganise: the payment is in the mempool again, then in a block of the longer branch
  await ask('invalidateblock', [block]);
  await waitFor('the payment to be unconfirmed', async () => (await confirmations()) === 0);
  assert.deepEqual(await ask('getrawmempool'), [txid]);
  await ask('generateblock', [burnt, []]);
  assert.equal(await confirmations(), 0);
  await ask('generatetoaddress', [1, burnt]);
  await waitFor('the payment to be confirmed again', async () => (await confirmations()) === 1);
  assert.equal((await ask('getblockheader', [block])).confirmations, -1);
  const { amount, fee } = await ask('gettransaction', [txid], 'w');
  assert.equal(amount, -1.5);
  assert.ok(fee < 0);
  // pay by PSBT
  const { psbt } = await ask('walletcreatefundedpsbt', [[], [{ [burnt]: 2.5 }]], 'w');
  const signed = await ask('walletprocesspsbt', [psbt], 'w');
  assert.equal(signed.complete, true);
  const rest = await balance();
  const paid = await ask('sendrawtransaction', [signed.hex]);
  await waitFor('the wallet to know of its payment', async () => (await balance()) < rest - 2.5);
  assert.equal((await ask('gettransaction', [paid], 'w')).amount, -2.5);
  // unload, load again
  const before = await balance();
  await ask('unloadwallet', ['w']);
  assert.deepEqual(await ask('listwallets'), []);
  await assert.rejects(ask('getbalances', [], 'w'), (error) => error instanceof RpcError && error.code === -18);
  await ask('loadwallet', ['w']);
  assert.equal(await balance(), before);
}
