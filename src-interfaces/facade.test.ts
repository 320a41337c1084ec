import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindFacade, facadeCalls, refusal } from './facade-bind.js';
import { checkArguments, checkShape, hex, optional, integer, text } from './facade-shape.js';
import { facadeSchema, type ArgumentsOf, type Facade, type ReturnOf } from './facade.js';

const prepare = facadeCalls().find((entry) => entry.channel === 'bulkhead:wallet.prepare');

test('a good argument object passes, a bad one is refused by the path of its field', () => {
  assert.ok(prepare !== undefined);
  const good = { wallet: 'w', recipients: [{ address: 'bcrt1q', amount: 5n, label: '', subtractFee: false }], feeTarget: 6 };
  assert.equal(refusal(prepare, good), undefined);
  const recipients = [{ ...good.recipients[0], amount: 5 }];
  const refused = refusal(prepare, { ...good, recipients });
  assert.ok(refused !== undefined && !refused.ok);
  assert.equal(refused.error.field, 'recipients[0].amount');
  assert.equal(refused.error.code, 'invalid-argument');
  assert.ok(refusal(prepare, { ...good, extra: 1 }) !== undefined, 'unknown fields are refused');
  assert.ok(refusal(prepare, { ...good, feeTarget: 2000 }) !== undefined);
  assert.ok(refusal(prepare, null) !== undefined);
  assert.ok(refusal(prepare, { recipients: [] }) !== undefined, 'a missing field is refused');
});

test('amounts are bigint between nothing and all the money there is', () => {
  const amount = { kind: 'amount' } as const;
  assert.equal(checkShape(amount, 2_100_000_000_000_000n, 'a'), undefined);
  for (const bad of [2_100_000_000_000_001n, -1n, 1, '1', null]) assert.ok(checkShape(amount, bad, 'a') !== undefined);
});

test('hex is exact, lower case, and of the right length', () => {
  const id = 'ab'.repeat(32);
  assert.equal(checkShape(hex(32), id, 'x'), undefined);
  for (const bad of [id.toUpperCase(), id.slice(2), `${id}00`, 'zz'.repeat(32)]) {
    assert.ok(checkShape(hex(32), bad, 'x') !== undefined);
  }
});

test('prototype names are not fields', () => {
  assert.ok(checkArguments({ a: optional(text(5)) }, { constructor: 1 }) !== undefined);
  assert.ok(checkArguments({ n: integer(0, 5) }, { n: Number.NaN }) !== undefined);
  assert.ok(checkArguments({ n: integer(0, 5) }, { n: 1.5 }) !== undefined);
});

test('the bound facade has every call of the schema and sends it to its channel', async () => {
  const sent: unknown[] = [];
  const facade = bindFacade(
    (channel, args) => {
      sent.push([channel, args]);
      return Promise.resolve({ ok: true, value: null });
    },
    () => () => undefined,
  );
  await facade.wallets.lock({ name: 'w' });
  await facade.app.snapshot();
  assert.deepEqual(sent, [
    ['bulkhead:wallets.lock', { name: 'w' }],
    ['bulkhead:app.snapshot', {}],
  ]);
  assert.deepEqual(Object.keys(facade).sort(), [...Object.keys(facadeSchema.calls), 'onEvent'].sort());
});

// Types that must hold; they fail to compile otherwise.
const coin: ArgumentsOf<(typeof facadeSchema)['calls']['wallet']['lockCoin']> = { wallet: '', txid: '', vout: 0, locked: true };
const hashes: ReturnOf<(typeof facadeSchema)['calls']['node']['mine']> = { hashes: [''] };
const settings: Parameters<Facade['app']['setSettings']>[0] = { theme: 'dark' };
void [coin, hashes, settings];
