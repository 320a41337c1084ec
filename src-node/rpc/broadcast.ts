import { txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { AcceptOutcome } from '../mempool/types.js';
import type { RpcContext } from './context.js';

/** A reject reason with its details, as error messages show it. */
export function rejectText(outcome: AcceptOutcome & { accepted: false }): string {
  return outcome.debug === '' ? outcome.reason : `${outcome.reason}, ${outcome.debug}`;
}

function refuse(outcome: AcceptOutcome & { accepted: false }): never {
  throw rpcError(outcome.kind === 'missing-inputs' ? 'verify' : 'verifyRejected', rejectText(outcome));
}

/**
 * Puts a transaction into the mempool and announces it. One that is there already is announced again.
 * @param maxFee satoshis, 0 for no limit
 * @throws RpcFailure saying why it was refused
 */
export async function broadcastTransaction(context: RpcContext, tx: Transaction, maxFee: bigint): Promise<void> {
  const { chainstate, mempool, network } = context;
  const txid = txidOf(tx);
  if (tx.outputs.some((_, index) => chainstate.coins.hasCoin({ txid, index }))) {
    throw rpcError('verifyAlreadyInUtxoSet', 'Transaction outputs already in utxo set');
  }
  const known = mempool.get(txid);
  if (known === undefined) {
    if (maxFee > 0n) {
      const test = await mempool.accept(tx, { test: true });
      if (!test.accepted) refuse(test);
      if (test.entry.fee > maxFee) {
        const message = 'Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)';
        throw rpcError('verify', message);
      }
    }
    const outcome = await mempool.accept(tx);
    if (!outcome.accepted) refuse(outcome);
    mempool.setUnbroadcast(txid, true);
    await context.notificationsDelivered();
  }
  network?.relayTransaction(known?.tx ?? tx);
}
