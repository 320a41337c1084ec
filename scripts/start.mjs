// `npm start`: installs what is missing, builds what is out of date, opens the window.
// Arguments after `--` go to bitcoin-gui: npm start -- -regtest -datadir=/tmp/d
import { spawn } from 'node:child_process';
import { ensureInstalled, ensureBuilt, missingLibraries, rootFolder } from './set-up.mjs';

await ensureInstalled();
await ensureBuilt();
const { electronProgram } = await import('./electron-runtime.mjs');

if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
  process.stderr.write(
    'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.\n' +
      'Without a window: bin/bitcoin-node -regtest -daemon, then bin/bitcoin-cli -regtest getblockchaininfo.\n' +
      'For a virtual display: xvfb-run -a npm start\n',
  );
  process.exit(1);
}

let program;
try {
  program = electronProgram();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
const missing = missingLibraries(program);
if (missing.libraries.length > 0) {
  process.stderr.write(
    `Electron needs system libraries that are missing: ${missing.libraries.join(', ')}\nInstall them with:\n  sudo apt-get install -y ${missing.packages.join(' ')}\n`,
  );
  process.exit(1);
}
// Chromium refuses its sandbox to root; everybody else gets it.
const asRoot = typeof process.getuid === 'function' && process.getuid() === 0;
const child = spawn(program, [...(asRoot ? ['--no-sandbox'] : []), rootFolder, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
