import type { Duplex } from 'node:stream';
import { FrameDecoder, frameHeader } from '../wire/frame.js';
import type { MessageBuilder } from '../wire/message.js';
import { DirectSocket, type ByteSink } from './direct-socket.js';
import type { Transport, TransportHandler } from './transport.js';
import { onWriteFailure } from './write-failure.js';

/** Frames up to this size are gathered into one buffer; larger ones are written without copying. */
const GATHER_BYTES = 64 * 1024;

/** With more than this handed to the stream and not written, the rest waits here, so that what is written can be used again. */
const WRITE_AHEAD_BYTES = 1024 * 1024;

/**
 * With more than this of answers waiting to be written, reading stops, so that a peer that does not read gets nothing
 * new to ask. Calls do not count: who stopped reading because of its own calls would keep the peer from answering them.
 */
const HIGH_WATER_BYTES = 16 * 1024 * 1024;

/** How long reading stops at most; two ends that both have many answers waiting must not do so for ever. */
const READ_PAUSE_MS = 1000;

/** How long a closed transport waits for the peer to take what was sent. */
const LINGER_MS = 2000;

/** How long is read on from a peer that cannot be written to. */
const LAST_WORDS_MS = 1000;

interface Outgoing {
  readonly message: MessageBuilder;
  /** With its frame header. */
  readonly bytes: number;
  readonly isAnswer: boolean;
}

/**
 * Messages over a byte stream (a Unix or other socket) in the standard stream framing. What is sent in one turn of
 * the event loop is written together. When nothing can be written any more, what the peer has said before is still read.
 */
export class StreamTransport implements Transport {
  readonly #stream: Duplex;
  #decoder = new FrameDecoder();
  #handler: TransportHandler | undefined;
  readonly #outgoing: Outgoing[] = [];
  #outgoingBytes = 0;
  /** Of what the stream has not handed to the system yet. */
  #writingBytes = 0;
  /** Of the answers among all of these. */
  #answerBytes = 0;
  #isScheduled = false;
  #isClosed = false;
  #isEnded = false;
  #pause: NodeJS.Timeout | undefined;
  #writeFailure: Error | undefined;
  #lastWords: NodeJS.Timeout | undefined;

  /** Takes over the stream. */
  constructor(stream: Duplex) {
    this.#stream = stream;
    onWriteFailure(stream, (error) => this.#unwritable(error));
    // From the beginning: an error without listener would end the process.
    stream.on('error', (error: Error) => this.#ended(error));
  }

  start(handler: TransportHandler): void {
    this.#handler = handler;
    this.#decoder = new FrameDecoder(handler.limits);
    if (this.#stream instanceof DirectSocket) this.#stream.deliverTo(this.#sink());
    else this.#stream.on('data', (chunk: Buffer) => this.#received(() => this.#decoder.push(chunk)));
    this.#stream.on('end', () => this.#ended());
    this.#stream.on('close', () => this.#ended());
  }

  get queuedBytes(): number {
    return this.#outgoingBytes + this.#stream.writableLength;
  }

  get writeFailure(): Error | undefined {
    return this.#writeFailure;
  }

  send(message: MessageBuilder, isAnswer = false): void {
    if (this.#isClosed || this.#writeFailure !== undefined) return;
    const bytes = 8 + message.byteLength;
    this.#outgoing.push({ message: message.hold(), bytes, isAnswer });
    this.#outgoingBytes += bytes;
    if (isAnswer && (this.#answerBytes += bytes) > HIGH_WATER_BYTES) this.#pauseReading();
    if (this.#isScheduled || this.#writingBytes > WRITE_AHEAD_BYTES) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush(WRITE_AHEAD_BYTES));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#flush(Infinity);
    this.#isClosed = true;
    clearTimeout(this.#pause);
    clearTimeout(this.#lastWords);
    const stream = this.#stream;
    if (stream.destroyed) return;
    if (this.#writeFailure !== undefined) {
      stream.destroy(this.#writeFailure);
      return;
    }
    const linger = setTimeout(() => stream.destroy(), LINGER_MS);
    linger.unref();
    // What arrives now is dropped; unread, it would keep the end of the stream from being seen.
    stream.resume();
    stream.end(() => {
      clearTimeout(linger);
      stream.destroy();
    });
  }

  /** Hands messages to the stream until it has more than `ahead` bytes to write. */
  #flush(ahead: number): void {
    this.#isScheduled = false;
    while (!this.#isClosed && !this.#stream.destroyed && this.#outgoing.length > 0 && this.#writingBytes <= ahead) this.#write(this.#takeBatch());
  }

  /** The next messages that are gathered into one buffer, or else one. */
  #takeBatch(): Outgoing[] {
    let [count, bytes] = [0, 0];
    for (const next of this.#outgoing) {
      if (count > 0 && bytes + next.bytes > GATHER_BYTES) break;
      bytes += next.bytes;
      count++;
    }
    return this.#outgoing.splice(0, count);
  }

  #write(batch: readonly Outgoing[]): void {
    let [total, answers] = [0, 0];
    for (const { bytes, isAnswer } of batch) {
      total += bytes;
      if (isAnswer) answers += bytes;
    }
    this.#outgoingBytes -= total;
    this.#writingBytes += total;
    const onWritten = (error?: Error | null): void => {
      this.#writingBytes -= total;
      this.#answerBytes -= answers;
      // After an error the system may still be looking at the bytes.
      if (this.#writeFailure === undefined && (error === undefined || error === null)) for (const { message } of batch) message.release();
      this.#flush(WRITE_AHEAD_BYTES);
      if (this.#answerBytes <= HIGH_WATER_BYTES) this.#resumeReading();
      this.#handler?.written?.();
    };
    if (total <= GATHER_BYTES) {
      this.#stream.write(gather(batch, total), onWritten);
      return;
    }
    // A single one: that is what takeBatch gives when it is not gathered.
    this.#stream.cork();
    for (const { message } of batch) {
      this.#stream.write(frameHeader(message));
      this.#stream.write(message.bytes(), onWritten);
    }
    this.#stream.uncork();
  }

  #sink(): ByteSink {
    return {
      room: () => (this.#isClosed || this.#isEnded ? undefined : this.#decoder.room()),
      filled: (bytes) => this.#received(() => this.#decoder.filled(bytes)),
      received: (bytes) => this.#received(() => this.#decoder.push(bytes)),
    };
  }

  #received(take: () => void): void {
    if (this.#isClosed || this.#isEnded) return;
    try {
      take();
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
    clearTimeout(this.#lastWords);
    this.#handler?.ended(this.#writeFailure ?? error ?? (this.#decoder.isMidMessage ? new Error('Connection ended in the middle of a message.') : undefined));
  }

  /** The peer is gone or going: what it says until its end counts, if that comes soon. */
  #unwritable(error: Error): void {
    this.#writeFailure = error;
    if (this.#isEnded || this.#isClosed) return;
    this.#outgoing.length = 0;
    this.#outgoingBytes = 0;
    this.#resumeReading();
    this.#lastWords = setTimeout(() => this.#ended(), LAST_WORDS_MS);
    this.#lastWords.unref();
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

function gather(batch: readonly Outgoing[], total: number): Uint8Array {
  const buffer = Buffer.allocUnsafe(total);
  const view = new DataView(buffer.buffer, buffer.byteOffset, total);
  let offset = 0;
  for (const { message } of batch) {
    const length = message.byteLength;
    view.setUint32(offset, 0);
    view.setUint32(offset + 4, length / 8, true);
    message.segment.copyTo(view, offset + 8);
    offset += 8 + length;
  }
  return buffer;
}
