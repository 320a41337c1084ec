/** Why a wallet could not be created, loaded, restored or migrated. */
export type WalletFailureKind =
  | 'bad-path'
  | 'bad-format'
  | 'legacy'
  | 'not-found'
  | 'already-loaded'
  | 'already-exists'
  | 'unnamed'
  | 'invalid-backup'
  | 'create'
  | 'load'
  | 'verify'
  | 'migrate'
  | 'encrypt';

export interface WalletFailure {
  readonly kind: WalletFailureKind;
  /** For people, in Bitcoin Core's words where it has any. */
  readonly message: string;
}

export function walletFailure(kind: WalletFailureKind, message: string): WalletFailure {
  return { kind, message };
}
