import { writeJson, type JsonValue } from '../json/json.js';
import { parseOptionKey, parseOptionValue } from './option-key.js';
import type { OptionTable } from './option-spec.js';

export type ParsedCommandLine =
  | {
      readonly ok: true;
      readonly options: Map<string, JsonValue[]>;
      /** The first argument that is no option and everything after it. */
      readonly rest: readonly string[];
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly error: string };

/**
 * Reads a command line as Bitcoin Core does: `-name`, `-name=value`, `--name`, `-noname`, repeated.
 * @param args without program name.
 */
export function parseCommandLine(args: readonly string[], table: OptionTable): ParsedCommandLine {
  const options = new Map<string, JsonValue[]>();
  const warnings: string[] = [];
  let rest: readonly string[] = [];
  for (const [i, arg] of args.entries()) {
    if (arg === '-') break;
    if (!arg.startsWith('-')) {
      rest = args.slice(i);
      break;
    }
    const equals = arg.indexOf('=');
    const name = (equals < 0 ? arg : arg.slice(0, equals)).replace(/^--?/, '');
    const key = parseOptionKey(name);
    const spec = table.find(key.name);
    if (spec === undefined || key.section !== '') return { ok: false, error: `Invalid parameter ${arg}` };
    const parsed = parseOptionValue(key, equals < 0 ? undefined : arg.slice(equals + 1), spec);
    if (!parsed.ok) return parsed;
    if (parsed.warning !== undefined) warnings.push(parsed.warning);
    const values = options.get(key.name);
    if (values === undefined) options.set(key.name, [parsed.value]);
    else values.push(parsed.value);
  }
  const includes = options.get('includeconf');
  const last = includes?.[includes.length - 1];
  if (includes !== undefined && last !== false) {
    const first = includes[includes.lastIndexOf(false) + 1] ?? '';
    return { ok: false, error: `-includeconf cannot be used from commandline; -includeconf=${writeJson(first)}` };
  }
  return { ok: true, options, rest, warnings };
}
