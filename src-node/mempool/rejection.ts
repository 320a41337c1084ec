import type { AcceptOutcome } from './types.js';

type Rejected = Extract<AcceptOutcome, { accepted: false }>;

/** Why a transaction is not taken. Thrown within acceptance only and returned to callers as a value. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly kind: Rejected['kind'];
  readonly reason: string;
  readonly debug: string;
  /** Might pass together with a child that pays for it, or with a higher fee. */
  readonly reconsiderable: boolean;

  constructor(kind: Rejected['kind'], reason: string, debug = '', reconsiderable = false) {
    super(debug === '' ? reason : `${reason}, ${debug}`);
    this.kind = kind;
    this.reason = reason;
    this.debug = debug;
    this.reconsiderable = reconsiderable;
  }

  toOutcome(): Rejected {
    return { accepted: false, kind: this.kind, reason: this.reason, debug: this.debug, reconsiderable: this.reconsiderable };
  }
}
