import type { LoadedWallet } from '../wallet.js';
import { newRootKey } from '../init/open-wallet.js';
import { WalletFlag } from './wallet-flags.js';

/**
 * Encrypts a wallet's keys. The old descriptors keep receiving, but new addresses come from fresh keys
 * that were never on disk unencrypted. Leaves the wallet locked.
 * @returns false when it is encrypted already, has no private keys, or the passphrase is empty
 */
export function encryptWallet(wallet: LoadedWallet, passphrase: Uint8Array): boolean {
  const { vault } = wallet.keyring;
  if (vault.encrypted || passphrase.length === 0 || wallet.hasFlag(WalletFlag.disablePrivateKeys)) return false;
  wallet.change(() => {
    vault.encrypt(passphrase, wallet.keyring.descriptors);
    if (!wallet.hasFlag(WalletFlag.blank)) wallet.keyring.setUpDefaults(newRootKey(), BigInt(wallet.context.clock.now()));
  });
  lockWallet(wallet);
  wallet.rewriteFile();
  return true;
}

export function lockWallet(wallet: LoadedWallet): void {
  wallet.keyring.vault.lock();
  wallet.unlockedUntil = 0;
  wallet.events.status.emit();
}

/** @returns false when the passphrase is wrong */
export function unlockWallet(wallet: LoadedWallet, passphrase: Uint8Array): boolean {
  if (!wallet.keyring.vault.unlock(passphrase, wallet.keyring.descriptors)) return false;
  wallet.events.status.emit();
  return true;
}
