import type { BilingualStr } from '../../src-interfaces/generated/common.js';

/** A program's message as the person reads it: translated where there is a translation. */
export function words({ original, translated }: BilingualStr): string {
  return translated === '' ? original : translated;
}
