import type { BilingualStr } from '../../src-interfaces/generated/common.js';

/** A message in English; there is no translation here. */
export function bilingual(text: string): BilingualStr {
  return { original: text, translated: text };
}

/** Why an address cannot be shown on a signing device: no wallet of ours keeps its keys in one. */
export const noSigningDevice = 'There is no ScriptPubKeyManager for this address';
