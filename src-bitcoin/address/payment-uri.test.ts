import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainParams } from '../params/networks.js';
import { formatPaymentUri, parsePaymentUri } from './payment-uri.js';

const main = chainParams('main');
const regtest = chainParams('regtest');
const old = '1BoatSLRHtKNngkdXEeobR76b53LETtpyT';
const segwit = 'bcrt1qtmp74ayg7p24uslctssvjm06q5phz4yrxucgnv';

test('examples of BIP21', () => {
  const none = { amount: undefined, label: undefined, message: undefined };
  const cases: [string, object][] = [
    [`bitcoin:${old}`, none],
    [`bitcoin:${old}?label=Luke-Jr`, { ...none, label: 'Luke-Jr' }],
    [`bitcoin:${old}?amount=20.3&label=Luke-Jr`, { ...none, amount: 2_030_000_000n, label: 'Luke-Jr' }],
    [
      `BITCOIN:${old}?amount=50&label=Luke-Jr&message=Donation%20for%20project%20xyz`,
      { amount: 5_000_000_000n, label: 'Luke-Jr', message: 'Donation for project xyz' },
    ],
    [`bitcoin:${old}?somethingyoudontunderstand=50&somethingelse=999`, none],
    [`bitcoin:${old}/?amount=.001`, { ...none, amount: 100_000n }],
    [`bitcoin:${old}?req-amount=1.00000001`, { ...none, amount: 100_000_001n }],
  ];
  for (const [text, rest] of cases) assert.deepEqual(parsePaymentUri(text, main), { ok: true, uri: { address: old, ...rest } }, text);
});

test('links that must not be paid are refused', () => {
  for (const text of [
    `bitcoin:${old}?req-somethingyoudontunderstand=50`,
    `bitcoin:${old}?amount=1e3`,
    `bitcoin:${old}?amount=-1`,
    `bitcoin:${old}?amount=1,000`,
    `bitcoin:${old}?amount=0.123456789`,
    `bitcoin:${old}?amount=21000001`,
    `bitcoin:${old}?amount=`,
    `bitcoin:${old}?label=%E0%A4%A`,
    `bitcoin:${old.slice(1)}`,
    `bitcoin:${segwit}`,
    `https://example.org/${old}`,
    '',
  ]) {
    assert.equal(parsePaymentUri(text, main).ok, false, text);
  }
});

test('links round-trip; bech32 is printed in capitals', () => {
  const uri = { address: segwit, amount: 150_000_000n, label: 'Café & co', message: undefined };
  const text = formatPaymentUri(uri, regtest);
  assert.equal(text, `bitcoin:${segwit.toUpperCase()}?amount=1.5&label=Caf%C3%A9%20%26%20co`);
  assert.deepEqual(parsePaymentUri(text, regtest), { ok: true, uri: { ...uri, address: segwit.toUpperCase() } });
  assert.equal(formatPaymentUri({ address: old, amount: 0n, label: '', message: '' }, main), `bitcoin:${old}`);
});
