import { DEFAULT_MESSAGE_LIMITS } from '../wire/limits.js';
import type { MessageLimits } from '../wire/limits.js';
import { RpcError } from './error.js';

/** What one connection may hold. A limit reached on this side fails the call; one the peer goes over ends the connection. */
export interface ConnectionLimits extends MessageLimits {
  /** Calls waiting for an answer from the peer, or for room to be sent; as many again may be held back by it. */
  readonly questions: number;
  /**
   * Calls of the peer not finished by it. As many again may go on after they were, and as many places in results be
   * called before these are there.
   */
  readonly answers: number;
  /**
   * Bytes kept for calls of the peer: of parameters until they return, or end if they were finished before, of results
   * with objects until it finishes them. And of calls that it holds back.
   */
  readonly heldBytes: number;
  /** Objects of this process that the peer holds. */
  readonly exports: number;
  /** Objects of the peer that are held here, also those in parameters of calls under way. */
  readonly imports: number;
  /** Bytes waiting to be written beyond which new calls are to wait for their turn (`Connection.whenWritable`). */
  readonly queuedBytes: number;
  /** Bytes waiting to be written beyond which what does not wait fails: calls that did not ask, and answers. */
  readonly overflowBytes: number;
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  ...DEFAULT_MESSAGE_LIMITS,
  questions: 100_000,
  answers: 100_000,
  heldBytes: 512 * 1024 * 1024,
  exports: 1_000_000,
  imports: 1_000_000,
  queuedBytes: 2 * 1024 * 1024,
  overflowBytes: 256 * 1024 * 1024,
};

/** The error for a call when as many as there may be are waiting. */
export function tooManyQuestions(allowed: number): RpcError {
  return limitReached('questions', allowed, 'Too many calls are waiting for an answer');
}

/** The error for a limit of the connection that has been reached, which it names. */
export function limitReached(limit: keyof ConnectionLimits, allowed: number, what: string): RpcError {
  return new RpcError('overloaded', `${what} (${limit}: ${allowed} allowed).`);
}
