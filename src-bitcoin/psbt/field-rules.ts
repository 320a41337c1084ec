import { ByteReader, DecodeError } from '../bytes/reader.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import { parseExtendedPublicKey } from '../keys/bip32.js';
import { readTransaction, readTxOut, serializeTransaction } from '../primitives/transaction.js';
import { scriptFlags } from '../script/flags.js';
import { checkSignatureEncoding } from '../script/signature-encoding.js';
import { controlMaxNodes, leafVersionMask } from '../script/taproot.js';
import { readOrigin, readTapOrigin, readTapTree, readWitness, writeTapOrigin } from './field-values.js';
import { globalField, inputField, outputField, type PsbtMapKind } from './fields.js';

/** What a field has to be like. The words are Bitcoin Core's. */
export interface FieldRule {
  /** Said of a second field with the same key. */
  readonly duplicate: string;
  /** @throws DecodeError when the key data cannot be. */
  readonly key: (keyData: Uint8Array) => void;
  /** The value as it is to be kept. @throws DecodeError when it cannot be. */
  readonly value: (value: Uint8Array) => Uint8Array;
  /** Whether a value says no more than a field that is left out. Such fields are not kept. */
  readonly isNothing?: (value: Uint8Array) => boolean;
}

const refuse = (message: string): never => {
  throw new DecodeError(message);
};
const any = (value: Uint8Array): Uint8Array => value;
const check =
  (look: (value: Uint8Array) => unknown) =>
  (value: Uint8Array): Uint8Array => {
    look(value);
    return value;
  };
/** Reads a value to its end; whatever is wrong inside, its size cannot have been the stated one. */
function whole<T>(value: Uint8Array, read: (reader: ByteReader) => T): T {
  const reader = new ByteReader(value);
  let result: T;
  try {
    result = read(reader);
  } catch (fault) {
    if (!(fault instanceof DecodeError)) throw fault;
    throw new DecodeError('Size of value was not the stated size', { cause: fault });
  }
  if (reader.remaining > 0) refuse('Size of value was not the stated size');
  return result;
}
const sized = (size: number): ((value: Uint8Array) => Uint8Array) => check((value) => whole(value, (reader) => reader.bytes(size)));

/** A field that a map has once, without key data. */
const single = (duplicate: string, subject: string, value: FieldRule['value'], isNothing?: FieldRule['isNothing']): FieldRule => ({
  duplicate: `Duplicate Key, ${duplicate} already provided`,
  key: (keyData) => keyData.length > 0 && refuse(`${subject} key is more than one byte type`),
  value,
  ...(isNothing === undefined ? {} : { isNothing }),
});

const isEmpty = (value: Uint8Array): boolean => value.length === 0;
/** Of a hash or a key, and of a stack: no items. */
const isZero = (value: Uint8Array): boolean => value.every((byte) => byte === 0);
/** Of an output: an amount of -1 satoshi stands for none. */
const isNoOutput = (value: Uint8Array): boolean => value.subarray(0, 8).every((byte) => byte === 0xff);

const keyed = (duplicate: string, key: FieldRule['key'], value: FieldRule['value']): FieldRule => ({ duplicate: `Duplicate Key, ${duplicate}`, key, value });

function checkPubkeyData(keyData: Uint8Array, of: string): void {
  if (keyData.length !== 33 && keyData.length !== 65) refuse(`Size of key was not the expected size for the type ${of}`);
  if (!secp256k1.isValidPublicKey(keyData)) refuse('Invalid pubkey');
}

const ecdsaValue = check((signature) => {
  if (signature.length === 0 || checkSignatureEncoding(signature, scriptFlags.DERSIG | scriptFlags.STRICTENC) !== undefined) refuse('Signature is not a valid encoding');
});

const schnorrValue = (path: 'key' | 'script'): FieldRule['value'] =>
  check((signature) => {
    if (signature.length < 64) refuse(`Input Taproot ${path} path signature is shorter than 64 bytes`);
    if (signature.length > 65) refuse(`Input Taproot ${path} path signature is longer than 65 bytes`);
  });

