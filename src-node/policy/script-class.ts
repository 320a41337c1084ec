import {
  OP_CHECKMULTISIG,
  OP_CHECKSIG,
  OP_DUP,
  OP_EQUALVERIFY,
  OP_HASH160,
  OP_PUSHDATA4,
  OP_RETURN,
} from '../../src-bitcoin/script/opcodes.js';
import { maxPubkeysPerMultisig } from '../../src-bitcoin/script/limits.js';
import { decodeScriptNumber } from '../../src-bitcoin/script/script-number.js';
import {
  ScriptReader,
  isMinimalPush,
  isPayToAnchor,
  isPayToScriptHash,
  isPushOnly,
  numberForOpcode,
  witnessProgram,
} from '../../src-bitcoin/script/script.js';

/** Kinds of output scripts, named as in RPC results. */
export type ScriptClass =
  | 'nonstandard'
  | 'pubkey'
  | 'pubkeyhash'
  | 'scripthash'
  | 'multisig'
  | 'nulldata'
  | 'anchor'
  | 'witness_v0_keyhash'
  | 'witness_v0_scripthash'
  | 'witness_v1_taproot'
  | 'witness_unknown';

function isKeySize(key: Uint8Array): boolean {
  const first = key[0];
  if (first === 2 || first === 3) return key.length === 33;
  return (first === 4 || first === 6 || first === 7) && key.length === 65;
}

function isPayToPubkey(script: Uint8Array): boolean {
  const { length } = script;
  return (
    (length === 35 || length === 67) &&
    script[0] === length - 2 &&
    script[length - 1] === OP_CHECKSIG &&
    isKeySize(script.subarray(1, length - 1))
  );
}

function isPayToPubkeyHash(script: Uint8Array): boolean {
  return (
    script.length === 25 &&
    script[0] === OP_DUP &&
    script[1] === OP_HASH160 &&
    script[2] === 20 &&
    script[23] === OP_EQUALVERIFY &&
    script[24] === OP_CHECKSIG
  );
}

/** A count of keys: OP_1 to OP_16, or a minimal push of up to 20. */
function keyCount(reader: ScriptReader): number | undefined {
  const { opcode, data } = reader;
  let count = numberForOpcode(opcode);
  if (count === undefined && opcode <= OP_PUSHDATA4 && isMinimalPush(data, opcode)) count = decodeScriptNumber(data, true);
  return count !== undefined && count >= 1 && count <= maxPubkeysPerMultisig ? count : undefined;
}

/** How many of how many keys sign a bare multisig output; undefined for other scripts. */
export function matchMultisig(script: Uint8Array): { required: number; keys: readonly Uint8Array[] } | undefined {
  if (script[script.length - 1] !== OP_CHECKMULTISIG) return undefined;
  const reader = new ScriptReader(script);
  const required = reader.next() ? keyCount(reader) : undefined;
  if (required === undefined) return undefined;
  const keys: Uint8Array[] = [];
  while (reader.next() && isKeySize(reader.data)) keys.push(reader.data);
  const total = keyCount(reader);
  if (total === undefined || total !== keys.length || total < required) return undefined;
  return reader.position === script.length - 1 ? { required, keys } : undefined;
}

/** Which of the known kinds an output script is. */
export function classifyScript(script: Uint8Array): ScriptClass {
  if (isPayToScriptHash(script)) return 'scripthash';
  const witness = witnessProgram(script);
  if (witness !== undefined) {
    if (witness.version === 0) {
      if (witness.program.length === 20) return 'witness_v0_keyhash';
      return witness.program.length === 32 ? 'witness_v0_scripthash' : 'nonstandard';
    }
    if (witness.version === 1 && witness.program.length === 32) return 'witness_v1_taproot';
    return isPayToAnchor(script) ? 'anchor' : 'witness_unknown';
  }
  if (script[0] === OP_RETURN && isPushOnly(script, 1)) return 'nulldata';
  if (isPayToPubkey(script)) return 'pubkey';
  if (isPayToPubkeyHash(script)) return 'pubkeyhash';
  return matchMultisig(script) === undefined ? 'nonstandard' : 'multisig';
}
