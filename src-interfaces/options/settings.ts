import type { JsonValue } from '../json/json.js';

/**
 * Where the settings of a program come from, each layer as it was read. Names have no dash.
 * `false` in a list of values stands for a negation (`-noname`).
 */
export interface Settings {
  /** Set by the program itself; wins over everything. */
  readonly forced: Map<string, JsonValue>;
  readonly commandLine: Map<string, JsonValue[]>;
  /** settings.json. */
  readonly readWrite: Map<string, JsonValue>;
  /** bitcoin.conf by section; the section '' is the part before the first heading. */
  readonly config: Map<string, Map<string, JsonValue[]>>;
}

export function emptySettings(): Settings {
  return { forced: new Map(), commandLine: new Map(), readWrite: new Map(), config: new Map() };
}

type Source = 'forced' | 'command-line' | 'read-write' | 'config-network' | 'config-default';

/** The values of one layer for one name: those after the last negation count. */
class Values {
  readonly #all: readonly JsonValue[];

  constructor(values: readonly JsonValue[]) {
    this.#all = values;
  }

  /** How many values the last negation covers, itself included. */
  get negated(): number {
    return this.#all.lastIndexOf(false) + 1;
  }

  get endsNegated(): boolean {
    return this.#all.length > 0 && this.#all[this.#all.length - 1] === false;
  }

  /** Values that were not negated; none when the last word was a negation. */
  get effective(): readonly JsonValue[] {
    return this.endsNegated ? [] : this.#all.slice(this.negated);
  }
}

/** The layers that have a name, in order of precedence. */
function* layers(settings: Settings, section: string, name: string): Iterable<[Source, Values]> {
  const forced = settings.forced.get(name);
  if (forced !== undefined) yield ['forced', new Values([forced])];
  const commandLine = settings.commandLine.get(name);
  if (commandLine !== undefined) yield ['command-line', new Values(commandLine)];
  const readWrite = settings.readWrite.get(name);
  if (readWrite !== undefined) yield ['read-write', new Values(Array.isArray(readWrite) ? readWrite : [readWrite])];
  const inSection = section === '' ? undefined : settings.config.get(section)?.get(name);
  if (inSection !== undefined) yield ['config-network', new Values(inSection)];
  const byDefault = settings.config.get('')?.get(name);
  if (byDefault !== undefined) yield ['config-default', new Values(byDefault)];
}

/** How {@link settingOf} deviates from plain precedence. */
export interface LookupRules {
  /** The default section does not count for this name: it is network-only and the network is not main. */
  readonly ignoreDefaultSection?: boolean;
  /** Only settings.json and bitcoin.conf count. */
  readonly persistentOnly?: boolean;
  /** The name selects the network: the last value in a file wins, and negations are skipped. */
  readonly choosesNetwork?: boolean;
}

/** The one value of a setting: null when it is not set, false when it was negated. */
export function settingOf(settings: Settings, section: string, name: string, rules: LookupRules = {}): JsonValue {
  for (const [source, values] of layers(settings, section, name)) {
    // A negation in the default section counts even for network-only names.
    if (rules.ignoreDefaultSection === true && source === 'config-default' && !values.endsNegated) continue;
    if (rules.persistentOnly === true && (source === 'command-line' || source === 'forced')) continue;
    if (rules.choosesNetwork === true && values.endsNegated) continue;
    const inFile = source === 'config-network' || source === 'config-default';
    const effective = values.effective;
    // In a file the first value wins, on the command line the last.
    const value = inFile && rules.choosesNetwork !== true ? effective[0] : effective[effective.length - 1];
    if (value !== undefined) return value;
    if (values.endsNegated) return false;
  }
  return null;
}

/** All values of a setting that may be repeated, lower layers after higher ones. */
export function settingsListOf(settings: Settings, section: string, name: string, ignoreDefaultSection: boolean): JsonValue[] {
  const result: JsonValue[] = [];
  let done = false;
  let negatedEmpty = false;
  for (const [source, values] of layers(settings, section, name)) {
    const inFile = source === 'config-network' || source === 'config-default';
    if (ignoreDefaultSection && source === 'config-default') continue;
    // A negation followed by values on the command line brings the values of the file back: Bitcoin Core's rule.
    if (!done || (inFile && !negatedEmpty)) {
      for (const value of values.effective) {
        if (Array.isArray(value)) result.push(...value);
        else result.push(value);
      }
    }
    done ||= values.negated > 0 || source === 'forced';
    negatedEmpty ||= values.endsNegated && result.length === 0;
  }
  return result;
}

/** True when the value stands in the default section only, where a network-only name does not count. */
export function isOnlyInDefaultSection(settings: Settings, section: string, name: string): boolean {
  let inDefault = false;
  let elsewhere = false;
  for (const [source, values] of layers(settings, section, name)) {
    if (values.effective.length === 0) continue;
    if (source === 'config-default') inDefault = true;
    else elsewhere = true;
  }
  return inDefault && !elsewhere;
}
