// What `npm start` and `npm test` share: installing packages and building when something is missing or stale.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const rootFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const inRoot = (...parts) => path.join(rootFolder, ...parts);

/** Runs `npm ci` when node_modules is not what the lock file says. */
export async function ensureInstalled() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    process.stderr.write(`Node.js 20 or newer is needed; this is ${process.version}.\n`);
    process.exit(1);
  }
  const stamp = inRoot('node_modules', '.package-lock.json');
  const newest = (file) => (fs.existsSync(file) ? fs.statSync(file).mtimeMs : 0);
  if (newest(stamp) >= newest(inRoot('package-lock.json')) && fs.existsSync(inRoot('node_modules', 'esbuild'))) return;
  process.stderr.write('Installing packages (npm ci)…\n');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: rootFolder, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
}

function newestSource() {
  let newest = 0;
  const visit = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) visit(file);
      else newest = Math.max(newest, fs.statSync(file).mtimeMs);
    }
  };
  for (const name of fs.readdirSync(rootFolder)) if (name.startsWith('src-') || name === 'assets') visit(inRoot(name));
  for (const name of ['package.json', 'scripts/build.mjs']) newest = Math.max(newest, fs.statSync(inRoot(name)).mtimeMs);
  return newest;
}

/** Builds when a source is newer than the last build. */
export async function ensureBuilt() {
  const stamp = inRoot('build', 'built');
  if (fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs >= newestSource()) return;
  process.stderr.write('Building…\n');
  const began = new Date();
  execFileSync(process.execPath, [inRoot('scripts', 'build.mjs')], { cwd: rootFolder, stdio: ['ignore', 'inherit', 'inherit'] });
  fs.writeFileSync(stamp, '');
  fs.utimesSync(stamp, began, began);
}

const debianPackages = [
  [/^libgtk-3|^libgdk-3/, 'libgtk-3-0'],
  [/^libnss3|^libnssutil3|^libsmime3/, 'libnss3'],
  [/^libnspr4/, 'libnspr4'],
  [/^libasound/, 'libasound2'],
  [/^libgbm/, 'libgbm1'],
  [/^libatk-bridge/, 'libatk-bridge2.0-0'],
  [/^libatspi/, 'libatspi2.0-0'],
  [/^libatk-1/, 'libatk1.0-0'],
  [/^libcups/, 'libcups2'],
  [/^libdrm/, 'libdrm2'],
  [/^libxkbcommon/, 'libxkbcommon0'],
  [/^libX11/, 'libx11-6'],
  [/^libXcomposite/, 'libxcomposite1'],
  [/^libXdamage/, 'libxdamage1'],
  [/^libXext/, 'libxext6'],
  [/^libXfixes/, 'libxfixes3'],
  [/^libXrandr/, 'libxrandr2'],
  [/^libxcb/, 'libxcb1'],
  [/^libpango|^libcairo/, 'libpango-1.0-0 libcairo2'],
  [/^libdbus/, 'libdbus-1-3'],
  [/^libexpat/, 'libexpat1'],
];

/** Shared libraries that a Linux program asks for and the system lacks, with the Debian packages that hold them. */
export function missingLibraries(program) {
  if (process.platform !== 'linux') return { libraries: [], packages: [] };
  const listing = spawnSync('ldd', [program], { encoding: 'utf8' }).stdout ?? '';
  const libraries = [...listing.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
  const packages = new Set(libraries.flatMap((name) => (debianPackages.find(([pattern]) => pattern.test(name))?.[1] ?? name.replace(/\.so.*/, '')).split(' ')));
  return { libraries, packages: [...packages].sort() };
}
