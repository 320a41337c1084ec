import type { JsonValue } from '../json/json.js';
import type { Argument } from './argument.js';
import { rpcError } from './codes.js';
import { asString } from './values.js';

const hashTypes: Readonly<Record<string, number>> = {
  DEFAULT: 0,
  ALL: 1,
  'ALL|ANYONECANPAY': 0x81,
  NONE: 2,
  'NONE|ANYONECANPAY': 0x82,
  SINGLE: 3,
  'SINGLE|ANYONECANPAY': 0x83,
};

/** Undefined when it is left out. @throws RpcFailure */
export function hashTypeOf(value: JsonValue): number | undefined {
  if (value === null) return undefined;
  const name = asString(value);
  const type = Object.hasOwn(hashTypes, name) ? hashTypes[name] : undefined;
  if (type === undefined) throw rpcError('invalidParameter', `'${name}' is not a valid sighash parameter.`);
  return type;
}

export const hashTypeArgument: Argument = {
  names: 'sighashtype',
  kind: 'string',
  defaultHint: '"DEFAULT for Taproot, ALL otherwise"',
  help: `What the signatures cover: ${Object.keys(hashTypes).map((name) => `"${name}"`).join(', ')}.`,
};
