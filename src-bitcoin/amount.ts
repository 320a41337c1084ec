/**
 * Amounts as people read and type them. Values are satoshis as bigint; 1 BTC is 100,000,000 satoshis.
 *
 * Bitcoin amounts are shown with all eight decimals so that columns align at the point, and grouped in
 * threes from the point outwards (0.001 234 56): the groups are what makes eight decimals readable.
 */

export type Unit = 'BTC' | 'sats';

export const COIN = 100_000_000n;
/** 21 million bitcoin: no amount of a valid transaction is larger. */
export const MAX_MONEY = 21_000_000n * COIN;

/** Between digit groups: a narrow space that does not break lines. */
export const GROUP_SPACE = '\u202f';
/** U+2212: as wide as a digit in most faces, unlike the hyphen. */
const MINUS = '\u2212';

export interface FormatOptions {
  readonly unit: Unit;
  /** Put `+` before positive amounts. */
  readonly plus?: boolean;
  /** Without group spaces and with ASCII signs: for files, fields and URIs. */
  readonly plain?: boolean;
  /** BTC only: leave out zeros at the end of the decimals (and the point with them). */
  readonly trim?: boolean;
}

/** The pieces of a formatted amount, for views that set them differently. */
export interface AmountParts {
  readonly sign: '' | '+' | '-';
  /** Whole bitcoin or satoshis, grouped. */
  readonly whole: string;
  /** Decimals with the point in front, grouped; '' for satoshis. */
  readonly decimals: string;
}

function groupWhole(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, GROUP_SPACE);
}

function groupDecimals(digits: string): string {
  return digits.replace(/(\d{3})(?=\d)/g, `$1${GROUP_SPACE}`);
}

/** Splits an amount for display. */
export function amountParts(satoshis: bigint, unit: Unit, plus = false): AmountParts {
  const sign = satoshis < 0n ? '-' : plus && satoshis > 0n ? '+' : '';
  const absolute = satoshis < 0n ? -satoshis : satoshis;
  if (unit === 'sats') return { sign, whole: groupWhole(absolute.toString()), decimals: '' };
  const decimals = (absolute % COIN).toString().padStart(8, '0');
  return { sign, whole: groupWhole((absolute / COIN).toString()), decimals: `.${groupDecimals(decimals)}` };
}

/** Formats an amount, without the unit's name: `0.001 234 56`, `123 456`. */
export function formatAmount(satoshis: bigint, options: FormatOptions): string {
  const parts = amountParts(satoshis, options.unit, options.plus);
  let decimals = parts.decimals;
  if (options.trim === true) decimals = decimals.replace(new RegExp(`[0${GROUP_SPACE}]+$`), '').replace(/\.$/, '');
  const grouped = `${parts.whole}${decimals}`;
  if (options.plain === true) return `${parts.sign}${grouped.replaceAll(GROUP_SPACE, '')}`;
  return `${parts.sign === '-' ? MINUS : parts.sign}${grouped}`;
}

export type AmountFault =
  | 'empty'
  /** Not digits with at most one point. */
  | 'not-a-number'
  /** A comma could be a decimal point or a thousands mark: with money nobody guesses. */
  | 'comma'
  | 'negative'
  /** More than eight decimals, or any in satoshis. */
  | 'too-precise'
  | 'too-large';

export type ParsedAmount =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly fault: AmountFault };

/** Reads an amount as typed. Spaces (of any width) between digits are allowed. */
export function parseAmount(text: string, unit: Unit): ParsedAmount {
  const fault = (reason: AmountFault): ParsedAmount => ({ ok: false, fault: reason });
  const compact = text.replace(/[\s_]/gu, '');
  if (compact === '') return fault('empty');
  if (compact.includes(',')) return fault('comma');
  if (compact.startsWith('-') || compact.startsWith(MINUS)) return fault('negative');
  const match = /^(\d*)(?:\.(\d*))?$/.exec(compact);
  const whole = match?.[1] ?? '';
  const decimals = match?.[2] ?? '';
  if (match === null || whole + decimals === '') return fault('not-a-number');
  const places = unit === 'BTC' ? 8 : 0;
  const significant = decimals.replace(/0+$/, '');
  if (significant.length > places) return fault('too-precise');
  if (whole.replace(/^0+/, '').length > 16) return fault('too-large');
  const scale = unit === 'BTC' ? COIN : 1n;
  const value = BigInt(whole === '' ? '0' : whole) * scale + BigInt(significant.padEnd(places, '0') || '0');
  return value > MAX_MONEY ? fault('too-large') : { ok: true, value };
}
