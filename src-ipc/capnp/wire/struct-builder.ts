import { WireError } from './errors.js';
import { ListBuilder } from './list-builder.js';
import type { MessageBuilder } from './message.js';
import { MessageReader } from './message.js';
import { NESTING_LIMIT } from './limits.js';
import type { ListElementSize } from './pointer.js';
import { requireUnset, writeCapability, writeData, writeLentCapability, writeStructPointer, writeText } from './pointer-writer.js';
import { float32Bits, float64Bits, INT64_MAX, INT64_MIN, requireBigInt, requireInteger, UINT64_MAX } from './scalars.js';
import { StructReader } from './struct-reader.js';
import type { StructSize } from './types.js';
import type { Capability } from '../rpc/types.js';

/**
 * Write access to a struct of a message under construction. Scalars are named by byte offset (booleans by bit),
 * pointers by index; `mask` is the schema default. Values outside a field's range throw a RangeError. Each pointer can
 * be written once: a second write throws a WireError, because the space of the first could not be reclaimed.
 */
export class StructBuilder {
  readonly #message: MessageBuilder;
  readonly #data: number;
  readonly #dataBytes: number;
  readonly #pointerCount: number;

  /** `data` is the byte offset of the struct, whose pointers follow its data. */
  constructor(message: MessageBuilder, data: number, dataBytes: number, pointerCount: number) {
    this.#message = message;
    this.#data = data;
    this.#dataBytes = dataBytes;
    this.#pointerCount = pointerCount;
  }

  /** Makes a struct and points the pointer at byte offset `at` to it. */
  static init(message: MessageBuilder, at: number, size: StructSize): StructBuilder {
    requireUnset(message, at);
    const content = message.allocate(size.dataWords + size.pointers);
    writeStructPointer(message.segment, at, content, size);
    return new StructBuilder(message, content, size.dataWords * 8, size.pointers);
  }

  /** The message it is part of. */
  get message(): MessageBuilder {
    return this.#message;
  }

  /** Reads what has been written. */
  asReader(): StructReader {
    const source = MessageReader.fromBuilder(this.#message);
    return new StructReader(source, this.#message.segment, this.#data, this.#dataBytes, this.#data + this.#dataBytes, this.#pointerCount, NESTING_LIMIT);
  }

  setBool(bit: number, value: boolean, mask = false): void {
    const at = this.#at(bit >>> 3, 1);
    const flag = 1 << (bit & 7);
    const old = this.#message.segment.getUint8(at);
    this.#message.segment.setUint8(at, value !== mask ? old | flag : old & ~flag);
  }

  setInt8(offset: number, value: number, mask = 0): void {
    this.#message.segment.setInt8(this.#at(offset, 1), requireInteger(value, -0x80, 0x7f) ^ mask);
  }

  setUint8(offset: number, value: number, mask = 0): void {
    this.#message.segment.setUint8(this.#at(offset, 1), requireInteger(value, 0, 0xff) ^ mask);
  }

  setInt16(offset: number, value: number, mask = 0): void {
    this.#message.segment.setInt16(this.#at(offset, 2), requireInteger(value, -0x8000, 0x7fff) ^ mask);
  }

  setUint16(offset: number, value: number, mask = 0): void {
    this.#message.segment.setUint16(this.#at(offset, 2), requireInteger(value, 0, 0xffff) ^ mask);
  }

  setInt32(offset: number, value: number, mask = 0): void {
    this.#message.segment.setInt32(this.#at(offset, 4), requireInteger(value, -0x80000000, 0x7fffffff) ^ mask);
  }

  setUint32(offset: number, value: number, mask = 0): void {
    this.#message.segment.setUint32(this.#at(offset, 4), (requireInteger(value, 0, 0xffffffff) ^ mask) >>> 0);
  }

  setInt64(offset: number, value: bigint, mask = 0n): void {
    this.#message.segment.setInt64(this.#at(offset, 8), requireBigInt(value, INT64_MIN, INT64_MAX) ^ mask);
  }

  setUint64(offset: number, value: bigint, mask = 0n): void {
    this.#message.segment.setUint64(this.#at(offset, 8), requireBigInt(value, 0n, UINT64_MAX) ^ mask);
  }

  setFloat32(offset: number, value: number, mask = 0): void {
    this.#message.segment.setUint32(this.#at(offset, 4), float32Bits(value, mask));
  }

  setFloat64(offset: number, value: number, mask = 0): void {
    this.#message.segment.setUint64(this.#at(offset, 8), float64Bits(value, mask));
  }

  /** Writes a Text as UTF-8 (a string) or as the bytes given. */
  setText(index: number, value: string | Uint8Array): void {
    writeText(this.#message, this.#pointerAt(index), value);
  }

  setData(index: number, value: Uint8Array): void {
    writeData(this.#message, this.#pointerAt(index), value);
  }

  initStruct(index: number, size: StructSize): StructBuilder {
    return StructBuilder.init(this.#message, this.#pointerAt(index), size);
  }

  /** A list of scalars or pointers with exactly `length` elements. */
  initList(index: number, elements: Exclude<ListElementSize, ListElementSize.COMPOSITE>, length: number): ListBuilder {
    return ListBuilder.init(this.#message, this.#pointerAt(index), elements, length);
  }

  /** A list of structs with exactly `length` elements of the given size. */
  initStructList(index: number, length: number, size: StructSize): ListBuilder {
    return ListBuilder.initStructs(this.#message, this.#pointerAt(index), length, size);
  }

  /** Stores a capability and takes over the reference; null leaves the pointer null. */
  setCapability(index: number, capability: Capability | null): void {
    writeCapability(this.#message, this.#pointerAt(index), capability);
  }

  /** Stores a capability; the reference stays with the caller. */
  lendCapability(index: number, capability: Capability): void {
    writeLentCapability(this.#message, this.#pointerAt(index), capability);
  }

  /** Byte offset of pointer `index` in the segment. @throws WireError when the struct has no such pointer */
  pointerOffset(index: number): number {
    return this.#pointerAt(index);
  }

  #at(offset: number, bytes: number): number {
    if (offset < 0 || offset + bytes > this.#dataBytes) throw new WireError(`Data offset ${offset} is outside the struct.`);
    return this.#data + offset;
  }

  #pointerAt(index: number): number {
    if (index < 0 || index >= this.#pointerCount) throw new WireError(`Pointer index ${index} is outside the struct.`);
    return this.#data + this.#dataBytes + index * 8;
  }
}
