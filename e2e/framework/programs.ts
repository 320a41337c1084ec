/** Paths of the built programs and of the data that tests share. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Data that is read in place and never copied into the project; tests skip where it is absent. */
export const sharedFolder = path.resolve(rootFolder, '..', 'shared');

export function program(name: string): string {
  return path.join(rootFolder, 'bin', name);
}

/** A program of the reference implementation, or undefined without BITCOIN_REFERENCE_BIN. */
export function referenceProgram(name: string): string | undefined {
  const folder = process.env['BITCOIN_REFERENCE_BIN'];
  if (folder === undefined || folder === '') return undefined;
  const file = path.join(folder, name);
  return fs.existsSync(file) ? file : undefined;
}

const folders: string[] = [];

// What a failed test leaves behind may tell why.
process.once('exit', (code) => {
  if (code !== 0) return;
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** An empty folder below the system's temporary one, removed after tests that pass; short, because socket paths are. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bh-'));
  folders.push(folder);
  return folder;
}

/** Where end-to-end tests leave what a person may want to look at. */
export function resultFile(name: string): string {
  const folder = path.join(rootFolder, 'test-results');
  fs.mkdirSync(folder, { recursive: true });
  return path.join(folder, name);
}
