import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkArguments } from '../../../src-interfaces/facade-shape.js';
import { facadeSchema } from '../../../src-interfaces/facade.js';
import { CHIPS, filterArguments, withChip } from './filter.js';

test('chips become kinds, states and dates that the bridge accepts', () => {
  const now = new Date(2026, 7, 20, 15, 30);
  const filter = filterArguments('w', { search: '  rent ', chips: ['sent', 'pending', 'month'] }, now);
  assert.deepEqual(filter, {
    wallet: 'w',
    search: 'rent',
    kinds: ['sent'],
    statuses: ['pending'],
    since: Math.floor(new Date(2026, 7, 1).getTime() / 1000),
  });
  assert.equal(checkArguments(facadeSchema.calls.wallet.exportCsv.args, filter), undefined);
  const all = filterArguments('w', { search: 'x'.repeat(500), chips: CHIPS }, now);
  assert.equal(checkArguments(facadeSchema.calls.wallet.exportCsv.args, all), undefined);
});

test('month and year exclude each other', () => {
  const month = withChip({ search: '', chips: ['year', 'sent'] }, 'month', true);
  assert.deepEqual(month.chips, ['sent', 'month']);
  assert.deepEqual(withChip(month, 'month', false).chips, ['sent']);
});
