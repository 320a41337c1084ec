/** A forbidden import fails: each rule is broken once, in a copy of the layout, and must be noticed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { rootFolder, temporaryFolder } from './framework/programs.js';

/** Lays the files out in a folder of their own and returns what the checker says of them, '' when nothing. */
function check(files: ReadonlyMap<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of files) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.base.json']) fs.copyFileSync(path.join(rootFolder, name), path.join(folder, name));
  fs.symlinkSync(path.join(rootFolder, 'node_modules'), path.join(folder, 'node_modules'));
  const checker = path.join(rootFolder, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const rooms = fs.readdirSync(folder).filter((name) => name.startsWith('src-'));
  const run = spawnSync(process.execPath, [checker, '--config', '.dependency-cruiser.cjs', ...rooms], { cwd: folder, encoding: 'utf8' });
  fs.rmSync(folder, { recursive: true, force: true });
  return run.status === 0 ? '' : run.stdout + run.stderr;
}

const empty = 'export const nothing = 0;\n';

const forbidden: readonly (readonly [string, string, string, string?])[] = [
  ['wallet-has-no-network', 'src-wallet/a1.ts', 'node:net'],
  ['wallet-has-no-network', 'src-wallet/a2.ts', 'node:https'],
  ['wallet-has-no-network', 'src-wallet/a3.ts', 'node:child_process'],
  ['wallet-has-no-node', 'src-wallet/a4.ts', '../src-node/b.js', 'src-node/b.ts'],
  ['node-has-no-wallet', 'src-node/a5.ts', '../src-wallet/b.js', 'src-wallet/b.ts'],
  ['node-kernel-has-no-network', 'src-node/kernel/a6.ts', '../net/b.js', 'src-node/net/b.ts'],
  ['node-ipc-only-at-the-door', 'src-node/mempool/a7.ts', '../../src-ipc/b.js', 'src-ipc/b.ts'],
  ['capnp-only-in-ipc', 'src-main/a8.ts', 'capnp-ts'],
  ['capnp-only-in-ipc', 'src-node/init/a9.ts', '../../src-ipc/capnp/b.js', 'src-ipc/capnp/b.ts'],
  ['renderer-is-a-web-page', 'src-renderer/a10.ts', 'electron'],
  ['renderer-no-node-modules', 'src-renderer/a11.ts', 'node:fs'],
  ['renderer-is-a-web-page', 'src-renderer/a12.ts', '../src-wallet/b.js', 'src-wallet/b.ts'],
  ['bitcoin-is-pure', 'src-bitcoin/a13.ts', 'node:fs'],
  ['interfaces-are-pure', 'src-interfaces/a14.ts', '../src-node/b.js', 'src-node/b.ts'],
  ['main-has-no-node-or-wallet-code', 'src-main/a15.ts', '../src-node/b.js', 'src-node/b.ts'],
  ['preload-is-the-facade-only', 'src-main/preload/a16.ts', '../b.js', 'src-main/b.ts'],
  ['ipc-knows-no-program', 'src-ipc/a17.ts', '../src-node/b.js', 'src-node/b.ts'],
];

const importOf = (target: string): string => `import * as it from '${target}';\nexport const used = it;\n`;

const files = new Map<string, string>();
for (const [, file, target, other] of forbidden) {
  files.set(file, importOf(target));
  if (other !== undefined) files.set(other, empty);
}
const said = check(files);

for (const [rule, file, target] of forbidden) {
  test(`${path.dirname(file)} may not import ${target}`, () => {
    assert.ok(said.includes(`error ${rule}: ${file} `), `not reported: ${rule} for ${file}\n${said}`);
  });
}

test('an allowed import passes', () => {
  const allowed = new Map([
    ['src-wallet/a.ts', importOf('../src-bitcoin/b.js')],
    ['src-bitcoin/b.ts', empty],
  ]);
  assert.equal(check(allowed), '');
});
