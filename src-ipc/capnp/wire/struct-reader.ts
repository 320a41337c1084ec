import { ListReader } from './list-reader.js';
import { NESTING_LIMIT } from './limits.js';
import type { MessageReader } from './message.js';
import { PointerReader } from './pointer-reader.js';
import { isNullPointer, ListElementSize, readCapability, readData, readList, readStruct, readText, viewText } from './pointer.js';
import { float32FromBits, float64FromBits } from './scalars.js';
import type { Segment } from './segment.js';
import type { Capability } from '../rpc/types.js';

const NO_BYTES = new Uint8Array(0);

/**
 * Read access to a struct. Scalars are named by byte offset (booleans by bit) in the data section, pointers by
 * index. What lies beyond the end of a struct written with an older schema reads as its default. Nothing here
 * changes the message, and null pointers are read as empty values.
 */
export class StructReader {
  readonly #source: MessageReader;
  readonly #segment: Segment;
  readonly #data: number;
  readonly #dataBytes: number;
  readonly #pointers: number;
  readonly #pointerCount: number;
  readonly #depth: number;

  /** Offsets in bytes from the start of `segment`; the caller has checked that everything lies inside it. */
  constructor(source: MessageReader, segment: Segment, data: number, dataBytes: number, pointers: number, pointerCount: number, depth: number) {
    this.#source = source;
    this.#segment = segment;
    this.#data = data;
    this.#dataBytes = dataBytes;
    this.#pointers = pointers;
    this.#pointerCount = pointerCount;
    this.#depth = depth;
  }

  /** A struct all of whose fields have their defaults. */
  static empty(source: MessageReader): StructReader {
    return new StructReader(source, source.segmentAt(0), 0, 0, 0, 0, NESTING_LIMIT);
  }

  /** The message it is part of. */
  get source(): MessageReader {
    return this.#source;
  }

  /** Bytes of data present. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** Number of pointers present. */
  get pointerCount(): number {
    return this.#pointerCount;
  }

  /** Byte offset of the data section in the segment. */
  get dataOffset(): number {
    return this.#data;
  }

  get segment(): Segment {
    return this.#segment;
  }

  getBool(bit: number, fallback = false): boolean {
    const byte = bit >>> 3;
    if (byte >= this.#dataBytes) return fallback;
    return ((this.#segment.getUint8(this.#data + byte) >>> (bit & 7)) & 1) !== (fallback ? 1 : 0);
  }

  getInt8(offset: number, mask = 0): number {
    if (offset + 1 > this.#dataBytes) return mask;
    return ((this.#segment.getInt8(this.#data + offset) ^ mask) << 24) >> 24;
  }

  getUint8(offset: number, mask = 0): number {
    if (offset + 1 > this.#dataBytes) return mask;
    return this.#segment.getUint8(this.#data + offset) ^ mask;
  }

  getInt16(offset: number, mask = 0): number {
    if (offset + 2 > this.#dataBytes) return mask;
    return ((this.#segment.getInt16(this.#data + offset) ^ mask) << 16) >> 16;
  }

  getUint16(offset: number, mask = 0): number {
    if (offset + 2 > this.#dataBytes) return mask;
    return this.#segment.getUint16(this.#data + offset) ^ mask;
  }

  getInt32(offset: number, mask = 0): number {
    if (offset + 4 > this.#dataBytes) return mask;
    return this.#segment.getInt32(this.#data + offset) ^ mask;
  }

  getUint32(offset: number, mask = 0): number {
    if (offset + 4 > this.#dataBytes) return mask;
    return (this.#segment.getUint32(this.#data + offset) ^ mask) >>> 0;
  }

  getInt64(offset: number, mask = 0n): bigint {
    if (offset + 8 > this.#dataBytes) return mask;
    return this.#segment.getInt64(this.#data + offset) ^ mask;
  }

  getUint64(offset: number, mask = 0n): bigint {
    if (offset + 8 > this.#dataBytes) return mask;
    return this.#segment.getUint64(this.#data + offset) ^ mask;
  }

  getFloat32(offset: number, mask = 0): number {
    if (offset + 4 > this.#dataBytes) return mask;
    if (mask === 0) return this.#segment.getFloat32(this.#data + offset);
    return float32FromBits(this.#segment.getUint32(this.#data + offset), mask);
  }

  getFloat64(offset: number, mask = 0): number {
    if (offset + 8 > this.#dataBytes) return mask;
    if (mask === 0) return this.#segment.getFloat64(this.#data + offset);
    return float64FromBits(this.#segment.getUint64(this.#data + offset), mask);
  }

  /** Whether pointer `index` is there and not null. */
  has(index: number): boolean {
    return index < this.#pointerCount && !isNullPointer(this.#segment, this.#pointers + index * 8);
  }

  getText(index: number, fallback = ''): string {
    if (index >= this.#pointerCount) return fallback;
    return readText(this.#source, this.#segment, this.#pointers + index * 8, fallback);
  }

  /** The bytes of a Text field without the NUL, a copy; for text that need not be UTF-8. */
  getTextBytes(index: number, fallback: Uint8Array = NO_BYTES): Uint8Array {
    if (index >= this.#pointerCount) return fallback;
    return viewText(this.#source, this.#segment, this.#pointers + index * 8)?.slice() ?? fallback;
  }

  /** Like getTextBytes, but the bytes where they lie; once the message has been released, others lie there. */
  viewText(index: number): Uint8Array {
    return (index < this.#pointerCount ? viewText(this.#source, this.#segment, this.#pointers + index * 8) : undefined) ?? NO_BYTES;
  }

  /** A copy of a Data field. */
  getData(index: number, fallback: Uint8Array = NO_BYTES): Uint8Array {
    if (index >= this.#pointerCount) return fallback;
    return readData(this.#source, this.#segment, this.#pointers + index * 8, fallback);
  }

  getStruct(index: number): StructReader {
    if (index >= this.#pointerCount) return StructReader.empty(this.#source);
    return readStruct(this.#source, this.#segment, this.#pointers + index * 8, this.#depth);
  }

  /** A list field; `elements` is the element size the schema gives it. */
  getList(index: number, elements: ListElementSize): ListReader {
    if (index >= this.#pointerCount) return ListReader.empty(this.#source);
    return readList(this.#source, this.#segment, this.#pointers + index * 8, this.#depth, elements);
  }

  /** A list of structs. */
  getStructList(index: number): ListReader {
    return this.getList(index, ListElementSize.COMPOSITE);
  }

  /** A new reference to a capability field, which the caller must dispose; null when the pointer is null. */
  getCapability(index: number): Capability | null {
    if (index >= this.#pointerCount) return null;
    return readCapability(this.#source, this.#segment, this.#pointers + index * 8);
  }

  /** Pointer `index` whatever its kind; a null pointer when the struct has no such pointer. */
  getPointer(index: number): PointerReader {
    const offset = index < this.#pointerCount ? this.#pointers + index * 8 : PointerReader.ABSENT;
    return new PointerReader(this.#source, this.#segment, offset, this.#depth);
  }
}
