import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockDirectory } from './directory-lock.js';
import { StorageError } from './storage-error.js';

const lockInChild = `
  const { lockDirectory } = await import(${JSON.stringify(new URL('./directory-lock.ts', import.meta.url).href)});
  try { lockDirectory(process.argv[1]); console.log('locked'); } catch (error) { console.log(error.code, error.message); }
`;

function tryInChild(directory: string): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const args = ['--import', 'tsx', '--input-type=module', '-e', lockInChild, directory];
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).stdout.trim();
}

test('one process at a time', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-lock-'));
  try {
    const lock = lockDirectory(directory);
    assert.deepEqual(readdirSync(directory), ['.lock']);
    const expected = `Cannot obtain a lock on directory ${directory}. Bitcoin Core is probably already running.`;
    assert.equal(tryInChild(directory), `in-use ${expected}`);
    assert.throws(
      () => lockDirectory(directory),
      (error) => error instanceof StorageError && error.code === 'in-use' && error.message === expected,
    );
    lock.release();
    assert.equal(tryInChild(directory), 'locked');
    lockDirectory(directory).release();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
