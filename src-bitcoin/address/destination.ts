import { concatBytes, equalBytes } from '../bytes/bytes.js';

/** Where coins can be sent: the output script templates that have a name. Hashes are 20 or 32 bytes. */
export type Destination =
  | { readonly kind: 'pubkey'; /** 33 or 65 bytes; has no address. */ readonly pubkey: Uint8Array }
  | { readonly kind: 'pubkeyhash'; readonly hash: Uint8Array }
  | { readonly kind: 'scripthash'; readonly hash: Uint8Array }
  | { readonly kind: 'witness_v0_keyhash'; readonly hash: Uint8Array }
  | { readonly kind: 'witness_v0_scripthash'; readonly hash: Uint8Array }
  | { readonly kind: 'witness_v1_taproot'; /** BIP340 x-only key. */ readonly outputKey: Uint8Array }
  | { readonly kind: 'anchor' }
  | { readonly kind: 'witness_unknown'; readonly version: number; readonly program: Uint8Array };

const opDup = 0x76;
const opHash160 = 0xa9;
const opEqual = 0x87;
const opEqualVerify = 0x88;
const opCheckSig = 0xac;
const op1 = 0x51;
const op16 = 0x60;

/** The witness program of pay-to-anchor outputs (version 1). */
const anchorProgram = Uint8Array.of(0x4e, 0x73);

/** Version and program of a BIP141 witness output script, or undefined when it is none. */
export function witnessProgramOf(script: Uint8Array): { readonly version: number; readonly program: Uint8Array } | undefined {
  const opcode = script[0] ?? -1;
  if (opcode !== 0 && (opcode < op1 || opcode > op16)) return undefined;
  if (script.length < 4 || script.length > 42 || script[1] !== script.length - 2) return undefined;
  return { version: opcode === 0 ? 0 : opcode - op1 + 1, program: script.slice(2) };
}

/** The destination of a witness version (0 to 16) and program; undefined for a version 0 of another length. */
export function destinationOfWitness(version: number, program: Uint8Array): Destination | undefined {
  if (version === 0) {
    if (program.length === 20) return { kind: 'witness_v0_keyhash', hash: program };
    if (program.length === 32) return { kind: 'witness_v0_scripthash', hash: program };
    return undefined;
  }
  if (version === 1 && program.length === 32) return { kind: 'witness_v1_taproot', outputKey: program };
  if (version === 1 && equalBytes(program, anchorProgram)) return { kind: 'anchor' };
  return { kind: 'witness_unknown', version, program };
}

const matches = (script: Uint8Array, length: number, head: readonly number[], tail: readonly number[]): boolean =>
  script.length === length &&
  head.every((byte, i) => script[i] === byte) &&
  tail.every((byte, i) => script[length - tail.length + i] === byte);

/** The destination an output script pays to, or undefined for scripts without a name (multisig, data, …). */
export function destinationOf(script: Uint8Array): Destination | undefined {
  if (matches(script, 25, [opDup, opHash160, 20], [opEqualVerify, opCheckSig])) {
    return { kind: 'pubkeyhash', hash: script.slice(3, 23) };
  }
  if (matches(script, 23, [opHash160, 20], [opEqual])) return { kind: 'scripthash', hash: script.slice(2, 22) };
  const witness = witnessProgramOf(script);
  if (witness !== undefined) return destinationOfWitness(witness.version, witness.program);
  const compressed = script[1] === 2 || script[1] === 3;
  if (compressed && matches(script, 35, [33], [opCheckSig])) return { kind: 'pubkey', pubkey: script.slice(1, 34) };
  const uncompressed = script[1] === 4 || script[1] === 6 || script[1] === 7;
  if (uncompressed && matches(script, 67, [65], [opCheckSig])) return { kind: 'pubkey', pubkey: script.slice(1, 66) };
  return undefined;
}

const witnessScript = (version: number, program: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(version === 0 ? 0 : op1 + version - 1, program.length), program);

/** The output script that pays to a destination. */
export function scriptPubKeyOf(destination: Destination): Uint8Array {
  switch (destination.kind) {
    case 'pubkey':
      return concatBytes(Uint8Array.of(destination.pubkey.length), destination.pubkey, Uint8Array.of(opCheckSig));
    case 'pubkeyhash':
      return concatBytes(Uint8Array.of(opDup, opHash160, 20), destination.hash, Uint8Array.of(opEqualVerify, opCheckSig));
    case 'scripthash':
      return concatBytes(Uint8Array.of(opHash160, 20), destination.hash, Uint8Array.of(opEqual));
    case 'witness_v0_keyhash':
    case 'witness_v0_scripthash':
      return witnessScript(0, destination.hash);
    case 'witness_v1_taproot':
      return witnessScript(1, destination.outputKey);
    case 'anchor':
      return witnessScript(1, anchorProgram);
    case 'witness_unknown':
      return witnessScript(destination.version, destination.program);
  }
}
