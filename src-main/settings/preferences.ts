/** What the window remembers between starts. One JSON file in the user's configuration folder. */
import fs from 'node:fs';
import path from 'node:path';
import type { Network, Settings } from '../../src-interfaces/facade.js';
import type { StartedNode } from '../programs/started-node.js';

export interface WindowPlace {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
  readonly maximized: boolean;
}

export interface Preferences {
  /** Null until the person has chosen. */
  readonly network: Network | null;
  readonly datadir: string | null;
  readonly attachAddress: string;
  readonly startedNode: StartedNode | null;
  readonly settings: Settings;
  readonly window: WindowPlace;
}

export const defaultPreferences: Preferences = {
  network: null,
  datadir: null,
  attachAddress: '',
  startedNode: null,
  settings: { theme: 'system', unit: 'BTC', hideAmounts: false, keepRunning: true, page: 'overview', wallet: '', columns: {} },
  window: { width: 1200, height: 800, maximized: false },
};

const networks: readonly unknown[] = ['main', 'testnet4', 'signet', 'regtest'];
const isNetwork = (value: unknown): value is Network => networks.includes(value);

type Loose = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const flagOr = (value: unknown, otherwise: boolean): boolean => (typeof value === 'boolean' ? value : otherwise);
const sizeOr = (value: unknown, otherwise: number): number => (typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : otherwise);

function readWindow(value: unknown): WindowPlace {
  const from = isRecord(value) ? value : {};
  const { width, height } = defaultPreferences.window;
  const place = { width: Math.max(640, sizeOr(from['width'], width)), height: Math.max(480, sizeOr(from['height'], height)), maximized: flagOr(from['maximized'], false) };
  const { x, y } = from;
  return typeof x === 'number' && typeof y === 'number' ? { ...place, x: Math.round(x), y: Math.round(y) } : place;
}

function readSettings(value: unknown): Settings {
  const from = isRecord(value) ? value : {};
  const standard = defaultPreferences.settings;
  const theme = from['theme'];
  const columns = isRecord(from['columns']) ? from['columns'] : {};
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    unit: from['unit'] === 'sats' ? 'sats' : 'BTC',
    hideAmounts: flagOr(from['hideAmounts'], standard.hideAmounts),
    keepRunning: flagOr(from['keepRunning'], standard.keepRunning),
    page: textOr(from['page'], standard.page),
    wallet: textOr(from['wallet'], standard.wallet),
    columns: Object.fromEntries(Object.entries(columns).filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
  };
}

function readStartedNode(value: unknown): StartedNode | null {
  const { pid, startedAt } = isRecord(value) ? value : {};
  return typeof pid === 'number' && typeof startedAt === 'number' ? { pid, startedAt } : null;
}

/** Preferences from parsed JSON; whatever does not fit falls back to its default. */
export function readPreferences(value: unknown): Preferences {
  const from = isRecord(value) ? value : {};
  return {
    network: isNetwork(from['network']) ? from['network'] : null,
    datadir: typeof from['datadir'] === 'string' && from['datadir'] !== '' ? from['datadir'] : null,
    attachAddress: textOr(from['attachAddress'], ''),
    startedNode: readStartedNode(from['startedNode']),
    settings: readSettings(from['settings']),
    window: readWindow(from['window']),
  };
}

/** The preferences file. Writes go to a temporary file first: a crash leaves the old one whole. */
export class PreferencesFile {
  readonly path: string;
  #current: Preferences;
  /** Set when the file was there but could not be read; it was kept beside it under this name. */
  readonly damagedCopy: string | undefined;

  constructor(file: string) {
    this.path = file;
    let text: string | undefined;
    try {
      text = fs.readFileSync(file, 'utf8');
    } catch {
      text = undefined;
    }
    let parsed: unknown;
    try {
      parsed = text === undefined ? {} : JSON.parse(text);
    } catch {
      this.damagedCopy = `${file}.damaged`;
      fs.copyFileSync(file, this.damagedCopy);
      parsed = {};
    }
    this.#current = readPreferences(parsed);
  }

  get current(): Preferences {
    return this.#current;
  }

  update(change: Partial<Preferences>): Preferences {
    this.#current = { ...this.#current, ...change };
    fs.mkdirSync(path.dirname(this.path), { recursive: true, mode: 0o700 });
    const temporary = `${this.path}.new`;
    fs.writeFileSync(temporary, `${JSON.stringify(this.#current, undefined, 2)}\n`, { mode: 0o600 });
    fs.renameSync(temporary, this.path);
    return this.#current;
  }
}
