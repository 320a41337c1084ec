/**
 * The methods of the process interfaces that no program here answers, with the reasons. docs/ipc.md lists them from
 * this table.
 */
import { CallFailure } from './errors.js';
import type { Wallet } from './generated/wallet.js';

const reasons = {
  Wallet: {
    fillPSBT: 'the method has no parameter for the PSBT; walletprocesspsbt of JSON-RPC does this work',
  },
} as const satisfies {
  readonly Wallet: Partial<Record<keyof Wallet, string>>;
};

type Reasons = typeof reasons;

/** Why methods are not answered, by interface and method. */
export const unimplementedMethods: Readonly<Record<string, Readonly<Record<string, string>>>> = reasons;

/** What a call of such a method fails with. */
export function unimplemented<I extends keyof Reasons>(owner: I, method: keyof Reasons[I] & string): CallFailure {
  return new CallFailure('unimplemented', `${owner}.${method} is not implemented: ${unimplementedMethods[owner]?.[method] ?? ''}`);
}