const derivation = keyed(
  'pubkey derivation path already provided',
  (keyData) => checkPubkeyData(keyData, 'BIP32 keypath'),
  check(readOrigin),
);

const preimage = (name: string, size: number): FieldRule =>
  keyed(
    `input ${name} preimage already provided`,
    (keyData) => keyData.length !== size && refuse(`Size of key was not the expected size for the type ${name} preimage`),
    any,
  );

const tapDerivation = (side: 'Input' | 'Output'): FieldRule =>
  keyed(
    `${side.toLowerCase()} Taproot BIP32 keypath already provided`,
    (keyData) => keyData.length !== 32 && refuse(`${side} Taproot BIP32 keypath key is not at 33 bytes`),
    (value) => {
      const reader = new ByteReader(value);
      if (value.length === 0 || reader.compactSize() * 32 > reader.remaining) refuse(`${side} Taproot BIP32 keypath has an invalid length`);
      return writeTapOrigin(readTapOrigin(value));
    },
  );

const musig2Participants = (side: 'Input' | 'Output'): FieldRule =>
  keyed(
    `${side.toLowerCase()} participant pubkeys for an aggregate key already provided`,
    (keyData) => {
      if (keyData.length !== 33) refuse(`${side} musig2 participants pubkeys aggregate key is not 34 bytes`);
      if (!secp256k1.isValidPublicKey(keyData)) refuse(`${side} musig2 aggregate pubkey is invalid`);
    },
    check((value) => {
      for (let start = 0; start + 33 <= value.length; start += 33) {
        if (!secp256k1.isValidPublicKey(value.subarray(start, start + 33))) refuse(`${side} musig2 participant pubkey is invalid`);
      }
      if (value.length % 33 !== 0) refuse(`${side} musig2 participants pubkeys value size is not a multiple of 33`);
    }),
  );

const musig2Key =
  (name: string): FieldRule['key'] =>
  (keyData) =>
    keyData.length !== 66 && keyData.length !== 98 && refuse(`Input musig2 ${name} key is not expected size of 67 or 99 bytes`);

const proprietary = keyed(
  'proprietary key already found',
  (keyData) => {
    const reader = new ByteReader(keyData);
    reader.varBytes();
    reader.compactSize64();
  },
  any,
);

/** Whether leaves of these depths, from left to right, make up a whole tree. */
function isWholeTree(depths: readonly number[]): boolean {
  const open: number[] = [];
  for (const each of depths) {
    let depth = each;
    while (open.length > 0 && open.at(-1) === depth) {
      open.pop();
      depth--;
    }
    if (depth < 0 || (open.at(-1) ?? -1) > depth) return false;
    open.push(depth);
  }
  return open.length === 1 && open[0] === 0;
}

function checkTapTree(value: Uint8Array): void {
  if (value.length === 0) refuse('Output Taproot tree must not be empty');
  const depths: number[] = [];
  for (const { depth, version } of readTapTree(value)) {
    if (depth > controlMaxNodes) refuse('Output Taproot tree has as leaf greater than Taproot maximum depth');
    if ((version & ~leafVersionMask) !== 0) refuse('Output Taproot tree has a leaf with an invalid leaf version');
    depths.push(depth);
  }
  if (!isWholeTree(depths)) refuse('Output Taproot tree is malformed');
}

function checkXpubData(keyData: Uint8Array): void {
  if (keyData.length !== 78) refuse('Size of key was not the expected size for the type global xpub');
  // Four bytes tell the network; the node follows.
  if (parseExtendedPublicKey(keyData.subarray(4)) === undefined) refuse('Invalid pubkey');
}

const globalRules: Readonly<Record<number, FieldRule>> = {
  [globalField.unsignedTx]: single('unsigned tx', 'Global unsigned tx', any),
  [globalField.xpub]: { duplicate: 'Duplicate key, global xpub already provided', key: checkXpubData, value: check(readOrigin) },
  [globalField.version]: single(
    'version',
    'Global version',
    check((value) => {
      if (whole(value, (reader) => reader.u32()) > 0) refuse('Unsupported version number');
    }),
  ),
  [globalField.proprietary]: proprietary,
};

