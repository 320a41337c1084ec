/** A message, or a value to be put into one, that does not follow the Cap'n Proto encoding or exceeds a limit. */
export class WireError extends Error {
  override readonly name = 'WireError';
}
