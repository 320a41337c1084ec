import type { DecodedAddress } from '../../src-bitcoin/address/address.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { OP_RETURN } from '../../src-bitcoin/script/opcodes.js';
import { buildScript } from '../../src-bitcoin/script/script.js';
import { JsonNumber, isJsonObject, membersOf, type JsonValue } from '../json/json.js';
import type { Argument } from './argument.js';
import { rpcError } from './codes.js';
import { asAmount, asArray, asHex } from './values.js';

/** Outputs as requests give them: address and amount, or "data" and hex. */
export type OutputPairs = readonly (readonly [name: string, value: JsonValue])[];

/** Outputs given as an object, or as an array of objects with one member each. @throws RpcFailure */
export function outputPairs(value: JsonValue): OutputPairs {
  if (value === null) throw rpcError('invalidParameter', 'Invalid parameter, output argument must be non-null');
  if (isJsonObject(value)) return membersOf(value);
  return asArray(value).flatMap((each) => {
    if (!isJsonObject(each)) throw rpcError('invalidParameter', 'Invalid parameter, key-value pair not an object as expected');
    const members = membersOf(each);
    if (members.length !== 1) throw rpcError('invalidParameter', 'Invalid parameter, key-value pair must contain exactly one key');
    return members;
  });
}

/** An output to make. */
export interface DraftOutput {
  readonly script: Uint8Array;
  /** Satoshis. */
  readonly amount: bigint;
}

function outputOf(name: string, value: JsonValue, decode: (address: string) => DecodedAddress): DraftOutput {
  if (name === 'data') return { script: buildScript(OP_RETURN, asHex(value instanceof JsonNumber ? value.text : value, 'Data')), amount: 0n };
  const amount = asAmount(value);
  const decoded = decode(name);
  if (!decoded.ok) throw rpcError('invalidAddressOrKey', `Invalid Bitcoin address: ${name}`);
  return { script: decoded.scriptPubKey, amount };
}

/**
 * Reads outputs; each address once.
 * @param decode reads addresses of the network
 * @throws RpcFailure
 */
export function outputsOf(pairs: OutputPairs, decode: (address: string) => DecodedAddress): readonly DraftOutput[] {
  const seen = new Set<string>();
  return pairs.map(([name, value]) => {
    if (name === 'data' && seen.has('data')) throw rpcError('invalidParameter', 'Invalid parameter, duplicate key: data');
    const output = outputOf(name, value, decode);
    const key = name === 'data' ? name : toHex(output.script);
    if (seen.has(key)) throw rpcError('invalidParameter', `Invalid parameter, duplicated address: ${name}`);
    seen.add(key);
    return output;
  });
}

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

/** Whom to pay how much. */
export const outputsArgument: Argument = {
  names: 'outputs',
  kind: 'array',
  required: true,
  anyType: true,
  help: 'Whom to pay how much. Each address once.',
  inner: outputInner,
};
