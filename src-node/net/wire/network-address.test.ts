import assert from 'node:assert/strict';
import test from 'node:test';
import { ByteReader, DecodeError } from '../../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../../src-bitcoin/bytes/writer.js';
import { fromHex, toHex } from '../../../src-bitcoin/bytes/hex.js';
import { formatAddress, ipAddress, isRoutable, readAddressV1, readAddressV2, writeAddressV1, writeAddressV2 } from './network-address.js';

function address(host: string, port = 8333): NonNullable<ReturnType<typeof ipAddress>> {
  const found = ipAddress(host, port);
  assert.ok(found !== undefined, host);
  return found;
}

test('addresses are written as people read them', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['192.0.2.1', '192.0.2.1:8333'],
    ['2001:DB8:0:0:1:0:0:1', '[2001:db8::1:0:0:1]:8333'],
    ['::ffff:192.0.2.1', '192.0.2.1:8333'],
    ['::1', '[::1]:8333'],
    ['2001:db8:1:2:3:4:5:6', '[2001:db8:1:2:3:4:5:6]:8333'],
    ['fe80::1%eth0', '[fe80::1]:8333'],
  ];
  for (const [host, text] of cases) assert.equal(formatAddress(address(host)), text);
  assert.equal(ipAddress('example.org', 1), undefined);
});

test('the form of version and addr maps IPv4 into IPv6', () => {
  const writer = new ByteWriter();
  writeAddressV1(writer, address('10.0.0.1'), 1n);
  // The example of the protocol documentation.
  assert.equal(toHex(writer.finish()), '010000000000000000000000000000000000ffff0a000001208d');
  assert.deepEqual(readAddressV1(new ByteReader(writer.finish())), { services: 1n, address: address('10.0.0.1') });
});

test('BIP155: what is written is read, and unknown networks are skipped', () => {
  for (const host of ['192.0.2.1', '2a01:4f8::2']) {
    const announced = { address: address(host), services: 1033n, time: 1_700_000_000 };
    const writer = new ByteWriter();
    writeAddressV2(writer, announced);
    assert.deepEqual(readAddressV2(new ByteReader(writer.finish())), announced);
  }
  const read = (hex: string): unknown => readAddressV2(new ByteReader(fromHex(hex)));
  const time = '00000000';
  const onion = { time: 0, services: 1n, address: { network: 'onion', host: '53'.repeat(32), port: 8333 } };
  assert.deepEqual(read(`${time}010420${'53'.repeat(32)}208d`), onion);
  assert.equal(read(`${time}01030a${'53'.repeat(10)}208d`), undefined, 'Tor of old');
  assert.equal(read(`${time}01aa02ffff208d`), undefined, 'a network of the future');
  assert.equal(read(`${time}0102${'10'}${'00'.repeat(10)}ffff0a000001208d`), undefined, 'IPv4 in the place of IPv6');
  assert.throws(() => read(`${time}010103010203208d`), DecodeError);
  assert.throws(() => read(`${time}0102040a000001208d`), DecodeError);
});

test('private and local addresses are not passed on', () => {
  for (const host of ['127.0.0.1', '10.1.2.3', '192.168.1.1', '172.20.0.1', '169.254.1.1', '100.64.0.1', '224.0.0.1', '::1', 'fe80::1', 'fd00::1', '2001:db8::1']) {
    assert.equal(isRoutable(address(host)), false, host);
  }
  for (const host of ['8.8.8.8', '172.32.0.1', '2a01:4f8::2']) assert.equal(isRoutable(address(host)), true, host);
});
