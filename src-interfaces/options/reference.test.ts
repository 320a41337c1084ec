import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeOptionTable } from './tables.js';

const listed = '../shared/reference/node-options.md';

test('every option of the reference is known, with its argument', (t) => {
  if (!existsSync(listed)) return t.skip('skipped: no ../shared/reference/node-options.md');
  const missing: string[] = [];
  for (const line of readFileSync(listed, 'utf8').split('\n')) {
    const match = /^- `-([^=`]+)(=?[^`]*)`/.exec(line);
    if (match === null) continue;
    const [, name = '', argument = ''] = match;
    const spec = nodeOptionTable.find(name);
    if (spec === undefined || spec.argument !== argument) missing.push(line);
  }
  assert.deepEqual(missing, []);
});
