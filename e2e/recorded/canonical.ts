import { parseTransaction, txidOf } from '../../src-bitcoin/primitives/transaction.js';

/** A transaction as far as it is not made of random keys: outputs by their value, as their order is random. */
function transactionOf(bytes: Uint8Array): { readonly fields: object; readonly order: readonly number[] } {
  const tx = parseTransaction(bytes);
  const order = tx.outputs.map((_, i) => i).sort((a, b) => Number((tx.outputs[a]?.value ?? 0n) - (tx.outputs[b]?.value ?? 0n)));
  const fields = {
    version: tx.version,
    inputs: tx.inputs.map(({ prevout, sequence, witness }) => ({ txid: prevout.txid, outputIndex: prevout.index, sequence, witnessItems: witness.length })),
    outputs: order.map((i) => ({ value: tx.outputs[i]?.value, scriptLength: tx.outputs[i]?.scriptPubKey.length })),
    txLockTime: tx.locktime,
    txid: txidOf(tx),
  };
  return { fields, order };
}

/** A value in a form in which the order that chance gave does not show. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(canonical);
    const isWalletTxs = value.length > 1 && value.every((each) => isRecord(each) && 'txoutIsMine' in each);
    return isWalletTxs ? all.sort((a, b) => sortKey(a).localeCompare(sortKey(b))) : all;
  }
  if (!isRecord(value)) return value;
  const { tx } = value;
  if (!(tx instanceof Uint8Array) || tx.length === 0) return Object.getPrototypeOf(value) === Object.prototype ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, canonical(each)])) : value;
  const { fields, order } = transactionOf(tx);
  const perOutput = Object.entries(value).filter(([key]) => key.startsWith('txout'));
  return {
    ...value,
    tx: fields,
    ...Object.fromEntries(perOutput.map(([key, list]) => [key, Array.isArray(list) ? order.map((i): unknown => list[i]) : list])),
  };
}

/** What is known of a wallet's transaction without its keys. */
function sortKey(value: unknown): string {
  if (!isRecord(value)) return '';
  const outputs = isRecord(value['tx']) ? value['tx']['outputs'] : [];
  const total = Array.isArray(outputs) ? outputs.reduce((sum: bigint, each: { value: bigint }) => sum + each.value, 0n) : 0n;
  return `${String(value['isCoinbase'])} ${String(total).padStart(16, '0')}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
