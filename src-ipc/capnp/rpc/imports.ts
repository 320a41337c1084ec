import { MessageBuilder } from '../wire/message.js';
import type { StructReader } from '../wire/struct-reader.js';
import { BrokenHook } from './broken.js';
import { initBody } from './call-messages.js';
import { RpcError } from './error.js';
import type { CapHook } from './hook.js';
import type { Peer } from './peer.js';
import { limitReached } from './limits.js';
import { readException } from './questions.js';
import { ImportNode, RemotePromise } from './remote.js';
import { MESSAGE_TAG } from './rpc-schema.js';

/** Objects and promises of the peer that are referenced here. */
export class Imports {
  readonly #peer: Peer;
  readonly #nodes = new Map<number, ImportNode>();

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** A new reference for a mention of an object the peer hosts. */
  hosted(id: number): CapHook {
    const node = this.#mention(id);
    const { promise } = node;
    if (promise === undefined) return node;
    promise.addRef();
    node.release();
    return promise;
  }

  /** A new reference for a mention of a promise of the peer. */
  promised(id: number): CapHook {
    const node = this.#mention(id);
    const known = node.promise;
    if (known !== undefined) {
      known.addRef();
      node.release();
      return known;
    }
    const promise = new RemotePromise(node);
    promise.onDropped = () => (node.promise = undefined);
    node.promise = promise;
    return promise;
  }

  /** The peer says what a promise of its has become. */
  onResolve(body: StructReader): void {
    const promise = this.#nodes.get(body.getUint32(0))?.promise;
    const resolution = this.#readResolution(body);
    if (promise === undefined) {
      // All references have been released while the message was on its way.
      resolution.release();
      return;
    }
    if (!promise.isPromise) {
      resolution.release();
      throw new RpcError('failed', 'Got Resolve for a promise that has resolved already.');
    }
    promise.addRef();
    promise.resolve(resolution);
    promise.release();
  }

  /** The last reference here has gone: gives all of the peer's mentions back. */
  dropped(node: ImportNode): void {
    if (this.#nodes.get(node.id) !== node) return;
    this.#nodes.delete(node.id);
    const message = new MessageBuilder(48);
    const body = initBody(message, MESSAGE_TAG.release, { dataWords: 1, pointers: 0 });
    body.setUint32(0, node.id);
    body.setUint32(4, node.remoteReferences);
    this.#peer.reply(message);
  }

  close(): void {
    this.#nodes.clear();
  }

  /** The node of an import with one mention and one reference more. */
  #mention(id: number): ImportNode {
    let node = this.#nodes.get(id);
    if (node === undefined) {
      const { imports } = this.#peer.limits;
      if (this.#nodes.size >= imports) throw limitReached('imports', imports, 'Too many objects of the peer are held');
      node = new ImportNode(this.#peer, id);
      this.#nodes.set(id, node);
    } else {
      node.addRef();
    }
    node.remoteReferences++;
    return node;
  }

  #readResolution(body: StructReader): CapHook {
    if (body.getUint16(4) === 1) return new BrokenHook(readException(body.getStruct(0)));
    if (body.getUint16(4) !== 0) return new BrokenHook(new RpcError('unimplemented', 'Unknown kind of Resolve.'));
    return this.#peer.descriptors.readOne(body.getStruct(0));
  }
}
