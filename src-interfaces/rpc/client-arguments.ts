import { parseJson, type JsonValue } from '../json/json.js';
import { argumentConversions } from './argument-conversions.js';

interface Conversion {
  readonly position: number;
  readonly format: 'json' | 'json-or-text' | 'text';
  readonly names: readonly string[];
}

function conversionsOf(method: string): readonly Conversion[] {
  const row = Object.hasOwn(argumentConversions, method) ? (argumentConversions[method] ?? '') : '';
  return row.split(' ').flatMap((cell) => {
    const [, position = '', mark = '', names = ''] = /^(\d+)([?"]?):(.*)$/.exec(cell) ?? [];
    if (names === '') return [];
    const format = mark === '' ? 'json' : mark === '?' ? 'json-or-text' : 'text';
    return [{ position: Number(position), format, names: names.split('|') }];
  });
}

function tryJson(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function convert(text: string, conversion: Conversion | undefined): JsonValue {
  if (conversion === undefined || conversion.format === 'text') return text;
  const value = tryJson(text);
  if (value !== undefined) return value;
  if (conversion.format === 'json') throw new Error(`Error parsing JSON: ${text}`);
  return text;
}

/**
 * Arguments typed by position, as the JSON that is sent.
 * @throws Error when one that must be JSON is not.
 */
export function convertPositional(method: string, texts: readonly string[]): readonly JsonValue[] {
  const conversions = conversionsOf(method);
  return texts.map((text, i) => convert(text, conversions.find(({ position }) => position === i)));
}

/**
 * Arguments typed as `name=value`, with those typed by position under `args`.
 * @throws Error when one that must be JSON is not.
 */
export function convertNamed(method: string, texts: readonly string[]): Readonly<Record<string, JsonValue>> {
  const conversions = conversionsOf(method);
  const named: Record<string, JsonValue> = {};
  const positional: JsonValue[] = [];
  for (const text of texts) {
    const next = conversions.find(({ position }) => position === positional.length);
    const equals = text.indexOf('=');
    if (equals < 0) {
      positional.push(convert(text, next));
      continue;
    }
    const name = text.slice(0, equals);
    const known = conversions.find(({ names }) => names.includes(name));
    // An equals sign may also belong to an argument given by position.
    if (known === undefined && next?.format === 'text') {
      positional.push(text);
      continue;
    }
    const whole = known === undefined && next?.format === 'json' ? tryJson(text) : undefined;
    if (whole !== undefined) positional.push(whole);
    else named[name] = convert(text.slice(equals + 1), known);
  }
  if (positional.length > 0 && !('args' in named)) named['args'] = positional;
  return named;
}
