/** Unspent outputs in the compressed form of Bitcoin Core's chainstate, which also crosses processes. */
import { ByteReader, DecodeError } from './bytes/reader.js';
import { ByteWriter } from './bytes/writer.js';
import { secp256k1 } from './crypto/secp256k1.js';

/** An unspent output with where it came from. */
export interface Coin {
  /** Satoshis. */
  readonly value: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly height: number;
  readonly coinbase: boolean;
}

/** The smaller number that stands for an amount: trailing decimal zeros become an exponent. */
export function compressAmount(satoshis: bigint): bigint {
  if (satoshis === 0n) return 0n;
  let exponent = 0n;
  let rest = satoshis;
  while (rest % 10n === 0n && exponent < 9n) {
    rest /= 10n;
    exponent++;
  }
  if (exponent < 9n) return 1n + 10n * (9n * (rest / 10n) + (rest % 10n) - 1n) + exponent;
  return 1n + 10n * (rest - 1n) + 9n;
}

/** The amount in satoshis that a compressed number stands for. */
export function decompressAmount(code: bigint): bigint {
  if (code === 0n) return 0n;
  let rest = code - 1n;
  const exponent = rest % 10n;
  rest /= 10n;
  const digits = exponent < 9n ? (rest / 9n) * 10n + (rest % 9n) + 1n : rest + 1n;
  return digits * 10n ** exponent;
}

/** Scripts of these kinds are stored by what is special about them; their codes are 0 to 5. */
const specialScripts = 6;
/** Longer scripts cannot be spent: they are read as OP_RETURN. */
const maxScriptSize = 10_000;

function special(script: Uint8Array): Uint8Array | undefined {
  const { length } = script;
  if (length === 25 && script[0] === 0x76 && script[1] === 0xa9 && script[2] === 20 && script[23] === 0x88 && script[24] === 0xac) {
    return Uint8Array.of(0, ...script.subarray(3, 23));
  }
  if (length === 23 && script[0] === 0xa9 && script[1] === 20 && script[22] === 0x87) return Uint8Array.of(1, ...script.subarray(2, 22));
  if (length === 35 && script[0] === 33 && script[34] === 0xac && (script[1] === 2 || script[1] === 3)) return script.slice(1, 34);
  if (length === 67 && script[0] === 65 && script[66] === 0xac && script[1] === 4) {
    const key = script.subarray(1, 66);
    // Only a point of the curve can be restored from x and a parity bit.
    if (!secp256k1.isValidPublicKey(key)) return undefined;
    return Uint8Array.of(4 | ((script[65] ?? 0) & 1), ...script.subarray(2, 34));
  }
  return undefined;
}

export function writeCompressedScript(writer: ByteWriter, script: Uint8Array): void {
  const bytes = special(script);
  if (bytes !== undefined) writer.bytes(bytes);
  else writer.varInt(script.length + specialScripts).bytes(script);
}

function restoreUncompressedKey(code: number, x: Uint8Array): Uint8Array {
  const compressed = Uint8Array.of(code - 2, ...x);
  const key = secp256k1.convertPublicKey(compressed, false);
  return key === undefined ? new Uint8Array(0) : Uint8Array.of(65, ...key, 0xac);
}

/** @throws DecodeError when the data ends early. */
export function readCompressedScript(reader: ByteReader): Uint8Array {
  const code = Number(reader.varInt());
  switch (code) {
    case 0:
      return Uint8Array.of(0x76, 0xa9, 20, ...reader.bytes(20), 0x88, 0xac);
    case 1:
      return Uint8Array.of(0xa9, 20, ...reader.bytes(20), 0x87);
    case 2:
    case 3:
      return Uint8Array.of(33, code, ...reader.bytes(32), 0xac);
    case 4:
    case 5:
      return restoreUncompressedKey(code, reader.bytes(32));
    default: {
      const size = code - specialScripts;
      if (size > reader.remaining) throw new DecodeError(`script of ${size} bytes, ${reader.remaining} left`);
      if (size <= maxScriptSize) return reader.bytes(size);
      reader.skip(size);
      return Uint8Array.of(0x6a);
    }
  }
}

/** Height and coinbase flag, amount and script, as a chainstate value holds them. */
export function writeCoin(writer: ByteWriter, coin: Coin): void {
  writer.varInt(coin.height * 2 + (coin.coinbase ? 1 : 0)).varInt(compressAmount(coin.value));
  writeCompressedScript(writer, coin.scriptPubKey);
}

export function serializeCoin(coin: Coin): Uint8Array {
  const writer = new ByteWriter(48);
  writeCoin(writer, coin);
  return writer.finish();
}

/** @throws DecodeError when the data ends early. */
export function readCoin(reader: ByteReader): Coin {
  const code = Number(reader.varInt());
  const value = decompressAmount(reader.varInt());
  return { height: Math.floor(code / 2), coinbase: code % 2 === 1, value, scriptPubKey: readCompressedScript(reader) };
}

export function parseCoin(bytes: Uint8Array): Coin {
  return readCoin(new ByteReader(bytes));
}
