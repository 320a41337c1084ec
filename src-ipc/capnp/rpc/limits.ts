/** What one connection may hold. A limit reached on this side fails the call; one the peer goes over ends the connection. */
export interface ConnectionLimits {
  /** Calls waiting for an answer from the peer. */
  readonly questions: number;
  /** Calls of the peer not finished by it. */
  readonly answers: number;
  /** Objects of this process that the peer holds. */
  readonly exports: number;
  /** Bytes waiting to be written, beyond which calls fail as overloaded. */
  readonly queuedBytes: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  questions: 100_000,
  answers: 100_000,
  exports: 1_000_000,
  queuedBytes: 256 * 1024 * 1024,
};
