import { createRequire } from 'node:module';
import { equalBytes } from '../bytes/bytes.js';
import type { CurveBackend } from './curve-backend.js';
import { nobleBackend } from './curve-noble.js';
import { taggedHash } from './hash.js';
import { bytesToScalar, curveOrder, scalarToBytes } from './scalar.js';

/** The functions used of npm `secp256k1`. They throw where libsecp256k1 returns 0. */
interface Bindings {
  privateKeyVerify(secret: Uint8Array): boolean;
  privateKeyNegate(secret: Uint8Array): Uint8Array;
  privateKeyTweakAdd(secret: Uint8Array, tweak: Uint8Array): Uint8Array;
  privateKeyTweakMul(secret: Uint8Array, tweak: Uint8Array): Uint8Array;
  publicKeyCreate(secret: Uint8Array, compressed: boolean): Uint8Array;
  publicKeyConvert(publicKey: Uint8Array, compressed: boolean): Uint8Array;
  publicKeyTweakAdd(publicKey: Uint8Array, tweak: Uint8Array, compressed: boolean): Uint8Array;
  publicKeyTweakMul(publicKey: Uint8Array, tweak: Uint8Array, compressed: boolean): Uint8Array;
  publicKeyCombine(publicKeys: readonly Uint8Array[], compressed: boolean): Uint8Array;
  signatureNormalize(signature: Uint8Array): Uint8Array;
  ecdsaSign(hash: Uint8Array, secret: Uint8Array, options: { data?: Uint8Array }): { signature: Uint8Array; recid: number };
  ecdsaVerify(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): boolean;
  ecdsaRecover(signature: Uint8Array, recovery: number, hash: Uint8Array, compressed: boolean): Uint8Array;
}

// The package's main entry falls back to another library without a word; this file of it does not.
const bindingsFile = 'secp256k1/bindings.js';

function isBindings(value: unknown): value is Bindings {
  return typeof value === 'object' && value !== null && 'ecdsaRecover' in value && 'privateKeyTweakMul' in value;
}

/** Where to look for packages from: a CommonJS bundle has no `import.meta.url`. */
function ownLocation(): string {
  const meta: { readonly url?: string } = import.meta;
  return meta.url ?? __filename;
}

function loadBindings(): Bindings {
  let loaded: unknown;
  try {
    loaded = createRequire(ownLocation())(bindingsFile);
  } catch (cause) {
    throw new Error(`the native secp256k1 library cannot be loaded (${bindingsFile}); reinstall the npm packages`, { cause });
  }
  if (!isBindings(loaded)) throw new Error(`${bindingsFile} is not the library expected`);
  return loaded;
}

function attempt<Result>(operation: () => Result): Result | undefined {
  try {
    return operation();
  } catch {
    return undefined;
  }
}

/**
 * BIP340 wants R = s·G − e·P, and public key recovery computes r⁻¹·(s'·X − m·G) for the point X with
 * x-coordinate r and the given parity. With r = x(P), even parity, s' = −e·r and m = −s·r the two are
 * the same point, so one native call does what would take three.
 */
function verifySchnorr(library: Bindings, signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const s = bytesToScalar(signature.subarray(32));
  if (s >= curveOrder) return false;
  const x = bytesToScalar(publicKey);
  const e = bytesToScalar(taggedHash('BIP0340/challenge', signature.subarray(0, 32), publicKey, message)) % curveOrder;
  // Recovery takes no x(P) above n and no s' of zero. Neither can be met by chance.
  if (x >= curveOrder || x === 0n || e === 0n) return nobleBackend.verifySchnorr(signature, message, publicKey);
  const recoverable = new Uint8Array(64);
  recoverable.set(publicKey, 0);
  scalarToBytes(curveOrder - ((e * x) % curveOrder), recoverable, 32);
  const product = (s * x) % curveOrder;
  const digest = scalarToBytes(product === 0n ? 0n : curveOrder - product);
  // Refused when x(P) is on no point of the curve, or when R is the point at infinity: invalid both.
  const point = attempt(() => library.ecdsaRecover(recoverable, 0, digest, true));
  return point !== undefined && point[0] === 2 && equalBytes(point.subarray(1), signature.subarray(0, 32));
}

/**
 * Curve arithmetic of libsecp256k1, through the prebuilt addon of npm `secp256k1`.
 * @throws Error when the addon cannot be loaded.
 */
export function loadNativeBackend(): CurveBackend {
  const library = loadBindings();
  return {
    name: 'native',
    isValidSecretKey: (secret) => library.privateKeyVerify(secret),
    negateSecretKey: (secret) => library.privateKeyNegate(secret.slice()),
    addToSecretKey: (secret, tweak) => attempt(() => library.privateKeyTweakAdd(secret.slice(), tweak)),
    multiplySecretKey: (secret, factor) => attempt(() => library.privateKeyTweakMul(secret.slice(), factor)),
    createPublicKey: (secret, compressed) => library.publicKeyCreate(secret, compressed),
    convertPublicKey: (publicKey, compressed) => attempt(() => library.publicKeyConvert(publicKey, compressed)),
    addToPublicKey: (publicKey, tweak) => attempt(() => library.publicKeyTweakAdd(publicKey, tweak, true)),
    multiplyPublicKey: (publicKey, factor) => attempt(() => library.publicKeyTweakMul(publicKey, factor, true)),
    combinePublicKeys: (publicKeys) => attempt(() => library.publicKeyCombine(publicKeys, true)),
    signEcdsa(hash, secret, extra) {
      const { signature, recid } = library.ecdsaSign(hash, secret, extra === undefined ? {} : { data: extra });
      return { signature, recovery: recid };
    },
    // libsecp256k1 refuses a high s, which consensus takes.
    verifyEcdsa: (signature, hash, publicKey) =>
      attempt(() => library.ecdsaVerify(library.signatureNormalize(signature.slice()), hash, publicKey)) ?? false,
    recover: (signature, recovery, hash) => attempt(() => library.ecdsaRecover(signature, recovery, hash, true)),
    verifySchnorr: (signature, message, publicKey) => verifySchnorr(library, signature, message, publicKey),
  };
}
