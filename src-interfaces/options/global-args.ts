/** The settings tree in the form in which a process hands it to one it starts, and back. */
import type { GlobalArgs, Pair, Settings as WireSettings } from '../generated/common.js';
import { parseJson, writeJson, type JsonValue } from '../json/json.js';
import { emptySettings, type Settings } from './settings.js';

const byName = <T>([a]: readonly [string, T], [b]: readonly [string, T]): number => (a < b ? -1 : a > b ? 1 : 0);

function pairs<T, W>(map: ReadonlyMap<string, T>, toWire: (value: T) => W): Pair<string, W>[] {
  return [...map].sort(byName).map(([key, value]) => ({ key, value: toWire(value) }));
}

const texts = (values: readonly JsonValue[]): readonly string[] => values.map((value) => writeJson(value));

export function toGlobalArgs(settings: Settings, configPath: string): GlobalArgs {
  const wire: WireSettings = {
    forcedSettings: pairs(settings.forced, (value) => writeJson(value)),
    commandLineOptions: pairs(settings.commandLine, texts),
    rwSettings: pairs(settings.readWrite, (value) => writeJson(value)),
    roConfig: pairs(settings.config, (section) => pairs(section, texts)),
  };
  return { settings: wire, configPath };
}

/** A value that cannot be read counts as null, as the reference has it. */
function value(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** The settings another process sent. Of names sent twice the first counts. */
export function fromGlobalArgs({ settings: wire }: GlobalArgs): Settings {
  const settings = emptySettings();
  const setOnce = <T>(map: Map<string, T>, name: string, made: T): void => {
    if (!map.has(name)) map.set(name, made);
  };
  for (const { key, value: text } of wire.forcedSettings) setOnce(settings.forced, key, value(text));
  for (const { key, value: list } of wire.commandLineOptions) setOnce(settings.commandLine, key, list.map(value));
  for (const { key, value: text } of wire.rwSettings) setOnce(settings.readWrite, key, value(text));
  for (const { key, value: section } of wire.roConfig) {
    const names = new Map<string, JsonValue[]>();
    for (const { key: name, value: list } of section) setOnce(names, name, list.map(value));
    setOnce(settings.config, key, names);
  }
  return settings;
}
