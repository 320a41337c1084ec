import { AsyncResource } from 'node:async_hooks';
import { copyPointer } from '../wire/copy.js';
import { tooLarge } from '../wire/errors.js';
import { MessageBuilder } from '../wire/message.js';
import type { MessageReader } from '../wire/message.js';
import type { Transport } from '../transport/transport.js';
import { Answers } from './answers.js';
import { initBody, writeException } from './call-messages.js';
import type { Connection } from './connection.js';
import { Descriptors } from './descriptors.js';
import { Embargoes } from './embargoes.js';
import { calledAfterDisconnect, interruptedByDisconnect, RpcError, toRpcError } from './error.js';
import { Exports } from './exports.js';
import { forAll } from './for-all.js';
import { Imports } from './imports.js';
import { limitReached, tooManyQuestions } from './limits.js';
import type { ConnectionLimits } from './limits.js';
import { Questions } from './questions.js';
import { EXCEPTION, MESSAGE_TAG } from './rpc-schema.js';
import { WaitingRoom } from './waiting-room.js';
import type { CapHook } from './hook.js';

/** Sends at once, or, when there is a refusal, nothing. */
export type SendWhenWritable = (refusal?: RpcError) => void;

/** The other end of a connection: what both sides hold of each other, and the messages between them. */
export class Peer {
  readonly connection: Connection;
  readonly limits: ConnectionLimits;
  readonly questions = new Questions(this);
  readonly answers: Answers;
  readonly exports = new Exports(this);
  readonly imports = new Imports(this);
  readonly embargoes = new Embargoes(this);
  readonly descriptors = new Descriptors(this);
  readonly waitingRoom = new WaitingRoom(this);
  readonly #transport: Transport;
  readonly #closeListeners = new Set<(error: RpcError) => void>();
  /** Senders that wait for room, first come first served. */
  readonly #writers = new Set<SendWhenWritable>();
  #closedBy: RpcError | undefined;

  constructor(connection: Connection, transport: Transport, limits: ConnectionLimits, bootstrap: CapHook | undefined) {
    this.connection = connection;
    this.limits = limits;
    this.answers = new Answers(this, bootstrap);
    this.#transport = transport;
  }

  /** Why the connection has ended. */
  get closedBy(): RpcError | undefined {
    return this.#closedBy;
  }

