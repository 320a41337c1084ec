import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { printNormalizedDescriptor } from '../../src-bitcoin/descriptor/print.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import { syncMempool } from '../sync/attach.js';
import { regtest, testContext, testSettings, type Cleanup } from '../testing/fixtures.js';
import { skipGolden, unpackGolden } from '../testing/golden.js';
import { createWallet, openWallet, type OpenedWallet, type OpenOutcome } from './open-wallet.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const satoshis = (bitcoin: number): bigint => BigInt(Math.round(bitcoin * 1e8));

function opened(t: Cleanup, outcome: OpenOutcome): OpenedWallet {
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.message);
  t.after(() => outcome.wallet.close());
  return outcome;
}

test('wallets of the reference open with its descriptors, balances and labels', { skip: skipGolden }, async (t) => {
  const { walletDirectory, chain, expected } = await unpackGolden(t);
  const context = { ...testContext(t), chain, settings: testSettings(walletDirectory) };
  const locked = opened(t, await openWallet(context, 'locked')).wallet;
  const plain = opened(t, await openWallet(context, 'plain'));
  const watch = opened(t, await openWallet(context, 'watch')).wallet;
  await syncMempool(plain.wallet, plain.attachment.follower);
  assert.equal(chain.mempool.length, 1);
  for (const wallet of [plain.wallet, locked, watch]) {
    const wanted = expected.wallets[wallet.name];
    assert.ok(wanted);
    const { mine } = wanted.balances;
    assert.deepEqual(
      wallet.balances(),
      { trusted: satoshis(mine.trusted), untrustedPending: satoshis(mine.untrusted_pending), immature: satoshis(mine.immature) },
      wallet.name,
    );
    assert.equal(wallet.history.size, wanted.info.txcount);
    assert.equal(Number(wallet.birthTime), wanted.info.birthtime);
    assert.equal(wallet.lastBlock.height, 114);
    const labels = [...new Set(wallet.addressBook.entries().map(([, entry]) => entry.label))].sort();
    assert.deepEqual(labels, wanted.labels);
    for (const { desc, range, next } of wanted.descriptors.descriptors) {
      const found = [...wallet.keyring.descriptors].find((each) => {
        return printNormalizedDescriptor(each.descriptor, regtest, { cache: each.cache }) === desc;
      });
      assert.ok(found, desc);
      assert.equal(found.nextIndex, next);
      assert.deepEqual([found.rangeStart, found.rangeEnd - 1], range);
      assert.ok(wallet.keyring.activity(found));
    }
  }
  assert.ok(locked.keyring.vault.locked);
  assert.equal(locked.keyring.vault.unlock(bytes('wrong'), locked.keyring.descriptors), false);
  assert.ok(locked.keyring.vault.unlock(bytes(expected.passphrase_of_locked), locked.keyring.descriptors));
  assert.equal(plain.wallet.keyring.vault.encrypted, false);
  assert.ok(watch.hasFlag(WalletFlag.disablePrivateKeys));
});

