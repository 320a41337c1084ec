import { WireError } from './errors.js';
import type { MessageReader } from './message.js';
import { isNullPointer, ListElementSize, readCapability, readData, readList, readText } from './pointer.js';
import type { Segment } from './segment.js';
import { StructReader } from './struct-reader.js';
import type { Capability } from '../rpc/types.js';

const NO_BYTES = new Uint8Array(0);

/**
 * Read access to a list. The getter must fit the element type the list was asked for with; an index outside the list
 * throws a WireError.
 */
export class ListReader {
  /** Number of elements. */
  readonly length: number;
  /** How the elements are stored, which may be larger than the schema here asks for. */
  readonly elementSize: ListElementSize;
  readonly #source: MessageReader;
  readonly #segment: Segment;
  readonly #content: number;
  readonly #step: number;
  readonly #dataBytes: number;
  readonly #pointerCount: number;
  readonly #depth: number;

  /** `content` and `step` in bytes; the caller has checked that all elements lie inside the segment. */
  constructor(
    source: MessageReader,
    segment: Segment,
    content: number,
    length: number,
    elementSize: ListElementSize,
    step: number,
    dataBytes: number,
    pointerCount: number,
    depth: number,
  ) {
    this.#source = source;
    this.#segment = segment;
    this.#content = content;
    this.length = length;
    this.elementSize = elementSize;
    this.#step = step;
    this.#dataBytes = dataBytes;
    this.#pointerCount = pointerCount;
    this.#depth = depth;
  }

  static empty(source: MessageReader): ListReader {
    return new ListReader(source, source.segmentAt(0), 0, 0, ListElementSize.VOID, 0, 0, 0, 0);
  }

  get segment(): Segment {
    return this.#segment;
  }

  /** Byte offset of the first element. */
  get content(): number {
    return this.#content;
  }

  get dataBytes(): number {
    return this.#dataBytes;
  }

  get pointerCount(): number {
    return this.#pointerCount;
  }

  getBool(index: number): boolean {
    this.#check(index);
    return ((this.#segment.getUint8(this.#content + (index >>> 3)) >>> (index & 7)) & 1) === 1;
  }

  getInt8(index: number): number {
    return this.#segment.getInt8(this.#at(index));
  }

  getUint8(index: number): number {
    return this.#segment.getUint8(this.#at(index));
  }

  getInt16(index: number): number {
    return this.#segment.getInt16(this.#at(index));
  }

  getUint16(index: number): number {
    return this.#segment.getUint16(this.#at(index));
  }

  getInt32(index: number): number {
    return this.#segment.getInt32(this.#at(index));
  }

  getUint32(index: number): number {
    return this.#segment.getUint32(this.#at(index));
  }

  getInt64(index: number): bigint {
    return this.#segment.getInt64(this.#at(index));
  }

  getUint64(index: number): bigint {
    return this.#segment.getUint64(this.#at(index));
  }

  getFloat32(index: number): number {
    return this.#segment.getFloat32(this.#at(index));
  }

  getFloat64(index: number): number {
    return this.#segment.getFloat64(this.#at(index));
  }

  /** Whether the pointer element is not null. */
  has(index: number): boolean {
    return !isNullPointer(this.#segment, this.#pointerAt(index));
  }

  getText(index: number): string {
    return readText(this.#source, this.#segment, this.#pointerAt(index), '');
  }

  /** A copy of a Data element. */
  getData(index: number): Uint8Array {
    return readData(this.#source, this.#segment, this.#pointerAt(index), NO_BYTES);
  }

  /** An element that is itself a list. */
  getList(index: number, elements: ListElementSize): ListReader {
    return readList(this.#source, this.#segment, this.#pointerAt(index), this.#depth, elements);
  }

  /** A new reference to a capability element, which the caller must dispose; null when the pointer is null. */
  getCapability(index: number): Capability | null {
    return readCapability(this.#source, this.#segment, this.#pointerAt(index));
  }

  getStruct(index: number): StructReader {
    const data = this.#at(index);
    return new StructReader(this.#source, this.#segment, data, this.#dataBytes, data + this.#dataBytes, this.#pointerCount, this.#depth);
  }

  /** All elements in order, each read by `read`. */
  map<T>(read: (list: ListReader, index: number) => T): T[] {
    const values: T[] = [];
    for (let i = 0; i < this.length; i++) values.push(read(this, i));
    return values;
  }

  #check(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) throw new WireError(`List index ${index} is out of bounds (length ${this.length}).`);
  }

  #at(index: number): number {
    this.#check(index);
    return this.#content + index * this.#step;
  }

  #pointerAt(index: number): number {
    return this.#at(index) + this.#dataBytes;
  }
}
