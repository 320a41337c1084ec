import { ListElementSize, PointerType } from 'capnp-ts';
import { textOf } from './bytes.js';
import { WireError } from './errors.js';
import { ELEMENT_COST } from './limits.js';
import { ListReader } from './list-reader.js';
import type { MessageReader } from './message.js';
import type { Segment } from './segment.js';
import { StructReader } from './struct-reader.js';
import type { Capability } from '../rpc/types.js';

export { ListElementSize, PointerType };

// Read once: in a bundle, every access to a CommonJS module's export runs a getter.
const { FAR, OTHER, LIST, STRUCT } = PointerType;
const { BIT, BYTE, COMPOSITE, POINTER } = ListElementSize;

/** A pointer with its far pointers followed: the two halves of the final word and where its content begins. */
export interface PointerTarget {
  readonly type: PointerType;
  readonly segment: Segment;
  /** Byte offset of the content; meaningless for capabilities. Not yet checked against the segment. */
  readonly content: number;
  /** Upper 32 bits of the pointer: sizes, or the capability index. */
  readonly high: number;
}

/** Bytes of one element, by element size code; bits and structs are handled apart. */
const ELEMENT_BYTES = [0, 0, 1, 2, 4, 8, 8, 0] as const;

/** Whether the pointer at `at` is null. Compares bits: a float comparison takes some non-null pointers for null. */
export function isNullPointer(segment: Segment, at: number): boolean {
  return segment.getUint32(at) === 0 && segment.getUint32(at + 4) === 0;
}

/**
 * Follows the pointer at byte offset `at`; null for a null pointer.
 * @throws WireError when a far pointer leads nowhere.
 */
export function followPointer(source: MessageReader, segment: Segment, at: number): PointerTarget | null {
  const low = segment.getInt32(at);
  const high = segment.getUint32(at + 4);
  if (low === 0 && high === 0) return null;
  const type = low & 3;
  if (type !== FAR) {
    if (type === OTHER && low !== OTHER) throw new WireError('Unknown pointer type.');
    return { type, segment, content: at + 8 + (low >> 2) * 8, high };
  }
  const padSegment = source.segmentAt(high);
  const pad = (low >>> 3) * 8;
  const isDouble = (low & 4) !== 0;
  requireBounds(padSegment, pad, isDouble ? 16 : 8);
  source.charge(8);
  const padLow = padSegment.getInt32(pad);
  const padHigh = padSegment.getUint32(pad + 4);
  if (!isDouble) {
    const padType = padLow & 3;
    if (padType === FAR) throw new WireError('Far pointer leads to another far pointer.');
    if (padType === OTHER && padLow !== OTHER) throw new WireError('Unknown pointer type.');
    return { type: padType, segment: padSegment, content: pad + 8 + (padLow >> 2) * 8, high: padHigh };
  }
  if ((padLow & 7) !== FAR) throw new WireError('First word of a double-far landing pad is not a far pointer.');
  const tagLow = padSegment.getInt32(pad + 8);
  const tagType = tagLow & 3;
  if (tagType === FAR) throw new WireError('Double-far landing pad holds a far pointer as tag.');
  if (tagType === OTHER && tagLow !== OTHER) throw new WireError('Unknown pointer type.');
  return {
    type: tagType,
    segment: source.segmentAt(padHigh),
    content: (padLow >>> 3) * 8,
    high: padSegment.getUint32(pad + 12),
  };
}

function requireBounds(segment: Segment, offset: number, bytes: number): void {
  if (offset < 0 || offset + bytes > segment.byteLength) throw new WireError('Message contains out-of-bounds pointer.');
}

function requireDepth(depth: number): void {
  if (depth <= 0) throw new WireError('Message is too deeply-nested or contains cycles.');
}

/** The struct behind the pointer; all defaults when it is null. */
export function readStruct(source: MessageReader, segment: Segment, at: number, depth: number): StructReader {
  const low = segment.getInt32(at);
  // Nearly all are like this, and spared an object.
  if ((low & 3) === STRUCT) {
    const high = segment.getUint32(at + 4);
    return low === 0 && high === 0 ? StructReader.empty(source) : structAt(source, segment, at + 8 + (low >> 2) * 8, high, depth);
  }
  const target = followPointer(source, segment, at);
  if (target?.type !== STRUCT) throw new WireError('Message contains non-struct pointer where struct pointer was expected.');
  return structAt(source, target.segment, target.content, target.high, depth);
}

/** The struct at byte offset `content`; `sizes` as the pointer to it has them. */
function structAt(source: MessageReader, segment: Segment, content: number, sizes: number, depth: number): StructReader {
  requireDepth(depth);
  const dataBytes = (sizes & 0xffff) * 8;
  const pointers = sizes >>> 16;
  const bytes = dataBytes + pointers * 8;
  requireBounds(segment, content, bytes);
  source.charge(bytes);
  return new StructReader(source, segment, content, dataBytes, content + dataBytes, pointers, depth - 1);
}

/**
 * The list behind the pointer; empty when it is null. A list written by a peer with an older or newer schema is
 * accepted where the encoding rules allow it: bigger elements, structs for what were scalars, and scalars for what
 * are structs by now.
 */
export function readList(source: MessageReader, segment: Segment, at: number, depth: number, expected: ListElementSize): ListReader {
  const target = followPointer(source, segment, at);
  if (target === null) return ListReader.empty(source);
  if (target.type !== LIST) throw new WireError('Message contains non-list pointer where list was expected.');
  requireDepth(depth);
  return listFromTarget(source, target, depth, expected);
}

