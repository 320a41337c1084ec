import { create } from 'zustand';
import type { CompartmentId } from '../../src-interfaces/facade.js';

export const PAGES = ['overview', 'send', 'receive', 'transactions', 'node', 'settings'] as const;
export type Page = (typeof PAGES)[number];

export function isPage(name: string): name is Page {
  return PAGES.some((page) => page === name);
}

/** The one dialog that is open; dialogs never stack. */
export type DialogKind =
  | 'create-wallet'
  | 'open-wallet'
  | 'restore-wallet'
  | 'encrypt-wallet'
  | 'unlock-wallet'
  | 'change-passphrase'
  | 'end-wallet'
  | 'quit'
  | 'apply-node-settings';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'good' | 'bad';
  readonly text: string;
}

interface ViewStore {
  readonly page: Page;
  readonly dialog: DialogKind | null;
  readonly palette: boolean;
  readonly toasts: readonly Toast[];
  /** Transaction shown in the side panel. */
  readonly transaction: string | null;
  /** Text for the first recipient of Send, from a `bitcoin:` link. */
  readonly sendText: string | null;
  /** Crash messages the person has put away, by `compartment@time`. */
  readonly dismissed: readonly string[];
  readonly openCompartment: CompartmentId | null;
}

export const useView = create<ViewStore>()(() => ({
  page: 'overview',
  dialog: null,
  palette: false,
  toasts: [],
  transaction: null,
  sendText: null,
  dismissed: [],
  openCompartment: null,
}));

let nextToast = 1;

/** Says something that needs no answer; gone after some seconds, errors stay longer. */
export function toast(text: string, tone: Toast['tone'] = 'info'): void {
  const id = nextToast++;
  useView.setState((state) => ({ toasts: [...state.toasts.slice(-3), { id, tone, text }] }));
  setTimeout(() => dismissToast(id), tone === 'bad' ? 12_000 : 4_000);
}

export function dismissToast(id: number): void {
  useView.setState((state) => ({ toasts: state.toasts.filter((one) => one.id !== id) }));
}

export const openDialog = (dialog: DialogKind | null): void => useView.setState({ dialog });
export const showTransaction = (txid: string | null): void =>
  useView.setState(txid === null ? { transaction: null } : { transaction: txid, page: 'transactions' });
