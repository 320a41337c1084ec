import type { ValidationFailure } from './types.js';

export function failure(kind: ValidationFailure['kind'], reason: string, debug = ''): ValidationFailure {
  return { kind, reason, debug };
}

/** A failure as it stands in the log: the reason, then more words where there are some. */
export function describeFailure({ reason, debug }: ValidationFailure): string {
  return debug === '' ? reason : `${reason}, ${debug}`;
}

/** The state on disk is damaged or cannot be written: the node cannot go on. */
export class ChainFault extends Error {
  override readonly name = 'ChainFault';
}
