import { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import { verifyInput } from '../../src-bitcoin/script/verify.js';
import { writePsbt } from '../../src-bitcoin/psbt/write-psbt.js';
import type { Transaction, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import type { LoadedWallet } from '../wallet.js';

/**
 * A transaction as PSBT, with all that the wallet knows about its inputs and outputs. Inputs that are
 * unlocked already are finished in it.
 * @param spent the outputs it spends, by input; undefined where unknown
 */
export function psbtOf(wallet: LoadedWallet, tx: Transaction, spent: readonly (TxOut | undefined)[]): Uint8Array {
  const unknown: TxOut = { value: -1n, scriptPubKey: new Uint8Array(0) };
  const precomputed = new PrecomputedTransaction(tx, tx.inputs.map((_input, i) => spent[i] ?? unknown));
  const inputs = tx.inputs.map((input, i) => {
    const output = spent[i];
    const previous = wallet.history.find(input.prevout.txid)?.tx;
    const done = output !== undefined && verifyInput(precomputed, i, standardScriptFlags) === undefined;
    return {
      known: wallet.keyring.solve(output?.scriptPubKey ?? new Uint8Array(0)),
      ...(output === undefined ? {} : { spent: output }),
      ...(previous === undefined ? {} : { previous }),
      ...(done ? { final: { scriptSig: input.scriptSig, witness: input.witness } } : {}),
    };
  });
  const outputs = tx.outputs.map(({ scriptPubKey }) => ({ known: wallet.keyring.solve(scriptPubKey) }));
  return writePsbt(tx, inputs, outputs);
}
