/** Errors that reach the person, and how faults of the layers below turn into them. */
import { isDisconnected, isUnimplemented } from '../../src-interfaces/errors.js';
import type { FacadeError, FacadeErrorCode, Result } from '../../src-interfaces/facade.js';

/** Thrown by handlers for failures the window shows in plain words. */
export class FacadeFailure extends Error {
  override readonly name = 'FacadeFailure';
  readonly code: FacadeErrorCode;
  readonly field: string | undefined;
  readonly details: string | undefined;

  constructor(code: FacadeErrorCode, message: string, more: { field?: string; details?: string; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.field = more.field;
    this.details = more.details;
  }
}

export function ok<T>(value: T): Result<T, FacadeError> {
  return { ok: true, value };
}

/** The error as the window gets it: no stack, no type of ours, words a person can act on. */
export function asFacadeError(error: unknown): FacadeError {
  if (error instanceof FacadeFailure) {
    return {
      code: error.code,
      message: error.message,
      ...(error.field === undefined ? {} : { field: error.field }),
      ...(error.details === undefined ? {} : { details: error.details }),
    };
  }
  const details = error instanceof Error ? error.message : String(error);
  if (isDisconnected(error)) {
    return { code: 'disconnected', message: 'The connection to the program that should answer has ended. Try again once the bar below says that it is back.', details };
  }
  if (isUnimplemented(error)) return { code: 'unsupported', message: 'The attached program does not offer this.', details };
  return { code: 'internal', message: 'Something went wrong inside the program. The log has the details.', details };
}
