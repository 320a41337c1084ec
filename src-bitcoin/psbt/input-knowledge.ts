import { concatBytes, equalBytes } from '../bytes/bytes.js';
import { toHex } from '../bytes/hex.js';
import { hash160 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { SolvingData } from '../descriptor/solving.js';
import { mergeTaproot, readControlBlock, type TaprootOutput } from '../keys/taproot.js';
import { solve } from '../script/solver.js';
import { isTaprootCommitment, taprootMerkleRoot, taptweakHash } from '../script/taproot.js';
import { ownSignatureSize, schnorrSize } from '../sign/input-size.js';
import type { EarlierSignatures } from '../sign/signing-record.js';
import { readOrigin, readTapOrigin } from './field-values.js';
import { inputField } from './fields.js';
import type { PsbtMap } from './psbt-map.js';

/** What the map tells of a taproot output, as far as the output key proves it: the rest would stand in the way of what others know. */
function taprootOf(map: PsbtMap, outputKey: Uint8Array): TaprootOutput | undefined {
  const root = map.get(inputField.tapMerkleRoot);
  const internalKey = map.get(inputField.tapInternalKey);
  const tweaked = internalKey && secp256k1.tweakXOnlyPublicKey(internalKey, taptweakHash(internalKey, root));
  let known: TaprootOutput | undefined;
  if (internalKey !== undefined && tweaked !== undefined && equalBytes(tweaked.key, outputKey)) known = { internalKey, merkleRoot: root, outputKey, parity: tweaked.parity, leaves: [] };
  for (const { keyData, value } of map.all(inputField.tapLeafScript)) {
    const { leaf, ...control } = readControlBlock(keyData, value.subarray(0, -1));
    if (!isTaprootCommitment(keyData, outputKey, leaf.leafHash)) continue;
    const output: TaprootOutput = { ...control, merkleRoot: taprootMerkleRoot(keyData, leaf.leafHash), outputKey, leaves: [leaf] };
    known = known === undefined ? output : mergeTaproot(known, output);
  }
  return known;
}

/**
 * What the map of an input tells about spending the output it spends.
 * @param script the output script
 */
export function solvingDataOf(map: PsbtMap, script: Uint8Array): SolvingData {
  const known = new SolvingData();
  for (const type of [inputField.redeemScript, inputField.witnessScript]) {
    const inner = map.get(type);
    if (inner !== undefined) known.addScript(inner);
  }
  for (const { keyData } of map.all(inputField.partialSignature)) known.addPubkey(keyData);
  for (const { keyData, value } of map.all(inputField.derivation)) known.addPubkey(keyData, readOrigin(value));
  for (const { keyData, value } of map.all(inputField.tapDerivation)) known.addPubkey(evenPoint(keyData), readTapOrigin(value).origin);
  const solution = solve(script);
  const output = solution.type === 'witness_v1_taproot' ? taprootOf(map, solution.outputKey) : undefined;
  if (output !== undefined) known.addTaproot(output);
  return known;
}

const evenPoint = (xOnlyKey: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(2), xOnlyKey);

/** The public keys that an input names, x-only ones as both points they can stand for. */
export function listedPubkeys(map: PsbtMap, script: Uint8Array): readonly Uint8Array[] {
  const solution = solve(script);
  const xOnlyKeys = [
    ...(solution.type === 'witness_v1_taproot' ? [solution.outputKey] : []),
    ...map.all(inputField.tapDerivation).map(({ keyData }) => keyData),
  ];
  return [
    ...map.all(inputField.derivation).map(({ keyData }) => keyData),
    ...xOnlyKeys.flatMap((key) => [evenPoint(key), concatBytes(Uint8Array.of(3), key)]),
  ];
}

/** The signatures that the map of an input holds. */
export class PsbtSignatures implements EarlierSignatures {
  readonly #map: PsbtMap;
  readonly #pubkeys = new Map<string, Uint8Array>();

  constructor(map: PsbtMap) {
    this.#map = map;
    for (const { keyData } of map.all(inputField.partialSignature)) this.#pubkeys.set(toHex(hash160(keyData)), keyData);
  }

  ecdsa(pubkey: Uint8Array): Uint8Array | undefined {
    return this.#map.get(inputField.partialSignature, pubkey);
  }

  schnorr(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined): Uint8Array | undefined {
    if (leafHash === undefined) return this.#map.get(inputField.tapKeySignature);
    return this.#map.get(inputField.tapScriptSignature, concatBytes(xOnlyKey, leafHash));
  }

  pubkey(keyHash: Uint8Array): Uint8Array | undefined {
    return this.#pubkeys.get(toHex(keyHash));
  }

  script(): undefined {
    return undefined;
  }
}

/** The signatures that the map of an input holds, and in place of others bytes in the size they will have. */
export class ExpectedSignatures extends PsbtSignatures {
  override ecdsa(pubkey: Uint8Array): Uint8Array {
    return super.ecdsa(pubkey) ?? new Uint8Array(ownSignatureSize);
  }

  override schnorr(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined): Uint8Array {
    return super.schnorr(xOnlyKey, leafHash) ?? new Uint8Array(schnorrSize);
  }
}
