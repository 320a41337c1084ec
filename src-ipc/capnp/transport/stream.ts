import type { Duplex } from 'node:stream';
import { FrameDecoder, frameHeader } from '../wire/frame.js';
import type { MessageBuilder } from '../wire/message.js';
import type { Transport, TransportHandler } from './transport.js';

/** Frames up to this size are gathered into one buffer; larger ones are written without copying. */
const GATHER_BYTES = 64 * 1024;

/**
 * With more than this of answers waiting to be written, reading stops, so that a peer that does not read gets nothing
 * new to ask. Calls do not count: who stopped reading because of its own calls would keep the peer from answering them.
 */
const HIGH_WATER_BYTES = 16 * 1024 * 1024;

/** How long reading stops at most; two ends that both have many answers waiting must not do so for ever. */
const READ_PAUSE_MS = 1000;

/** How long a closed transport waits for the peer to take what was sent. */
const LINGER_MS = 2000;

/**
 * Messages over a byte stream (a Unix or other socket) in the standard stream framing. What is sent in one turn of
 * the event loop is written together.
 */
export class StreamTransport implements Transport {
  readonly #stream: Duplex;
  #decoder = new FrameDecoder();
  #handler: TransportHandler | undefined;
  #outgoing: MessageBuilder[] = [];
  #outgoingBytes = 0;
  /** Of the answers among the outgoing messages. */
  #outgoingAnswerBytes = 0;
  /** Of the answers that the stream has not handed to the system yet. */
  #writingAnswerBytes = 0;
  #isScheduled = false;
  #isClosed = false;
  #isEnded = false;
  #pause: NodeJS.Timeout | undefined;

  /** Takes over the stream. */
  constructor(stream: Duplex) {
    this.#stream = stream;
    // From the beginning: an error without listener would end the process.
    stream.on('error', (error: Error) => this.#ended(error));
  }

  start(handler: TransportHandler): void {
    this.#handler = handler;
    this.#decoder = new FrameDecoder(handler.limits);
    this.#stream.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#stream.on('end', () => this.#ended());
    this.#stream.on('close', () => this.#ended());
  }

  get queuedBytes(): number {
    return this.#outgoingBytes + this.#stream.writableLength;
  }

  send(message: MessageBuilder, isAnswer = false): void {
    if (this.#isClosed) return;
    this.#outgoing.push(message);
    this.#outgoingBytes += 8 + message.byteLength;
    if (isAnswer) this.#outgoingAnswerBytes += 8 + message.byteLength;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#flush();
    this.#isClosed = true;
    clearTimeout(this.#pause);
    const stream = this.#stream;
    if (stream.destroyed) return;
    const linger = setTimeout(() => stream.destroy(), LINGER_MS);
    linger.unref();
    // What arrives now is dropped; unread, it would keep the end of the stream from being seen.
    stream.resume();
    stream.end(() => {
      clearTimeout(linger);
      stream.destroy();
    });
  }

  #flush(): void {
    this.#isScheduled = false;
    const messages = this.#outgoing;
    if (this.#isClosed || messages.length === 0 || this.#stream.destroyed) return;
    this.#outgoing = [];
    const total = this.#outgoingBytes;
    const answers = this.#outgoingAnswerBytes;
    this.#outgoingBytes = 0;
    this.#outgoingAnswerBytes = 0;
    this.#writingAnswerBytes += answers;
    const onWritten = (): void => {
      this.#writingAnswerBytes -= answers;
      if (this.#writingAnswerBytes <= HIGH_WATER_BYTES) this.#resumeReading();
      this.#handler?.written?.();
    };
    if (total <= GATHER_BYTES) {
      this.#stream.write(gather(messages, total), onWritten);
    } else {
      const last = messages.length - 1;
      this.#stream.cork();
      messages.forEach((message, i) => {
        this.#stream.write(frameHeader(message));
        this.#stream.write(message.bytes(), i === last ? onWritten : undefined);
      });
      this.#stream.uncork();
    }
    if (this.#writingAnswerBytes > HIGH_WATER_BYTES) this.#pauseReading();
  }

  #received(chunk: Buffer): void {
    if (this.#isClosed || this.#isEnded) return;
    try {
      this.#decoder.push(chunk);
      for (let message = this.#decoder.next(); message !== null; message = this.#decoder.next()) {
        this.#handler?.message(message);
        if (this.#isClosed) return;
      }
    } catch (error) {
      this.#isEnded = true;
      this.#handler?.malformed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #ended(error?: Error): void {
    if (this.#isEnded || this.#isClosed) return;
    this.#isEnded = true;
    clearTimeout(this.#pause);
    this.#handler?.ended(error ?? (this.#decoder.isMidMessage ? new Error('Connection ended in the middle of a message.') : undefined));
  }

  #pauseReading(): void {
    if (this.#pause !== undefined) return;
    this.#stream.pause();
    this.#pause = setTimeout(() => this.#resumeReading(), READ_PAUSE_MS);
    this.#pause.unref();
  }

  #resumeReading(): void {
    if (this.#pause === undefined) return;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#stream.resume();
  }
}

function gather(messages: readonly MessageBuilder[], total: number): Uint8Array {
  const buffer = new Uint8Array(total);
  const view = new DataView(buffer.buffer);
  let offset = 0;
  for (const message of messages) {
    const length = message.byteLength;
    view.setUint32(offset + 4, length / 8, true);
    buffer.set(message.bytes(), offset + 8);
    offset += 8 + length;
  }
  return buffer;
}
