import { giveBuffer, POOLED_BYTES, takeBuffer } from './buffer-pool.js';
import { tooLarge, WireError } from './errors.js';
import { DEFAULT_MESSAGE_LIMITS, MAX_MESSAGE_BYTES } from './limits.js';
import type { MessageLimits } from './limits.js';
import { PointerReader } from './pointer-reader.js';
import { Segment } from './segment.js';
import { StructBuilder } from './struct-builder.js';
import type { StructReader } from './struct-reader.js';
import type { CapabilityTable, StructSize } from './types.js';

/** Initial room of a message whose author names none. */
const DEFAULT_CAPACITY_BYTES = 512;

/** Up to this size new messages share a buffer: making one for each costs more than filling it. */
const SHARED_MESSAGE_BYTES = 1024;

const SHARED_BYTES = 8 * 1024;

let shared = new DataView(new ArrayBuffer(SHARED_BYTES));
let sharedBytes = 0;

/** Room of zeros for a message that is empty but for its root pointer. */
function blankSegment(bytes: number): Segment {
  if (bytes > SHARED_MESSAGE_BYTES) return Segment.of(new ArrayBuffer(bytes), 8);
  if (sharedBytes + bytes > SHARED_BYTES) {
    shared = new DataView(new ArrayBuffer(SHARED_BYTES));
    sharedBytes = 0;
  }
  const start = sharedBytes;
  sharedBytes += bytes;
  return new Segment(shared, start, 8, sharedBytes);
}

/** A message to be read: its segments, its capabilities and what is left of its traversal allowance. */
export class MessageReader {
  readonly segments: readonly Segment[];
  /** Set once the descriptors that come with the message have been turned into capabilities. */
  capabilities: CapabilityTable | undefined;
  readonly #limits: MessageLimits;
  /** Bytes that may still be visited. */
  #allowance: number;
  /** The buffer that all segments and nothing else lie in, to be given back. */
  #own: ArrayBuffer | undefined;

  /**
   * A reader over segments, whose bytes must not change afterwards.
   * @param own the buffer they lie in, when it was taken for them; it is given back with the message
   * @throws WireError when there is no segment.
   */
  constructor(segments: readonly Segment[], capabilities?: CapabilityTable, limits = DEFAULT_MESSAGE_LIMITS, own?: ArrayBuffer) {
    if (segments.length === 0) throw new WireError('Message has no segments.');
    this.segments = segments;
    this.capabilities = capabilities;
    this.#limits = limits;
    this.#allowance = limits.traversalBytes;
    this.#own = own;
  }

  /**
   * A reader over received segments. The buffers are not copied and must not change afterwards.
   * @throws WireError when there is no segment.
   */
  static fromSegments(buffers: readonly ArrayBuffer[], limits = DEFAULT_MESSAGE_LIMITS): MessageReader {
    if (buffers.some((buffer) => buffer.byteLength % 8 !== 0)) throw new WireError('Segment is not a whole number of words.');
    return new MessageReader(buffers.map((buffer) => Segment.of(buffer)), undefined, limits);
  }

  /** A reader over a message built here; it sees what is written later too. */
  static fromBuilder(builder: MessageBuilder): MessageReader {
    return new MessageReader([builder.segment], builder.capabilities);
  }

  /** Bytes of content, over all segments. */
  get byteLength(): number {
    let total = 0;
    for (const segment of this.segments) total += segment.byteLength;
    return total;
  }

