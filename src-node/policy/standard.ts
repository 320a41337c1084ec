import { transactionWeight, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { isPushOnly } from '../../src-bitcoin/script/script.js';
import { solve, type ScriptSolution } from '../../src-bitcoin/script/solver.js';
import { dustOutputs } from './dust.js';
import {
  maxDustOutputs,
  maxStandardScriptSigSize,
  maxStandardVersion,
  maxStandardWeight,
  minStandardVersion,
  type PolicyOptions,
} from './limits.js';

/** An output script that is relayed: a known kind, bare multisig with up to three keys. */
function isStandardScript(solution: ScriptSolution): boolean {
  if (solution.type === 'multisig') return solution.publicKeys.length <= 3;
  return solution.type !== 'nonstandard';
}

/**
 * Checks the form of a transaction, without its inputs' coins.
 * @returns the reject reason of what is not standard, or undefined.
 */
export function nonStandardReason(tx: Transaction, options: PolicyOptions): string | undefined {
  const version = tx.version >>> 0;
  if (version < minStandardVersion || version > maxStandardVersion) return 'version';
  if (transactionWeight(tx) > maxStandardWeight) return 'tx-size';
  for (const { scriptSig } of tx.inputs) {
    if (scriptSig.length > maxStandardScriptSigSize) return 'scriptsig-size';
    if (!isPushOnly(scriptSig)) return 'scriptsig-not-pushonly';
  }
  let dataLeft = options.maxDataCarrierBytes ?? 0;
  for (const { scriptPubKey } of tx.outputs) {
    const solution = solve(scriptPubKey);
    if (!isStandardScript(solution)) return 'scriptpubkey';
    if (solution.type === 'nulldata') {
      if (scriptPubKey.length > dataLeft) return 'datacarrier';
      dataLeft -= scriptPubKey.length;
    } else if (solution.type === 'multisig' && !options.permitBareMultisig) {
      return 'bare-multisig';
    }
  }
  return dustOutputs(tx, options.dustRelayFeeRate).length > maxDustOutputs ? 'dust' : undefined;
}
