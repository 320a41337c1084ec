import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facadeSchema } from '../../../src-interfaces/facade.js';
import { checkArguments } from '../../../src-interfaces/facade-shape.js';
import { availableFor, emptyForm, feePercent, parseRate, readForm, totalTyped, type Recipient } from './send-form.js';

const parsed = { address: 'bcrt1qexample', amount: null, label: '', message: '', mine: false };
const recipient: Recipient = {
  key: 1, text: 'bcrt1qexample', parsed, fault: null, label: ' Ada ', amount: { text: '0.5', unit: 'BTC' }, subtractFee: false,
};

test('a complete form becomes arguments that the bridge accepts', () => {
  const form = { ...emptyForm('BTC'), recipients: [recipient, { ...recipient, amount: { text: '1 000', unit: 'sats' as const } }] };
  const coins = [{ txid: 'ab'.repeat(32), vout: 1, amount: 60_000_000n }];
  const read = readForm('w', { ...form, coins, fee: { kind: 'exact', rate: '2.5' } });
  assert.ok(read.ok);
  assert.deepEqual(read.args, {
    wallet: 'w',
    recipients: [
      { address: 'bcrt1qexample', amount: 50_000_000n, label: 'Ada', subtractFee: false },
      { address: 'bcrt1qexample', amount: 1_000n, label: 'Ada', subtractFee: false },
    ],
    feeRate: 2.5,
    coins: [{ txid: 'ab'.repeat(32), vout: 1 }],
  });
  assert.equal(checkArguments(facadeSchema.calls.wallet.prepare.args, read.args), undefined);
  assert.equal(totalTyped(form), 50_001_000n);
});

test('every fault is named by its field', () => {
  const read = readForm('w', {
    recipients: [
      { ...recipient, parsed: null, amount: { text: '', unit: 'BTC' } },
      { ...recipient, parsed: null, fault: 'Wrong network', amount: { text: '0', unit: 'BTC' } },
    ],
    fee: { kind: 'exact', rate: '0' },
    coins: [],
  });
  assert.ok(!read.ok);
  assert.deepEqual(read.faults, {
    'recipients[0].address': { kind: 'address-missing' },
    'recipients[0].amount': { kind: 'amount', fault: 'empty' },
    'recipients[1].address': { kind: 'address', message: 'Wrong network' },
    'recipients[1].amount': { kind: 'amount-zero' },
    feeRate: { kind: 'rate' },
    coins: { kind: 'no-coins' },
  });
});

test('everything is what may be spent less the other recipients', () => {
  const other = { ...recipient, key: 2, amount: { text: '1000', unit: 'sats' as const } };
  const form = { ...emptyForm('BTC'), recipients: [recipient, other] };
  assert.equal(availableFor(form, 1, 10_000n), 9_000n);
  const coins = [{ txid: 'ab'.repeat(32), vout: 1, amount: 5_000n }];
  assert.equal(availableFor({ ...form, coins }, 1, 10_000n), 4_000n);
});

test('fee rates and shares', () => {
  assert.equal(parseRate('1'), 1);
  assert.equal(parseRate(' 12.125 '), 12.125);
  for (const bad of ['', '0', '1,5', '-1', '1e3', '.5', '1.2345']) assert.equal(parseRate(bad), null, bad);
  assert.equal(feePercent(141n, 50_000n), '0.28');
  assert.equal(feePercent(1n, 100_000_000n), '<\u202f0.01');
  assert.equal(feePercent(200n, 100n), '200.00');
  assert.equal(feePercent(1n, 0n), '–');
});
