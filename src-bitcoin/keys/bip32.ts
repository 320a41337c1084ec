import { decodeBase58Check, encodeBase58Check } from '../bytes/base58.js';
import { concatBytes } from '../bytes/bytes.js';
import { hash160, hmacSha512 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import type { ChainParams } from '../params/chain-params.js';
import { isHardened } from './path.js';

/** A BIP32 node that can derive public keys of unhardened children. */
export interface ExtendedPublicKey {
  /** Steps from the root, 0 to 255. */
  readonly depth: number;
  /** First four bytes of the parent key's HASH160; zeros for a root. */
  readonly parentFingerprint: Uint8Array;
  readonly childNumber: number;
  /** 32 bytes. */
  readonly chainCode: Uint8Array;
  /** Compressed, 33 bytes. */
  readonly pubkey: Uint8Array;
}

/** A BIP32 node with its private key. */
export interface ExtendedPrivateKey extends Omit<ExtendedPublicKey, 'pubkey'> {
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

type ExtendedKeyParams = Pick<ChainParams, 'extendedPublicPrefix' | 'extendedSecretPrefix'>;

const serializedLength = 74;
const maxDepth = 255;
const seedKey = Uint8Array.from('Bitcoin seed', (letter) => letter.charCodeAt(0));

const bigEndian = (value: number): Uint8Array =>
  Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);

/**
 * The root node of a seed (BIP32 "master key generation").
 * @throws RangeError for the one seed in 2^127 that gives no valid key.
 */
export function rootKeyOfSeed(seed: Uint8Array): ExtendedPrivateKey {
  const hash = hmacSha512(seedKey, seed);
  const secret = hash.slice(0, 32);
  if (!secp256k1.isValidSecretKey(secret)) throw new RangeError('this seed gives no valid key');
  return { depth: 0, parentFingerprint: new Uint8Array(4), childNumber: 0, chainCode: hash.slice(32), secret };
}

/** First four bytes of a public key's HASH160. */
export function fingerprintOf(pubkey: Uint8Array): Uint8Array {
  return hash160(pubkey).slice(0, 4);
}

/** The same node without its private key. */
export function neuter(key: ExtendedPrivateKey): ExtendedPublicKey {
  const { secret, ...rest } = key;
  return { ...rest, pubkey: secp256k1.createPublicKey(secret) };
}

/** Child of a node by one step; undefined when there is none (depth exhausted, or one number in 2^127). */
export function derivePrivateChild(parent: ExtendedPrivateKey, childNumber: number): ExtendedPrivateKey | undefined {
  if (parent.depth === maxDepth) return undefined;
  const pubkey = secp256k1.createPublicKey(parent.secret);
  const data = isHardened(childNumber) ? concatBytes(Uint8Array.of(0), parent.secret) : pubkey;
  const hash = hmacSha512(parent.chainCode, concatBytes(data, bigEndian(childNumber)));
  const secret = secp256k1.tweakSecretKey(parent.secret, hash.subarray(0, 32));
  if (secret === undefined) return undefined;
  return { depth: parent.depth + 1, parentFingerprint: fingerprintOf(pubkey), childNumber, chainCode: hash.slice(32), secret };
}

interface ChildParts {
  readonly pubkey: Uint8Array;
  readonly chainCode: Uint8Array;
}

function derivePublicParts(parent: ExtendedPublicKey, childNumber: number): ChildParts | undefined {
  if (parent.depth === maxDepth || isHardened(childNumber)) return undefined;
  const data = new Uint8Array(37);
  data.set(parent.pubkey);
  data.set(bigEndian(childNumber), 33);
  const hash = hmacSha512(parent.chainCode, data);
  const pubkey = secp256k1.tweakPublicKey(parent.pubkey, hash.subarray(0, 32));
  return pubkey && { pubkey, chainCode: hash.subarray(32) };
}

/** Unhardened child of a public node; undefined for hardened numbers and where there is no child. */
export function derivePublicChild(parent: ExtendedPublicKey, childNumber: number): ExtendedPublicKey | undefined {
  const parts = derivePublicParts(parent, childNumber);
  return parts && { ...parts, depth: parent.depth + 1, parentFingerprint: fingerprintOf(parent.pubkey), childNumber };
}

/** Only the public key of an unhardened child: what addresses are made of, by the thousand. */
export function deriveChildPubkey(parent: ExtendedPublicKey, childNumber: number): Uint8Array | undefined {
  return derivePublicParts(parent, childNumber)?.pubkey;
}

export function derivePrivatePath(root: ExtendedPrivateKey, path: readonly number[]): ExtendedPrivateKey | undefined {
  let key: ExtendedPrivateKey | undefined = root;
  for (const child of path) key = key && derivePrivateChild(key, child);
  return key;
}

export function derivePublicPath(root: ExtendedPublicKey, path: readonly number[]): ExtendedPublicKey | undefined {
  let key: ExtendedPublicKey | undefined = root;
  for (const child of path) key = key && derivePublicChild(key, child);
  return key;
}

function serialize(key: Omit<ExtendedPublicKey, 'pubkey'>, keyBytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(key.depth), key.parentFingerprint, bigEndian(key.childNumber), key.chainCode, keyBytes);
}

