import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { encryptWallet, lockWallet, unlockWallet } from '../keys/wallet-lock.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { cancelRelock, relockAfter } from './relock.js';
import { isScanReserved } from './scan-reservation.js';
import { onWallet } from './wallet-command.js';

/** About three years, the most that a wallet stays unlocked. */
const longestUnlock = 100_000_000n;

function ensureEncrypted(wallet: LoadedWallet, command: string): void {
  if (!wallet.keyring.vault.encrypted) {
    throw rpcError('walletWrongEncryptionState', `Error: running with an unencrypted wallet, but ${command} was called.`);
  }
}

function ensureNotScanning(wallet: LoadedWallet, doing: string): void {
  if (isScanReserved(wallet)) {
    throw rpcError(
      'wallet',
      `Error: the wallet is currently being used to rescan the blockchain for related transactions. Please call \`abortrescan\` before ${doing}.`,
    );
  }
}

const bytesOf = (passphrase: string): Uint8Array => new TextEncoder().encode(passphrase);

function ensureNotEmpty(...passphrases: readonly string[]): void {
  if (passphrases.includes('')) throw rpcError('invalidParameter', 'passphrase cannot be empty');
}

/** Programs of old cut a passphrase at its first null character: the text tells how to get in all the same. */
function nullCharacterAdvice(which: string): string {
  return `Error: The ${which} passphrase entered is incorrect. It contains a null character (ie - a zero byte). If the passphrase was set with a version of this software prior to 25.0, please try again with only the characters up to — but not including — the first null character.`;
}

function unlock(wallet: LoadedWallet, call: RpcCall): Jsonable {
  ensureEncrypted(wallet, 'walletpassphrase');
  const passphrase = call.string('passphrase');
  const timeout = call.bigint('timeout');
  if (timeout < 0n) throw rpcError('invalidParameter', 'Timeout cannot be negative.');
  ensureNotEmpty(passphrase);
  if (!unlockWallet(wallet, bytesOf(passphrase))) {
    throw rpcError(
      'walletPassphraseIncorrect',
      passphrase.includes('\0')
        ? `${nullCharacterAdvice('wallet')} If this is successful, please set a new passphrase to avoid this issue in the future.`
        : 'Error: The wallet passphrase entered was incorrect.',
    );
  }
  relockAfter(wallet, Number(timeout > longestUnlock ? longestUnlock : timeout));
  wallet.change(() => wallet.keyring.topUpAll());
  return null;
}

function changePassphrase(wallet: LoadedWallet, call: RpcCall): Jsonable {
  ensureEncrypted(wallet, 'walletpassphrasechange');
  ensureNotScanning(wallet, 'changing the passphrase');
  const [before, after] = [call.string('oldpassphrase'), call.string('newpassphrase')];
  ensureNotEmpty(before, after);
  if (!wallet.keyring.vault.changePassphrase(bytesOf(before), bytesOf(after), wallet.keyring.descriptors)) {
    throw rpcError(
      'walletPassphraseIncorrect',
      before.includes('\0') ? nullCharacterAdvice('old wallet') : 'Error: The wallet passphrase entered was incorrect.',
    );
  }
  return null;
}

function lock(wallet: LoadedWallet): Jsonable {
  ensureEncrypted(wallet, 'walletlock');
  ensureNotScanning(wallet, 'locking the wallet');
  cancelRelock(wallet);
  lockWallet(wallet);
  return null;
}

function encrypt(wallet: LoadedWallet, call: RpcCall): Jsonable {
  if (!wallet.canSign) {
    throw rpcError('walletEncryptionFailed', 'Error: wallet does not contain private keys, nothing to encrypt.');
  }
  if (wallet.keyring.vault.encrypted) {
    throw rpcError('walletWrongEncryptionState', 'Error: running with an encrypted wallet, but encryptwallet was called.');
  }
  ensureNotScanning(wallet, 'encrypting the wallet');
  const passphrase = call.string('passphrase');
  ensureNotEmpty(passphrase);
  if (!encryptWallet(wallet, bytesOf(passphrase))) throw rpcError('walletEncryptionFailed', 'Error: Failed to encrypt the wallet.');
  return 'wallet encrypted; The keypool has been flushed and a new HD seed was generated. You need to make a new backup with the backupwallet RPC.';
}

/** Commands that encrypt, lock and unlock. */
export function encryptionCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'encryptwallet',
      description:
        'Encrypts the private keys with a passphrase, for the first time. From then on signing takes walletpassphrase first. New addresses come from new keys: make a new backup.',
      args: [{ names: 'passphrase', kind: 'string', required: true, help: 'One character at least; should be long.' }],
      result: '"str"    (string) What was done',
      run: encrypt,
    }),
    onWallet(registry, {
      name: 'walletpassphrase',
      description: 'Unlocks the private keys for some time. When they are unlocked already, the new time replaces the old one.',
      args: [
        { names: 'passphrase', kind: 'string', required: true, help: 'The passphrase.' },
        { names: 'timeout', kind: 'number', required: true, help: 'Seconds, at most 100000000.' },
      ],
      result: 'null    (json null)',
      run: unlock,
    }),
    onWallet(registry, {
      name: 'walletpassphrasechange',
      description: 'Changes the passphrase.',
      args: [
        { names: 'oldpassphrase', kind: 'string', required: true, help: 'The passphrase so far.' },
        { names: 'newpassphrase', kind: 'string', required: true, help: 'The new one.' },
      ],
      result: 'null    (json null)',
      run: changePassphrase,
    }),
    onWallet(registry, {
      name: 'walletlock',
      description: 'Locks the private keys.',
      args: [],
      result: 'null    (json null)',
      run: lock,
    }),
  ];
}
