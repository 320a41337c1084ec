import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountParts, formatAmount, MAX_MONEY, parseAmount, type AmountFault } from './amount.js';

const spaced = (text: string): string => text.replaceAll('\u202f', ' ');

test('bitcoin amounts have eight decimals in groups of three', () => {
  assert.equal(spaced(formatAmount(123_456n, { unit: 'BTC' })), '0.001 234 56');
  assert.equal(spaced(formatAmount(MAX_MONEY, { unit: 'BTC' })), '21 000 000.000 000 00');
  assert.equal(spaced(formatAmount(-1n, { unit: 'BTC' })), '\u22120.000 000 01');
  assert.equal(spaced(formatAmount(0n, { unit: 'BTC', plus: true })), '0.000 000 00');
  assert.equal(spaced(formatAmount(5_000_000_000n, { unit: 'BTC', plus: true })), '+50.000 000 00');
});

test('satoshis are grouped whole numbers', () => {
  assert.equal(spaced(formatAmount(1_234_567n, { unit: 'sats' })), '1 234 567');
  assert.equal(spaced(formatAmount(-999n, { unit: 'sats' })), '\u2212999');
});

test('plain and trimmed forms are for fields, files and URIs', () => {
  assert.equal(formatAmount(150_000_000n, { unit: 'BTC', plain: true, trim: true }), '1.5');
  assert.equal(formatAmount(100_000_000n, { unit: 'BTC', plain: true, trim: true }), '1');
  assert.equal(formatAmount(0n, { unit: 'BTC', plain: true, trim: true }), '0');
  assert.equal(formatAmount(123_400_000n, { unit: 'BTC', trim: true }).replaceAll('\u202f', ' '), '1.234');
  assert.equal(formatAmount(-123_456_789_000n, { unit: 'sats', plain: true }), '-123456789000');
});

test('parts join to the whole', () => {
  assert.deepEqual(amountParts(-100_000_001n, 'BTC'), { sign: '-', whole: '1', decimals: '.000\u202f000\u202f01' });
});

test('what is shown can be typed', () => {
  let value = 1n;
  for (let i = 0; i < 50; i++) {
    value = (value * 7_919n + 104_729n) % MAX_MONEY;
    for (const unit of ['BTC', 'sats'] as const) {
      for (const plain of [true, false]) {
        assert.deepEqual(parseAmount(formatAmount(value, { unit, plain }), unit), { ok: true, value });
      }
    }
  }
});

test('typed forms', () => {
  assert.deepEqual(parseAmount('.5', 'BTC'), { ok: true, value: 50_000_000n });
  assert.deepEqual(parseAmount('1.', 'BTC'), { ok: true, value: 100_000_000n });
  assert.deepEqual(parseAmount('1.000000000000', 'BTC'), { ok: true, value: 100_000_000n });
  assert.deepEqual(parseAmount(' 12 000 ', 'sats'), { ok: true, value: 12_000n });
  assert.deepEqual(parseAmount('0', 'sats'), { ok: true, value: 0n });
});

test('what is not an amount is refused with its reason', () => {
  const cases: [string, 'BTC' | 'sats', AmountFault][] = [
    ['', 'BTC', 'empty'],
    ['  ', 'BTC', 'empty'],
    ['.', 'BTC', 'not-a-number'],
    ['1e3', 'BTC', 'not-a-number'],
    ['0x10', 'sats', 'not-a-number'],
    ['1.2.3', 'BTC', 'not-a-number'],
    ['1,5', 'BTC', 'comma'],
    ['-1', 'BTC', 'negative'],
    ['0.000000001', 'BTC', 'too-precise'],
    ['1.5', 'sats', 'too-precise'],
    ['21000000.00000001', 'BTC', 'too-large'],
    ['9'.repeat(400), 'sats', 'too-large'],
  ];
  for (const [text, unit, fault] of cases) assert.deepEqual(parseAmount(text, unit), { ok: false, fault }, text);
});
