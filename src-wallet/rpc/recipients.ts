import { JsonNumber, isJsonArray, isJsonObject, jsonTypeName, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { outputsOf, type OutputPairs } from '../../src-interfaces/rpc/output-arguments.js';
import { asInteger, asObject } from '../../src-interfaces/rpc/values.js';
import type { Recipient } from '../spend/coin-control.js';
import type { LoadedWallet } from '../wallet.js';

/** Reads outputs; each address once. @throws RpcFailure */
export function recipientsOf(wallet: LoadedWallet, pairs: OutputPairs, payFee: ReadonlySet<number>): readonly Recipient[] {
  return outputsOf(pairs, (address) => wallet.decode(address)).map((output, i) => ({ ...output, subtractFee: payFee.has(i) }));
}

function valuesOf(value: JsonValue): readonly JsonValue[] {
  if (isJsonObject(value)) return Object.values(value);
  if (!isJsonArray(value)) throw new Error('JSON value is not an object or array as expected');
  return value;
}

/** Which outputs the fee is taken from: given by position, or by address. @throws RpcFailure */
export function feePayers(value: JsonValue, pairs: OutputPairs): ReadonlySet<number> {
  const positions = new Set<number>();
  const refuse = (text: string): never => {
    throw rpcError('invalidParameter', `Invalid parameter 'subtract fee from output', ${text}`);
  };
  for (const each of value === null ? [] : valuesOf(value)) {
    let position: number;
    if (typeof each === 'string') {
      position = pairs.findIndex(([name]) => name === each);
      if (position === -1) refuse(`destination ${each} not found in tx outputs`);
    } else if (each instanceof JsonNumber) position = asInteger(each);
    else return refuse(`invalid value type: ${jsonTypeName(each)}`);
    if (positions.has(position)) refuse(`duplicated position: ${position}`);
    if (position < 0) refuse(`negative position: ${position}`);
    if (position >= pairs.length) refuse(`position too large: ${position}`);
    positions.add(position);
  }
  return positions;
}

/** Members of an options object; empty when it is left out. */
export function optionsOf(value: JsonValue): JsonObject {
  return value === null ? {} : asObject(value);
}

export const isEmptyArray = (value: JsonValue | undefined): boolean => isJsonArray(value) && value.length === 0;
