import { BrokenHook } from './broken.js';
import { RpcError } from './error.js';
import { forAll } from './for-all.js';
import type { CapHook } from './hook.js';
import type { Question } from './questions.js';
import type { Results } from './results.js';

/** A promise hook that an outcome makes for a pipelined capability. */
export interface ResolvableHook extends CapHook {
  /** Settles the promise and takes over the reference. */
  resolve(hook: CapHook): void;
}

/** How many outcomes may be the same as one another in a row: they are settled, and given up, each by the one before. */
const MAX_LINKS = 100;

type SettledListener = (outcome: Outcome) => void;
type TailListener = (question: Question) => void;

/** A capability that was asked for before there are results. */
interface Pipelined {
  readonly path: readonly number[];
  readonly hook: ResolvableHook;
}

const NONE: readonly Pipelined[] = [];

/** Adds to a list that is made when it is needed: most calls have one listener or none, and no pipelined capability. */
function added<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

/**
 * How a call ends, known or yet to be. Everything is told synchronously and in order: first the pipelined capabilities
 * learn what they are (and send on what they have queued), then the listeners hear of it. Owned by whoever asked for
 * the call; `dispose` lets go of the results, or cancels the call when there are none yet and nobody else needs them:
 * a capability pipelined on them, with calls that wait for it, does.
 */
export abstract class Outcome {
  #results: Results | undefined;
  #error: RpcError | undefined;
  #listeners: SettledListener[] | undefined;
  #tailListeners: TailListener[] | undefined;
  #linked: Outcome | undefined;
  /** How many, one after another, lead here. */
  #links = 0;
  #owners = 1;
  /** By path. */
  #pipelines: Map<string, Pipelined> | undefined;

  /** The outcome of a call that could not be made. */
  static failed(error: RpcError): Outcome {
    const outcome = new FailedOutcome();
    outcome.fail(error);
    return outcome;
  }

  get isSettled(): boolean {
    return this.#results !== undefined || this.#error !== undefined;
  }

  /** Set once the call succeeded (borrowed). */
  get results(): Results | undefined {
    return this.#results;
  }

  get error(): RpcError | undefined {
    return this.#error;
  }

  addOwner(): this {
    this.#owners++;
    return this;
  }

  dispose(): void {
    if (--this.#owners > 0) return;
    if (this.#linked === undefined) this.#abandon();
    else this.#linked.dispose();
    this.#results?.dispose();
  }

  /** Cancels a call that nobody waits for. */
  #abandon(): void {
    if (!this.isSettled && (this.#pipelines?.size ?? 0) === 0) this.cancel(new RpcError('failed', 'Call was abandoned.'));
  }

  onSettled(listener: SettledListener): void {
    if (this.isSettled) listener(this);
    else this.#listeners = added(this.#listeners, listener);
  }

  /** Told when the peer that asked for this call is to take the results from a question it answers itself. */
  onTail(listener: TailListener): void {
    if (this.#linked !== undefined) this.#linked.onTail(listener);
    else if (this.tailQuestion !== undefined) listener(this.tailQuestion);
    else if (!this.isSettled) this.#tailListeners = added(this.#tailListeners, listener);
  }

  /** The question whose results stay with the peer. */
  get tailQuestion(): Question | undefined {
    return undefined;
  }

  /** A new reference to the capability that will be, or is, at a place in the results. */
  pipeline(path: readonly number[]): CapHook {
    if (this.#linked !== undefined) return this.#linked.pipeline(path);
    if (this.#results !== undefined) return this.#results.hookAt(path);
    if (this.#error !== undefined) return new BrokenHook(this.#error);
    const key = path.join();
    const pipelines = (this.#pipelines ??= new Map<string, Pipelined>());
    const known = pipelines.get(key);
    if (known !== undefined) return known.hook.addRef();
    const hook = this.newPipeline(path);
    hook.onDropped = () => {
      pipelines.delete(key);
      if (this.#owners === 0) this.#abandon();
    };
    pipelines.set(key, { path, hook });
    return hook;
  }

  /** Gives the call up: it fails with `error` here, and whoever works on it is told. */
  cancel(error: RpcError): void {
    if (this.isSettled) return;
    this.#linked?.cancel(error);
    this.fail(error);
  }

  /** Becomes the same as another outcome and takes over that one's ownership. Fails when that leads back here, or too far. */
  link(other: Outcome): void {
    if (this.isSettled) {
      other.dispose();
      return;
    }
    const refusal = this.#countLinks(other);
    if (refusal !== undefined) {
      other.dispose();
      this.fail(new RpcError('failed', refusal));
      return;
    }
    this.#linked = other;
    for (const { path, hook } of this.#takePipelines()) this.#resolvePipeline(hook, other.pipeline(path));
    const tailListeners = this.#tailListeners;
    this.#tailListeners = undefined;
    for (const listener of tailListeners ?? []) other.onTail(listener);
    other.onSettled(() => {
      if (other.error !== undefined) this.fail(other.error);
      else if (other.results !== undefined) this.succeed(other.results.addOwner());
    });
    // Given up by its owner while capabilities on its results were needed: so it is with the other from here on.
    if (this.#owners === 0) other.dispose();
  }

  /** Notes that this leads to another outcome. Returns why it must not. */
  #countLinks(other: Outcome): string | undefined {
    let links = this.#links;
    for (let next: Outcome | undefined = other; next !== undefined; next = next.#linked) {
      if (next === this) return 'Call takes its results from itself.';
      if (++links > MAX_LINKS) return `Call takes its results from too many others in a row (${MAX_LINKS} allowed).`;
    }
    links = this.#links;
    for (let next: Outcome | undefined = other; next !== undefined; next = next.#linked) next.#links = Math.max(next.#links, ++links);
    return undefined;
  }

  /** Makes the hook for a pipelined capability while the call is under way. */
  protected abstract newPipeline(path: readonly number[]): ResolvableHook;

  /** The call has ended, one way or the other. */
  protected settled(): void {}

  /** Takes over the results. */
  protected succeed(results: Results): void {
    if (this.isSettled) {
      results.dispose();
      return;
    }
    this.#results = results;
    for (const { path, hook } of this.#takePipelines()) this.#resolvePipeline(hook, results.hookAt(path));
    // Those who are told give their ownership up themselves.
    const isUnowned = this.#owners === 0;
    this.#tell();
    if (isUnowned) results.dispose();
  }

  protected fail(error: RpcError): void {
    if (this.isSettled) return;
    this.#error = error;
    for (const { hook } of this.#takePipelines()) this.#resolvePipeline(hook, new BrokenHook(error));
    this.#tell();
  }

  #tell(): void {
    const listeners = this.#listeners;
    this.#listeners = undefined;
    this.#tailListeners = undefined;
    try {
      if (listeners !== undefined) forAll(listeners, (listener) => listener(this));
    } finally {
      this.settled();
    }
  }

  #takePipelines(): readonly Pipelined[] {
    if (this.#pipelines === undefined) return NONE;
    const pipelines = [...this.#pipelines.values()];
    this.#pipelines.clear();
    // Resolving one may drop another, which must then not be touched any more.
    for (const { hook } of pipelines) {
      hook.onDropped = undefined;
      hook.addRef();
    }
    return pipelines;
  }

  #resolvePipeline(hook: ResolvableHook, resolution: CapHook): void {
    hook.resolve(resolution);
    hook.release();
  }
}

class FailedOutcome extends Outcome {
  override fail(error: RpcError): void {
    super.fail(error);
  }

  protected override newPipeline(): ResolvableHook {
    throw new Error('A failed call has no results to come');
  }
}
