import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeBase58, encodeBase58 } from '../bytes/base58.js';
import { fromHex, toHex } from '../bytes/hex.js';
import { decodeAddress, encodeAddress, type AddressParams } from './address.js';

const main: AddressParams = { bech32Prefix: 'bc', pubkeyHashPrefix: 0, scriptHashPrefix: 5 };
const testnet: AddressParams = { bech32Prefix: 'tb', pubkeyHashPrefix: 111, scriptHashPrefix: 196 };
const regtest: AddressParams = { ...testnet, bech32Prefix: 'bcrt' };
const paramsOf: Readonly<Record<string, AddressParams>> = { main, test: testnet, testnet4: testnet, signet: testnet, regtest };

const vectors = new URL('../../../shared/vectors/', import.meta.url);
const skip = existsSync(vectors) ? false : 'skipped: no ../shared/vectors';
const load = (name: string): unknown => JSON.parse(readFileSync(new URL(name, vectors), 'utf8'));

test('base58 vectors, both ways', { skip }, () => {
  const cases = load('base58_encode_decode.json') as [string, string][];
  assert.ok(cases.length > 10);
  for (const [hex, text] of cases) {
    assert.equal(encodeBase58(fromHex(hex)), text);
    assert.equal(toHex(decodeBase58(text, 256) ?? Uint8Array.of(0xff)), hex.toLowerCase());
  }
  assert.equal(decodeBase58('invalid0', 100), undefined);
  assert.equal(decodeBase58('2g', 0), undefined);
});

test('valid addresses read and print', { skip }, () => {
  const cases = load('key_io_valid.json') as [string, string, { chain: string; isPrivkey: boolean; tryCaseFlip?: boolean }][];
  let seen = 0;
  for (const [text, hex, about] of cases) {
    const params = paramsOf[about.chain];
    assert.ok(params !== undefined, about.chain);
    const decoded = decodeAddress(text, params);
    if (about.isPrivkey) {
      assert.equal(decoded.ok, false, text);
      continue;
    }
    seen++;
    assert.ok(decoded.ok, text);
    assert.equal(toHex(decoded.scriptPubKey), hex);
    assert.equal(encodeAddress(fromHex(hex), params), text);
    const flipped = text.replace(/[a-zA-Z]/g, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
    if (about.tryCaseFlip === true) assert.ok(decodeAddress(flipped, params).ok, flipped);
    for (const other of [main, testnet, regtest]) {
      const base58Shared = other !== main && params !== main && !text.toLowerCase().startsWith(params.bech32Prefix);
      if (other !== params && !base58Shared) assert.equal(decodeAddress(text, other).ok, false, text);
    }
  }
  assert.ok(seen > 50);
});

test('invalid addresses are refused on every network', { skip }, () => {
  for (const [text] of load('key_io_invalid.json') as [string][]) {
    for (const params of [main, testnet, regtest]) assert.equal(decodeAddress(text, params).ok, false, text);
  }
});

test('faults are named in the reference words, with their places', () => {
  const neither = 'Invalid or unsupported Segwit (Bech32) or Base58 encoding.';
  const cases: readonly (readonly [text: string, error: string, locations?: readonly number[]])[] = [
    ['bcrt1s0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav25430mtr', 'Invalid Bech32 address program size (41 bytes)'],
    ['bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx', neither],
    ['bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqdmchcc', 'Version 1+ witness address must use Bech32m checksum'],
    ['bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7k35mrzd', 'Version 0 witness address must use Bech32 checksum'],
    ['bcrt130xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqynjegk', 'Invalid Bech32 address witness version'],
    ['bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kqqq5k3my', 'Invalid Bech32 v0 address program size (21 bytes), per BIP141'],
    [`bcrt1q${'049edschfnwystcqnsvyfpj23mpsg3jcedq9xv'.repeat(3).slice(0, 102)}`, 'Bech32 string too long', Array.from({ length: 18 }, (_, i) => 90 + i)],
    ['bcrt1q049edschfnwystcqnsvyfpj23mpsg3jcedq9xv', 'Invalid Bech32 checksum', [9]],
    ['bcrt1qax9suht3qv95sw33xavx8crpxduefdrsvgsklu', 'Invalid Bech32 checksum', [22, 43]],
    ['BCRT1QPLMTZKC2XHARPPZDLNPAQL78RSHJ68U32RAH7R', 'Invalid Bech32 checksum', [38]],
    ['bcrtq049ldschfnwystcqnsvyfpj23mpsg3jcedq9xv', 'Missing separator'],
    ['bcrt1q04oldschfnwystcqnsvyfpj23mpsg3jcedq9xv', 'Invalid Base 32 character', [8]],
    ['bcrt1qdg3myrgvzw7ml8q0ejxhlkyxn7vl9r56yzkfgvzclrf4hkpx9yfqhpsuks', 'Invalid Bech32 checksum', [19, 30]],
    ['bcrt1ptmp74ayg7p24uslctssvjm06q5phz4yrxucgnv', 'Invalid Bech32 checksum', [5]],
    ['17VZNX1SN5NtKa8UQFxwQbFeFc3iqRYhem', 'Invalid or unsupported Base58-encoded address.'],
    ['mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJJfn', 'Invalid checksum or length of Base58 address (P2PKH or P2SH)'],
    ['2VKf7XKMrp4bVNVmuRbyCewkP8FhGLP2E54LHDPakr9Sq5mtU2', 'Invalid checksum or length of Base58 address (P2PKH or P2SH)'],
    ['asfah14i8fajz0123f', neither],
    ['bcrt1Q049edschfnwystcqnsvyfpj23mpsg3jcedq9xv', 'Invalid character or mixed case', [5]],
  ];
  for (const [text, error, locations = []] of cases) {
    assert.deepEqual(decodeAddress(text, regtest), { ok: false, error, locations }, text);
  }
});