const inputRules: Readonly<Record<number, FieldRule>> = {
  [inputField.nonWitnessUtxo]: single('input non-witness utxo', 'Non-witness utxo', (value) => serializeTransaction(whole(value, readTransaction), false)),
  [inputField.witnessUtxo]: single('input witness utxo', 'Witness utxo', check((value) => whole(value, readTxOut)), isNoOutput),
  [inputField.partialSignature]: keyed(
    'input partial signature for pubkey already provided',
    (keyData) => checkPubkeyData(keyData, 'partial signature pubkey'),
    ecdsaValue,
  ),
  [inputField.hashType]: single('input sighash type', 'Sighash type', sized(4)),
  [inputField.redeemScript]: single('input redeemScript', 'Input redeemScript', any, isEmpty),
  [inputField.witnessScript]: single('input witnessScript', 'Input witnessScript', any, isEmpty),
  [inputField.derivation]: derivation,
  [inputField.finalScriptSig]: single('input final scriptSig', 'Final scriptSig', any, isEmpty),
  [inputField.finalWitness]: single('input final scriptWitness', 'Final scriptWitness', check((value) => whole(value, (reader) => readWitness(reader.bytes(reader.remaining)))), isZero),
  [inputField.ripemd160]: preimage('ripemd160', 20),
  [inputField.sha256]: preimage('sha256', 32),
  [inputField.hash160]: preimage('hash160', 20),
  [inputField.hash256]: preimage('hash256', 32),
  [inputField.tapKeySignature]: single('input Taproot key signature', 'Input Taproot key signature', schnorrValue('key')),
  [inputField.tapScriptSignature]: keyed(
    'input Taproot script signature already provided',
    (keyData) => keyData.length !== 64 && refuse('Input Taproot script signature key is not 65 bytes'),
    schnorrValue('script'),
  ),
  [inputField.tapLeafScript]: keyed(
    'input Taproot leaf script already provided',
    (keyData) => {
      if (keyData.length < 33) refuse('Taproot leaf script key is not at least 34 bytes');
      if ((keyData.length - 1) % 32 !== 0) refuse("Input Taproot leaf script key's control block size is not valid");
    },
    check((value) => value.length === 0 && refuse('Input Taproot leaf script must be at least 1 byte')),
  ),
  [inputField.tapDerivation]: tapDerivation('Input'),
  [inputField.tapInternalKey]: single('input Taproot internal key', 'Input Taproot internal key', sized(32), isZero),
  [inputField.tapMerkleRoot]: single('input Taproot merkle root', 'Input Taproot merkle root', sized(32), isZero),
  [inputField.musig2Participants]: musig2Participants('Input'),
  [inputField.musig2Nonce]: keyed('input musig2 pubnonce already provided', musig2Key('pubnonce'), check((value) => value.length !== 66 && refuse('Input musig2 pubnonce value is not 66 bytes'))),
  [inputField.musig2PartialSignature]: keyed('input musig2 partial sig already provided', musig2Key('partial sig'), sized(32)),
  [inputField.proprietary]: proprietary,
};

const outputRules: Readonly<Record<number, FieldRule>> = {
  [outputField.redeemScript]: single('output redeemScript', 'Output redeemScript', any, isEmpty),
  [outputField.witnessScript]: single('output witnessScript', 'Output witnessScript', any, isEmpty),
  [outputField.derivation]: derivation,
  [outputField.tapInternalKey]: single('output Taproot internal key', 'Output Taproot internal key', sized(32), isZero),
  [outputField.tapTree]: single('output Taproot tree', 'Output Taproot tree', check(checkTapTree)),
  [outputField.tapDerivation]: tapDerivation('Output'),
  [outputField.musig2Participants]: musig2Participants('Output'),
  [outputField.proprietary]: proprietary,
};

/** The rules for the fields of each kind of map, by type. */
export const fieldRules: Readonly<Record<PsbtMapKind, Readonly<Record<number, FieldRule>>>> = { global: globalRules, input: inputRules, output: outputRules };

/** The rule for fields that nobody here knows. */
export const unknownFieldRule: FieldRule = keyed('key for unknown value already provided', () => undefined, any);
