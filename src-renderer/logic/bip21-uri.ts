import { formatAmount } from '../../src-bitcoin/amount.js';

export interface PaymentRequest {
  readonly address: string;
  readonly amount: bigint | null;
  readonly label: string;
  readonly message: string;
}

function encoded(text: string): string {
  // encodeURIComponent leaves '() unescaped, which some readers of QR codes stop at.
  return encodeURIComponent(text).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The `bitcoin:` URI of a request (BIP21). Bech32 addresses stay as they are: the QR code decides on case. */
export function bip21Uri(request: PaymentRequest): string {
  const parameters: string[] = [];
  if (request.amount !== null && request.amount > 0n) {
    parameters.push(`amount=${formatAmount(request.amount, { unit: 'BTC', plain: true, trim: true })}`);
  }
  if (request.label !== '') parameters.push(`label=${encoded(request.label)}`);
  if (request.message !== '') parameters.push(`message=${encoded(request.message)}`);
  return `bitcoin:${request.address}${parameters.length > 0 ? `?${parameters.join('&')}` : ''}`;
}
