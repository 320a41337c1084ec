// Bundles each program into one file under build/, and the renderer with Vite.
// Usage: build.mjs [--programs-only]
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.join(root, 'build');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const external = ['electron', 'classic-level', '@photostructure/sqlite', 'secp256k1'];
const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  external,
  define: { __BULKHEAD_VERSION__: JSON.stringify(manifest.version) },
};
const esm = {
  ...shared,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  // Bundled CommonJS packages (capnp-ts) ask for require.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
};

const programs = {
  'bitcoin-node': 'src-node/main.ts',
  'bitcoin-wallet': 'src-wallet/main.ts',
  'bitcoin-cli': 'src-node/cli/main.ts',
  'bitcoin-logs': 'src-ipc/logging/combine/main.ts',
  bitcoind: 'src-bitcoind/main.ts',
  'script-check-worker': 'src-node/kernel/script-check/worker.ts',
};

const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => fs.existsSync(path.join(root, file))));

fs.mkdirSync(out, { recursive: true });
await build({ ...esm, entryPoints: present(programs), outdir: out });
// Electron loads its main process and a sandboxed preload as CommonJS on every version; what is bundled for both formats knows that `import.meta` is empty here.
await build({ ...shared, logOverride: { 'empty-import-meta': 'silent' }, format: 'cjs', entryPoints: present({ main: 'src-main/main.ts', preload: 'src-main/preload/index.ts' }), outdir: out, outExtension: { '.js': '.cjs' } });
if (!process.argv.includes('--programs-only')) {
  const { build: buildRenderer } = await import('vite');
  await buildRenderer({ configFile: path.join(root, 'src-renderer', 'vite.config.ts'), root: path.join(root, 'src-renderer'), logLevel: 'warn' });
}
