import { uninitializedBytes } from './bytes.js';
import { tooLarge, WireError } from './errors.js';
import { DEFAULT_MESSAGE_LIMITS } from './limits.js';
import type { MessageLimits } from './limits.js';
import type { MessageBuilder } from './message.js';
import { MessageReader } from './message.js';

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
 * Cuts a byte stream into messages. Nothing is allocated for a message before its announced size has been checked
 * and all of it has arrived.
 */
export class FrameDecoder {
  readonly #limits: MessageLimits;
  #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that are used up. */
  #skip = 0;
  #available = 0;
  /** Sizes in bytes of the segments of the message that is arriving; empty until its header is complete. */
  #segmentBytes: number[] = [];
  #bodyBytes = 0;

  constructor(limits = DEFAULT_MESSAGE_LIMITS) {
    this.#limits = limits;
  }

  /** Bytes received that are not part of a message handed out yet. */
  get pendingBytes(): number {
    return this.#available;
  }

  /** Whether a message has begun to arrive and is not complete. */
  get isMidMessage(): boolean {
    return this.#available > 0 || this.#segmentBytes.length > 0;
  }

  /** Adds received bytes, which must not change until they have been handed out. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#available += chunk.length;
  }

  /**
   * The next message, or null when it has not arrived completely.
   * @throws WireError when the stream announces too many segments or too large a message; the stream is then unusable
   */
  next(): MessageReader | null {
    if (this.#segmentBytes.length === 0 && !this.#readHeader()) return null;
    if (this.#available < this.#bodyBytes) return null;
    const buffers = this.#segmentBytes.map((length) => this.#take(length));
    this.#segmentBytes = [];
    return MessageReader.fromSegments(buffers, this.#limits);
  }

  #readHeader(): boolean {
    if (this.#available < 8) return false;
    const { messageBytes, segments } = this.#limits;
    const count = this.#peekUint32(0) + 1;
    if (count > segments) throw new WireError(`Message has too many segments: ${count}, ${segments} allowed.`);
    const headerBytes = ((4 + count * 4 + 7) >>> 3) * 8;
    if (this.#available < headerBytes) return false;
    const sizes: number[] = [];
    let total = 0;
    for (let i = 0; i < count; i++) {
      const bytes = this.#peekUint32(4 + i * 4) * 8;
      sizes.push(bytes);
      total += bytes;
    }
    if (total > messageBytes) throw tooLarge(total, messageBytes);
    this.#drop(headerBytes);
    this.#segmentBytes = sizes;
    this.#bodyBytes = total;
    return true;
  }

  #peekUint32(offset: number): number {
    let position = this.#skip + offset;
    const first = this.#chunks[0];
    if (first !== undefined && position + 4 <= first.length) {
      return ((first[position] ?? 0) | ((first[position + 1] ?? 0) << 8) | ((first[position + 2] ?? 0) << 16) | ((first[position + 3] ?? 0) << 24)) >>> 0;
    }
    let value = 0;
    let index = 0;
    for (let i = 0; i < 4; i++) {
      let chunk = this.#chunks[index];
      while (chunk !== undefined && position >= chunk.length) {
        position -= chunk.length;
        chunk = this.#chunks[++index];
      }
      value += (chunk?.[position] ?? 0) * 2 ** (8 * i);
      position++;
    }
    return value;
  }

  /** Removes `length` bytes, which must be available, from the front. */
  #take(length: number): ArrayBuffer {
    const first = this.#chunks[0];
    this.#available -= length;
    if (first !== undefined && first.buffer instanceof ArrayBuffer && first.length - this.#skip >= length) {
      const start = first.byteOffset + this.#skip;
      this.#advance(length);
      return first.buffer.slice(start, start + length);
    }
    const target = uninitializedBytes(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const part = chunk.subarray(this.#skip, this.#skip + length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#advance(part.length);
    }
    return target.buffer;
  }

  /** Removes `length` bytes, which must be available, from the front. */
  #drop(length: number): void {
    this.#available -= length;
    for (let left = length; left > 0; ) {
      const part = Math.min(left, (this.#chunks[0]?.length ?? 0) - this.#skip);
      this.#advance(part);
      left -= part;
    }
  }

  /** Goes on in the first chunk, within it. */
  #advance(length: number): void {
    this.#skip += length;
    if (this.#skip === this.#chunks[0]?.length) {
      this.#chunks.shift();
      this.#skip = 0;
    }
  }
}
