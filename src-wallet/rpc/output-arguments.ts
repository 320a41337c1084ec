import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { OP_RETURN } from '../../src-bitcoin/script/opcodes.js';
import { buildScript } from '../../src-bitcoin/script/script.js';
import { JsonNumber, isJsonArray, isJsonObject, jsonTypeName, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { asAmount, asArray, asHex, asInteger, asObject } from '../../src-interfaces/rpc/values.js';
import type { Recipient } from '../spend/coin-control.js';
import type { LoadedWallet } from '../wallet.js';

/** Outputs as requests give them: address and amount, or "data" and hex. */
export type OutputPairs = readonly (readonly [name: string, value: JsonValue])[];

/** Outputs given as an object, or as an array of objects with one member each. @throws RpcFailure */
export function outputPairs(value: JsonValue): OutputPairs {
  if (value === null) throw rpcError('invalidParameter', 'Invalid parameter, output argument must be non-null');
  if (isJsonObject(value)) return Object.entries(value);
  return asArray(value).flatMap((each) => {
    if (!isJsonObject(each)) throw rpcError('invalidParameter', 'Invalid parameter, key-value pair not an object as expected');
    const members = Object.entries(each);
    if (members.length !== 1) throw rpcError('invalidParameter', 'Invalid parameter, key-value pair must contain exactly one key');
    return members;
  });
}

function recipientOf(wallet: LoadedWallet, name: string, value: JsonValue): { readonly script: Uint8Array; readonly amount: bigint } {
  if (name === 'data') return { script: buildScript(OP_RETURN, asHex(value instanceof JsonNumber ? value.text : value, 'Data')), amount: 0n };
  const amount = asAmount(value);
  const decoded = wallet.decode(name);
  if (!decoded.ok) throw rpcError('invalidAddressOrKey', `Invalid Bitcoin address: ${name}`);
  return { script: decoded.scriptPubKey, amount };
}

/** Reads outputs; each address once. @throws RpcFailure */
export function recipientsOf(wallet: LoadedWallet, pairs: OutputPairs, payFee: ReadonlySet<number>): readonly Recipient[] {
  const seen = new Set<string>();
  return pairs.map(([name, value], i) => {
    if (name === 'data' && seen.has('data')) throw rpcError('invalidParameter', 'Invalid parameter, duplicate key: data');
    const { script, amount } = recipientOf(wallet, name, value);
    const key = name === 'data' ? name : toHex(script);
    if (seen.has(key)) throw rpcError('invalidParameter', `Invalid parameter, duplicated address: ${name}`);
    seen.add(key);
    return { script, amount, subtractFee: payFee.has(i) };
  });
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

/** Description of outputs in help. */
export const outputInner: readonly Argument[] = [
  {
    names: '',
    kind: 'user-keys',
    help: '',
    inner: [{ names: 'address', kind: 'amount', required: true, help: 'An address and how much to pay to it, in BTC.' }],
  },
  { names: '', kind: 'object', help: '', inner: [{ names: 'data', kind: 'hex', required: true, help: 'Data to put into an output of its own.' }] },
];
