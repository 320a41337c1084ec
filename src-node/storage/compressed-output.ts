import secp256k1 from 'secp256k1';
import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import type { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import type { TxOut } from '../../src-bitcoin/primitives/transaction.js';

const opDup = 0x76;
const opHash160 = 0xa9;
const opEqual = 0x87;
const opEqualVerify = 0x88;
const opCheckSig = 0xac;
const opReturn = 0x6a;

/** Codes below this stand for a whole script form; the others for a length. */
const specialScripts = 6;
const maxScriptSize = 10_000;

/**
 * Bitcoin Core's packing of an amount: decimal zeros at the end become an exponent.
 * @param value satoshis, not negative.
 */
export function compressAmount(value: bigint): bigint {
  if (value === 0n) return 0n;
  let rest = value;
  let exponent = 0n;
  while (exponent < 9n && rest % 10n === 0n) {
    rest /= 10n;
    exponent += 1n;
  }
  if (exponent === 9n) return 1n + (rest - 1n) * 10n + 9n;
  const digit = rest % 10n;
  return 1n + ((rest / 10n) * 9n + digit - 1n) * 10n + exponent;
}

const powersOfTen = Array.from({ length: 10 }, (_, exponent) => 10n ** BigInt(exponent));

export function decompressAmount(packed: bigint): bigint {
  if (packed === 0n) return 0n;
  const code = packed - 1n;
  const exponent = Number(code % 10n);
  const rest = code / 10n;
  const scale = powersOfTen[exponent] ?? 1n;
  if (exponent === 9) return (rest + 1n) * scale;
  return ((rest / 9n) * 10n + (rest % 9n) + 1n) * scale;
}

function isPubkeyHash(script: Uint8Array): boolean {
  return (
    script.length === 25 &&
    script[0] === opDup &&
    script[1] === opHash160 &&
    script[2] === 20 &&
    script[23] === opEqualVerify &&
    script[24] === opCheckSig
  );
}

function isScriptHash(script: Uint8Array): boolean {
  return script.length === 23 && script[0] === opHash160 && script[1] === 20 && script[22] === opEqual;
}

/** Writes one of the six short forms, or nothing and returns false. */
function writeSpecialScript(writer: ByteWriter, script: Uint8Array): boolean {
  if (isPubkeyHash(script)) {
    writer.u8(0).bytes(script.subarray(3, 23));
    return true;
  }
  if (isScriptHash(script)) {
    writer.u8(1).bytes(script.subarray(2, 22));
    return true;
  }
  const keyType = script[1] ?? 0;
  if (script.length === 35 && script[0] === 33 && script[34] === opCheckSig && (keyType === 2 || keyType === 3)) {
    writer.u8(keyType).bytes(script.subarray(2, 34));
    return true;
  }
  if (script.length === 67 && script[0] === 65 && script[66] === opCheckSig && keyType === 4) {
    // Only a point on the curve can be recomputed from x and the parity of y.
    if (!secp256k1.publicKeyVerify(script.subarray(1, 66))) return false;
    writer.u8(4 | ((script[65] ?? 0) & 1)).bytes(script.subarray(2, 34));
    return true;
  }
  return false;
}

function payToPubkey(publicKey: Uint8Array): Uint8Array {
  return Uint8Array.of(publicKey.length, ...publicKey, opCheckSig);
}

function readSpecialScript(reader: ByteReader, code: number): Uint8Array {
  if (code === 0) {
    return Uint8Array.of(opDup, opHash160, 20, ...reader.bytes(20), opEqualVerify, opCheckSig);
  }
  if (code === 1) return Uint8Array.of(opHash160, 20, ...reader.bytes(20), opEqual);
  const x = reader.bytes(32);
  if (code === 2 || code === 3) return payToPubkey(Uint8Array.of(code, ...x));
  try {
    return payToPubkey(secp256k1.publicKeyConvert(Uint8Array.of(code - 2, ...x), false));
  } catch (cause) {
    throw new DecodeError('compressed public key is not on the curve', { cause });
  }
}

/** Writes an output as coins and undo data hold it: packed amount, packed script. */
export function writeCompressedOutput(writer: ByteWriter, output: TxOut): void {
  writer.varInt(compressAmount(output.value));
  const script = output.scriptPubKey;
  if (!writeSpecialScript(writer, script)) writer.varInt(script.length + specialScripts).bytes(script);
}

/** @throws DecodeError on early end or an impossible key. */
export function readCompressedOutput(reader: ByteReader): TxOut {
  const value = decompressAmount(reader.varInt());
  const code = Number(reader.varInt());
  if (code < specialScripts) return { value, scriptPubKey: readSpecialScript(reader, code) };
  const size = code - specialScripts;
  if (size > maxScriptSize) {
    // Cannot be spent anyway: any unspendable script will do.
    reader.skip(size);
    return { value, scriptPubKey: Uint8Array.of(opReturn) };
  }
  return { value, scriptPubKey: reader.bytes(size) };
}
