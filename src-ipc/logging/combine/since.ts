import { OptionError } from '../../../src-interfaces/options/option-values.js';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * The time that -since names, in microseconds since 1970: an ISO 8601 time or its beginning (UTC), or how long ago.
 * @param now milliseconds since 1970
 * @throws OptionError
 */
export function sinceTime(text: string, now: number): number {
  const ago = /^(\d+)([smhd])$/.exec(text);
  if (ago !== null) return (now - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0) * 1000) * 1000;
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?Z?)?$/.exec(text);
  const time = match === null ? NaN : Date.parse(`${match[1] ?? ''}T${match[2] ?? '00:00'}${match[3] ?? ':00'}Z`);
  if (!Number.isNaN(time)) return time * 1000;
  throw new OptionError(`Invalid time -since=${text}. Expected 2026-01-31, 2026-01-31T23:59, 2026-01-31T23:59:59Z, or how long ago: 30s, 10m, 2h, 1d.`);
}
