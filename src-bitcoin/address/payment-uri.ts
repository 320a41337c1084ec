import { COIN, formatAmount, MAX_MONEY } from '../amount.js';
import { decodeAddress, type AddressParams } from './address.js';

/** A request for payment as a `bitcoin:` link carries it (BIP21). */
export interface PaymentUri {
  readonly address: string;
  /** Satoshis; undefined when the link leaves the amount open. */
  readonly amount: bigint | undefined;
  readonly label: string | undefined;
  readonly message: string | undefined;
}

export type ParsedPaymentUri =
  | { readonly ok: true; readonly uri: PaymentUri }
  | { readonly ok: false; readonly error: string };

/** BIP21 amounts are decimal bitcoin with a point, without exponent, sign or separators. */
function parseUriAmount(text: string): bigint | undefined {
  const match = /^(\d*)(?:\.(\d{0,8}))?$/.exec(text);
  const whole = match?.[1] ?? '';
  const decimals = match?.[2] ?? '';
  if (match === null || whole.length + decimals.length === 0 || whole.length > 10) return undefined;
  const value = BigInt(whole || '0') * COIN + BigInt(decimals.padEnd(8, '0'));
  return value > MAX_MONEY ? undefined : value;
}

function decodePart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Reads a `bitcoin:` link for one network. Unknown parameters are ignored unless they start with `req-`. */
export function parsePaymentUri(text: string, params: AddressParams): ParsedPaymentUri {
  const match = /^bitcoin:(?:\/\/)?([^?#/]*)\/?(?:\?([^#]*))?(?:#.*)?$/i.exec(text.trim());
  if (match === null) return { ok: false, error: 'This is not a bitcoin: link.' };
  const address = decodePart(match[1] ?? '') ?? '';
  const decoded = decodeAddress(address, params);
  if (!decoded.ok) return { ok: false, error: `The address in this link is not valid: ${decoded.error}` };
  let amount: bigint | undefined;
  let label: string | undefined;
  let message: string | undefined;
  for (const pair of (match[2] ?? '').split('&')) {
    const cut = pair.indexOf('=');
    const name = cut === -1 ? pair : pair.slice(0, cut);
    const value = decodePart(cut === -1 ? '' : pair.slice(cut + 1));
    if (value === undefined) return { ok: false, error: `The parameter "${name}" of this link is not encoded rightly.` };
    const required = name.startsWith('req-');
    switch (required ? name.slice(4) : name) {
      case 'amount':
        amount = parseUriAmount(value);
        if (amount === undefined) return { ok: false, error: `The amount "${value}" of this link is not valid.` };
        break;
      case 'label':
        label = value;
        break;
      case 'message':
        message = value;
        break;
      default:
        if (required) return { ok: false, error: `This link needs "${name}", which this wallet does not know.` };
    }
  }
  return { ok: true, uri: { address, amount, label, message } };
}

/** The link of a request. Bech32 addresses are put in capitals, which makes smaller QR codes. */
export function formatPaymentUri(uri: PaymentUri, params: AddressParams): string {
  const upper = uri.address.toLowerCase().startsWith(`${params.bech32Prefix}1`);
  const parts: string[] = [];
  if (uri.amount !== undefined && uri.amount > 0n) {
    parts.push(`amount=${formatAmount(uri.amount, { unit: 'BTC', plain: true, trim: true })}`);
  }
  if (uri.label !== undefined && uri.label !== '') parts.push(`label=${encodeURIComponent(uri.label)}`);
  if (uri.message !== undefined && uri.message !== '') parts.push(`message=${encodeURIComponent(uri.message)}`);
  return `bitcoin:${upper ? uri.address.toUpperCase() : uri.address}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}
