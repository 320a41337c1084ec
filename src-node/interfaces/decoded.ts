import { CallFailure } from '../../src-interfaces/errors.js';
import { DecodeError } from '../../src-bitcoin/bytes/reader.js';

/** What `read` gives. @throws CallFailure naming the argument that cannot be read. */
export function decoded<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new CallFailure('failed', `${name} cannot be read: ${error.message}`, { cause: error });
  }
}
