/** Asking an Init what it has: another program may not know a method, or have no such part. */
import { CallFailure } from '../../src-interfaces/errors.js';

export function isUnimplemented(error: unknown): boolean {
  return error instanceof CallFailure && error.code === 'unimplemented';
}

/** What a call gives; undefined when the program has no such method or no such part. */
export async function part<T>(made: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await made;
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
    return undefined;
  }
}
