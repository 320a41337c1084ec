import { ListBuilder } from '../wire/list-builder.js';
import type { ListReader } from '../wire/list-reader.js';
import type { MessageBuilder } from '../wire/message.js';
import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import { BrokenHook } from './broken.js';
import { HookTable } from './capability-table.js';
import { RpcError, toRpcError } from './error.js';
import { innermost } from './hook.js';
import type { CapHook } from './hook.js';
import type { Peer } from './peer.js';
import { readPath } from './promised-answer.js';
import { RemoteNode, RemotePromise } from './remote.js';
import { CAP_DESCRIPTOR, DESCRIPTOR_TAG } from './rpc-schema.js';

/** What a message without capabilities mentions. */
export const NO_EXPORTS: readonly number[] = [];

/** The table of all messages that come without capabilities; nothing is added to those that come. */
const NO_HOOKS = new HookTable();

// There may be very many in one message, and the stack that an error notes takes time and room.
const INVALID_EXPORT = new RpcError('failed', "invalid 'receiverHosted' export ID");
const INVALID_ANSWER = new RpcError('failed', "invalid 'receiverAnswer'");
const UNKNOWN_TYPE = new RpcError('failed', 'unknown CapDescriptor type');

/** Turns capabilities into descriptors and back. */
export class Descriptors {
  readonly #peer: Peer;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  /**
   * Writes the descriptors of a message's capabilities at the pointer at byte offset `at`. Returns the exports they
   * mention; when it throws, no mention has been made.
   */
  write(message: MessageBuilder, at: number, table: HookTable): readonly number[] {
    if (table.length === 0) return NO_EXPORTS;
    const exports: number[] = [];
    try {
      const list = ListBuilder.initStructs(message, at, table.length, CAP_DESCRIPTOR);
      for (let i = 0; i < table.length; i++) {
        const hook = table.hook(i);
        const id = hook === null ? undefined : this.writeOne(list.getStruct(i), hook);
        if (id !== undefined) exports.push(id);
      }
    } catch (error) {
      for (const id of exports) this.#peer.exports.release(id, 1);
      throw error;
    }
    return exports;
  }

  /** Writes one descriptor. Returns the export it mentions, if it does. */
  writeOne(descriptor: StructBuilder, hook: CapHook): number | undefined {
    const inner = innermost(hook);
    if (inner.peer === this.#peer && this.#peer.closedBy === undefined) {
      if (inner instanceof RemotePromise) {
        inner.markUsed();
        inner.node?.writeDescriptor(descriptor);
      } else if (inner instanceof RemoteNode) {
        inner.writeDescriptor(descriptor);
      }
      return undefined;
    }
    if (inner instanceof BrokenHook && inner.isNull) return undefined;
    return this.#peer.exports.mention(inner, descriptor);
  }

  /** The capabilities described, each with a reference. */
  read(list: ListReader): HookTable {
    if (list.length === 0) return NO_HOOKS;
    const table = new HookTable();
    try {
      for (let i = 0; i < list.length; i++) table.push(this.#read(list.getStruct(i)));
    } catch (error) {
      table.dispose();
      throw error;
    }
    return table;
  }

  /** The capability described, or a broken one. */
  readOne(descriptor: StructReader): CapHook {
    return this.#read(descriptor) ?? new BrokenHook(new RpcError('failed', 'Called null capability.'), true);
  }

  #read(descriptor: StructReader): CapHook | null {
    const number = descriptor.getUint32(4);
    switch (descriptor.getUint16(0)) {
      case DESCRIPTOR_TAG.none:
        return null;
      case DESCRIPTOR_TAG.senderHosted:
        return this.#peer.imports.hosted(number);
      case DESCRIPTOR_TAG.senderPromise:
        return this.#peer.imports.promised(number);
      case DESCRIPTOR_TAG.receiverHosted:
        return this.#peer.exports.get(number)?.addRef() ?? new BrokenHook(INVALID_EXPORT);
      case DESCRIPTOR_TAG.receiverAnswer:
        return this.#readAnswer(descriptor.getStruct(0));
      case DESCRIPTOR_TAG.thirdPartyHosted:
        // Without level 3 an object of a third party is reached through the sender.
        return this.#peer.imports.hosted(descriptor.getStruct(0).getUint32(0));
      default:
        return new BrokenHook(UNKNOWN_TYPE);
    }
  }

  #readAnswer(promised: StructReader): CapHook {
    const answer = this.#peer.answers.get(promised.getUint32(0));
    if (answer === undefined) return new BrokenHook(INVALID_ANSWER);
    try {
      return answer.hookAt(readPath(promised));
    } catch (error) {
      return new BrokenHook(toRpcError(error));
    }
  }
}
