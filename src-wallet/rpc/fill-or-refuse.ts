import type { Psbt } from '../../src-bitcoin/psbt/psbt.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { fillPsbt, type FillOptions } from '../spend/fill-psbt.js';
import type { LoadedWallet } from '../wallet.js';

/** Fills and signs a PSBT. @returns whether all inputs are unlocked. @throws RpcFailure */
export function fillOrRefuse(wallet: LoadedWallet, psbt: Psbt, options: FillOptions): boolean {
  const outcome = fillPsbt(wallet, psbt, options);
  if (outcome.ok) return outcome.complete;
  if (outcome.problem === 'missing-output') throw rpcError('verify', 'Inputs missing or spent');
  throw rpcError('deserialization', 'Specified sighash value does not match value stored in PSBT');
}
