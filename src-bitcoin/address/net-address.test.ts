import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../bytes/hex.js';
import { isUnsetAddress, netAddressOf, parseNetAddress, serializeNetAddress, serializeService, splitHostPort } from './net-address.js';

test('addresses become BIP155 bytes and back', () => {
  assert.equal(toHex(serializeNetAddress('1.2.3.4')), '010401020304');
  for (const host of ['127.0.0.1', '::1', '2001:db8::5', 'fe80::1:2:3:4']) assert.equal(parseNetAddress(serializeNetAddress(host)), host);
});

test('an unset service is the empty IPv6 address and port 0', () => {
  assert.equal(toHex(serializeService('')), `0210${'00'.repeat(16)}0000`);
  assert.equal(toHex(serializeService('10.0.0.1:8333')), '01040a000001208d');
  assert.deepEqual(splitHostPort('[::1]:18444'), { host: '::1', port: 18444 });
});

// The service of Tor's own specification, and a name made of the bytes 0 to 31.
const onion = 'pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion';
const i2p = 'aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypq.b32.i2p';

test('addresses of Tor and I2P become BIP155 bytes and back, those of CJDNS look like IPv6', () => {
  assert.deepEqual([...serializeNetAddress(onion).subarray(0, 2)], [4, 32]);
  assert.deepEqual(serializeNetAddress(i2p), Uint8Array.of(5, 32, ...Array.from({ length: 32 }, (_, i) => i)));
  for (const host of [onion, i2p]) {
    assert.equal(parseNetAddress(serializeNetAddress(host)), host);
    assert.equal(parseNetAddress(serializeNetAddress(host.toUpperCase())), host);
  }
  assert.equal(parseNetAddress(Uint8Array.of(6, 16, 0xfc, ...new Array<number>(14).fill(0), 1)), 'fc00::1');
});

test('what is no address is none, and unknown networks are refused by number', () => {
  for (const host of [`q${onion.slice(1)}`, onion.slice(1), i2p.slice(4), 'example.org', '', '1.2.3', '.onion', '!.b32.i2p']) {
    assert.equal(netAddressOf(host), undefined, host);
  }
  assert.deepEqual(['::', '0.0.0.0', '', '::1'].map(isUnsetAddress), [true, true, true, false]);
  assert.throws(() => parseNetAddress(Uint8Array.of(3, 10, ...new Uint8Array(10))), /an address of 10 bytes in network 3/);
});
