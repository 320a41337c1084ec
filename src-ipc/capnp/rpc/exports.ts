import { MessageBuilder } from '../wire/message.js';
import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import { initBody, writeException } from './call-messages.js';
import { RpcError } from './error.js';
import { forAll } from './for-all.js';
import { innermost } from './hook.js';
import type { CapHook } from './hook.js';
import { IdTable } from './id-table.js';
import { limitReached } from './limits.js';
import type { Peer } from './peer.js';
import { directTarget } from './remote.js';
import { CAP_DESCRIPTOR, DESCRIPTOR_TAG, EXCEPTION, MESSAGE_TAG } from './rpc-schema.js';

interface Export {
  readonly id: number;
  hook: CapHook;
  /** Mentions that the peer has not released. */
  references: number;
  /** Ends waiting for a promise to resolve. */
  stop: (() => void) | undefined;
}

/** Objects and promises of this side that the peer refers to. Each is listed once, however often it is mentioned. */
export class Exports {
  readonly #peer: Peer;
  readonly #table = new IdTable<Export>();
  readonly #byHook = new Map<CapHook, Export>();

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get size(): number {
    return this.#table.size;
  }

  /** The hook behind an export (borrowed). */
  get(id: number): CapHook | undefined {
    return this.#table.get(id)?.hook;
  }

  /**
   * Fills a descriptor with a mention of a settled or promised hook of this side and returns the export's number.
   * @throws RpcError when there are too many exports
   */
  mention(hook: CapHook, descriptor: StructBuilder): number {
    const isPromise = hook.isPromise || hook.brokenBy !== undefined;
    const entry = this.#byHook.get(hook) ?? this.#add(hook, isPromise);
    entry.references++;
    descriptor.setUint16(0, isPromise ? DESCRIPTOR_TAG.senderPromise : DESCRIPTOR_TAG.senderHosted);
    descriptor.setUint32(4, entry.id);
    return entry.id;
  }

  /** The peer gives mentions back. @throws RpcError when it does not have that many */
  release(id: number, count: number): void {
    const entry = this.#table.get(id);
    if (entry === undefined) throw new RpcError('failed', 'Tried to release invalid export ID.');
    if (count > entry.references) throw new RpcError('failed', "Tried to drop export's refcount below zero.");
    entry.references -= count;
    if (entry.references > 0) return;
    this.#table.remove(id);
    this.#let(entry);
  }

  /** The peer knows nothing of promises: the resolution it was told is not going to be used. */
  onUnimplementedResolve(body: StructReader): void {
    if (body.getUint16(4) !== 0) return;
    const descriptor = body.getStruct(0);
    const tag = descriptor.getUint16(0);
    if (tag === DESCRIPTOR_TAG.senderHosted || tag === DESCRIPTOR_TAG.senderPromise) this.release(descriptor.getUint32(4), 1);
  }

  close(): void {
    forAll(this.#table.clear(), (entry) => this.#let(entry));
  }

  #add(hook: CapHook, isPromise: boolean): Export {
    const { exports } = this.#peer.limits;
    if (this.#table.size >= exports) throw limitReached('exports', exports, 'Too many objects are held by the peer');
    const entry = this.#table.add((id) => ({ id, hook: hook.addRef(), references: 0, stop: undefined }));
    this.#byHook.set(hook, entry);
    // Not at once: the message that mentions the promise has to go first.
    if (isPromise) queueMicrotask(() => this.#follow(entry));
    return entry;
  }

  /** Waits until it is known what an exported promise is, then tells the peer. */
  #follow(entry: Export): void {
    entry.stop = undefined;
    if (this.#table.get(entry.id) !== entry) return;
    const inner = innermost(entry.hook);
    if (inner.isPromise && inner.peer !== this.#peer) entry.stop = inner.onSettled(() => this.#follow(entry));
    else this.#sendResolve(entry, directTarget(inner));
  }

  #sendResolve(entry: Export, resolution: CapHook): void {
    const message = new MessageBuilder(256);
    const body = initBody(message, MESSAGE_TAG.resolve, { dataWords: 1, pointers: 1 });
    body.setUint32(0, entry.id);
    if (resolution.brokenBy !== undefined) {
      body.setUint16(4, 1);
      writeException(body.initStruct(0, EXCEPTION), resolution.brokenBy);
    } else {
      this.#peer.descriptors.writeOne(body.initStruct(0, CAP_DESCRIPTOR), resolution);
    }
    // Later resolutions of a promise of the peer must not change where this leads: a Disembargo may rely on it.
    const old = entry.hook;
    if (this.#byHook.get(old) === entry) this.#byHook.delete(old);
    entry.hook = resolution.addRef();
    old.release();
    this.#peer.send(message);
  }

  #let(entry: Export): void {
    entry.stop?.();
    if (this.#byHook.get(entry.hook) === entry) this.#byHook.delete(entry.hook);
    entry.hook.release();
  }
}
