import type { Psbt } from '../../src-bitcoin/psbt/psbt.js';
import { parsePsbtText } from '../../src-bitcoin/psbt/psbt-text.js';
import type { Argument } from './argument.js';
import { rpcError } from './codes.js';

/** The PSBT that a command works on. */
export const psbtArgument: Argument = { names: 'psbt', kind: 'string', required: true, help: 'The PSBT in Base64.' };

/** @throws RpcFailure that says what is wrong with the text */
export function psbtOf(text: string): Psbt {
  const parsed = parsePsbtText(text);
  if (!parsed.ok) throw rpcError('deserialization', `TX decode failed ${parsed.error}`);
  return parsed.psbt;
}
