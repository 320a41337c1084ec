import type { JsonValue } from '../json/json.js';
import type { OptionSpec } from './option-spec.js';

/** A name as written, taken apart: `regtest.nolisten` is section `regtest`, name `listen`, negated. */
export interface OptionKey {
  readonly section: string;
  readonly name: string;
  readonly negated: boolean;
}

export function parseOptionKey(text: string): OptionKey {
  const dot = text.indexOf('.');
  const section = dot < 0 ? '' : text.slice(0, dot);
  const rest = dot < 0 ? text : text.slice(dot + 1);
  const negated = rest.startsWith('no');
  return { section, name: negated ? rest.slice(2) : rest, negated };
}

/** The whole number at the start of a text, as C's atoi reads it; 0 when there is none. */
export function leadingInteger(text: string): bigint {
  const digits = /^\s*\+?(-?\d+)/.exec(text)?.[1];
  return digits === undefined ? 0n : BigInt(digits);
}

/** Bitcoin Core's reading of a switch: nothing means on, a number other than 0 means on, all else is off. */
export function switchValue(text: string): boolean {
  return text === '' || leadingInteger(text) !== 0n;
}

export type OptionValue =
  | { readonly ok: true; readonly value: JsonValue; readonly warning?: string }
  | { readonly ok: false; readonly error: string };

/** The value of an option as it is stored, or what is wrong with it. `text` is undefined without `=`. */
export function parseOptionValue(key: OptionKey, text: string | undefined, spec: OptionSpec): OptionValue {
  if (key.negated) {
    if (spec.noNegation) return { ok: false, error: `Negating of -${key.name} is meaningless and therefore forbidden` };
    if (text !== undefined && !switchValue(text)) {
      const warning = `Parsed potentially confusing double-negative -${key.name}=${text}`;
      return { ok: true, value: true, warning };
    }
    return { ok: true, value: false };
  }
  if (text === undefined && spec.needsValue) {
    const error = `Can not set -${key.name} with no value. Please specify value with -${key.name}=value.`;
    return { ok: false, error };
  }
  const value = text ?? '';
  if (value !== '') {
    if (spec.kind === 'integer' && !/^[+-]?\d+$/.test(value)) {
      return { ok: false, error: `Invalid value for -${key.name}: '${value}' is not a whole number` };
    }
    if (spec.kind === 'amount' && !/^\d+(\.\d{0,8})?$|^\.\d{1,8}$/.test(value)) {
      return { ok: false, error: `Invalid amount for -${key.name}=<amount>: '${value}'` };
    }
  }
  return { ok: true, value };
}
