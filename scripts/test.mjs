// `npm test`: installs what is missing, builds, checks types, lint and import rules, then runs every test.
// `npm test -- PATTERN…` runs only the test files whose path contains one of the words, without the checks.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled, ensureBuilt, rootFolder } from './set-up.mjs';

await ensureInstalled();
await ensureBuilt();

const words = process.argv.slice(2);

/** Test files of a folder, sorted, so that a run is repeatable. */
function testFiles(folder) {
  return fs
    .readdirSync(path.join(rootFolder, folder), { recursive: true })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => path.join(folder, name))
    .sort();
}

function node(args) {
  return spawnSync(process.execPath, args, { cwd: rootFolder, stdio: 'inherit' }).status ?? 1;
}

const rooms = fs.readdirSync(rootFolder).filter((name) => name.startsWith('src-')).sort();
const unit = rooms.flatMap(testFiles);
const endToEnd = testFiles('e2e');
// Tests that drive a window come one after another: two cores are enough for one.
const withWindow = endToEnd.filter((file) => /^e2e[\\/](app|ui)[\\/]/.test(file));
const headless = endToEnd.filter((file) => !withWindow.includes(file));
const chosen = (files) => (words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word))));

let failed = 0;
if (words.length === 0) failed |= node([path.join('scripts', 'check.mjs')]);
for (const [files, concurrency] of [
  [chosen(unit), 2],
  [chosen(headless), 2],
  [chosen(withWindow), 1],
]) {
  if (files.length > 0) failed |= node(['--import', 'tsx', '--test', `--test-concurrency=${concurrency}`, ...files]);
}
if (words.length > 0 && chosen([...unit, ...endToEnd]).length === 0) {
  process.stderr.write(`no test file has ${words.join(' or ')} in its path\n`);
  failed = 1;
}
process.exitCode = failed === 0 ? 0 : 1;
