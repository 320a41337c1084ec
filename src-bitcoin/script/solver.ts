import { maxPubkeysPerMultiA, maxPubkeysPerMultisig } from './limits.js';
import {
  OP_CHECKMULTISIG,
  OP_CHECKSIG,
  OP_CHECKSIGADD,
  OP_DUP,
  OP_EQUALVERIFY,
  OP_HASH160,
  OP_NUMEQUAL,
  OP_PUSHDATA4,
  OP_RETURN,
} from './opcodes.js';
import {
  isMinimalPush,
  isPayToAnchor,
  isPayToScriptHash,
  isPushOnly,
  numberForOpcode,
  ScriptReader,
  witnessProgram,
} from './script.js';
import { decodeScriptNumber } from './script-number.js';

/** The kinds of outputs, with what a spender has to answer. Names as in RPC results. */
export type ScriptSolution =
  | { readonly type: 'nonstandard' | 'nulldata' | 'anchor' }
  | { readonly type: 'pubkey'; readonly publicKey: Uint8Array }
  /** HASH160 of the key. */
  | { readonly type: 'pubkeyhash'; readonly hash: Uint8Array }
  /** HASH160 of the redeem script. */
  | { readonly type: 'scripthash'; readonly hash: Uint8Array }
  | { readonly type: 'multisig'; readonly required: number; readonly publicKeys: readonly Uint8Array[] }
  /** HASH160 of the key. */
  | { readonly type: 'witness_v0_keyhash'; readonly hash: Uint8Array }
  /** SHA-256 of the witness script. */
  | { readonly type: 'witness_v0_scripthash'; readonly hash: Uint8Array }
  /** x-only. */
  | { readonly type: 'witness_v1_taproot'; readonly outputKey: Uint8Array }
  | { readonly type: 'witness_unknown'; readonly version: number; readonly program: Uint8Array };

export type ScriptType = ScriptSolution['type'];

/** True when the length fits the first byte: 33 for 02 and 03, 65 for 04, 06 and 07. */
function hasKeySize(key: Uint8Array): boolean {
  const head = key[0];
  return head === 2 || head === 3 ? key.length === 33 : (head === 4 || head === 6 || head === 7) && key.length === 65;
}

function matchPubkey(script: Uint8Array): Uint8Array | undefined {
  const size = script.length - 2;
  if ((size !== 33 && size !== 65) || script[0] !== size || script.at(-1) !== OP_CHECKSIG) return undefined;
  const key = script.subarray(1, -1);
  return hasKeySize(key) ? key : undefined;
}

function isPubkeyHash(script: Uint8Array): boolean {
  return (
    script.length === 25 &&
    script[0] === OP_DUP &&
    script[1] === OP_HASH160 &&
    script[2] === 20 &&
    script[23] === OP_EQUALVERIFY &&
    script[24] === OP_CHECKSIG
  );
}

/** The number an operation pushes, in its shortest form and within bounds. OP_0 counts as an empty push. */
function pushedNumber(opcode: number, data: Uint8Array, least: number, most: number): number | undefined {
  const small = opcode > OP_PUSHDATA4 ? numberForOpcode(opcode) : undefined;
  const number =
    small ?? (opcode <= OP_PUSHDATA4 && isMinimalPush(data, opcode) ? decodeScriptNumber(data, true) : undefined);
  return number !== undefined && number >= least && number <= most ? number : undefined;
}

function matchMultisig(script: Uint8Array): { required: number; publicKeys: Uint8Array[] } | undefined {
  if (script.at(-1) !== OP_CHECKMULTISIG) return undefined;
  const reader = new ScriptReader(script);
  if (!reader.next()) return undefined;
  const required = pushedNumber(reader.opcode, reader.data, 1, maxPubkeysPerMultisig);
  if (required === undefined) return undefined;
  const publicKeys: Uint8Array[] = [];
  while (reader.next() && hasKeySize(reader.data)) publicKeys.push(reader.data);
  const total = pushedNumber(reader.opcode, reader.data, required, maxPubkeysPerMultisig);
  return total === publicKeys.length && reader.position === script.length - 1 ? { required, publicKeys } : undefined;
}

/**
 * Threshold and x-only keys of a `multi_a` leaf: key OP_CHECKSIG, then each further key
 * OP_CHECKSIGADD, then the threshold and OP_NUMEQUAL. Undefined for other scripts.
 */
export function matchMultiA(script: Uint8Array): { required: number; publicKeys: Uint8Array[] } | undefined {
  if (script[0] !== 32 || script.at(-1) !== OP_NUMEQUAL) return undefined;
  const publicKeys: Uint8Array[] = [];
  let position = 0;
  while (script.length - position >= 34) {
    if (script[position] !== 32) return undefined;
    if (script[position + 33] !== (publicKeys.length === 0 ? OP_CHECKSIG : OP_CHECKSIGADD)) return undefined;
    publicKeys.push(script.subarray(position + 1, position + 33));
    position += 34;
  }
  if (publicKeys.length === 0 || publicKeys.length > maxPubkeysPerMultiA) return undefined;
  const reader = new ScriptReader(script, position);
  if (!reader.next() || reader.position !== script.length - 1) return undefined;
  const required = pushedNumber(reader.opcode, reader.data, 1, publicKeys.length);
  return required === undefined ? undefined : { required, publicKeys };
}

/** What kind of output a script is. The arrays in the result are views on the script. */
export function solve(script: Uint8Array): ScriptSolution {
  if (isPayToScriptHash(script)) return { type: 'scripthash', hash: script.subarray(2, 22) };
  const witness = witnessProgram(script);
  if (witness !== undefined) {
    const { version, program } = witness;
    if (version === 0) {
      if (program.length === 20) return { type: 'witness_v0_keyhash', hash: program };
      return program.length === 32 ? { type: 'witness_v0_scripthash', hash: program } : { type: 'nonstandard' };
    }
    if (version === 1 && program.length === 32) return { type: 'witness_v1_taproot', outputKey: program };
    return isPayToAnchor(script) ? { type: 'anchor' } : { type: 'witness_unknown', version, program };
  }
  if (script[0] === OP_RETURN && isPushOnly(script, 1)) return { type: 'nulldata' };
  const publicKey = matchPubkey(script);
  if (publicKey !== undefined) return { type: 'pubkey', publicKey };
  if (isPubkeyHash(script)) return { type: 'pubkeyhash', hash: script.subarray(3, 23) };
  const multisig = matchMultisig(script);
  return multisig === undefined ? { type: 'nonstandard' } : { type: 'multisig', ...multisig };
}
