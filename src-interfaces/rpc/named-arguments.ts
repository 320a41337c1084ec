import { duplicateKeys, isJsonArray, type JsonObject, type JsonValue } from '../json/json.js';
import type { RPCArg } from '../generated/chain.js';
import { rpcError } from './codes.js';

/**
 * Puts named arguments in their places. A member `args` holds arguments given by position.
 * @throws RpcFailure naming a parameter that is unknown or given twice.
 */
export function positionalArguments(named: JsonObject, argNames: readonly RPCArg[]): readonly JsonValue[] {
  const twice = duplicateKeys(named)[0];
  if (twice !== undefined) throw rpcError('invalidParameter', `Parameter ${twice} specified multiple times`);
  const left = new Map(Object.entries(named));
  const result: JsonValue[] = [];
  let options: Record<string, JsonValue> = {};
  let hole = 0;
  let initialHole = 0;
  let initialName: string | undefined;
  for (const { name: pattern, namedOnly } of argNames) {
    const found = pattern.split('|').find((name) => left.has(name));
    const value = found === undefined ? undefined : left.get(found);
    const firstOption = Object.keys(options)[0];
    if (namedOnly) {
      if (found !== undefined && value !== undefined) {
        if (found in options) throw rpcError('invalidParameter', `Parameter ${found} specified multiple times`);
        options[found] = value;
        left.delete(found);
      }
      continue;
    }
    if (firstOption !== undefined || found !== undefined) {
      for (; hole > 0; hole--) result.push(null);
      initialName ??= pattern;
    } else {
      hole++;
      if (result.length === 0) initialHole = hole;
    }
    if (found !== undefined && value !== undefined) {
      if (firstOption !== undefined) {
        throw rpcError('invalidParameter', `Parameter ${found} conflicts with parameter ${firstOption}`);
      }
      result.push(value);
      left.delete(found);
    }
    if (firstOption !== undefined) {
      result.push(options);
      options = {};
    }
  }
  const positional = left.get('args');
  if (isJsonArray(positional)) {
    if (initialHole < positional.length && initialName !== undefined) {
      const message = `Parameter ${initialName} specified twice both as positional and named argument`;
      throw rpcError('invalidParameter', message);
    }
    left.delete('args');
    result.splice(0, Math.min(positional.length, result.length), ...positional);
  }
  for (const unknown of left.keys()) throw rpcError('invalidParameter', `Unknown named parameter ${unknown}`);
  return result;
}
