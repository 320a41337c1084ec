import { base64 } from '@scure/base';
import { parsePsbt, serializePsbt, type ParsedPsbt, type Psbt } from './psbt.js';

/** A PSBT as people pass it on: its binary form in Base64. */
export function psbtToText(psbt: Psbt): string {
  return base64.encode(serializePsbt(psbt));
}

/** Reads a PSBT from Base64, which has no other way to be written. The error is Bitcoin Core's words. */
export function parsePsbtText(text: string): ParsedPsbt {
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(text);
  } catch {
    return { ok: false, error: 'invalid base64' };
  }
  return parsePsbt(bytes);
}
