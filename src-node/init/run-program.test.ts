import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { NodeProcess } from './node-process.js';
import { runProgram } from './run-program.js';

test('a window that does not take in what it is told keeps no node from ending', { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-program-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const node = new NodeProcess();
  node.userInterface.messageBoxes.add(() => new Promise(() => {}));
  node.userInterface.warning({ original: 'Look here.', translated: 'Look here.' });
  const ended = runProgram('bitcoin-node', ['-regtest', `-datadir=${folder}`, '-server=0', '-listen=0', '-connect=0', '-printtoconsole=0'], () => node);
  while (node.started() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  node.requestShutdown();
  assert.equal(await ended, 0);
});
