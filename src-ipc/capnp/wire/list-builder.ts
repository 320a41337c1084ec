import { WireError } from './errors.js';
import type { MessageBuilder } from './message.js';
import { ListElementSize, PointerType } from './pointer.js';
import { MAX_LIST_LENGTH, requireUnset, writeCapability, writeData, writeListPointer, writeText } from './pointer-writer.js';
import { INT64_MAX, INT64_MIN, requireBigInt, requireInteger, UINT64_MAX } from './scalars.js';
import { StructBuilder } from './struct-builder.js';
import type { StructSize } from './types.js';
import type { Capability } from '../rpc/types.js';

/** Bits of one element, by element size code; structs are handled apart. */
const ELEMENT_BITS = [0, 1, 8, 16, 32, 64, 64] as const;

/** Write access to a list of fixed length. The setter must fit the element size the list was made with. */
export class ListBuilder {
  readonly length: number;
  readonly #message: MessageBuilder;
  readonly #content: number;
  readonly #step: number;
  readonly #elements: ListElementSize;
  readonly #size: StructSize | undefined;

  private constructor(message: MessageBuilder, content: number, length: number, elements: ListElementSize, step: number, size: StructSize | undefined) {
    this.#message = message;
    this.#content = content;
    this.length = length;
    this.#elements = elements;
    this.#step = step;
    this.#size = size;
  }

  /** Makes a list of scalars or pointers and points the pointer at byte offset `at` to it. */
  static init(message: MessageBuilder, at: number, elements: Exclude<ListElementSize, ListElementSize.COMPOSITE>, length: number): ListBuilder {
    requireUnset(message, at);
    requireInteger(length, 0, MAX_LIST_LENGTH);
    const bits = ELEMENT_BITS[elements];
    const content = message.allocate(Math.ceil((length * bits) / 64));
    writeListPointer(message.segment, at, content, elements, length);
    return new ListBuilder(message, content, length, elements, bits / 8, undefined);
  }

  /** Makes a list of structs and points the pointer at byte offset `at` to it. */
  static initStructs(message: MessageBuilder, at: number, length: number, size: StructSize): ListBuilder {
    requireUnset(message, at);
    requireInteger(length, 0, MAX_LIST_LENGTH);
    const step = size.dataWords + size.pointers;
    const words = step * length;
    const tag = message.allocate(1 + words);
    writeListPointer(message.segment, at, tag, ListElementSize.COMPOSITE, words);
    message.segment.setUint32(tag, length * 4 + PointerType.STRUCT);
    message.segment.setUint32(tag + 4, size.dataWords + size.pointers * 0x10000);
    return new ListBuilder(message, tag + 8, length, ListElementSize.COMPOSITE, step * 8, size);
  }

  setBool(index: number, value: boolean): void {
    const { segment } = this.#message;
    this.#check(index, ListElementSize.BIT);
    const at = this.#content + (index >>> 3);
    const flag = 1 << (index & 7);
    const old = segment.getUint8(at);
    segment.setUint8(at, value ? old | flag : old & ~flag);
  }

  setInt8(index: number, value: number): void {
    this.#message.segment.setInt8(this.#at(index, ListElementSize.BYTE), requireInteger(value, -0x80, 0x7f));
  }

  setUint8(index: number, value: number): void {
    this.#message.segment.setUint8(this.#at(index, ListElementSize.BYTE), requireInteger(value, 0, 0xff));
  }

  setInt16(index: number, value: number): void {
    this.#message.segment.setInt16(this.#at(index, ListElementSize.BYTE_2), requireInteger(value, -0x8000, 0x7fff));
  }

  setUint16(index: number, value: number): void {
    this.#message.segment.setUint16(this.#at(index, ListElementSize.BYTE_2), requireInteger(value, 0, 0xffff));
  }

  setInt32(index: number, value: number): void {
    this.#message.segment.setInt32(this.#at(index, ListElementSize.BYTE_4), requireInteger(value, -0x80000000, 0x7fffffff));
  }

  setUint32(index: number, value: number): void {
    this.#message.segment.setUint32(this.#at(index, ListElementSize.BYTE_4), requireInteger(value, 0, 0xffffffff));
  }

  setInt64(index: number, value: bigint): void {
    this.#message.segment.setInt64(this.#at(index, ListElementSize.BYTE_8), requireBigInt(value, INT64_MIN, INT64_MAX));
  }

  setUint64(index: number, value: bigint): void {
    this.#message.segment.setUint64(this.#at(index, ListElementSize.BYTE_8), requireBigInt(value, 0n, UINT64_MAX));
  }

  setFloat32(index: number, value: number): void {
    this.#message.segment.setFloat32(this.#at(index, ListElementSize.BYTE_4), value);
  }

  setFloat64(index: number, value: number): void {
    this.#message.segment.setFloat64(this.#at(index, ListElementSize.BYTE_8), value);
  }

  setText(index: number, value: string | Uint8Array): void {
    writeText(this.#message, this.#at(index, ListElementSize.POINTER), value);
  }

  setData(index: number, value: Uint8Array): void {
    writeData(this.#message, this.#at(index, ListElementSize.POINTER), value);
  }

  /** Stores a capability and takes over the reference; null leaves the element null. */
  setCapability(index: number, capability: Capability | null): void {
    writeCapability(this.#message, this.#at(index, ListElementSize.POINTER), capability);
  }

  /** Makes an element that is itself a list of scalars or pointers. */
  initList(index: number, elements: Exclude<ListElementSize, ListElementSize.COMPOSITE>, length: number): ListBuilder {
    return ListBuilder.init(this.#message, this.#at(index, ListElementSize.POINTER), elements, length);
  }

  /** Makes an element that is itself a list of structs. */
  initStructList(index: number, length: number, size: StructSize): ListBuilder {
    return ListBuilder.initStructs(this.#message, this.#at(index, ListElementSize.POINTER), length, size);
  }

  /** An element of a list of structs, to be written to. */
  getStruct(index: number): StructBuilder {
    const at = this.#at(index, ListElementSize.COMPOSITE);
    const size = this.#size ?? { dataWords: 0, pointers: 0 };
    return new StructBuilder(this.#message, at, size.dataWords * 8, size.pointers);
  }

  #check(index: number, elements: ListElementSize): void {
    if (elements !== this.#elements) throw new WireError('List has another element size.');
    if (!Number.isInteger(index) || index < 0 || index >= this.length) throw new WireError(`List index ${index} is out of bounds (length ${this.length}).`);
  }

  #at(index: number, elements: ListElementSize): number {
    this.#check(index, elements);
    return this.#content + index * this.#step;
  }
}
