import { takeBuffer } from './buffer-pool.js';
import { uninitializedBytes } from './bytes.js';
import { tooLarge, WireError } from './errors.js';
import { DEFAULT_MESSAGE_LIMITS } from './limits.js';
import type { MessageLimits } from './limits.js';
import type { MessageBuilder } from './message.js';
import { MessageReader } from './message.js';
import { Segment } from './segment.js';

const NO_BYTES = new Uint8Array(0);

/** The framing header of a message built here: one segment and its length in words. */
export function frameHeader(message: MessageBuilder): Uint8Array {
  const header = new Uint8Array(8);
  new DataView(header.buffer).setUint32(4, message.byteLength / 8, true);
  return header;
}

/** A whole frame: header and content, copied. */
export function encodeFrame(message: MessageBuilder): Uint8Array {
  const frame = new Uint8Array(8 + message.byteLength);
  frame.set(frameHeader(message));
  frame.set(message.bytes(), 8);
  return frame;
}

/** Reads one frame that fills `bytes` exactly. @throws WireError when it does not, or breaks a limit */
export function decodeFrame(bytes: Uint8Array, limits = DEFAULT_MESSAGE_LIMITS): MessageReader {
  const decoder = new FrameDecoder(limits);
  decoder.push(bytes);
  const message = decoder.next();
  if (message === null || decoder.pendingBytes !== 0) throw new WireError('Bytes are not exactly one message.');
  return message;
}

/**
 * Cuts a byte stream into messages. A message that has arrived in one piece is read where it lies; the pieces of
 * another are put together as they come, in room that is made once its announced size has been checked.
 */
export class FrameDecoder {
  readonly #limits: MessageLimits;
  /** What has arrived and not been looked at: from `#at` on. */
  #chunk = NO_BYTES;
  #at = 0;
  /** Of the chunk's buffer; made when the first message in it is read. */
  #view: DataView<ArrayBuffer> | undefined;
  /** The message that is arriving in pieces, and how much of it is there. */
  #partial: { readonly body: Uint8Array<ArrayBuffer>; readonly segmentBytes: readonly number[]; filled: number } | undefined;

  constructor(limits = DEFAULT_MESSAGE_LIMITS) {
    this.#limits = limits;
  }

  /** Bytes received that are not part of a message handed out yet. */
  get pendingBytes(): number {
    return this.#chunk.length - this.#at + (this.#partial?.filled ?? 0);
  }

  /** Whether a message has begun to arrive and is not complete. */
  get isMidMessage(): boolean {
    return this.#partial !== undefined || this.pendingBytes > 0;
  }

  /** Where the rest of the message that is arriving in pieces belongs; undefined between messages. */
  room(): Uint8Array | undefined {
    const partial = this.#partial;
    return partial === undefined || partial.filled === partial.body.length ? undefined : partial.body.subarray(partial.filled);
  }

  /** Takes note that bytes have been put where `room` begins. */
  filled(bytes: number): void {
    if (this.#partial !== undefined) this.#partial.filled += bytes;
  }

  /** Adds received bytes, which must not change afterwards: messages may refer to them. */
  push(chunk: Uint8Array): void {
    const added = this.#fillPartial(chunk);
    const left = this.#chunk.length - this.#at;
    // What is left is the beginning of a header, unless nobody has asked for the messages before it.
    this.#chunk = left === 0 ? inArrayBuffer(added) : joined(this.#chunk.subarray(this.#at), added);
    this.#at = 0;
    this.#view = undefined;
  }

  /**
   * The next message, or null when it has not arrived completely.
   * @throws WireError when the stream announces too many segments or too large a message; the stream is then unusable
   */
  next(): MessageReader | null {
    const partial = this.#partial;
    if (partial !== undefined) {
      if (partial.filled < partial.body.length) return null;
      this.#partial = undefined;
      const { buffer } = partial.body;
      return messageOf(new DataView(buffer), 0, partial.segmentBytes, this.#limits, buffer);
    }
    const available = this.#chunk.length - this.#at;
    if (available < 8) return null;
    this.#view ??= new DataView(this.#chunk.buffer);
    const view = this.#view;
    const header = this.#chunk.byteOffset + this.#at;
    const count = view.getUint32(header, true) + 1;
    const { messageBytes, segments } = this.#limits;
    if (count > segments) throw new WireError(`Message has too many segments: ${count}, ${segments} allowed.`);
    const headerBytes = ((4 + count * 4 + 7) >>> 3) * 8;
    if (available < headerBytes) return null;
    const segmentBytes = new Array<number>(count);
    let total = 0;
    for (let i = 0; i < count; i++) {
      const bytes = view.getUint32(header + 4 + i * 4, true) * 8;
      segmentBytes[i] = bytes;
      total += bytes;
    }
    if (total > messageBytes) throw tooLarge(total, messageBytes);
    this.#at += headerBytes;
    if (available < headerBytes + total) {
      this.#partial = { body: new Uint8Array(takeBuffer(total), 0, total), segmentBytes, filled: 0 };
      this.#fillPartial(this.#chunk.subarray(this.#at));
      this.#at = this.#chunk.length;
      return null;
    }
    this.#at += total;
    return messageOf(view, header + headerBytes, segmentBytes, this.#limits);
  }

  /** Puts as much of `chunk` as belongs to it into the message that is arriving in pieces. Returns the rest. */
  #fillPartial(chunk: Uint8Array): Uint8Array {
    const partial = this.#partial;
    if (partial === undefined) return chunk;
    const missing = partial.body.length - partial.filled;
    const piece = chunk.length > missing ? chunk.subarray(0, missing) : chunk;
    partial.body.set(piece, partial.filled);
    partial.filled += piece.length;
    return chunk.subarray(piece.length);
  }
}

/** A message whose segments lie one after another, from byte `start` of the view's buffer. `own`: that buffer, if nothing else is in it. */
function messageOf(view: DataView<ArrayBuffer>, start: number, segmentBytes: readonly number[], limits: MessageLimits, own?: ArrayBuffer): MessageReader {
  const segments = new Array<Segment>(segmentBytes.length);
  let [index, at] = [0, start];
  for (const length of segmentBytes) {
    segments[index++] = new Segment(view, at, length);
    at += length;
  }
  return new MessageReader(segments, undefined, limits, own);
}

function inArrayBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return isInArrayBuffer(bytes) ? bytes : bytes.slice();
}

function isInArrayBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = uninitializedBytes(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
