import { existsSync } from 'node:fs';
import { DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import { RecordType, splitKey } from '../store/record-keys.js';
import { dataFileOf, isLegacyWallet, walletPathOf } from '../store/wallet-files.js';
import { BerkeleyFault } from './berkeley-page.js';
import { readBerkeleyFile } from './berkeley-file.js';

/**
 * Whether the private keys of a legacy wallet are encrypted; undefined for a name that stands for none.
 * @throws CallFailure when its file cannot be read
 */
export function isLegacyEncrypted(walletDirectory: string, name: string): boolean | undefined {
  const path = walletPathOf(walletDirectory, name);
  if (path === undefined || !existsSync(path) || !isLegacyWallet(dataFileOf(path))) return undefined;
  try {
    return readBerkeleyFile(dataFileOf(path)).some(({ key }) => splitKey(key).type === RecordType.masterKey);
  } catch (fault) {
    if (fault instanceof BerkeleyFault || fault instanceof DecodeError) throw new CallFailure('failed', fault.message, { cause: fault });
    throw fault;
  }
}
