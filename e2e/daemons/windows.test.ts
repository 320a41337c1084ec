/** Listening, connecting, spawning, asking for ssh and the programs themselves on Windows' own Node.js, where sockets are named pipes. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { rootFolder, temporaryFolder } from '../framework/programs.js';
import { windowsPath, withoutWindows, Wine } from '../framework/wine.js';

/** Tests that hold there as they do here, and what they start. */
const tests = ['src-ipc/process/listening.test.ts', 'src-ipc/process/spawning.test.ts', 'src-ipc/process/pipe-key.test.ts', 'src-ipc/process/child-stream.test.ts', 'src-ipc/process/askpass.test.ts', 'e2e/daemons/windows-programs.ts'];
const programs = ['src-ipc/process/testing-listener.ts', 'src-ipc/process/testing-child.ts'];

describe('on Windows', { skip: withoutWindows }, () => {
  let wine: Wine;
  let folder: string;
  before(async () => {
    wine = await Wine.start();
    folder = await wine.bundle([...tests, ...programs]);
  });
  after(() => wine.stop());

  for (const file of tests) {
    test(file, { timeout: 600_000 }, async () => {
      const { status, output } = await wine.node(path.join(folder, `${path.basename(file, '.ts')}.mjs`), {
        BULKHEAD_PROGRAMS: windowsPath(path.join(rootFolder, 'build')),
        BULKHEAD_TEST_FOLDER: windowsPath(temporaryFolder()),
      });
      assert.equal(status, 0, output);
      assert.match(output, /^# pass [1-9]/m, output);
      assert.match(output, /^# skipped 0$/m, output);
    });
  }
});
