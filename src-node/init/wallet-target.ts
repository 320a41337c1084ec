import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpawnTarget } from '../../src-ipc/process/index.js';

/**
 * How to start bitcoin-wallet: the program beside this one. From source, its source with the same loader.
 * The interpreter is the one that runs this process, be it Node or Electron as Node.
 */
export function walletTarget(): SpawnTarget {
  const here = fileURLToPath(import.meta.url);
  const env = process.versions['electron'] === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  if (here.endsWith('.ts')) {
    const source = join(dirname(here), '..', '..', 'src-wallet', 'main.ts');
    return { command: process.execPath, args: [...process.execArgv, source], env };
  }
  const beside = join(dirname(here), 'bitcoin-wallet.mjs');
  const started = join(dirname(process.argv[1] ?? here), 'bitcoin-wallet');
  return existsSync(started)
    ? { command: process.execPath, args: [...process.execArgv, started], env }
    : { command: process.execPath, args: [...process.execArgv, beside], env };
}
