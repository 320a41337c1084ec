import { splitChecksum } from '../../src-bitcoin/descriptor/checksum.js';
import { parseTransaction, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { JsonNumber, parseJson } from '../../src-interfaces/json/json.js';

/** Indexes of a transaction's outputs by value, as their own order is random. */
export function outputOrder(tx: Transaction): number[] {
  return tx.outputs.map((_, i) => i).sort((a, b) => Number((tx.outputs[a]?.value ?? 0n) - (tx.outputs[b]?.value ?? 0n)));
}

/** A transaction as far as it is not made of random keys: outputs by their value, as their order is random. */
function transactionOf(bytes: Uint8Array): { readonly fields: object; readonly order: readonly number[] } {
  const tx = parseTransaction(bytes);
  const order = outputOrder(tx);
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
  const { tx, response, result } = value;
  if (typeof response === 'string' && result === true) return { response: canonicalJson(parseJson(response)), result };
  if (!(tx instanceof Uint8Array) || tx.length === 0) return Object.getPrototypeOf(value) === Object.prototype ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, canonical(each)])) : value;
  const { fields, order } = transactionOf(tx);
  const perOutput = Object.entries(value).filter(([key]) => key.startsWith('txout'));
  return {
    ...value,
    tx: fields,
    ...Object.fromEntries(perOutput.map(([key, list]) => [key, Array.isArray(list) ? order.map((i): unknown => list[i]) : list])),
  };
}

/** What a command answered: numbers with the digits they have, descriptors apart from their keys. */
function canonicalJson(value: unknown): unknown {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return value.map(canonicalJson);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, canonicalJson(each)]));
  if (typeof value !== 'string' || !splitChecksum(value, true).ok) return value;
  const descriptor = value.replace(/#.*/, '');
  const random = /(?<=\[)[0-9a-f]{8}|tpub[1-9A-HJ-NP-Za-km-z]+/g;
  return { descriptor: descriptor.replaceAll(random, '…'), keys: descriptor.match(random) ?? [] };
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
