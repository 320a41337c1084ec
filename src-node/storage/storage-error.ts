/**
 * What is wrong with the data directory:
 * `in-use` another process has it open; `corrupt` data is damaged, `-reindex` rebuilds it;
 * `corrupt-chainstate` only the unspent outputs are damaged, `-reindex-chainstate` rebuilds them;
 * `wrong-network` it belongs to another network; `unsupported` a format of another version;
 * `unreadable` the system refused a file operation (see `cause`); `not-found` data is not stored.
 */
export type StorageErrorCode =
  | 'in-use'
  | 'corrupt'
  | 'corrupt-chainstate'
  | 'wrong-network'
  | 'unsupported'
  | 'unreadable'
  | 'not-found';

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
