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

/** A hash. @throws CallFailure naming the argument that is none. */
export function hashArgument(name: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new CallFailure('failed', `${name} has ${bytes.length} bytes instead of 32`);
  return bytes;
}
