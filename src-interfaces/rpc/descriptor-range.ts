import { isJsonArray, JsonNumber, type JsonValue } from '../json/json.js';
import { rpcError } from './codes.js';
import { asBigInt } from './values.js';

/** Indexes in one range, at most. */
const maxRange = 1_000_000n;

/**
 * The first and last index that a caller asks for: one number (the last) or a pair.
 * @throws RpcFailure
 */
export function parseDescriptorRange(value: JsonValue): { readonly low: bigint; readonly high: bigint } {
  let low = 0n;
  let high: bigint;
  const pair = isJsonArray(value) ? value : [];
  if (value instanceof JsonNumber) high = asBigInt(value);
  else if (pair.length === 2 && pair.every((each) => each instanceof JsonNumber)) {
    low = asBigInt(pair[0] ?? null);
    high = asBigInt(pair[1] ?? null);
    if (low > high) throw rpcError('invalidParameter', 'Range specified as [begin,end] must not have begin after end');
  } else throw rpcError('invalidParameter', 'Range must be specified as end or as [begin,end]');
  if (low < 0n) throw rpcError('invalidParameter', 'Range should be greater or equal than 0');
  if (high >> 31n !== 0n) throw rpcError('invalidParameter', 'End of range is too high');
  if (high >= low + maxRange) throw rpcError('invalidParameter', 'Range is too large');
  return { low, high };
}
