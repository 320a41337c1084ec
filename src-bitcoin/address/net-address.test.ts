import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../bytes/hex.js';
import { parseNetAddress, serializeNetAddress, serializeService, splitHostPort } from './net-address.js';

test('addresses become BIP155 bytes and back', () => {
  assert.equal(toHex(serializeNetAddress('1.2.3.4')), '010401020304');
  for (const host of ['127.0.0.1', '::1', '2001:db8::5', 'fe80::1:2:3:4']) assert.equal(parseNetAddress(serializeNetAddress(host)), host);
});

test('an unset service is the empty IPv6 address and port 0', () => {
  assert.equal(toHex(serializeService('')), `0210${'00'.repeat(16)}0000`);
  assert.equal(toHex(serializeService('10.0.0.1:8333')), '01040a000001208d');
  assert.deepEqual(splitHostPort('[::1]:18444'), { host: '::1', port: 18444 });
});

test('an onion address is refused by name', () => {
  assert.throws(() => parseNetAddress(Uint8Array.of(4, 32, ...new Uint8Array(32))), /network 4 is not an IP network/);
});
