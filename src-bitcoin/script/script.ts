import { concatBytes } from '../bytes/bytes.js';
import { maxScriptSize } from './limits.js';
import {
  OP_0,
  OP_1,
  OP_16,
  OP_1NEGATE,
  OP_EQUAL,
  OP_HASH160,
  OP_INVALIDOPCODE,
  OP_PUSHDATA1,
  OP_PUSHDATA2,
  OP_PUSHDATA4,
  OP_RETURN,
} from './opcodes.js';
import { encodeScriptNumber } from './script-number.js';

const noData = new Uint8Array(0);

/** Steps through the operations of a script. */
export class ScriptReader {
  /** The operation `next` read last. */
  opcode = OP_INVALIDOPCODE;
  /** What it pushes, as a view on the script; empty when it is not a push of bytes. */
  data: Uint8Array = noData;
  /** Offset of the byte after it. */
  position: number;
  readonly #script: Uint8Array;

  constructor(script: Uint8Array, position = 0) {
    this.#script = script;
    this.position = position;
  }

  get atEnd(): boolean {
    return this.position >= this.#script.length;
  }

  /**
   * Reads one operation. False at the end, and when a push announces more bytes than there are:
   * `atEnd` tells the two apart only before the call.
   */
  next(): boolean {
    const script = this.#script;
    this.opcode = OP_INVALIDOPCODE;
    this.data = noData;
    if (this.position >= script.length) return false;
    const opcode = script[this.position++] ?? 0;
    if (opcode > OP_PUSHDATA4) {
      this.opcode = opcode;
      return true;
    }
    let size = opcode;
    if (opcode >= OP_PUSHDATA1) {
      const sizeBytes = 1 << (opcode - OP_PUSHDATA1);
      if (script.length - this.position < sizeBytes) return false;
      size = 0;
      for (let i = sizeBytes - 1; i >= 0; i--) size = size * 256 + (script[this.position + i] ?? 0);
      this.position += sizeBytes;
    }
    if (script.length - this.position < size) return false;
    this.data = script.subarray(this.position, this.position + size);
    this.position += size;
    this.opcode = opcode;
    return true;
  }
}

/** A push of `data` with its length in the fewest bytes. Never OP_1 to OP_16 or OP_1NEGATE. */
export function pushBytes(data: Uint8Array): Uint8Array {
  const size = data.length;
  if (size < OP_PUSHDATA1) return concatBytes(Uint8Array.of(size), data);
  if (size <= 0xff) return concatBytes(Uint8Array.of(OP_PUSHDATA1, size), data);
  if (size <= 0xffff) return concatBytes(Uint8Array.of(OP_PUSHDATA2, size & 0xff, size >> 8), data);
  return concatBytes(Uint8Array.of(OP_PUSHDATA4, size & 0xff, (size >> 8) & 0xff, (size >> 16) & 0xff, size >>> 24), data);
}

/** The operation that pushes a number from 0 to 16. */
export function opcodeForNumber(number: number): number {
  if (!Number.isInteger(number) || number < 0 || number > 16) throw new RangeError(`no operation pushes ${number}`);
  return number === 0 ? OP_0 : OP_1 + number - 1;
}

/** The number that OP_0 or OP_1 to OP_16 pushes; undefined for other operations. */
export function numberForOpcode(opcode: number): number | undefined {
  if (opcode === OP_0) return 0;
  return opcode >= OP_1 && opcode <= OP_16 ? opcode - OP_1 + 1 : undefined;
}

/** A push of a number: one operation from −1 to 16, else its bytes. */
export function pushNumber(number: number): Uint8Array {
  if (number === -1) return Uint8Array.of(OP_1NEGATE);
  return number >= 0 && number <= 16 ? Uint8Array.of(opcodeForNumber(number)) : pushBytes(encodeScriptNumber(number));
}

/** A script of operations (numbers) and pushes (byte arrays). */
export function buildScript(...parts: readonly (number | Uint8Array)[]): Uint8Array {
  return concatBytes(...parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : pushBytes(part))));
}

/** True when `opcode` is the shortest way to push `data` (BIP62 rule 3). For push opcodes up to OP_PUSHDATA4. */
export function isMinimalPush(data: Uint8Array, opcode: number): boolean {
  const size = data.length;
  if (size === 0) return opcode === OP_0;
  const first = data[0] ?? 0;
  if (size === 1 && ((first >= 1 && first <= 16) || first === 0x81)) return false;
  if (size < OP_PUSHDATA1) return opcode === size;
  if (size <= 0xff) return opcode === OP_PUSHDATA1;
  return size > 0xffff || opcode === OP_PUSHDATA2;
}

/** True when every operation from `position` on pushes. OP_RESERVED counts as a push here. */
export function isPushOnly(script: Uint8Array, position = 0): boolean {
  const reader = new ScriptReader(script, position);
  while (!reader.atEnd) if (!reader.next() || reader.opcode > OP_16) return false;
  return true;
}

/** BIP16: OP_HASH160, 20 bytes, OP_EQUAL. */
export function isPayToScriptHash(script: Uint8Array): boolean {
  return script.length === 23 && script[0] === OP_HASH160 && script[1] === 20 && script[22] === OP_EQUAL;
}

/** BIP141 version and program (2 to 40 bytes), or undefined. */
export function witnessProgram(script: Uint8Array): { version: number; program: Uint8Array } | undefined {
  const size = script.length;
  if (size < 4 || size > 42 || script[1] !== size - 2) return undefined;
  const version = numberForOpcode(script[0] ?? OP_INVALIDOPCODE);
  return version === undefined ? undefined : { version, program: script.subarray(2) };
}

/** BIP141 pay to witness script hash. */
export function isPayToWitnessScriptHash(script: Uint8Array): boolean {
  return script.length === 34 && script[0] === OP_0 && script[1] === 32;
}

/** BIP341. */
export function isPayToTaproot(script: Uint8Array): boolean {
  return script.length === 34 && script[0] === OP_1 && script[1] === 32;
}

/** Pay to anchor: a witness v1 program of two bytes that anyone can spend. */
export function isPayToAnchor(script: Uint8Array): boolean {
  return script.length === 4 && script[0] === OP_1 && script[1] === 2 && script[2] === 0x4e && script[3] === 0x73;
}

/** True when no input can ever spend it, so that it need not be kept as unspent. */
export function isUnspendable(script: Uint8Array): boolean {
  return script[0] === OP_RETURN || script.length > maxScriptSize;
}