test('a new wallet has eight descriptors from one key, and is the same when opened again', async (t) => {
  const context = testContext(t, { keypoolSize: 5 });
  const first = await createWallet(context, 'one', { flags: 0n, passphrase: '' });
  assert.ok(first.ok);
  const { wallet } = first;
  const descriptors = [...wallet.keyring.descriptors];
  assert.equal(descriptors.length, 8);
  assert.equal(new Set(descriptors.flatMap((each) => [...each.secrets.keys()])).size, 1);
  const addresses = (['legacy', 'p2sh-segwit', 'bech32', 'bech32m'] as const).map((type) => wallet.newReceiveAddress(type, `label ${type}`));
  assert.ok(addresses.every((each) => each.ok));
  const texts = addresses.map((each) => (each.ok ? each.address : ''));
  assert.match(texts.join(' '), /^[mn]\w+ 2\w+ bcrt1q\w+ bcrt1p\w+$/);
  for (const each of addresses) if (each.ok) await context.chain.mine(each.script);
  assert.deepEqual(wallet.balances(), { trusted: 0n, untrustedPending: 0n, immature: 20_000_000_000n });
  const ranges = descriptors.map(({ nextIndex, rangeEnd }) => [nextIndex, Math.max(rangeEnd, nextIndex + 5)]);
  wallet.close();
  const dump = execFileSync('sqlite3', [join(context.settings.walletDirectory, 'one', 'wallet.dat'), "select count(*) from main where instr(key, 'walletdescriptor') = 2"]);
  assert.equal(dump.toString().trim(), String(8 + 8 + 8 + 8));
  const again = opened(t, await openWallet(context, 'one')).wallet;
  assert.deepEqual([...again.keyring.descriptors].map(({ nextIndex, rangeEnd }) => [nextIndex, rangeEnd]).sort(), ranges.sort());
  assert.deepEqual(again.balances(), { trusted: 0n, untrustedPending: 0n, immature: 20_000_000_000n });
  assert.equal(again.addressBook.label(texts[3] ?? ''), 'label bech32m');
  const next = again.newReceiveAddress('bech32', '');
  assert.ok(next.ok && !texts.includes(next.address));
});

test('a new wallet looks for nothing in the blocks that were there before it', async (t) => {
  const context = testContext(t, { keypoolSize: 1 });
  const time = context.clock.now();
  await context.chain.mine(new Uint8Array([0x51]), { time });
  await context.chain.mine(new Uint8Array([0x51]), { time });
  const { wallet } = opened(t, await createWallet(context, 'late', { flags: 0n, passphrase: '' }));
  assert.deepEqual(context.chain.messages, ['Creating wallet…']);
  assert.equal(wallet.lastBlock.height, 2);
});

test('a wallet born with a passphrase never has a plain key on disk', async (t) => {
  const context = testContext(t, { keypoolSize: 3 });
  const { wallet } = opened(t, await createWallet(context, 'secret', { flags: 0n, passphrase: 'correct horse' }));
  assert.ok(wallet.keyring.vault.locked);
  assert.ok(wallet.newReceiveAddress('bech32', '').ok);
  const again = await openWallet(context, 'secret');
  assert.ok(!again.ok);
  assert.match(again.failure.message, /exclusive lock/);
  wallet.close();
  const file = join(context.settings.walletDirectory, 'secret', 'wallet.dat');
  const counts = execFileSync('sqlite3', [file, "select sum(instr(key, 'walletdescriptorkey') = 2), sum(instr(key, 'walletdescriptorckey') = 2), sum(instr(key, 'mkey') = 2) from main"]);
  assert.equal(counts.toString().trim(), '0|8|1');
});

test('wallets that cannot be made or opened are refused in the reference words', async (t) => {
  const context = testContext(t, { keypoolSize: 1 });
  const refused = async (outcome: Promise<OpenOutcome>, kind: string, message: RegExp): Promise<void> => {
    const result = await outcome;
    assert.ok(!result.ok);
    assert.equal(result.failure.kind, kind);
    assert.match(result.failure.message, message);
  };
  await refused(createWallet(context, '', { flags: 0n, passphrase: '' }), 'unnamed', /^Wallet name cannot be empty$/);
  await refused(createWallet(context, 'x', { flags: WalletFlag.disablePrivateKeys, passphrase: 'p' }), 'create', /^Passphrase provided but private keys are disabled\./);
  await refused(openWallet(context, 'none'), 'not-found', /^Wallet file verification failed\. Failed to load database path '.*none'\. Path does not exist\.$/);
  const blank = await createWallet(context, 'blank', { flags: WalletFlag.blank, passphrase: '' });
  assert.ok(blank.ok);
  assert.deepEqual([...blank.wallet.keyring.descriptors], []);
  assert.deepEqual(blank.wallet.newReceiveAddress('bech32', ''), { ok: false, error: 'Error: No bech32 addresses available.' });
  await refused(createWallet(context, 'blank', { flags: 0n, passphrase: '' }), 'already-exists', /Database already exists\.$/);
  blank.wallet.close();
  assert.ok(!existsSync(join(context.settings.walletDirectory, 'x')));
});
