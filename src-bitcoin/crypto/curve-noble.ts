import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import type { CurveBackend } from './curve-backend.js';
import { bytesToScalar, curveOrder, scalarToBytes } from './scalar.js';

const { Point } = secp256k1;
type CurvePoint = InstanceType<typeof Point>;

// Hybrid keys give both coordinates and, in the first byte, the parity of y, which must be right.
function parsePoint(publicKey: Uint8Array): CurvePoint | undefined {
  const head = publicKey[0] ?? 0;
  const hybrid = publicKey.length === 65 && (head === 6 || head === 7);
  if (hybrid && ((publicKey[64] ?? 0) & 1) !== (head & 1)) return undefined;
  const bytes = hybrid ? Uint8Array.from([4, ...publicKey.subarray(1)]) : publicKey;
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

function compress(point: CurvePoint): Uint8Array | undefined {
  return point.is0() ? undefined : point.toBytes(true);
}

function isScalar(value: bigint): boolean {
  return value > 0n && value < curveOrder;
}

/** Curve arithmetic in TypeScript, some forty times slower than the native library. */
export const nobleBackend: CurveBackend = {
  name: 'noble',
  isValidSecretKey: (secret) => isScalar(bytesToScalar(secret)),
  negateSecretKey: (secret) => scalarToBytes(curveOrder - bytesToScalar(secret)),
  addToSecretKey(secret, tweak) {
    const added = bytesToScalar(tweak);
    const sum = (bytesToScalar(secret) + added) % curveOrder;
    return added < curveOrder && sum !== 0n ? scalarToBytes(sum) : undefined;
  },
  multiplySecretKey(secret, factor) {
    const scalar = bytesToScalar(factor);
    return isScalar(scalar) ? scalarToBytes((bytesToScalar(secret) * scalar) % curveOrder) : undefined;
  },
  createPublicKey: (secret, compressed) => secp256k1.getPublicKey(secret, compressed),
  convertPublicKey: (publicKey, compressed) => parsePoint(publicKey)?.toBytes(compressed),
  addToPublicKey(publicKey, tweak) {
    const point = parsePoint(publicKey);
    const scalar = bytesToScalar(tweak);
    if (point === undefined || scalar >= curveOrder) return undefined;
    return compress(scalar === 0n ? point : point.add(Point.BASE.multiplyUnsafe(scalar)));
  },
  multiplyPublicKey(publicKey, factor) {
    const scalar = bytesToScalar(factor);
    const point = parsePoint(publicKey);
    return point === undefined || !isScalar(scalar) ? undefined : compress(point.multiply(scalar));
  },
  combinePublicKeys(publicKeys) {
    let sum = Point.ZERO;
    for (const publicKey of publicKeys) {
      const point = parsePoint(publicKey);
      if (point === undefined) return undefined;
      sum = sum.add(point);
    }
    return compress(sum);
  },
  signEcdsa(hash, secret, extra) {
    const bytes = secp256k1.sign(hash, secret, {
      prehash: false,
      lowS: true,
      format: 'recovered',
      ...(extra === undefined ? {} : { extraEntropy: extra }),
    });
    return { signature: bytes.slice(1), recovery: bytes[0] ?? 0 };
  },
  verifyEcdsa(signature, hash, publicKey) {
    const point = parsePoint(publicKey);
    if (point === undefined) return false;
    if (!isScalar(bytesToScalar(signature.subarray(0, 32))) || !isScalar(bytesToScalar(signature.subarray(32)))) return false;
    return secp256k1.verify(signature, hash, point.toBytes(true), { prehash: false, lowS: false });
  },
  recover(signature, recovery, hash) {
    try {
      const bytes = Uint8Array.from([recovery, ...signature]);
      return secp256k1.Signature.fromBytes(bytes, 'recovered').recoverPublicKey(hash).toBytes(true);
    } catch {
      return undefined;
    }
  },
  verifySchnorr: (signature, message, publicKey) => schnorr.verify(signature, message, publicKey),
};
