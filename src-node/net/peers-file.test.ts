import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import type { KnownAddress } from './address-book.js';
import { decodePeers, encodePeers, loadPeers, PeersFileError, savePeers } from './peers-file.js';
import { ReferenceNode, referencePrograms } from './testing/reference-node.js';
import { ipAddress, type NetworkAddress } from './wire/network-address.js';

const { magic } = chainParams('regtest');

function address(host: string): NetworkAddress {
  const found = ipAddress(host, 8333);
  assert.ok(found !== undefined);
  return found;
}

function known(host: string, source: string, lastSuccess = 0): KnownAddress {
  const time = Math.floor(Date.now() / 1000) - 1000;
  return { announced: { address: address(host), services: 1033n, time }, source: { ...address(source), port: 0 }, lastTry: 0, lastSuccess, failures: 0 };
}

/** The Tor address of BIP155's author's example: version 3, as its 32 bytes. */
const onionBytes = '79bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f';
const onionName = 'pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion';
const hidden: KnownAddress = { ...known('8.8.8.8', '9.9.9.9'), announced: { ...known('8.8.8.8', '9.9.9.9').announced, address: { network: 'onion', host: onionBytes, port: 8333 } } };

const addresses = [known('8.8.8.8', '9.9.9.9'), known('2a01:4f8::1', '9.9.9.9'), known('1.1.1.1', '8.8.4.4'), hidden, known('4.4.4.4', '4.4.4.4', 1_700_000_000)];
const key = new Uint8Array(32).fill(5);

test('addresses survive in peers.dat', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-peers-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'peers.dat');
  assert.equal(await loadPeers(path, magic), undefined);
  await savePeers(path, { key, addresses }, magic, Uint8Array.of(1, 2));
  assert.deepEqual(await loadPeers(path, magic), { key, addresses });

  const bytes = readFileSync(path);
  bytes[50] = (bytes[50] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  await assert.rejects(loadPeers(path, magic), (error) => error instanceof PeersFileError && /Checksum mismatch/.test(error.message));
});

test('the file of Bitcoin Core without addresses is the same as ours', (t) => {
  const archive = '../shared/golden/datadir-regtest.tar.xz';
  if (!existsSync(archive)) return t.skip(`skipped: no ${archive}`);
  const bytes = new Uint8Array(execFileSync('tar', ['xOf', archive, 'regtest/peers.dat']));
  const saved = decodePeers(bytes, magic);
  assert.deepEqual(saved.addresses, []);
  assert.deepEqual(encodePeers(saved, magic), bytes);
});

const folder = referencePrograms();
const skip = folder === undefined ? 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node and bitcoin-cli' : false;

test('Bitcoin Core reads our file, buckets included', { skip }, async (t) => {
  assert.ok(folder !== undefined);
  const node = await ReferenceNode.start(t, folder, (directory) => {
    mkdirSync(join(directory, 'regtest'));
    writeFileSync(join(directory, 'regtest', 'peers.dat'), encodePeers({ key, addresses }, magic));
  });
  const info = JSON.parse(await node.rpc('getaddrmaninfo'));
  assert.deepEqual([info.all_networks.new, info.all_networks.tried], [4, 1]);
  const found: { address: string }[] = JSON.parse(await node.rpc('getnodeaddresses', '0'));
  assert.deepEqual(found.map((each) => each.address).sort(), ['1.1.1.1', '2a01:4f8::1', '4.4.4.4', '8.8.8.8', onionName]);
  const raw = JSON.parse(await node.rpc('getrawaddrman'));
  const buckets = Object.keys(raw.new).map((place) => Number(place.split('/')[0]));
  const { newBucket } = await import('./peers-file.js');
  const ours = addresses.filter(({ lastSuccess }) => lastSuccess === 0).map((each) => newBucket(key, each.announced.address, each.source));
  assert.deepEqual(buckets.sort(), ours.sort());
});
