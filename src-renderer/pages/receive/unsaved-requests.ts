/** What was typed into payment requests and is not stored yet: it outlives a look at another page. */
import type { TypedAmount } from '../../ui/amount-input.js';

export interface TypedRequest {
  readonly label: string;
  readonly message: string;
  readonly amount: TypedAmount;
}

const unsaved = new Map<string, TypedRequest>();

/** @param id of a request, unique among all wallets */
export const unsavedRequest = (id: string): TypedRequest | undefined => unsaved.get(id);

export function keepUnsaved(id: string, typed: TypedRequest): void {
  unsaved.set(id, typed);
}

/** It was stored, unless something newer was typed meanwhile. */
export function dropUnsaved(id: string, stored: TypedRequest): void {
  if (unsaved.get(id) === stored) unsaved.delete(id);
}
