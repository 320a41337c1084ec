/** A message, or a value to be put into one, that does not follow the Cap'n Proto encoding or exceeds a limit. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** The error for a message over its size limit; both in bytes. */
export function tooLarge(bytes: number, allowed: number): WireError {
  return new WireError(`Message is too large: ${bytes} bytes, ${allowed} allowed.`);
}
