import { JsonNumber, type JsonValue } from '../json/json.js';
import { leadingInteger, switchValue } from './option-key.js';
import type { OptionTable } from './option-spec.js';
import { isOnlyInDefaultSection, settingOf, settingsListOf, type Settings } from './settings.js';

/** Names as `-chain=` takes them. */
export type ChainName = 'main' | 'test' | 'testnet4' | 'signet' | 'regtest';

export const chainNames: readonly ChainName[] = ['main', 'test', 'testnet4', 'signet', 'regtest'];

function isChainName(text: string): text is ChainName {
  return chainNames.some((name) => name === text);
}

/** The command line or a configuration file asks for something that cannot be. The message says what. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

function asText(value: JsonValue): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  throw new OptionError('a setting holds a list or an object where one value is needed');
}

/** What the options of a program say, all layers taken together. Names have no dash. */
export class OptionValues {
  readonly #table: OptionTable | undefined;
  readonly settings: Settings;
  #network = '';

  /** @param table undefined in a process that was handed its settings by another and knows no options itself. */
  constructor(settings: Settings, table: OptionTable | undefined) {
    this.settings = settings;
    this.#table = table;
  }

  get table(): OptionTable | undefined {
    return this.#table;
  }

  /** Network whose section of bitcoin.conf counts; empty before {@link selectNetwork}. */
  get network(): string {
    return this.#network;
  }

  selectNetwork(network: ChainName): void {
    this.#network = network;
  }

  /**
   * The network that -chain, -regtest, -signet, -testnet or -testnet4 choose.
   * @throws OptionError when more than one does, or there is no such network.
   */
  chain(): ChainName {
    const chosen = (['regtest', 'signet', 'testnet', 'testnet4'] as const).filter((name) => {
      const value = settingOf(this.settings, '', name, { choosesNetwork: true });
      return typeof value === 'boolean' ? value : value !== null && switchValue(asText(value) ?? '');
    });
    const named = this.text('chain');
    if (chosen.length + (named === undefined ? 0 : 1) > 1) {
      throw new OptionError(
        'Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain. Can use at most one.',
      );
    }
    if (named !== undefined) {
      if (!isChainName(named)) throw new OptionError(`Unknown chain ${named}.`);
      return named;
    }
    const first = chosen[0];
    return first === undefined ? 'main' : first === 'testnet' ? 'test' : first;
  }

  #ignoresDefaultSection(name: string): boolean {
    return this.#network !== 'main' && this.#table?.find(name)?.networkOnly === true;
  }

  /** The value as stored: null when not set, false when negated. */
  value(name: string): JsonValue {
    return settingOf(this.settings, this.#network, name, { ignoreDefaultSection: this.#ignoresDefaultSection(name) });
  }

  /** The value that settings.json and bitcoin.conf give, whatever the command line says. */
  persistentValue(name: string): JsonValue {
    const ignoreDefaultSection = this.#ignoresDefaultSection(name);
    return settingOf(this.settings, this.#network, name, { ignoreDefaultSection, persistentOnly: true });
  }

  isSet(name: string): boolean {
    return this.value(name) !== null;
  }

  /** True when the last word on it was `-noname`. */
  isNegated(name: string): boolean {
    return this.value(name) === false;
  }

  text(name: string): string | undefined {
    return asText(this.value(name));
  }

  /** Texts that are no number count as 0, as in Bitcoin Core. */
  integer(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(leadingInteger(text));
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (typeof value === 'boolean') return value;
    const text = asText(value);
    return text === undefined ? undefined : switchValue(text);
  }

  /** All values of an option that may be repeated. */
  list(name: string): readonly string[] {
    return this.listValues(name).flatMap((value) => asText(value) ?? []);
  }

  listValues(name: string): readonly JsonValue[] {
    return settingsListOf(this.settings, this.#network, name, this.#ignoresDefaultSection(name));
  }

  /** Sets a value above all layers. */
  force(name: string, value: JsonValue): void {
    this.settings.forced.set(name, value);
  }

  /** Sets a value unless there is one already. True when it did. */
  softSet(name: string, value: string | boolean): boolean {
    if (this.isSet(name)) return false;
    this.force(name, typeof value === 'boolean' ? (value ? '1' : '0') : value);
    return true;
  }

  /** Network-only options whose value stands in the default section, where it does not count. */
  misplacedOptions(): readonly string[] {
    if (this.#network === '' || this.#network === 'main' || this.#table === undefined) return [];
    const names: string[] = [];
    for (const spec of this.#table.all()) {
      if (spec.networkOnly && isOnlyInDefaultSection(this.settings, this.#network, spec.name)) names.push(spec.name);
    }
    return names.sort();
  }
}
