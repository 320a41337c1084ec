import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { takeForeground } from './daemon.js';

test('what is said once the foreground does not wait any more goes into no file that was opened meanwhile', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-daemon-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const report = openSync(join(folder, 'report'), 'w');
  process.env['BULKHEAD_DAEMON_FD'] = String(report);
  const foreground = takeForeground();
  foreground.say('Warning: slow\n');
  foreground.release(true);
  const database = openSync(join(folder, 'database'), 'w');
  t.after(() => closeSync(database));
  assert.equal(database, report, 'the number of what was closed is given to what is opened next');
  foreground.say('Warning: full\n');
  foreground.release(true);
  assert.equal(readFileSync(join(folder, 'database'), 'utf8'), '');
  assert.equal(readFileSync(join(folder, 'report'), 'utf8'), 'Warning: slow\n\0');
});
