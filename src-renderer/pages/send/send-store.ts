import { create } from 'zustand';
import type { Draft } from '../../../src-interfaces/facade.js';
import type { Unit } from '../../../src-bitcoin/amount.js';
import { emptyForm, emptyRecipient, type Recipient, type SendForm } from './send-form.js';

export type SendStep =
  | { readonly kind: 'edit' }
  | { readonly kind: 'review'; readonly draft: Draft }
  | { readonly kind: 'sent'; readonly txid: string; readonly draft: Draft };

interface SendState {
  /** The wallet that the form is for: another one starts an empty form. */
  readonly wallet: string;
  readonly form: SendForm;
  readonly step: SendStep;
  readonly nextKey: number;
}

/** The form outlives a look at another page. */
export const useSend = create<SendState>()(() => ({ wallet: '', form: emptyForm('BTC'), step: { kind: 'edit' }, nextKey: 2 }));

export function resetSend(wallet: string, unit: Unit): void {
  useSend.setState({ wallet, form: emptyForm(unit), step: { kind: 'edit' }, nextKey: 2 });
}

export function changeForm(change: Partial<SendForm>): void {
  useSend.setState((state) => ({ form: { ...state.form, ...change } }));
}

export function changeRecipient(key: number, change: Partial<Recipient>): void {
  useSend.setState((state) => ({
    form: { ...state.form, recipients: state.form.recipients.map((one) => (one.key === key ? { ...one, ...change } : one)) },
  }));
}

export function addRecipient(unit: Unit): void {
  useSend.setState((state) => ({
    nextKey: state.nextKey + 1,
    form: { ...state.form, recipients: [...state.form.recipients, emptyRecipient(state.nextKey, unit)] },
  }));
}

export function removeRecipient(key: number): void {
  useSend.setState((state) => ({ form: { ...state.form, recipients: state.form.recipients.filter((one) => one.key !== key) } }));
}

export function setStep(step: SendStep): void {
  useSend.setState({ step });
}
