import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPreferences } from '../settings/preferences.js';
import { wasStartedByWindow } from './started-node.js';

test('a node is a window’s own when process and time of its start fit', () => {
  const started = { pid: 4711, startedAt: 1_700_000_000_000 };
  assert.equal(wasStartedByWindow(started, 4711, 1_700_000_000_900), true);
  assert.equal(wasStartedByWindow(started, 4712, 1_700_000_000_900), false);
  assert.equal(wasStartedByWindow(started, 4711, 1_700_000_900_000), false, 'the process id is used again');
  assert.equal(wasStartedByWindow(started, null, null), false);
  assert.equal(wasStartedByWindow(null, 4711, 1_700_000_000_000), false);
});

test('which node was started is remembered', () => {
  assert.deepEqual(readPreferences({ startedNode: { pid: 7, startedAt: 8 } }).startedNode, { pid: 7, startedAt: 8 });
  for (const startedNode of [undefined, null, 7, { pid: 7 }, { pid: '7', startedAt: 8 }]) assert.equal(readPreferences({ startedNode }).startedNode, null);
});