  /** Nobody reads the message any more: doing so from here on throws. */
  release(): void {
    for (const segment of this.segments) segment.close();
    if (this.#own !== undefined) giveBuffer(this.#own);
    this.#own = undefined;
  }

  /** The root pointer. @throws WireError when the message is empty. */
  rootPointer(): PointerReader {
    const first = this.segmentAt(0);
    if (first.byteLength < 8) throw new WireError('Message did not contain a root pointer.');
    return new PointerReader(this, first, 0, this.#limits.nesting);
  }

  /** The root struct; all defaults when the root pointer is null. */
  root(): StructReader {
    return this.rootPointer().asStruct();
  }

  /** @throws WireError when the message has no such segment. */
  segmentAt(id: number): Segment {
    const segment = this.segments[id];
    if (segment === undefined) throw new WireError(`Message contains far pointer to unknown segment ${id}.`);
    return segment;
  }

  /** Counts content as visited. @throws WireError when the traversal limit is used up. */
  charge(bytes: number): void {
    if (bytes > this.#allowance) throw new WireError('Exceeded message traversal limit.');
    this.#allowance -= bytes;
  }
}

/**
 * A message under construction. It always has exactly one segment, which grows by doubling, so that no far pointers
 * arise and building stays linear in the size of the content.
 */
export class MessageBuilder {
  readonly segment: Segment;
  /** Whether the room beyond what is written consists of zeros. */
  #isBlank: boolean;
  /** Who may still read it: its author, and the transport until it is written. */
  #holders = 1;
  /** Where capabilities put into the message go; without it `setCapability` throws. */
  capabilities: CapabilityTable | undefined;
  readonly #maxBytes: number;

  /**
   * @param capacityBytes room to start with; a good guess saves copying
   * @param maxBytes how large it may become
   */
  constructor(capacityBytes = DEFAULT_CAPACITY_BYTES, capabilities?: CapabilityTable, maxBytes = MAX_MESSAGE_BYTES) {
    // Empty but for the root pointer.
    this.#isBlank = capacityBytes < POOLED_BYTES;
    this.segment = this.#isBlank ? blankSegment(Math.max(16, (capacityBytes + 7) & ~7)) : Segment.of(takeBuffer(capacityBytes), 8);
    if (!this.#isBlank) this.segment.setUint64(0, 0n);
    this.capabilities = capabilities;
    this.#maxBytes = maxBytes;
  }

  /** Number of bytes written so far. */
  get byteLength(): number {
    return this.segment.byteLength;
  }

  /** Makes the root struct. @throws WireError when there is a root already. */
  initRoot(size: StructSize): StructBuilder {
    return StructBuilder.init(this, 0, size);
  }

  /**
   * Reserves zeroed words and returns their byte offset.
   * @throws WireError when the message would become too large.
   */
  allocate(words: number): number {
    const offset = this.#reserve(words);
    if (!this.#isBlank) this.segment.bytes(offset, words * 8).fill(0);
    return offset;
  }

  /**
   * Like allocate, for bytes that are all overwritten at once: only the last word is zeroed.
   * @throws WireError when the message would become too large.
   */
  allocateBytes(words: number): number {
    const offset = this.#reserve(words);
    if (!this.#isBlank && words > 0) this.segment.bytes(offset + words * 8 - 8, 8).fill(0);
    return offset;
  }

  /** Takes back what was allocated last, from byte `offset` on; it need not be zero any more. */
  shrinkTo(offset: number): void {
    this.segment.byteLength = offset;
    this.#isBlank = false;
  }

  /** Moves what is written to a smaller buffer if it takes less than half of this one: it may have to wait there for long. */
  fit(): void {
    const { segment } = this;
    if (segment.byteLength * 2 < segment.capacity) this.#moveTo(takeBuffer(segment.byteLength));
  }

  #reserve(words: number): number {
    const { segment } = this;
    const offset = segment.byteLength;
    const needed = offset + words * 8;
    if (needed > this.#maxBytes) throw tooLarge(needed, this.#maxBytes);
    if (needed > segment.capacity) this.#grow(needed);
    segment.byteLength = needed;
    return offset;
  }

  /** The content written so far, without framing; valid until the next write. */
  bytes(): Uint8Array {
    return this.segment.bytes(0, this.segment.byteLength);
  }

  /** Someone else may read the message, until it is released once more. */
  hold(): this {
    this.#holders++;
    return this;
  }

  /** One of those who might read it does not do so any more. Once nobody does, it is empty. */
  release(): void {
    if (--this.#holders > 0) return;
    giveBuffer(this.segment.buffer);
    this.segment.close();
  }

  #grow(needed: number): void {
    const { segment } = this;
    const capacity = Math.min(this.#maxBytes, Math.max(needed, segment.capacity * 2));
    this.#moveTo(takeBuffer(capacity));
  }

  #moveTo(buffer: ArrayBuffer): void {
    const { segment } = this;
    new Uint8Array(buffer).set(this.bytes());
    giveBuffer(segment.buffer);
    segment.replaceBuffer(buffer);
    // Zeroing what is about to be overwritten costs as much as writing it.
    this.#isBlank = false;
  }
}
