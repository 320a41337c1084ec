import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { withChecksum } from '../../src-bitcoin/descriptor/checksum.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import { encodeExtendedPrivateKey, rootKeyOfSeed } from '../../src-bitcoin/keys/bip32.js';
import { virtualSize } from '../../src-bitcoin/primitives/transaction.js';
import { createWallet, openWallet } from '../init/open-wallet.js';
import { importDescriptor } from '../keys/import-descriptor.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import { regtest, testContext } from '../testing/fixtures.js';
import { rescanFromTime } from '../sync/rescan.js';
import { buildTransaction } from './build.js';
import { perKilobyte } from './fee-rate.js';

const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });
const key = (seed: number): string => encodeExtendedPrivateKey(rootKeyOfSeed(new Uint8Array(32).fill(seed)), regtest);
const [a, b] = [key(1), key(2)];
const foreign = 'a34b99f22c790c4e36b2b3c2c35a36db06226e41c692fc82b8b56ac1c540c5bd';

const descriptors = [
  `pk(${a}/0)`,
  `multi(1,${a}/1,${b}/1)`,
  `combo(${a}/2)`,
  `sh(multi(2,${a}/0/*,${b}/0/*))`,
  `wsh(sortedmulti(2,${a}/1h/*,${b}/1h/*))`,
  `sh(wsh(multi(1,${a}/2/*,${b}/2/*)))`,
  `wsh(pkh(${a}/3/*h))`,
  `tr(${a}/4/*,{pk(${b}/4/*),pk(${foreign})})`,
  `tr(${foreign},multi_a(2,${a}/5/*,${b}/5/*))`,
  `rawtr(${a}/6/*)`,
];

test('coins of imported descriptors are found and spent, at the rate asked for', async (t) => {
  const context = testContext(t, { keypoolSize: 3 });
  const created = await createWallet(context, 'w', { flags: WalletFlag.blank, passphrase: '' });
  assert.ok(created.ok);
  const { wallet } = created;
  const paid: Uint8Array[] = [];
  for (const text of descriptors) {
    const parsed = parseDescriptor(withChecksum(text), regtest, { requireChecksum: true });
    assert.ok(parsed.ok, text);
    const outcome = importDescriptor(wallet, {
      descriptor: parsed.descriptors[0],
      secrets: parsed.secrets,
      creationTime: 1n,
      rangeStart: 0,
      rangeEnd: 1,
      nextIndex: 0,
      internal: false,
      active: false,
      label: 'imported',
    });
    assert.ok(outcome.ok, outcome.ok ? '' : `${text}: ${outcome.error}`);
    paid.push(...(outcome.descriptor.scripts(0) ?? []));
  }
  assert.equal(paid.length, descriptors.length + 3);
  for (const script of paid) await context.chain.mine(script, { value: 100_000_000n });
  for (let i = 0; i < 100; i++) await context.chain.mine(elsewhere);
  assert.equal(wallet.balances().trusted, 100_000_000n * BigInt(paid.length));
  const amount = wallet.balances().trusted;
  const outcome = await buildTransaction(wallet, [{ script: elsewhere, amount, subtractFee: true }], { feeRate: perKilobyte(10_000n) }, { sign: true });
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.error);
  const { tx, fee } = outcome.built;
  assert.equal(tx.inputs.length, paid.length);
  const size = BigInt(virtualSize(tx));
  assert.ok(fee >= size * 10n && fee <= size * 10n + 200n, `${fee} for ${size} vB`);
  wallet.close();
  const again = await openWallet(context, 'w');
  assert.ok(again.ok, again.ok ? '' : again.failure.message);
  t.after(() => again.wallet.close());
  assert.equal(again.wallet.balances().trusted, amount);
  assert.equal((await rescanFromTime(again.wallet, 1n)).status, 'success');
  assert.equal(again.wallet.balances().trusted, amount);
});

test('a wallet without keys prepares payments of coins it knows how to spend', async (t) => {
  const context = testContext(t, { keypoolSize: 3 });
  const created = await createWallet(context, 'w', { flags: WalletFlag.blank | WalletFlag.disablePrivateKeys, passphrase: '' });
  assert.ok(created.ok);
  const { wallet } = created;
  t.after(() => wallet.close());
  const parsed = parseDescriptor(`wpkh(${foreign.replace(/^/, '03')})`, regtest);
  assert.ok(parsed.ok);
  const range = { rangeStart: 0, rangeEnd: 1, nextIndex: 0 };
  const known = importDescriptor(wallet, { ...range, descriptor: parsed.descriptors[0], secrets: parsed.secrets, creationTime: 1n, internal: false, active: false, label: '' });
  assert.ok(known.ok);
  const [script] = known.descriptor.scripts(0) ?? [];
  assert.ok(script);
  await context.chain.mine(script);
  for (let i = 0; i < 100; i++) await context.chain.mine(elsewhere);
  const recipients = [{ script: elsewhere, amount: 1_000_000n, subtractFee: false }];
  const noChange = await buildTransaction(wallet, recipients, {}, { sign: false });
  assert.deepEqual(noChange, { ok: false, error: "Transaction needs a change address, but we can't generate it. Error: No bech32 addresses available." });
  assert.ok((await buildTransaction(wallet, recipients, { changeScript: script }, { sign: false })).ok);
  assert.deepEqual(await buildTransaction(wallet, recipients, { changeScript: script }, { sign: true }), { ok: false, error: 'Signing transaction failed' });
});