  /** The error for a call made now, when none can be made. */
  get refusal(): RpcError | undefined {
    const end = this.#closedBy ?? this.#transport.writeFailure;
    if (end !== undefined) return calledAfterDisconnect(end);
    const { overflowBytes } = this.limits;
    if (this.#transport.queuedBytes > overflowBytes) return limitReached('overflowBytes', overflowBytes, 'Too many bytes are waiting to be sent');
    return undefined;
  }

  /** Whether a call can be sent without waiting for others to be written. */
  get isWritable(): boolean {
    return this.#writers.size === 0 && this.#hasRoom();
  }

  /** As in Connection. */
  whenWritable(send: SendWhenWritable): () => void {
    const { isWritable, limits: { questions } } = this;
    if (isWritable || this.#writers.size + this.questions.size >= questions) {
      send(isWritable ? undefined : tooManyQuestions(questions));
      return () => {};
    }
    const waiting = AsyncResource.bind(send);
    this.#writers.add(waiting);
    return () => this.#writers.delete(waiting);
  }

  /** Some of what was queued has been written. */
  written(): void {
    for (const send of this.#writers) {
      if (!this.#hasRoom()) return;
      this.#letSend(send);
    }
  }

  /** @throws WireError when the message is larger than the peer is sent */
  requireSendable(message: MessageBuilder): void {
    const { messageBytes } = this.limits;
    if (message.byteLength > messageBytes) throw tooLarge(message.byteLength, messageBytes);
  }

  /** Queues a message; once the connection has ended it is dropped. */
  send(message: MessageBuilder): void {
    if (this.#closedBy === undefined) this.#transport.send(message);
  }

  /**
   * Queues a message that one of the peer's has led to. A peer that causes them and does not read is not read from, and
   * in the end loses its connection.
   */
  reply(message: MessageBuilder): void {
    if (this.#closedBy !== undefined) return;
    this.#transport.send(message, true);
    const { overflowBytes } = this.limits;
    // Results are replaced by errors before it comes to this.
    if (this.#transport.queuedBytes > 2 * overflowBytes) this.close(limitReached('overflowBytes', overflowBytes, 'Too many bytes are waiting to be sent'));
  }

  /** Takes in one message. A peer that breaks the protocol loses its connection. */
  receive(message: MessageReader): void {
    if (this.#closedBy !== undefined) return;
    try {
      this.#dispatch(message);
    } catch (error) {
      this.abort(toRpcError(error));
    }
  }

  /** Tells the peer why and ends the connection. */
  abort(error: RpcError): void {
    if (this.#closedBy !== undefined) return;
    const message = new MessageBuilder(256);
    writeException(initBody(message, MESSAGE_TAG.abort, EXCEPTION), error);
    this.send(message);
    this.close(error);
  }

  /** Ends the connection: every call fails, and everything held for the peer is let go, though a listener throws. */
  close(error: RpcError): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = error;
    const interrupted = interruptedByDisconnect(error);
    const steps = [
      () => this.#transport.close(),
      () => this.questions.close(interrupted),
      () => this.embargoes.close(interrupted),
      () => this.answers.close(),
      () => this.exports.close(),
      () => this.imports.close(),
      () => forAll(this.#writers, (send) => this.#letSend(send)),
      () => this.#tellClosed(interrupted),
    ];
    try {
      forAll(steps, (step) => step());
    } catch (fault) {
      process.emitWarning(toRpcError(fault));
    }
  }

  #letSend(send: SendWhenWritable): void {
    this.#writers.delete(send);
    send();
  }

  #tellClosed(error: RpcError): void {
    const listeners = [...this.#closeListeners];
    this.#closeListeners.clear();
    forAll(listeners, (listener) => listener(error));
  }

  /** Calls `listener` when the connection ends. Returns a function that takes it back. */
  onClosed(listener: (error: RpcError) => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  #hasRoom(): boolean {
    return this.#closedBy !== undefined || this.#transport.queuedBytes <= this.limits.queuedBytes;
  }

  #dispatch(message: MessageReader): void {
    const root = message.root();
    const body = root.getStruct(0);
    switch (root.getUint16(0)) {
      case MESSAGE_TAG.call:
        this.answers.onCall(body);
        return;
      case MESSAGE_TAG.return:
        this.questions.onReturn(body);
        return;
      case MESSAGE_TAG.finish:
        this.answers.onFinish(body);
        return;
      case MESSAGE_TAG.release:
        this.exports.release(body.getUint32(0), body.getUint32(4));
        return;
      case MESSAGE_TAG.resolve:
        this.imports.onResolve(body);
        return;
      case MESSAGE_TAG.bootstrap:
        this.answers.onBootstrap(body);
        return;
      case MESSAGE_TAG.disembargo:
        if (this.embargoes.onDisembargo(body)) return;
        break;
      case MESSAGE_TAG.unimplemented:
        this.#onUnimplemented(body.getUint16(0), message);
        return;
      case MESSAGE_TAG.abort:
        this.close(new RpcError('disconnected', `Peer aborted the connection: ${body.getText(0)}`));
        return;
    }
    this.#sendUnimplemented(message);
  }

  /** Sends a message of an unknown kind back, as the protocol asks. */
  #sendUnimplemented(message: MessageReader): void {
    const echo = new MessageBuilder(64 + message.byteLength);
    const root = echo.initRoot({ dataWords: 1, pointers: 1 });
    root.setUint16(0, MESSAGE_TAG.unimplemented);
    copyPointer(message.rootPointer(), echo, root.pointerOffset(0));
    echo.fit();
    this.reply(echo);
  }

  /** The peer did not understand a message of ours. */
  #onUnimplemented(tag: number, message: MessageReader): void {
    const body = message.root().getStruct(0).getStruct(0);
    if (tag === MESSAGE_TAG.call || tag === MESSAGE_TAG.bootstrap) this.questions.onUnimplemented(body.getUint32(0));
    else if (tag === MESSAGE_TAG.resolve) this.exports.onUnimplementedResolve(body);
    else throw new RpcError('failed', 'Peer did not implement required RPC message type.');
  }
}
