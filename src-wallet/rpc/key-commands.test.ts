import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withChecksum } from '../../src-bitcoin/descriptor/checksum.js';
import { Desk } from '../testing/desk.js';

interface ListedKey {
  readonly xpub: string;
  readonly has_private: boolean;
  readonly xprv?: string;
  readonly descriptors: readonly { readonly desc: string; readonly active: boolean }[];
}

const tprv = 'tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK';

test('extended keys are listed with the descriptors they are used in', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  const [key, ...others] = await desk.call<readonly ListedKey[]>('gethdkeys');
  assert.deepEqual(others, []);
  assert.deepEqual([key?.has_private, key?.xprv, key?.descriptors.length], [true, undefined, 8]);
  const [shown] = await desk.call<readonly ListedKey[]>('gethdkeys', { private: true });
  assert.match(shown?.xprv ?? '', /^tprv/);
  await desk.call('encryptwallet', 'secret');
  await desk.refused(-13, /walletpassphrase/, 'gethdkeys', { private: true });
  const [first, second] = await desk.call<readonly ListedKey[]>('gethdkeys');
  assert.deepEqual([first?.has_private, second?.has_private], [true, true]);
  const active = await desk.call<readonly ListedKey[]>('gethdkeys', { active_only: true });
  assert.equal(active.length, 1);
  assert.notEqual(active[0]?.xpub, key?.xpub);
});

test('a wallet gets descriptors for another kind of address from the key it has', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w', false, true);
  await desk.refused(-5, /^Unable to determine which HD key to use/, 'createwalletdescriptor', 'bech32');
  await desk.call('importdescriptors', [{ desc: withChecksum(`wpkh(${tprv}/0h/*h)`), timestamp: 'now', active: true }]);
  await desk.refused(-4, 'Error: This wallet has no available keys', 'getrawchangeaddress');
  const { descs } = await desk.call<{ readonly descs: readonly string[] }>('createwalletdescriptor', 'bech32m');
  assert.equal(descs.length, 2);
  for (const desc of descs) assert.match(desc, /^tr\(\[[0-9a-f]{8}\/86h\/1h\/0h\]tpub/);
  const address = await desk.call<string>('getnewaddress', '', 'bech32m');
  assert.equal((await desk.call<{ readonly flags: readonly string[] }>('getwalletinfo')).flags.includes('blank'), false);
  await desk.refused(-4, 'Descriptor already exists', 'createwalletdescriptor', 'bech32m');
  await desk.call('unloadwallet', 'w');
  await desk.call('loadwallet', 'w');
  assert.equal((await desk.call<{ readonly ismine: boolean }>('getaddressinfo', address)).ismine, true);
  assert.notEqual(await desk.call('getnewaddress', '', 'bech32m'), address);
});

test('no address can be shown on a signing device', async (t) => {
  const desk = Desk.empty(t);
  await desk.call('createwallet', 'w');
  await desk.refused(-5, 'Invalid address', 'walletdisplayaddress', 'nonsense');
  await desk.refused(-1, 'There is no ScriptPubKeyManager for this address', 'walletdisplayaddress', await desk.call<string>('getnewaddress'));
});
