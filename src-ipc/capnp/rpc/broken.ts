import { RpcError } from './error.js';
import { CapHook, innermost } from './hook.js';
import { Outcome } from './outcome.js';
import type { CallRequest } from './request.js';

/** A capability every call on which fails. */
export class BrokenHook extends CapHook {
  readonly #error: RpcError;
  /** Whether it stands for a null pointer and is sent as one. */
  readonly isNull: boolean;

  constructor(error: RpcError, isNull = false) {
    super();
    this.#error = error;
    this.isNull = isNull;
  }

  override get brokenBy(): RpcError {
    return this.#error;
  }

  override call(request: CallRequest): Outcome {
    request.dispose();
    return Outcome.failed(this.#error);
  }

  override onBroken(listener: (error: RpcError) => void): () => void {
    listener(this.#error);
    return () => {};
  }
}

/** What calling through a null capability pointer means. */
export function nullHook(): BrokenHook {
  return new BrokenHook(new RpcError('failed', 'Called null capability.'), true);
}

/** The resolution of a promise, or a broken capability when it leads back to the promise itself. Takes over the reference. */
export function withoutCycle(promise: CapHook, resolution: CapHook): CapHook {
  let inner = innermost(resolution);
  while (inner !== promise) {
    const next = inner.awaited;
    if (next === undefined || inner.resolution !== undefined) return resolution;
    inner = innermost(next);
  }
  resolution.release();
  return new BrokenHook(new RpcError('failed', 'Promise resolved to itself.'));
}
