/**
 * Payment requests, as the wallet stores them for its windows. The wallet keeps them as opaque bytes;
 * ours are JSON, and requests another window program left in its own form are kept, not shown.
 */
import { formatPaymentUri } from '../../src-bitcoin/address/payment-uri.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { ReceiveRequest } from '../../src-interfaces/facade.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** What is stored of a request: all that cannot be derived. */
export type StoredRequest = Pick<ReceiveRequest, 'id' | 'address' | 'label' | 'message' | 'amount' | 'time'>;

export function serializeRequest(request: StoredRequest): Uint8Array {
  const { id, address, label, message, amount, time } = request;
  return encoder.encode(JSON.stringify({ bulkhead: 1, id, address, label, message, amount: amount === null ? null : amount.toString(), time }));
}

/** The stored request, or undefined for bytes that are not one of ours. */
export function parseRequest(bytes: Uint8Array): StoredRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('bulkhead' in value)) return undefined;
  const { id, address, label, message, amount, time } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof address !== 'string' || typeof time !== 'number') return undefined;
  return {
    id,
    address,
    label: typeof label === 'string' ? label : '',
    message: typeof message === 'string' ? message : '',
    amount: typeof amount === 'string' && /^\d{1,16}$/.test(amount) ? BigInt(amount) : null,
    time,
  };
}

/** The request as the window shows it. */
export function shownRequest(request: StoredRequest, received: bigint, params: ChainParams): ReceiveRequest {
  const { address, label, message, amount } = request;
  const uri = formatPaymentUri(
    { address, amount: amount ?? undefined, label: label === '' ? undefined : label, message: message === '' ? undefined : message },
    params,
  );
  return { ...request, uri, received };
}
