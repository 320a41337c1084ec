import type { MessageLimits } from '../wire/limits.js';
import type { MessageBuilder, MessageReader } from '../wire/message.js';

/** What a transport tells its connection. */
export interface TransportHandler {
  /** What messages that arrive may be like; by default as DEFAULT_MESSAGE_LIMITS has it. */
  readonly limits?: MessageLimits;
  message(message: MessageReader): void;
  /** Some of the queued bytes have been handed to the system. */
  written?(): void;
  /** The peer sent bytes that are no message; nothing more can be read. */
  malformed(error: Error): void;
  /** The peer hung up, or the stream failed. */
  ended(error?: Error): void;
}

/** Carries whole messages between two ends, in order. */
export interface Transport {
  /** Begins to deliver to the handler. */
  start(handler: TransportHandler): void;
  /**
   * Queues a message, which must not be changed afterwards.
   * @param isAnswer whether the peer caused it by asking, so that reading less keeps more of the kind from coming
   */
  send(message: MessageBuilder, isAnswer?: boolean): void;
  /** Bytes queued and not yet handed to the system. */
  readonly queuedBytes: number;
  /** Why what is sent gets nowhere any more, while what the peer said before is still delivered. */
  readonly writeFailure: Error | undefined;
  /** Delivers what is queued, then ends. Nothing is told to the handler any more. */
  close(): void;
}
