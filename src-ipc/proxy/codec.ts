/**
 * The building blocks of the generated codecs: how a plain value lies in a Cap'n Proto message. A codec both reads
 * and writes, so the two cannot disagree.
 */
import { ListElementSize, WireError, type StructSize } from '../capnp/wire/index.js';
import type { FieldCodec, ItemCodec, PointerCodec, StructCodec } from './codec-types.js';
import type { StartedFacet } from './facets.js';
import type { InterfaceType } from './interface.js';
import { CAPABILITY, SECRET } from './shown.js';

export type { FieldCodec, ItemCodec, PointerCodec, StructCodec };

type FieldsOf<T> = { readonly [K in keyof T]-?: FieldCodec<T[K]> };

/** A struct as an object with the same fields. */
export function struct<T extends object>(dataWords: number, pointers: number, fields: FieldsOf<T>): StructCodec<T> {
  const entries = fieldEntries(fields);
  return structCodec(
    { dataWords, pointers },
    (value) => {
      return new Map(entries.map(([name, field]) => [String(name), field.show(value[name])]));
    },
    (from, objects) => {
      const value: Partial<T> = {};
      for (const [name, field] of entries) value[name] = field.read(from, objects);
      // Every field of T has been set: FieldsOf<T> lists them all.
      return value as T;
    },
    (to, value, objects) => {
      for (const [name, field] of entries) field.write(to, value[name], objects);
    },
  );
}

/** A struct of which only one field counts, as that field's value. */
export function only<T>(dataWords: number, pointers: number, name: string, field: FieldCodec<T>): StructCodec<T> {
  return structCodec(
    { dataWords, pointers },
    (value) => new Map([[name, field.show(value)]]),
    (from, objects) => field.read(from, objects),
    (to, value, objects) => field.write(to, value, objects),
  );
}

/** A struct without content. */
export function nothing(dataWords: number, pointers: number): StructCodec<void> {
  return structCodec({ dataWords, pointers }, () => new Map(), ignore, ignore);
}

interface Success<Value> {
  readonly value: Value;
  readonly error?: undefined;
}

interface Failed<Failure> {
  readonly value?: undefined;
  readonly error: Failure;
}

function hasFailed<Value, Failure>(result: Success<Value> | Failed<Failure>): result is Failed<Failure> {
  return result.error !== undefined;
}

/** A struct of which `error` is set, or else `value`. */
export function either<Value, Failure extends object>(
  dataWords: number,
  pointers: number,
  fields: { readonly value: FieldCodec<Value>; readonly error: FieldCodec<Failure | undefined> },
): StructCodec<Success<Value> | Failed<Failure>> {
  return structCodec(
    { dataWords, pointers },
    (result) => {
      return hasFailed(result)
        ? new Map([['error', fields.error.show(result.error)]])
        : new Map([['value', fields.value.show(result.value)]]);
    },
    (from, objects) => {
      const error = fields.error.read(from, objects);
      return error === undefined ? { value: fields.value.read(from, objects) } : { error };
    },
    (to, result, objects) => {
      if (hasFailed(result)) fields.error.write(to, result.error, objects);
      else fields.value.write(to, result.value, objects);
    },
  );
}

/** A codec that is looked up when it is used, for structs that contain themselves. */
export function lazy<T>(codec: () => PointerCodec<T>): PointerCodec<T> {
  return {
    get elements() {
      return codec().elements;
    },
    initList: (to, index, length) => codec().initList(to, index, length),
    get: (from, index, objects) => codec().get(from, index, objects),
    set: (to, index, value, objects) => codec().set(to, index, value, objects),
    getItem: (from, index, objects) => codec().getItem(from, index, objects),
    setItem: (to, index, value, objects) => codec().setItem(to, index, value, objects),
    show: (value) => codec().show(value),
  };
}

/** The field behind pointer `index`. */
export function at<T>(index: number, codec: PointerCodec<T>): FieldCodec<T> {
  return {
    read: (from, objects) => codec.get(from, index, objects),
    write: (to, value, objects) => codec.set(to, index, value, objects),
    show: (value) => codec.show(value),
  };
}

/** A field whose presence another field tells. Absent, the field keeps its default on the wire. */
export function present<T>(flag: FieldCodec<boolean>, field: FieldCodec<T>): FieldCodec<T | undefined> {
  return {
    read: (from, objects) => (flag.read(from, objects) ? field.read(from, objects) : undefined),
    write(to, value, objects) {
      flag.write(to, value !== undefined, objects);
      if (value !== undefined) field.write(to, value, objects);
    },
    show: (value) => (value === undefined ? undefined : field.show(value)),
  };
}

/** A field that need not be given: it then keeps its default. */
export function optional<T>(field: FieldCodec<T>): FieldCodec<T | undefined> {
  return {
    read: (from, objects) => field.read(from, objects),
    write(to, value, objects) {
      if (value !== undefined) field.write(to, value, objects);
    },
    show: (value) => (value === undefined ? undefined : field.show(value)),
  };
}

