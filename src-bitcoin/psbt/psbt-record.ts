import { concatBytes } from '../bytes/bytes.js';
import { toHex } from '../bytes/hex.js';
import type { KeyOrigin } from '../descriptor/descriptor.js';
import type { SolvingData } from '../descriptor/solving.js';
import { controlBlock, type TaprootOutput } from '../keys/taproot.js';
import type { MissingParts, SigningRecord } from '../sign/signing-record.js';
import { writeOrigin, writeTapOrigin, writeTapTree } from './field-values.js';
import { inputField, outputField } from './fields.js';
import type { PsbtMap } from './psbt-map.js';

const empty = new Uint8Array(0);

/** Collects what signing an input or describing an output comes across, to put into its map. */
export class PsbtRecord implements SigningRecord {
  readonly #origins: SolvingData | undefined;
  #redeemScript?: Uint8Array;
  #witnessScript?: Uint8Array;
  #taproot?: TaprootOutput;
  readonly #derivations = new Map<string, { readonly pubkey: Uint8Array; readonly origin: KeyOrigin }>();
  readonly #tapDerivations = new Map<string, { readonly key: Uint8Array; readonly origin: KeyOrigin; readonly leafHashes: Uint8Array[] }>();
  readonly #missingPubkeys: Uint8Array[] = [];
  readonly #missingSignatures: Uint8Array[] = [];
  #missingScripts: Pick<MissingParts, 'redeemScript' | 'witnessScript'> = {};
  readonly #signatures: { readonly type: number; readonly keyData: Uint8Array; readonly signature: Uint8Array }[] = [];

  /** @param origins knows where keys come from; without it that is left out. */
  constructor(origins: SolvingData | undefined) {
    this.#origins = origins;
  }

  script(kind: 'redeem' | 'witness', script: Uint8Array): void {
    if (kind === 'redeem') this.#redeemScript = script;
    else this.#witnessScript = script;
  }

  key(pubkey: Uint8Array): void {
    const origin = this.#origins?.origin(pubkey);
    if (origin !== undefined) this.#derivations.set(toHex(pubkey), { pubkey, origin });
  }

  ecdsa(pubkey: Uint8Array, signature: Uint8Array): void {
    this.#signatures.push({ type: inputField.partialSignature, keyData: pubkey, signature });
  }

  taproot(output: TaprootOutput): void {
    this.#taproot = output;
  }

  tapKey(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined): void {
    const origin = this.#origins?.originOfXOnly(xOnlyKey);
    if (origin === undefined) return;
    const id = toHex(xOnlyKey);
    const entry = this.#tapDerivations.get(id) ?? { key: xOnlyKey, origin, leafHashes: [] };
    this.#tapDerivations.set(id, entry);
    if (leafHash !== undefined) entry.leafHashes.push(leafHash);
  }

  schnorr(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined, signature: Uint8Array): void {
    if (leafHash === undefined) this.#signatures.push({ type: inputField.tapKeySignature, keyData: empty, signature });
    else this.#signatures.push({ type: inputField.tapScriptSignature, keyData: concatBytes(xOnlyKey, leafHash), signature });
  }

  missingScript(kind: 'redeem' | 'witness', hash: Uint8Array): void {
    this.#missingScripts = kind === 'redeem' ? { redeemScript: hash } : { witnessScript: hash };
  }

  missingPubkey(keyHash: Uint8Array): void {
    this.#missingPubkeys.push(keyHash);
  }

  missingSignature(pubkey: Uint8Array): void {
    this.#missingSignatures.push(pubkey);
  }

  /** What was looked for in vain. */
  get missing(): MissingParts {
    return { pubkeys: this.#missingPubkeys, signatures: this.#missingSignatures, ...this.#missingScripts };
  }

  #putDerivations(map: PsbtMap, field: { readonly derivation: number; readonly tapDerivation: number }): void {
    for (const { pubkey, origin } of this.#derivations.values()) map.setIfMissing(field.derivation, pubkey, writeOrigin(origin));
    for (const { key, origin, leafHashes } of this.#tapDerivations.values()) {
      map.setIfMissing(field.tapDerivation, key, writeTapOrigin({ leafHashes, origin }));
    }
  }

  /** Adds to an input what its map does not say yet. */
  putInput(map: PsbtMap): void {
    for (const { type, keyData, signature } of this.#signatures) map.setIfMissing(type, keyData, signature);
    if (this.#redeemScript !== undefined) map.setIfMissing(inputField.redeemScript, empty, this.#redeemScript);
    if (this.#witnessScript !== undefined) map.setIfMissing(inputField.witnessScript, empty, this.#witnessScript);
    this.#putDerivations(map, inputField);
    const output = this.#taproot;
    if (output === undefined) return;
    map.setIfMissing(inputField.tapInternalKey, empty, output.internalKey);
    if (output.merkleRoot !== undefined) map.setIfMissing(inputField.tapMerkleRoot, empty, output.merkleRoot);
    for (const leaf of output.leaves) {
      map.setIfMissing(inputField.tapLeafScript, controlBlock(output, leaf), concatBytes(leaf.script, Uint8Array.of(leaf.version)));
    }
  }

  /** Adds to an output what its map does not say yet. */
  putOutput(map: PsbtMap): void {
    if (this.#redeemScript !== undefined) map.setIfMissing(outputField.redeemScript, empty, this.#redeemScript);
    if (this.#witnessScript !== undefined) map.setIfMissing(outputField.witnessScript, empty, this.#witnessScript);
    this.#putDerivations(map, outputField);
    const output = this.#taproot;
    if (output === undefined) return;
    map.setIfMissing(outputField.tapInternalKey, empty, output.internalKey);
    // Left and right make no difference to a tree. Bitcoin Core begins on the right.
    if (output.leaves.length > 0) map.setIfMissing(outputField.tapTree, empty, writeTapTree([...output.leaves].reverse()));
  }
}
