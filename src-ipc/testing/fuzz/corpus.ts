import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { targetNames, type TargetName } from './targets.js';

/** Inputs that broke something once; each is a test for ever. */
export const REGRESSIONS = fileURLToPath(new URL('testdata/', import.meta.url));

/** Inputs that reach what others do not, kept from run to run. */
export const CORPUS = fileURLToPath(new URL('../../../.cache/fuzz/', import.meta.url));

/** Inputs in a folder, by the target their name begins with. */
export function readInputs(folder: string): { readonly target: TargetName; readonly name: string; readonly input: Uint8Array }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const target = targetNames.find((known) => name.startsWith(`${known}-`) && name.endsWith('.bin'));
      return target === undefined ? [] : [{ target, name, input: new Uint8Array(readFileSync(join(folder, name))) }];
    });
}

/** Keeps an input; returns its file's path. */
export function keepInput(folder: string, target: TargetName, input: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target}-${createHash('sha256').update(input).digest('hex').slice(0, 16)}.bin`);
  writeFileSync(file, input);
  return file;
}
