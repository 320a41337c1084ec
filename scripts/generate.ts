/**
 * Generates the process interfaces, their proxies and docs/ipc.md from schemas/.
 * `--check` writes nothing and fails if the committed files differ from what would be generated.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate, generateIndex } from '../src-ipc/codegen/generate.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

function readFolder(folder: string): Map<string, string> {
  try {
    return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  } catch {
    return new Map();
  }
}

/** Names of the files in which a folder differs from the generated ones. */
function differences(folder: string, generated: ReadonlyMap<string, string>): string[] {
  const present = readFolder(folder);
  const names = new Set([...present.keys(), ...generated.keys()]);
  return [...names].filter((name) => present.get(name) !== generated.get(name)).sort();
}

/** Brings a folder up to date, or only compares it; returns the paths of the files concerned. */
function update(path: string, generated: ReadonlyMap<string, string>): string[] {
  const folder = join(root, path);
  const changed = differences(folder, generated);
  if (!check) {
    mkdirSync(folder, { recursive: true });
    for (const name of changed) {
      const text = generated.get(name);
      if (text === undefined) rmSync(join(folder, name));
      else writeFileSync(join(folder, name), text);
    }
  }
  return changed.map((name) => `${path}/${name}`);
}

/** The same for a single file. */
function updateFile(path: string, text: string): string[] {
  const file = join(root, path);
  const isSame = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!isSame && !check) writeFileSync(file, text);
  return isSame ? [] : [path];
}

try {
  const { interfaces, proxies } = generate(join(root, 'schemas'));
  const changed = [
    ...update('src-interfaces/generated', interfaces),
    ...update('src-ipc/generated', proxies),
    ...updateFile('docs/ipc.md', generateIndex(join(root, 'schemas'))),
  ];
  for (const name of changed) console.log(`${check ? 'out of date' : 'updated'}: ${name}`);
  if (check && changed.length > 0) {
    console.error('The generated files do not match the schemas: run "npm run generate".');
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
