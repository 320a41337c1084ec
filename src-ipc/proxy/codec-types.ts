/** How plain values lie in Cap'n Proto messages: what the codecs have in common. */
import type { ListBuilder, ListElementSize, ListReader, StructBuilder, StructReader, StructSize } from '../capnp/wire/index.js';
import type { ObjectTable } from './object-table.js';
import type { Shown } from './shown.js';

/** A value at a known place in a struct. */
export interface FieldCodec<T> {
  read(from: StructReader, objects: ObjectTable): T;
  write(to: StructBuilder, value: T, objects: ObjectTable): void;
  /** What a log may show of the value. */
  show(value: T): Shown;
}

/** A value as an element of a list. */
export interface ItemCodec<T> {
  initList(to: StructBuilder | ListBuilder, index: number, length: number): ListBuilder;
  readonly elements: ListElementSize;
  getItem(from: ListReader, index: number, objects: ObjectTable): T;
  setItem(to: ListBuilder, index: number, value: T, objects: ObjectTable): void;
  /** What a log may show of the value. */
  show(value: T): Shown;
}

/** A value behind a pointer, of a struct or of a list. */
export interface PointerCodec<T> extends ItemCodec<T> {
  get(from: StructReader | ListReader, index: number, objects: ObjectTable): T;
  set(to: StructBuilder | ListBuilder, index: number, value: T, objects: ObjectTable): void;
}

/** The content of a struct. */
export interface StructCodec<T> extends PointerCodec<T> {
  readonly size: StructSize;
  read(from: StructReader, objects: ObjectTable): T;
  write(to: StructBuilder, value: T, objects: ObjectTable): void;
}
