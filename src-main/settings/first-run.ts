/** What the first window offers: where data could live, and what Bitcoin Core left on this machine. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ExistingDatadir, FirstRun, Network } from '../../src-interfaces/facade.js';

/** Folder of each network below a data directory. */
export const networkFolder: Readonly<Record<Network, string>> = { main: '', testnet4: 'testnet4', signet: 'signet', regtest: 'regtest' };

/** Our own data directory. `BULKHEAD_HOME` moves it, for tests and portable installs. */
export function defaultDatadir(): string {
  const moved = process.env['BULKHEAD_HOME'];
  return moved !== undefined && moved !== '' ? path.join(moved, 'data') : path.join(os.homedir(), '.bulkhead');
}

function coreDatadirs(): string[] {
  const home = os.homedir();
  if (process.platform === 'darwin') return [path.join(home, 'Library', 'Application Support', 'Bitcoin')];
  if (process.platform === 'win32') {
    return [process.env['LOCALAPPDATA'], process.env['APPDATA']].filter((base) => base !== undefined).map((base) => path.join(base, 'Bitcoin'));
  }
  return [path.join(home, '.bitcoin')];
}

/** Bytes free on the volume that would hold `directory`; null when it cannot be told. */
export function freeBytes(directory: string): number | null {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = fs.statfsSync(at);
      return bavail * bsize;
    } catch {
      if (path.dirname(at) === at) return null;
    }
  }
}

function bytesIn(folder: string): number | null {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + fs.statSync(path.join(folder, entry.name)).size, 0);
  } catch {
    return null;
  }
}

/** Only looks: nothing in an existing directory is opened or changed. */
function describe(datadir: string): ExistingDatadir | undefined {
  const networks = (Object.keys(networkFolder) as Network[]).filter((network) =>
    fs.existsSync(path.join(datadir, networkFolder[network], 'blocks', 'index')),
  );
  if (networks.length === 0) return undefined;
  const bytes = networks.reduce((sum, network) => sum + (bytesIn(path.join(datadir, networkFolder[network], 'blocks')) ?? 0), 0);
  return { path: datadir, networks, bytes };
}

export function firstRunOffer(): FirstRun {
  const datadir = defaultDatadir();
  const existing = coreDatadirs()
    .map(describe)
    .filter((found) => found !== undefined);
  return { defaultDatadir: datadir, freeBytes: freeBytes(datadir), existing };
}
