import { toHex } from '../bytes/hex.js';
import { scriptFlags } from './flags.js';
import { opcodeName } from './opcode-name.js';
import { OP_PUSHDATA4 } from './opcodes.js';
import { isUnspendable, ScriptReader } from './script.js';
import { decodeScriptNumber } from './script-number.js';
import { SIGHASH_ALL, SIGHASH_ANYONECANPAY, SIGHASH_NONE, SIGHASH_SINGLE } from './sighash.js';
import { checkSignatureEncoding } from './signature-encoding.js';

const hashTypeNames: ReadonlyMap<number, string> = new Map([
  [SIGHASH_ALL, 'ALL'],
  [SIGHASH_ALL | SIGHASH_ANYONECANPAY, 'ALL|ANYONECANPAY'],
  [SIGHASH_NONE, 'NONE'],
  [SIGHASH_NONE | SIGHASH_ANYONECANPAY, 'NONE|ANYONECANPAY'],
  [SIGHASH_SINGLE, 'SINGLE'],
  [SIGHASH_SINGLE | SIGHASH_ANYONECANPAY, 'SINGLE|ANYONECANPAY'],
]);

/** `ALL`, `SINGLE|ANYONECANPAY` and so on; undefined for a hash type without a name. */
export function hashTypeName(hashType: number): string | undefined {
  return hashTypeNames.get(hashType);
}

function pushText(data: Uint8Array, decodeHashTypes: boolean): string {
  if (data.length <= 4) return String(decodeScriptNumber(data, false) ?? 0);
  if (decodeHashTypes && checkSignatureEncoding(data, scriptFlags.STRICTENC) === undefined) {
    const name = hashTypeNames.get(data.at(-1) ?? 0);
    if (name !== undefined) return `${toHex(data.subarray(0, -1))}[${name}]`;
  }
  return toHex(data);
}

/**
 * A script in words, as RPC results show it: pushes in hex, those of up to four bytes as numbers.
 * @param decodeHashTypes show the hash type of what looks like a signature; for scriptSigs.
 */
export function scriptToAsm(script: Uint8Array, decodeHashTypes = false): string {
  const words: string[] = [];
  const reader = new ScriptReader(script);
  const decode = decodeHashTypes && !isUnspendable(script);
  while (!reader.atEnd) {
    if (!reader.next()) {
      words.push('[error]');
      break;
    }
    words.push(reader.opcode <= OP_PUSHDATA4 ? pushText(reader.data, decode) : opcodeName(reader.opcode));
  }
  return words.join(' ');
}
