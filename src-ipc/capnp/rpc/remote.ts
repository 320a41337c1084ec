import type { StructBuilder } from '../wire/struct-builder.js';
import type { CallMessage } from './call-messages.js';
import { calledAfterDisconnect } from './error.js';
import type { RpcError } from './error.js';
import { CapHook, innermost, releaseInTurn } from './hook.js';
import type { Outcome, ResolvableHook } from './outcome.js';
import { withoutCycle } from './broken.js';
import { writeAnswerTarget, writePromisedAnswer } from './promised-answer.js';
import type { Peer } from './peer.js';
import type { Question } from './questions.js';
import type { CallRequest } from './request.js';
import { DESCRIPTOR_TAG, TARGET_TAG } from './rpc-schema.js';

/**
 * A fixed place at the peer that calls are sent to. It never resolves to anything else: where a promise is meant, a
 * RemotePromise stands in front of it.
 */
export abstract class RemoteNode extends CapHook {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    super();
    this.#peer = peer;
  }

  override get peer(): Peer {
    return this.#peer;
  }

  override get brokenBy(): RpcError | undefined {
    const { closedBy } = this.#peer;
    return closedBy && calledAfterDisconnect(closedBy);
  }

  override call(request: CallRequest): Outcome {
    return this.#peer.questions.call(this, request);
  }

  override onBroken(listener: (error: RpcError) => void): () => void {
    return this.#peer.onClosed(listener);
  }

  /** Aims a call here. */
  abstract aim(message: CallMessage): void;
  /** Fills a MessageTarget. */
  abstract writeTarget(target: StructBuilder): void;
  /** Fills a CapDescriptor. */
  abstract writeDescriptor(descriptor: StructBuilder): void;
}

/** An object or promise that the peer exports. */
export class ImportNode extends RemoteNode {
  readonly id: number;
  /** How often the peer has mentioned it; a Release gives all of them back. */
  remoteReferences = 0;
  /** The promise in front of it, while it has references (not counted here). */
  promise: RemotePromise | undefined;

  constructor(peer: Peer, id: number) {
    super(peer);
    this.id = id;
  }

  override aim(message: CallMessage): void {
    message.setImportTarget(this.id);
  }

  override writeTarget(target: StructBuilder): void {
    target.setUint32(0, this.id);
    target.setUint16(4, TARGET_TAG.importedCap);
  }

  override writeDescriptor(descriptor: StructBuilder): void {
    descriptor.setUint16(0, DESCRIPTOR_TAG.receiverHosted);
    descriptor.setUint32(4, this.id);
  }

  protected override dropped(): void {
    this.peer.imports.dropped(this);
  }
}

/** A place in the results of a call that the peer has not answered yet. Keeps the question open. */
export class PipelineNode extends RemoteNode {
  readonly #question: Question;
  readonly #path: readonly number[];

  constructor(question: Question, path: readonly number[]) {
    super(question.peer);
    this.#question = question.addRef();
    this.#path = path;
  }

  override aim(message: CallMessage): void {
    message.setAnswerTarget();
    writeAnswerTarget(message, this.#question.id, this.#path);
  }

  override writeTarget(target: StructBuilder): void {
    target.setUint16(4, TARGET_TAG.promisedAnswer);
    writePromisedAnswer(target, this.#question.id, this.#path);
  }

  override writeDescriptor(descriptor: StructBuilder): void {
    descriptor.setUint16(0, DESCRIPTOR_TAG.receiverAnswer);
    writePromisedAnswer(descriptor, this.#question.id, this.#path);
  }

  protected override dropped(): void {
    this.#question.release();
  }
}

/** A promise made by the peer. Calls are sent to the peer until it is known what it is. */
export class RemotePromise extends CapHook implements ResolvableHook {
  readonly #peer: Peer;
  #node: RemoteNode | undefined;
  #resolution: CapHook | undefined;
  /** Whether calls may still be on their way through the peer. */
  #wasUsed = false;
  /** Ends following what it has become. */
  #stopFollowing: (() => void) | undefined;
  readonly #listeners = new Set<() => void>();

  /** Takes over the node. */
  constructor(node: RemoteNode) {
    super();
    this.#peer = node.peer;
    this.#node = node;
  }

  override get peer(): Peer | undefined {
    return this.#resolution === undefined ? this.#peer : undefined;
  }

  override get resolution(): CapHook | undefined {
    return this.#resolution;
  }

  override get isPromise(): boolean {
    return this.#resolution === undefined;
  }

  /** Where calls go while it is unresolved (borrowed). */
  get node(): RemoteNode | undefined {
    return this.#node;
  }

  override call(request: CallRequest): Outcome {
    if (this.#resolution !== undefined) return this.#resolution.call(request);
    if (this.#node === undefined) throw new Error('Promise has neither target nor resolution');
    this.#wasUsed = true;
    return this.#node.call(request);
  }

  /** Calls may be sent through the peer from here on, by this side or, having been passed on, by another. */
  markUsed(): void {
    this.#wasUsed = true;
  }

  resolve(resolution: CapHook): void {
    const node = this.#node;
    if (node === undefined) {
      resolution.release();
      return;
    }
    const hook = withoutCycle(this, resolution);
    const inner = innermost(hook);
    const staysWithPeer = inner.peer === this.#peer;
    if (!this.#wasUsed || inner.brokenBy !== undefined || this.#peer.closedBy !== undefined) {
      this.#resolution = hook;
    } else if (staysWithPeer) {
      // Still the same way; but should that turn out to lead back here, the calls sent before count.
      if (inner instanceof RemotePromise) inner.markUsed();
      this.#resolution = hook;
    } else {
      this.#resolution = this.#peer.embargoes.raise(node, hook);
    }
    this.#node = undefined;
    node.release();
    this.#follow();
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /** A promise that becomes another, and that another, and so on, keeps hold of the last of them only. */
  #follow(): void {
    const old = this.#resolution;
    if (old === undefined) return;
    const inner = innermost(old);
    if (inner !== old) {
      this.#resolution = inner.addRef();
      old.release();
    }
    this.#stopFollowing = inner.isPromise ? inner.onSettled(() => this.#follow()) : undefined;
  }

  override onSettled(listener: () => void): () => void {
    if (!this.isPromise) return super.onSettled(listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected override dropped(): void {
    const node = this.#node;
    this.#node = undefined;
    node?.release();
    this.#stopFollowing?.();
    if (this.#resolution !== undefined) releaseInTurn(this.#resolution);
  }
}

/** Where calls through `hook` go at the moment; for a peer's promise that has not resolved, its fixed place (borrowed). */
export function directTarget(hook: CapHook): CapHook {
  const inner = innermost(hook);
  return inner instanceof RemotePromise ? (inner.node ?? inner) : inner;
}
