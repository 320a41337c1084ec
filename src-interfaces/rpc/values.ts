import { hashFromHex, isHex, fromHex } from '../../src-bitcoin/bytes/hex.js';
import { MAX_MONEY } from '../../src-bitcoin/amount.js';
import { TypeFailure } from '../errors.js';
import { JsonNumber, isJsonArray, isJsonObject, jsonTypeName, type JsonObject, type JsonValue } from '../json/json.js';
import { rpcError } from './codes.js';

function wrongType(value: JsonValue, expected: string): TypeFailure {
  return new TypeFailure(`JSON value of type ${jsonTypeName(value)} is not of expected type ${expected}`);
}

/** @throws TypeFailure */
export function asString(value: JsonValue): string {
  if (typeof value !== 'string') throw wrongType(value, 'string');
  return value;
}

/** @throws TypeFailure */
export function asBoolean(value: JsonValue): boolean {
  if (typeof value !== 'boolean') throw wrongType(value, 'bool');
  return value;
}

/** @throws TypeFailure */
export function asObject(value: JsonValue): JsonObject {
  if (!isJsonObject(value)) throw wrongType(value, 'object');
  return value;
}

/** @throws TypeFailure */
export function asArray(value: JsonValue): readonly JsonValue[] {
  if (!isJsonArray(value)) throw wrongType(value, 'array');
  return value;
}

function asNumber(value: JsonValue): JsonNumber {
  if (!(value instanceof JsonNumber)) throw wrongType(value, 'number');
  return value;
}

/** A whole number of any size. @throws TypeFailure, or Error when it has a fraction. */
export function asBigInt(value: JsonValue, min = -(1n << 63n), max = (1n << 63n) - 1n): bigint {
  const number = asNumber(value);
  if (!number.isInteger) throw new Error('JSON integer out of range');
  const integer = BigInt(number.text);
  if (integer < min || integer > max) throw new Error('JSON integer out of range');
  return integer;
}

/** A whole number of 32 bits, signed unless told otherwise. @throws TypeFailure, or Error out of range. */
export function asInteger(value: JsonValue, min = -0x80000000, max = 0x7fffffff): number {
  return Number(asBigInt(value, BigInt(min), BigInt(max)));
}

/** @throws TypeFailure, or Error when it does not fit a double. */
export function asDouble(value: JsonValue): number {
  const number = Number(asNumber(value).text);
  if (!Number.isFinite(number)) throw new Error('JSON double out of range');
  return number;
}

/** A block hash or txid, to internal byte order. @throws RpcFailure that names the parameter. */
export function asHash(value: JsonValue, name: string): Uint8Array {
  const text = asString(value);
  if (text.length !== 64) {
    throw rpcError('invalidParameter', `${name} must be of length 64 (not ${text.length}, for '${text}')`);
  }
  if (!isHex(text)) throw rpcError('invalidParameter', `${name} must be hexadecimal string (not '${text}')`);
  return hashFromHex(text);
}

/** @throws RpcFailure that names the parameter. */
export function asHex(value: JsonValue, name: string): Uint8Array {
  const text = typeof value === 'string' ? value : '';
  if (text === '' || !isHex(text)) {
    throw rpcError('invalidParameter', `${name} must be hexadecimal string (not '${text}')`);
  }
  return fromHex(text);
}

/**
 * A decimal number as an integer of its smallest unit, exactly; undefined when it is not one, has too
 * many decimals or does not fit 63 bits.
 */
export function parseFixedPoint(text: string, decimals: number): bigint | undefined {
  const match = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  const digits = (whole + fraction).replace(/0+$/, '');
  if (/^0*$/.test(digits)) return 0n;
  const exponent = Number(exponentText) + whole.length - digits.length + decimals;
  if (exponent < 0 || exponent > 19) return undefined;
  const value = BigInt(digits) * 10n ** BigInt(exponent);
  if (value > 999_999_999_999_999_999n) return undefined;
  return sign === '-' ? -value : value;
}

/**
 * An amount, to satoshis.
 * @param decimals 8 for bitcoin, 0 for satoshis, 3 for sat/vB as satoshis per 1000 vbytes
 * @throws RpcFailure
 */
export function asAmount(value: JsonValue, decimals = 8): bigint {
  if (!(value instanceof JsonNumber) && typeof value !== 'string') {
    throw rpcError('type', 'Amount is not a number or string');
  }
  const amount = parseFixedPoint(typeof value === 'string' ? value : value.text, decimals);
  if (amount === undefined) throw rpcError('type', 'Invalid amount');
  if (amount < 0n || amount > MAX_MONEY) throw rpcError('type', 'Amount out of range');
  return amount;
}

/** The JSON number of an amount in satoshis: bitcoin with eight decimals. */
export function amountJson(satoshis: bigint): JsonNumber {
  const digits = (satoshis < 0n ? -satoshis : satoshis).toString().padStart(9, '0');
  return new JsonNumber(`${satoshis < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`);
}

/** Types that members of an object may have, by name. */
export type MemberTypes = Readonly<Record<string, 'string' | 'number' | 'bool' | 'array' | 'object' | 'any'>>;

/**
 * Checks the members of an object.
 * @throws RpcFailure naming the first member that is missing, of another type or (with `strict`) unknown.
 */
export function checkMembers(
  object: JsonObject,
  types: MemberTypes,
  { allowNull = false, strict = false }: { allowNull?: boolean; strict?: boolean } = {},
): void {
  for (const [name, expected] of Object.entries(types)) {
    const value = object[name] ?? null;
    if (value === null) {
      if (!allowNull) throw rpcError('type', `Missing ${name}`);
      continue;
    }
    const actual = jsonTypeName(value);
    if (expected !== 'any' && actual !== expected) {
      const message = `JSON value of type ${actual} for field ${name} is not of expected type ${expected}`;
      throw rpcError('type', message);
    }
  }
  if (!strict) return;
  for (const name of Object.keys(object)) {
    if (!Object.hasOwn(types, name)) throw rpcError('type', `Unexpected key ${name}`);
  }
}
