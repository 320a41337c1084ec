import { decodeFrame, encodeFrame } from '../wire/frame.js';
import type { MessageBuilder } from '../wire/message.js';
import type { Transport, TransportHandler } from './transport.js';

/** Two ends in this process. Messages are encoded and arrive in a later turn of the event loop, as over a socket. */
export function memoryTransportPair(): [MemoryTransport, MemoryTransport] {
  const left = new MemoryTransport();
  const right = new MemoryTransport();
  left.connect(right);
  right.connect(left);
  return [left, right];
}

/** One end of an in-memory pair. */
export class MemoryTransport implements Transport {
  readonly queuedBytes = 0;
  readonly writeFailure = undefined;
  #other: MemoryTransport | undefined;
  #handler: TransportHandler | undefined;
  #isClosed = false;
  /** What is to happen at this end, in order, once it has a handler. */
  #arriving: ((handler: TransportHandler) => void)[] = [];
  #isScheduled = false;

  connect(other: MemoryTransport): void {
    this.#other = other;
  }

  start(handler: TransportHandler): void {
    this.#handler = handler;
    this.#schedule();
  }

  send(message: MessageBuilder): void {
    if (!this.#isClosed) this.#other?.sendBytes(encodeFrame(message));
  }

  /** Lets the bytes of one frame, well-formed or not, arrive at this end. */
  sendBytes(frame: Uint8Array): void {
    this.#arrive((handler) => {
      try {
        handler.message(decodeFrame(frame, handler.limits));
      } catch (error) {
        handler.malformed(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#other?.hangUp();
  }

  /** Lets this end see the other one go. */
  hangUp(error?: Error): void {
    this.#arrive((handler) => handler.ended(error));
  }

  #arrive(event: (handler: TransportHandler) => void): void {
    if (this.#isClosed) return;
    this.#arriving.push(event);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#handler === undefined || this.#arriving.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const handler = this.#handler;
      for (const event of this.#arriving.splice(0)) if (!this.#isClosed && handler !== undefined) event(handler);
    });
  }
}
