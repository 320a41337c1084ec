import { parseOptionKey, parseOptionValue } from './option-key.js';
import type { OptionTable } from './option-spec.js';
import type { Settings } from './settings.js';

/** A `[section]` heading or `section.name` prefix, and where it stands. */
export interface ConfigSection {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

interface ConfigEntry {
  readonly name: string;
  readonly value: string;
}

type ParsedConfig =
  | { readonly ok: true; readonly entries: readonly ConfigEntry[]; readonly sections: readonly ConfigSection[] }
  | { readonly ok: false; readonly error: string };

const surroundingSpace = /^[ \t\r\n]+|[ \t\r\n]+$/g;

/** Reads `name=value` lines, `[section]` headings and `#` comments. */
export function parseConfigText(text: string, file: string): ParsedConfig {
  const entries: ConfigEntry[] = [];
  const sections: ConfigSection[] = [];
  let prefix = '';
  for (const [i, raw] of text.split('\n').entries()) {
    const line = i + 1;
    const hash = raw.indexOf('#');
    const statement = (hash < 0 ? raw : raw.slice(0, hash)).replace(surroundingSpace, '');
    if (statement === '') continue;
    if (statement.startsWith('[') && statement.endsWith(']')) {
      const name = statement.slice(1, -1);
      sections.push({ name, file, line });
      prefix = `${name}.`;
      continue;
    }
    if (statement.startsWith('-')) {
      const error = `parse error on line ${line}: ${statement}, options in configuration file must be specified without leading -`;
      return { ok: false, error };
    }
    const equals = statement.indexOf('=');
    if (equals < 0) {
      const hint = statement.startsWith('no') ? `, if you intended to specify a negated option, use ${statement}=1 instead` : '';
      return { ok: false, error: `parse error on line ${line}: ${statement}${hint}` };
    }
    const name = prefix + statement.slice(0, equals).replace(surroundingSpace, '');
    if (hash >= 0 && name.includes('rpcpassword')) {
      const error = `parse error on line ${line}, using # in rpcpassword can be ambiguous and should be avoided`;
      return { ok: false, error };
    }
    entries.push({ name, value: statement.slice(equals + 1).replace(surroundingSpace, '') });
    const dot = name.lastIndexOf('.');
    if (dot >= 0 && prefix.length <= dot) sections.push({ name: name.slice(0, dot), file, line });
  }
  return { ok: true, entries, sections };
}

export type ConfigMerge =
  | { readonly ok: true; readonly sections: readonly ConfigSection[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly error: string };

/**
 * Adds what a configuration file says to `settings.config`.
 * @param ignoreUnknown warn about unknown names instead of failing, as programs do that share the file.
 */
export function addConfigText(
  settings: Settings,
  table: OptionTable,
  text: string,
  file: string,
  ignoreUnknown: boolean,
): ConfigMerge {
  const parsed = parseConfigText(text, file);
  if (!parsed.ok) return parsed;
  const warnings: string[] = [];
  for (const { name, value } of parsed.entries) {
    const key = parseOptionKey(name);
    if (key.name === 'conf') {
      const error =
        'conf cannot be set in the configuration file; use includeconf= if you want to include additional config files';
      return { ok: false, error };
    }
    if (key.name === 'reindex') {
      warnings.push('reindex=1 is set in the configuration file, which rebuilds everything at each start. Consider removing it');
    }
    const spec = table.find(key.name);
    if (spec === undefined) {
      if (!ignoreUnknown) return { ok: false, error: `Invalid configuration value ${name}` };
      warnings.push(`Ignoring unknown configuration value ${name}`);
      continue;
    }
    const result = parseOptionValue(key, value, spec);
    if (!result.ok) return result;
    if (result.warning !== undefined) warnings.push(result.warning);
    let section = settings.config.get(key.section);
    if (section === undefined) settings.config.set(key.section, (section = new Map()));
    const values = section.get(key.name);
    if (values === undefined) section.set(key.name, [result.value]);
    else values.push(result.value);
  }
  return { ok: true, sections: parsed.sections, warnings };
}
