import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpawnTarget } from './spawn.js';

/** A program for tests that lies beside this file, and is of its kind: source, or bundled for a system without tools. */
export function testingProgram(name: string): SpawnTarget {
  const kind = extname(fileURLToPath(import.meta.url));
  const file = fileURLToPath(new URL(`${name}${kind}`, import.meta.url));
  return { command: process.execPath, args: kind === '.ts' ? ['--import', 'tsx', file] : [file] };
}
