import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { BanList, normalizeSubnet } from './ban-list.js';

test('subnets are banned as a whole, until their time has come', () => {
  let now = 1000;
  const bans = new BanList(undefined, () => now);
  assert.equal(bans.ban('192.0.2.0/24', 2000), true);
  assert.equal(bans.ban('2001:db8::/32', 1500), true);
  assert.equal(bans.ban('example.org'), false);
  assert.equal(bans.isBanned('192.0.2.77'), true);
  assert.equal(bans.isBanned('192.0.3.77'), false);
  assert.equal(bans.isBanned('2001:db8:1::1'), true);
  now = 1500;
  assert.equal(bans.isBanned('2001:db8:1::1'), false);
  assert.deepEqual(bans.list(), [{ subnet: '192.0.2.0/24', created: 1000, until: 2000 }]);
  assert.equal(bans.unban('192.0.2.0/24'), true);
  assert.equal(bans.unban('192.0.2.0/24'), false);
});

test('names of Tor and I2P are banned each for itself, and what names nobody is not', () => {
  const bans = new BanList(undefined, () => 1000);
  const onion = 'pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion';
  assert.equal(bans.ban(onion.toUpperCase(), 2000), true);
  assert.deepEqual(bans.list().map(({ subnet }) => subnet), [onion]);
  assert.equal(bans.isBanned(onion), true);
  assert.equal(bans.isBanned('192.0.2.77'), false);
  for (const text of ['::', '0.0.0.0', `${onion}/32`, `a${onion}`]) assert.equal(bans.ban(text, 2000), false, text);
  assert.equal(bans.unban(onion), true);
});

test('an IPv4 address mapped into IPv6 does not slip through', () => {
  assert.equal(normalizeSubnet('192.0.2.1'), '192.0.2.1/32');
  assert.equal(normalizeSubnet('192.0.2.1/33'), undefined);
  assert.equal(normalizeSubnet('192.0.2.1/x'), undefined);
});

test('bans survive in banlist.json, in the form of Bitcoin Core', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-bans-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'banlist.json');
  const bans = new BanList(path, () => 1000);
  await bans.load();
  bans.ban('192.0.2.1', 5000);
  await bans.save();
  const parsed: { banned_nets: unknown } = JSON.parse(readFileSync(path, 'utf8'));
  assert.deepEqual(parsed.banned_nets, [{ version: 1, ban_created: 1000, banned_until: 5000, address: '192.0.2.1/32' }]);
  const again = new BanList(path, () => 1001);
  await again.load();
  assert.equal(again.isBanned('192.0.2.1'), true);

  writeFileSync(path, '{"banned_nets": [{"version": 2, "ban_created": 1, "banned_until": 9999, "address": "192.0.2.2/32"}, 7]}');
  const strict = new BanList(path, () => 1001);
  await strict.load();
  assert.deepEqual(strict.list(), []);
  writeFileSync(path, 'not json');
  const broken = new BanList(path, () => 1001);
  await broken.load();
  await broken.save();
  assert.match(readFileSync(path, 'utf8'), /banned_nets/);
});
