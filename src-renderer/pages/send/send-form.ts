import { parseAmount, type AmountFault, type Unit } from '../../../src-bitcoin/amount.js';
import type { ArgumentsOf, facadeSchema, ParsedRecipient } from '../../../src-interfaces/facade.js';

export interface Recipient {
  readonly key: number;
  /** As typed or pasted: address, URI, or text around one. */
  readonly text: string;
  /** What the wallet made of `text`; null while it is empty, wrong or not yet asked. */
  readonly parsed: ParsedRecipient | null;
  readonly fault: string | null;
  readonly label: string;
  readonly amount: { readonly text: string; readonly unit: Unit };
  readonly subtractFee: boolean;
}

export interface ChosenCoin {
  readonly txid: string;
  readonly vout: number;
  readonly amount: bigint;
}

export interface SendForm {
  readonly recipients: readonly Recipient[];
  readonly fee: { readonly kind: 'speed'; readonly target: number } | { readonly kind: 'exact'; readonly rate: string };
  /** Exactly these coins; null leaves the choice to the wallet. */
  readonly coins: readonly ChosenCoin[] | null;
}

export const SPEEDS = [2, 6, 144] as const;

export function emptyRecipient(key: number, unit: Unit): Recipient {
  return { key, text: '', parsed: null, fault: null, label: '', amount: { text: '', unit }, subtractFee: false };
}

export function emptyForm(unit: Unit): SendForm {
  return { recipients: [emptyRecipient(1, unit)], fee: { kind: 'speed', target: 6 }, coins: null };
}

export type PrepareArguments = ArgumentsOf<(typeof facadeSchema)['calls']['wallet']['prepare']>;

/** What is missing or wrong, by the path that the facade uses too: `recipients[0].amount`. */
export type SendFault =
  | { readonly kind: 'address-missing' }
  | { readonly kind: 'address'; readonly message: string }
  | { readonly kind: 'amount'; readonly fault: AmountFault }
  | { readonly kind: 'amount-zero' }
  | { readonly kind: 'rate' }
  | { readonly kind: 'no-coins' };

export type ReadForm =
  | { readonly ok: true; readonly args: PrepareArguments }
  | { readonly ok: false; readonly faults: Readonly<Record<string, SendFault>> };

/** sat/vB as typed: digits with at most three decimals. Null when it is not one. */
export function parseRate(text: string): number | null {
  const compact = text.trim();
  return /^\d{1,6}(\.\d{1,3})?$/.test(compact) && Number(compact) > 0 ? Number(compact) : null;
}

/** The form as arguments of `wallet.prepare`, or every fault in it. */
export function readForm(wallet: string, form: SendForm): ReadForm {
  const faults: Record<string, SendFault> = {};
  const recipients: { address: string; amount: bigint; label: string; subtractFee: boolean }[] = [];
  for (const [index, recipient] of form.recipients.entries()) {
    const path = `recipients[${index}]`;
    const amount = parseAmount(recipient.amount.text, recipient.amount.unit);
    if (recipient.fault !== null) faults[`${path}.address`] = { kind: 'address', message: recipient.fault };
    else if (recipient.parsed === null) faults[`${path}.address`] = { kind: 'address-missing' };
    if (!amount.ok) faults[`${path}.amount`] = { kind: 'amount', fault: amount.fault };
    else if (amount.value === 0n) faults[`${path}.amount`] = { kind: 'amount-zero' };
    if (recipient.parsed !== null && amount.ok) {
      const { label, subtractFee } = recipient;
      recipients.push({ address: recipient.parsed.address, amount: amount.value, label: label.trim(), subtractFee });
    }
  }
  const rate = form.fee.kind === 'exact' ? parseRate(form.fee.rate) : null;
  if (form.fee.kind === 'exact' && rate === null) faults['feeRate'] = { kind: 'rate' };
  if (form.coins?.length === 0) faults['coins'] = { kind: 'no-coins' };
  if (Object.keys(faults).length > 0) return { ok: false, faults };
  const fee = form.fee.kind === 'speed' ? { feeTarget: form.fee.target } : { feeRate: rate ?? 0 };
  const coins = form.coins === null ? {} : { coins: form.coins.map(({ txid, vout }) => ({ txid, vout })) };
  return { ok: true, args: { wallet, recipients, ...fee, ...coins } };
}

/** The sum of the amounts typed so far. */
export function totalTyped(form: SendForm): bigint {
  let total = 0n;
  for (const { amount } of form.recipients) {
    const parsed = parseAmount(amount.text, amount.unit);
    if (parsed.ok) total += parsed.value;
  }
  return total;
}

/** What `key`'s recipient could get at most: the coins that may be spent, less the other amounts. */
export function availableFor(form: SendForm, key: number, spendable: bigint): bigint {
  const all = form.coins === null ? spendable : form.coins.reduce((sum, coin) => sum + coin.amount, 0n);
  return all - totalTyped({ ...form, recipients: form.recipients.filter((one) => one.key !== key) });
}

/** Fee as a share of what is paid, in percent: "0.12", "<0.01". */
export function feePercent(fee: bigint, paid: bigint): string {
  if (paid <= 0n) return '–';
  const hundredths = (fee * 10_000n) / paid;
  if (hundredths === 0n) return '<\u202f0.01';
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')}`;
}
