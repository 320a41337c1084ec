import { transactionWeight, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { isPushOnly } from '../../src-bitcoin/script/script.js';
import { dustOutputs } from './dust.js';
import {
  maxDustOutputs,
  maxStandardScriptSigSize,
  maxStandardVersion,
  maxStandardWeight,
  minStandardVersion,
  type PolicyOptions,
} from './limits.js';
import { classifyScript, matchMultisig } from './script-class.js';

/** An output script that is relayed: a known kind, bare multisig with up to three keys. */
function isStandardScript(script: Uint8Array, kind: ReturnType<typeof classifyScript>): boolean {
  if (kind === 'nonstandard') return false;
  if (kind !== 'multisig') return true;
  const keys = matchMultisig(script)?.keys.length ?? 0;
  return keys >= 1 && keys <= 3;
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
    const kind = classifyScript(scriptPubKey);
    if (!isStandardScript(scriptPubKey, kind)) return 'scriptpubkey';
    if (kind === 'nulldata') {
      if (scriptPubKey.length > dataLeft) return 'datacarrier';
      dataLeft -= scriptPubKey.length;
    } else if (kind === 'multisig' && !options.permitBareMultisig) {
      return 'bare-multisig';
    }
  }
  return dustOutputs(tx, options.dustRelayFeeRate).length > maxDustOutputs ? 'dust' : undefined;
}
