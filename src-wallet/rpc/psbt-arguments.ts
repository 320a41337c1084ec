import { parsePsbt, serializePsbt, type Psbt } from '../../src-bitcoin/psbt/psbt.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { fillPsbt, type FillOptions } from '../spend/fill-psbt.js';
import type { LoadedWallet } from '../wallet.js';

/** A PSBT from Base64, which has no other way to be written. @throws RpcFailure */
export function psbtOf(text: string): Psbt {
  const bytes = Buffer.from(text, 'base64');
  const parsed = bytes.toString('base64') === text ? parsePsbt(new Uint8Array(bytes)) : ({ ok: false, error: 'invalid base64' } as const);
  if (!parsed.ok) throw rpcError('deserialization', `TX decode failed ${parsed.error}`);
  return parsed.psbt;
}

/** A PSBT as Base64. */
export function psbtText(psbt: Psbt): string {
  return Buffer.from(serializePsbt(psbt)).toString('base64');
}

/** Fills and signs a PSBT. @returns whether all inputs are unlocked. @throws RpcFailure */
export function fillOrRefuse(wallet: LoadedWallet, psbt: Psbt, options: FillOptions): boolean {
  const outcome = fillPsbt(wallet, psbt, options);
  if (outcome.ok) return outcome.complete;
  if (outcome.problem === 'missing-output') throw rpcError('verify', 'Inputs missing or spent');
  throw rpcError('deserialization', 'Specified sighash value does not match value stored in PSBT');
}
