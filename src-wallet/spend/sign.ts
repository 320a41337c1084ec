import { randomBytes } from 'node:crypto';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { Transaction, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { signTransaction as signWith, type SigningOutcome } from '../../src-bitcoin/sign/sign-transaction.js';
import type { LoadedWallet } from '../wallet.js';

export interface WalletSignOptions {
  readonly hashType?: number;
  /** Scripts and keys to use besides the wallet's own. */
  readonly extra?: SolvingData;
}

/**
 * Signs all inputs that the wallet has keys for, keeping signatures that are there, and lets the script
 * interpreter judge the result.
 * @param spent the outputs that the inputs spend, in their order; undefined where unknown.
 */
export function signTransaction(wallet: LoadedWallet, tx: Transaction, spent: readonly (TxOut | undefined)[], { extra, hashType }: WalletSignOptions = {}): SigningOutcome {
  const knownOf = (script: Uint8Array): SolvingData => {
    const known = wallet.keyring.solve(script, { secrets: true });
    if (extra !== undefined) known.merge(extra);
    return known;
  };
  return signWith(tx, spent, { knownOf, aux: () => new Uint8Array(randomBytes(32)), ...(hashType === undefined ? {} : { hashType }) });
}
