import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseJson, writeJson, type JsonValue } from '../../src-interfaces/json/json.js';
import type { Logger } from '../../src-interfaces/logging.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';
import { formatSettingsFile, parseSettingsFile } from '../../src-interfaces/options/settings-file.js';
import type { SettingsAccess } from '../interfaces/chain.js';
import { InitFailure } from './init-failure.js';

/** The settings tree for other processes, and settings.json, which only the node writes. */
export class SettingsStore implements SettingsAccess {
  readonly #options: OptionValues;
  readonly #path: string | undefined;
  readonly #log: Logger;

  /** @param path settings.json; undefined with -nosettings */
  constructor(options: OptionValues, path: string | undefined, log: Logger) {
    this.#options = options;
    this.#path = path;
    this.#log = log;
  }

  /** Reads settings.json, when there is one, and writes it back. @throws InitFailure */
  load(): void {
    if (this.#path === undefined) return;
    const { readWrite } = this.#options.settings;
    readWrite.clear();
    if (existsSync(this.#path)) {
      let text: string;
      try {
        text = readFileSync(this.#path, 'utf8');
      } catch (cause) {
        throw new InitFailure(`Settings file could not be read: ${this.#path}. Please check permissions.`, { cause });
      }
      const parsed = parseSettingsFile(text, this.#path);
      if (!parsed.ok) throw new InitFailure(`Settings file could not be read: ${parsed.error}`);
      for (const [name, value] of parsed.values) readWrite.set(name, value);
      for (const name of readWrite.keys()) {
        if (this.#options.table?.find(name) === undefined) this.#log.warning(`Ignoring unknown rw_settings value ${name}`);
      }
    }
    if (!this.write()) throw new InitFailure(`Settings file could not be written: ${this.#path}`);
  }

  /** Replaces settings.json in one step. False when that failed, which is logged. */
  write(path = this.#path): boolean {
    if (path === undefined) return false;
    try {
      writeFileSync(`${path}.tmp`, formatSettingsFile(this.#options.settings.readWrite), { mode: 0o600, flush: true });
      renameSync(`${path}.tmp`, path);
      return true;
    } catch (error) {
      this.#log.error(`Settings file ${path} not written: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  effective(name: string): string {
    return writeJson(this.#options.value(name));
  }

  effectiveList(name: string): readonly string[] {
    return this.#options.listValues(name).map((value) => writeJson(value));
  }

  persistent(name: string): string {
    return writeJson(this.#options.settings.readWrite.get(name) ?? null);
  }

  /** What settings.json and bitcoin.conf say together. */
  persistentOrConfigured(name: string): string {
    return writeJson(this.#options.persistentValue(name));
  }

  setPersistent(name: string, value: string, write: boolean): boolean {
    const parsed: JsonValue = parseJson(value);
    if (parsed === null) this.#options.settings.readWrite.delete(name);
    else this.#options.settings.readWrite.set(name, parsed);
    return !write || this.write();
  }

  /** Whether the command line overrides what settings.json says. */
  ignored(name: string): boolean {
    return this.#options.settings.commandLine.has(name) || this.#options.settings.forced.has(name);
  }

  force(name: string, value: string): void {
    const parsed = parseJson(value);
    if (parsed === null) this.#options.settings.forced.delete(name);
    else this.#options.force(name, parsed);
  }

  /** Keeps a copy of settings.json and empties it. */
  reset(): void {
    if (this.#path === undefined) return;
    this.write(`${this.#path}.bak`);
    this.#options.settings.readWrite.clear();
    this.write();
  }
}
