/** Types of the fields in the global map (BIP174). */
export const globalField = { unsignedTx: 0x00, xpub: 0x01, version: 0xfb, proprietary: 0xfc } as const;

/** Types of the fields of an input (BIP174, BIP371, BIP373). */
export const inputField = {
  nonWitnessUtxo: 0x00,
  witnessUtxo: 0x01,
  partialSignature: 0x02,
  hashType: 0x03,
  redeemScript: 0x04,
  witnessScript: 0x05,
  derivation: 0x06,
  finalScriptSig: 0x07,
  finalWitness: 0x08,
  ripemd160: 0x0a,
  sha256: 0x0b,
  hash160: 0x0c,
  hash256: 0x0d,
  tapKeySignature: 0x13,
  tapScriptSignature: 0x14,
  tapLeafScript: 0x15,
  tapDerivation: 0x16,
  tapInternalKey: 0x17,
  tapMerkleRoot: 0x18,
  musig2Participants: 0x1a,
  musig2Nonce: 0x1b,
  musig2PartialSignature: 0x1c,
  proprietary: 0xfc,
} as const;

/** Types of the fields of an output (BIP174, BIP371, BIP373). */
export const outputField = {
  redeemScript: 0x00,
  witnessScript: 0x01,
  derivation: 0x02,
  tapInternalKey: 0x05,
  tapTree: 0x06,
  tapDerivation: 0x07,
  musig2Participants: 0x08,
  proprietary: 0xfc,
} as const;

/** The three kinds of maps that a PSBT consists of. */
export type PsbtMapKind = 'global' | 'input' | 'output';

const { finalScriptSig, finalWitness, proprietary, ...unfinished } = inputField;

/** In which order the fields of a map are written; unknown ones follow. */
export const fieldOrder: Readonly<Record<PsbtMapKind, readonly number[]>> = {
  global: Object.values(globalField),
  // What finishes an input comes after all that led to it.
  input: [...Object.values(unfinished), finalScriptSig, finalWitness, proprietary],
  output: [
    outputField.redeemScript,
    outputField.witnessScript,
    outputField.derivation,
    outputField.proprietary,
    outputField.tapInternalKey,
    outputField.tapTree,
    outputField.tapDerivation,
    outputField.musig2Participants,
  ],
};
