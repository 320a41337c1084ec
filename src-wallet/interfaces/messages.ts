import type { BilingualStr } from '../../src-interfaces/generated/common.js';

/** A message in English; there is no translation here. */
export function bilingual(text: string): BilingualStr {
  return { original: text, translated: text };
}