/** The 74 bytes of BIP32 without its version. */
export function serializeExtendedPublicKey(key: ExtendedPublicKey): Uint8Array {
  return serialize(key, key.pubkey);
}

interface Fields extends Omit<ExtendedPublicKey, 'pubkey'> {
  readonly keyBytes: Uint8Array;
}

function parseFields(bytes: Uint8Array): Fields | undefined {
  if (bytes.length !== serializedLength) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = {
    depth: view.getUint8(0),
    parentFingerprint: bytes.slice(1, 5),
    childNumber: view.getUint32(5),
    chainCode: bytes.slice(9, 41),
    keyBytes: bytes.slice(41),
  };
  // A root has no parent and no number (BIP32 test vector 5).
  const parentless = fields.childNumber === 0 && fields.parentFingerprint.every((byte) => byte === 0);
  return fields.depth === 0 && !parentless ? undefined : fields;
}

/** Inverse of `serializeExtendedPublicKey`; undefined when the bytes are not a valid node. */
export function parseExtendedPublicKey(bytes: Uint8Array): ExtendedPublicKey | undefined {
  const fields = parseFields(bytes);
  if (fields === undefined) return undefined;
  const { keyBytes: pubkey, ...rest } = fields;
  return secp256k1.isValidPublicKey(pubkey) ? { ...rest, pubkey } : undefined;
}

/** `xpub…` or `tpub…`. */
export function encodeExtendedPublicKey(key: ExtendedPublicKey, params: ExtendedKeyParams): string {
  return encodeBase58Check(concatBytes(bigEndian(params.extendedPublicPrefix), serializeExtendedPublicKey(key)));
}

/** `xprv…` or `tprv…`. */
export function encodeExtendedPrivateKey(key: ExtendedPrivateKey, params: ExtendedKeyParams): string {
  const keyBytes = concatBytes(Uint8Array.of(0), key.secret);
  return encodeBase58Check(concatBytes(bigEndian(params.extendedSecretPrefix), serialize(key, keyBytes)));
}

function decodePayload(text: string, prefix: number): Uint8Array | undefined {
  const payload = decodeBase58Check(text, serializedLength + 4);
  if (payload === undefined || payload.length !== serializedLength + 4) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, 4);
  return view.getUint32(0) === prefix ? payload.slice(4) : undefined;
}

/** Undefined when malformed or for another network. */
export function decodeExtendedPublicKey(text: string, params: ExtendedKeyParams): ExtendedPublicKey | undefined {
  const payload = decodePayload(text, params.extendedPublicPrefix);
  return payload && parseExtendedPublicKey(payload);
}

/** Undefined when malformed or for another network. */
export function decodeExtendedPrivateKey(text: string, params: ExtendedKeyParams): ExtendedPrivateKey | undefined {
  const payload = decodePayload(text, params.extendedSecretPrefix);
  const fields = payload && parseFields(payload);
  if (fields === undefined) return undefined;
  const { keyBytes, ...rest } = fields;
  const secret = keyBytes.slice(1);
  return keyBytes[0] === 0 && secp256k1.isValidSecretKey(secret) ? { ...rest, secret } : undefined;
}