/** The list a followed list pointer leads to. `expected` undefined: whatever it is. */
export function listFromTarget(
  source: MessageReader,
  target: PointerTarget,
  depth: number,
  expected: ListElementSize | undefined,
): ListReader {
  const size: ListElementSize = target.high & 7;
  const count = target.high >>> 3;
  if (size === COMPOSITE) return compositeList(source, target, count, depth, expected);
  if (size === BIT) {
    const bytes = Math.ceil(count / 8);
    requireBounds(target.segment, target.content, bytes);
    source.charge(expected === undefined ? bytes : count * ELEMENT_COST.scalar);
    if (expected !== undefined && expected !== BIT && expected !== ListElementSize.VOID) throw wrongElements();
    return new ListReader(source, target.segment, target.content, count, size, 0, 0, 0, depth - 1);
  }
  const step = ELEMENT_BYTES[size] ?? 0;
  requireBounds(target.segment, target.content, step * count);
  // Copied as they are, elements become no values.
  source.charge(count * (step === 0 ? ELEMENT_COST.empty : expected === undefined ? step : expected === COMPOSITE ? ELEMENT_COST.struct : ELEMENT_COST.scalar));
  const isPointers = size === POINTER;
  const dataBytes = isPointers ? 0 : step;
  const pointers = isPointers ? 1 : 0;
  requireElements(expected, dataBytes, pointers);
  return new ListReader(source, target.segment, target.content, count, size, step, dataBytes, pointers, depth - 1);
}

function compositeList(
  source: MessageReader,
  target: PointerTarget,
  words: number,
  depth: number,
  expected: ListElementSize | undefined,
): ListReader {
  const { segment, content } = target;
  requireBounds(segment, content, 8 + words * 8);
  const tagLow = segment.getUint32(content);
  const tagHigh = segment.getUint32(content + 4);
  if ((tagLow & 3) !== STRUCT) throw new WireError('INLINE_COMPOSITE lists of non-STRUCT type are not supported.');
  const count = tagLow >>> 2;
  const dataBytes = (tagHigh & 0xffff) * 8;
  const pointers = tagHigh >>> 16;
  const step = dataBytes + pointers * 8;
  if (count * step > words * 8) throw new WireError("INLINE_COMPOSITE list's elements overrun its word count.");
  source.charge(8 + Math.max(words * 8, count * (step === 0 ? ELEMENT_COST.empty : ELEMENT_COST.struct)));
  if (expected === BIT) throw wrongElements();
  requireElements(expected, dataBytes, pointers);
  return new ListReader(source, segment, content + 8, count, COMPOSITE, step, dataBytes, pointers, depth - 1);
}

function requireElements(expected: ListElementSize | undefined, dataBytes: number, pointers: number): void {
  if (expected === undefined || expected === COMPOSITE || expected === ListElementSize.VOID) return;
  if (expected === BIT) throw wrongElements();
  if (expected === POINTER ? pointers < 1 : dataBytes < (ELEMENT_BYTES[expected] ?? 0)) throw wrongElements();
}

function wrongElements(): WireError {
  return new WireError('Message contained list with incompatible element size.');
}

interface ByteRange {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

/** Bounds of a byte list, or null for a null pointer. */
function byteRange(source: MessageReader, segment: Segment, at: number): ByteRange | null {
  const target = followPointer(source, segment, at);
  if (target === null) return null;
  if (target.type !== LIST) throw new WireError('Message contains non-list pointer where text or data was expected.');
  if ((target.high & 7) !== BYTE) throw new WireError('Message contains list pointer of non-bytes where text or data was expected.');
  const length = target.high >>> 3;
  requireBounds(target.segment, target.content, length);
  source.charge(length);
  return { segment: target.segment, offset: target.content, length };
}

/** A copy of the bytes behind the pointer; `fallback` (not copied) when it is null. */
export function readData(source: MessageReader, segment: Segment, at: number, fallback: Uint8Array): Uint8Array {
  const range = byteRange(source, segment, at);
  if (range === null) return fallback;
  return range.segment.bytes(range.offset, range.length).slice();
}

/** The bytes of a text where they lie, without its NUL; `undefined` when the pointer is null. */
export function viewText(source: MessageReader, segment: Segment, at: number): Uint8Array | undefined {
  const range = textRange(source, segment, at);
  return range?.segment.bytes(range.offset, range.length);
}

/** The text behind the pointer, invalid UTF-8 replaced by U+FFFD; `fallback` when it is null. */
export function readText(source: MessageReader, segment: Segment, at: number, fallback: string): string {
  const range = textRange(source, segment, at);
  if (range === null) return fallback;
  if (range.length === 0) return '';
  return textOf(range.segment.asBuffer(range.offset, range.length));
}

function textRange(source: MessageReader, segment: Segment, at: number): ByteRange | null {
  const range = byteRange(source, segment, at);
  if (range === null) return null;
  const end = range.offset + range.length - 1;
  if (range.length === 0 || range.segment.getUint8(end) !== 0) throw new WireError('Message contains text that is not NUL-terminated.');
  return { ...range, length: range.length - 1 };
}

/**
 * A new reference to the capability behind the pointer, which the caller must dispose; null when the pointer is null
 * or the message came with no capability at its index.
 */
export function readCapability(source: MessageReader, segment: Segment, at: number): Capability | null {
  const index = capabilityIndex(source, segment, at);
  return index === null ? null : (source.capabilities?.get(index) ?? null);
}

/** The index a capability pointer holds; null when the pointer is null. */
export function capabilityIndex(source: MessageReader, segment: Segment, at: number): number | null {
  const target = followPointer(source, segment, at);
  if (target === null) return null;
  if (target.type !== OTHER) throw new WireError('Message contains non-capability pointer where capability pointer was expected.');
  return target.high;
}
