// `npm run dist`: builds and packages. On Linux: the unpacked application, a tar.gz and a deb; an AppImage too
// where its runtime can be downloaded (`npm run dist -- --release` makes everything the platform is configured for).
// `npm run dist -- dir` makes only what is named; `-c.name=value` overrides a setting of electron-builder.yml.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled, ensureBuilt, rootFolder } from './set-up.mjs';

const words = process.argv.slice(2).filter((word) => !word.startsWith('-c.'));
const settings = process.argv.slice(2).filter((word) => word.startsWith('-c.'));
await ensureInstalled();
await ensureBuilt();
const { electronProgram } = await import('./electron-runtime.mjs');

const environment = { ...process.env };
const args = [path.join(rootFolder, 'node_modules', 'electron-builder', 'cli.js'), '--publish', 'never', ...settings];
if (process.platform === 'linux' && !words.includes('--release')) {
  const targets = words.length > 0 ? words : ['dir', 'tar.gz', 'deb'];
  args.push('--linux', ...targets);
  const program = electronProgram();
  const version = spawnSync(program, ['-p', 'process.versions.electron'], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, encoding: 'utf8' }).stdout.trim();
  // The runtime that is here, and Debian's tools, in place of downloads.
  args.push(`-c.electronDist=${path.dirname(program)}`, `-c.electronVersion=${version}`);
  const sevenZip = ['/usr/bin/7zz', '/usr/bin/7z'].find((file) => fs.existsSync(file));
  if (sevenZip !== undefined) environment.ELECTRON_BUILDER_7ZIP_PATH ??= sevenZip;
  else if (targets.includes('tar.gz')) process.stderr.write('Without 7-Zip electron-builder downloads its own. To use the system\'s: sudo apt-get install -y 7zip\n');
  environment.CUSTOM_FPM_PATH ??= path.join(rootFolder, 'scripts', 'make-deb.mjs');
}
process.exitCode = spawnSync(process.execPath, args, { cwd: rootFolder, stdio: 'inherit', env: environment }).status ?? 1;
