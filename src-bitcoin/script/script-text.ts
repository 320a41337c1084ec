import { concatBytes } from '../bytes/bytes.js';
import { fromHex, isHex } from '../bytes/hex.js';
import { opcodeName } from './opcode-name.js';
import { OP_NOP, OP_NOP10, OP_RESERVED } from './opcodes.js';
import { pushBytes, pushNumber } from './script.js';

const opcodes = new Map<string, number>();
for (let opcode = OP_RESERVED; opcode <= OP_NOP10; opcode++) {
  const name = opcodeName(opcode);
  if ((opcode !== OP_RESERVED && opcode < OP_NOP) || name === 'OP_UNKNOWN') continue;
  opcodes.set(name, opcode);
  opcodes.set(name.slice(3), opcode);
}

function parseWord(word: string): Uint8Array {
  if (/^-?[0-9]+$/.test(word)) {
    const number = Number(word);
    if (Math.abs(number) > 0xffffffff) throw new RangeError(`number out of range in a script: ${word}`);
    return pushNumber(number);
  }
  if (word.length > 2 && word.startsWith('0x') && isHex(word.slice(2))) return fromHex(word.slice(2));
  if (word.length >= 2 && word.startsWith("'") && word.endsWith("'")) {
    return pushBytes(Uint8Array.from(word.slice(1, -1), (letter) => letter.charCodeAt(0)));
  }
  const opcode = opcodes.get(word);
  if (opcode === undefined) throw new RangeError(`unknown word in a script: ${word}`);
  return Uint8Array.of(opcode);
}

/**
 * A script written in words, as `bitcoin-tx` and test vectors do: numbers are pushed, `0x…` is put in
 * as it is, `'text'` is pushed, anything else is an operation with or without `OP_`.
 * @throws RangeError for a word that is none of these.
 */
export function parseScriptText(text: string): Uint8Array {
  return concatBytes(...text.split(/[ \t\n]+/).filter((word) => word !== '').map(parseWord));
}
