import { copyPointer } from '../wire/copy.js';
import type { PointerReader } from '../wire/pointer-reader.js';
import type { HookTable } from './capability-table.js';
import { CallMessage } from './call-messages.js';
import type { Peer } from './peer.js';

/** A call on its way to its target. Owned by whoever holds it; `dispose`, to be done once, ends it and what it has made, and releases its capabilities. */
export interface CallRequest {
  readonly interfaceId: bigint;
  readonly methodId: number;
  /** The peer it arrived from. */
  readonly peer: Peer | undefined;
  /** Bytes of the message that the parameters are in. */
  readonly byteLength: number;
  /** The peer that waits for the results and could be told to take them from a call sent back to it. */
  readonly tailPeer: Peer | undefined;
  /** The parameters, for reading here. */
  content(): PointerReader;
  /** The parameters as a message of at most `maxBytes` that can be sent, once. It ends with the request. */
  toMessage(maxBytes: number): CallMessage;
  dispose(): void;
}

/** A call made in this process; its parameters were built straight into the message that may go out. */
export class BuiltRequest implements CallRequest {
  readonly interfaceId: bigint;
  readonly methodId: number;
  readonly peer = undefined;
  readonly tailPeer: Peer | undefined;
  readonly #message: CallMessage;

  constructor(method: { readonly interfaceId: bigint; readonly methodId: number }, message: CallMessage, tailPeer?: Peer) {
    this.interfaceId = method.interfaceId;
    this.methodId = method.methodId;
    this.#message = message;
    this.tailPeer = tailPeer;
  }

  get byteLength(): number {
    return this.#message.builder.byteLength;
  }

  content(): PointerReader {
    return this.#message.content();
  }

  toMessage(): CallMessage {
    return this.#message;
  }

  dispose(): void {
    this.#message.dispose();
  }
}

/** A call received from a peer. */
export class ReceivedRequest implements CallRequest {
  readonly interfaceId: bigint;
  readonly methodId: number;
  readonly peer: Peer;
  readonly byteLength: number;
  readonly tailPeer: Peer | undefined;
  readonly #content: PointerReader;
  readonly #table: HookTable;
  #copy: CallMessage | undefined;

  constructor(interfaceId: bigint, methodId: number, content: PointerReader, table: HookTable, peer: Peer, tailPeer: Peer | undefined) {
    this.interfaceId = interfaceId;
    this.methodId = methodId;
    this.#content = content;
    this.#table = table;
    this.peer = peer;
    this.byteLength = content.source.byteLength;
    this.tailPeer = tailPeer;
  }

  content(): PointerReader {
    return this.#content;
  }

  toMessage(maxBytes: number): CallMessage {
    const message = new CallMessage(this.#content.source.byteLength, maxBytes);
    this.#copy = message;
    copyPointer(this.#content, message.builder, CallMessage.CONTENT_OFFSET);
    message.builder.fit();
    return message;
  }

  dispose(): void {
    this.#copy?.dispose();
    this.#table.dispose();
    this.#content.source.release();
  }
}