/** A field that structs of earlier versions, with fewer words of data, do not have. */
export function added<T>(dataWords: number, field: FieldCodec<T>): FieldCodec<T | undefined> {
  const { write, show } = optional(field);
  return {
    read: (from, objects) => (from.dataBytes < dataWords * 8 ? undefined : field.read(from, objects)),
    write,
    show,
  };
}

/** A pointer that is null for undefined. */
export function nullable<T>(codec: PointerCodec<T>): PointerCodec<T | undefined> {
  return pointer(
    (from, index, objects) => (from.has(index) ? codec.get(from, index, objects) : undefined),
    (to, index, value, objects) => {
      if (value !== undefined) codec.set(to, index, value, objects);
    },
    (value) => (value === undefined ? undefined : codec.show(value)),
  );
}

/** A list. */
export function list<T>(item: ItemCodec<T>): PointerCodec<readonly T[]> {
  return pointer(
    (from, index, objects) => from.getList(index, item.elements).map((items, i) => item.getItem(items, i, objects)),
    (to, index, values, objects) => {
      const items = item.initList(to, index, values.length);
      values.forEach((value, i) => {
        item.setItem(items, i, value, objects);
      });
    },
    (values) => values.map((value) => item.show(value)),
  );
}

/** A reference to an object; null reads as an object whose every call fails. */
export function capability<T extends object>(type: () => InterfaceType<T>): PointerCodec<T> {
  return pointer(
    (from, index, objects) => objects.importObject(from.getCapability(index), type()),
    (to, index, value, objects) => {
      to.setCapability(index, objects.exportObject(value, type()));
    },
    () => CAPABILITY,
  );
}

/** A reference to an object that the method called with it keeps. */
export function ownedCapability<T extends object>(type: () => InterfaceType<T>): PointerCodec<T> {
  const { set, show } = capability(type);
  return pointer((from, index, objects) => objects.importOwned(from.getCapability(index), type()), set, show);
}

/** A reference that answers several interfaces; only ever sent. */
export const facetReference: PointerCodec<readonly StartedFacet[]> = pointer(
  () => [],
  (to, index, facets, objects) => {
    to.setCapability(index, objects.exportFacets(facets));
  },
  () => CAPABILITY,
);

/** A value that logs must not show. */
export function secret<T>(codec: PointerCodec<T>): PointerCodec<T> {
  return { ...codec, show: () => SECRET };
}

/** Text, UTF-8. */
export const text: PointerCodec<string> = pointer(
  (from, index) => from.getText(index),
  (to, index, value) => {
    to.setText(index, value);
  },
  (value) => value,
);

/** Bytes. */
export const data: PointerCodec<Uint8Array> = pointer(
  (from, index) => from.getData(index),
  (to, index, value) => {
    to.setData(index, value);
  },
  (value) => value,
);

/** Bytes of a fixed number; a null pointer reads as zeros. `name` is what errors call them. */
export function bytes(size: number, name: string): PointerCodec<Uint8Array> {
  const checked = (value: Uint8Array, Failure: new (message: string) => Error): Uint8Array => {
    if (value.length !== size) throw new Failure(`${name} has ${value.length} bytes instead of ${size}`);
    return value;
  };
  return pointer(
    (from, index) => (from.has(index) ? checked(from.getData(index), WireError) : new Uint8Array(size)),
    (to, index, value) => {
      to.setData(index, checked(value, RangeError));
    },
    (value) => value,
  );
}

function pointer<T>(
  get: PointerCodec<T>['get'],
  set: PointerCodec<T>['set'],
  show: PointerCodec<T>['show'],
): PointerCodec<T> {
  return {
    elements: ListElementSize.POINTER,
    initList: (to, index, length) => to.initList(index, ListElementSize.POINTER, length),
    get,
    set,
    getItem: get,
    setItem: set,
    show,
  };
}

function structCodec<T>(
  size: StructSize,
  show: StructCodec<T>['show'],
  read: StructCodec<T>['read'],
  write: StructCodec<T>['write'],
): StructCodec<T> {
  return {
    size,
    show,
    read,
    write,
    elements: ListElementSize.COMPOSITE,
    initList: (to, index, length) => to.initStructList(index, length, size),
    get: (from, index, objects) => read(from.getStruct(index), objects),
    set(to, index, value, objects) {
      if ('initStruct' in to) write(to.initStruct(index, size), value, objects);
      else write(to.getStruct(index), value, objects);
    },
    getItem: (from, index, objects) => read(from.getStruct(index), objects),
    setItem(to, index, value, objects) {
      write(to.getStruct(index), value, objects);
    },
  };
}

function fieldEntries<T extends object>(fields: FieldsOf<T>): [keyof T, FieldCodec<T[keyof T]>][] {
  const entries: [keyof T, FieldCodec<T[keyof T]>][] = [];
  for (const name in fields) entries.push([name, fields[name]]);
  return entries;
}

function ignore(): void {
  // Nothing to read or write.
}
