import { MessageBuilder } from '../wire/message.js';
import type { StructReader } from '../wire/struct-reader.js';
import { BrokenHook } from './broken.js';
import { initBody } from './call-messages.js';
import { RpcError } from './error.js';
import { forAll } from './for-all.js';
import type { CapHook } from './hook.js';
import { IdTable } from './id-table.js';
import { limitReached } from './limits.js';
import type { Peer } from './peer.js';
import { QueueHook } from './queue.js';
import { directTarget, RemoteNode } from './remote.js';
import { DISEMBARGO_TAG, MESSAGE_TAG, MESSAGE_TARGET } from './rpc-schema.js';

interface Embargo {
  readonly id: number;
  readonly queue: QueueHook;
  readonly target: CapHook;
}

/**
 * Calls held back to keep their order. When a promise of the peer turns out to be an object reached without the peer,
 * calls sent before are still on the long way round; later ones wait until a Disembargo has followed those.
 */
export class Embargoes {
  readonly #peer: Peer;
  readonly #table = new IdTable<Embargo>();
  /** Disembargoes of the peer that are held back. */
  #unanswered = 0;

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get size(): number {
    return this.#table.size;
  }

  /** Holds calls to `target` back (and takes it over) until those sent by way of `node` have come through. */
  raise(node: RemoteNode, target: CapHook): CapHook {
    const queue = new QueueHook(this.#peer.waitingRoom);
    const { id } = this.#table.add((number) => ({ id: number, queue: queue.addRef(), target }));
    this.#peer.send(disembargo(node, DISEMBARGO_TAG.senderLoopback, id));
    return queue;
  }

  /** Returns false for kinds that are not known here. */
  onDisembargo(body: StructReader): boolean {
    const id = body.getUint32(0);
    const tag = body.getUint16(4);
    if (tag === DISEMBARGO_TAG.receiverLoopback) this.#lift(id);
    else if (tag === DISEMBARGO_TAG.senderLoopback) this.#echo(body, id);
    else return false;
    return true;
  }

  close(error: RpcError): void {
    forAll(this.#table.clear(), ({ queue, target }) => {
      queue.resolve(new BrokenHook(error));
      queue.release();
      target.release();
    });
  }

  #lift(id: number): void {
    const embargo = this.#table.get(id);
    if (embargo === undefined) throw new RpcError('failed', 'Invalid embargo ID in `Disembargo.context.receiverLoopback`.');
    this.#table.remove(id);
    embargo.queue.resolve(embargo.target);
    embargo.queue.release();
  }

  /** Follows the calls that came before: those held back here for others on a longer way have to be sent on first. */
  #echo(body: StructReader, id: number): void {
    const { hook, whenSentOn } = this.#peer.answers.readPlace(body.getStruct(0));
    const target = directTarget(hook);
    const { answers } = this.#peer.limits;
    const isTooMany = this.#unanswered >= answers;
    if (!isTooMany && target instanceof RemoteNode && target.peer === this.#peer) {
      this.#unanswered++;
      whenSentOn(() => {
        this.#unanswered--;
        this.#peer.reply(disembargo(target, DISEMBARGO_TAG.receiverLoopback, id));
        hook.release();
      });
      return;
    }
    hook.release();
    if (isTooMany) throw limitReached('answers', answers, 'Too many Disembargoes wait for calls before them');
    throw new RpcError('failed', "'Disembargo' of type 'senderLoopback' sent to an object that does not point back to the sender.");
  }
}

function disembargo(node: RemoteNode, tag: number, id: number): MessageBuilder {
  const message = new MessageBuilder(128);
  const body = initBody(message, MESSAGE_TAG.disembargo, { dataWords: 1, pointers: 1 });
  body.setUint32(0, id);
  body.setUint16(4, tag);
  node.writeTarget(body.initStruct(0, MESSAGE_TARGET));
  return message;
}
