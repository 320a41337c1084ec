/** The node cannot start; the message says why, in words for people. */
export class InitFailure extends Error {
  override readonly name = 'InitFailure';
}
