import { ListElementSize } from './pointer.js';
import type { ListReader } from './list-reader.js';
import type { StructBuilder } from './struct-builder.js';
import type { StructReader } from './struct-reader.js';

/* The struct Everything of testdata/everything.capnp, written and read by hand. */

export const EVERYTHING = { dataWords: 6, pointers: 15 } as const;
const EMPTY = { dataWords: 0, pointers: 0 } as const;

export interface Everything {
  flag: boolean;
  int8: number;
  uint8: number;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: bigint;
  uint64: bigint;
  float32: number;
  float64: number;
  plainInt32: number;
  plainFlag: boolean;
  text?: string;
  data?: Uint8Array;
  nested?: Everything;
  flags?: boolean[];
  int8s?: number[];
  uint16s?: number[];
  int32s?: number[];
  uint64s?: bigint[];
  float64s?: number[];
  texts?: string[];
  datas?: Uint8Array[];
  structs?: Everything[];
  lists?: number[][];
  empty?: true;
  empties?: number;
}

export function writeEverything(to: StructBuilder, v: Everything): void {
  to.setBool(0, v.flag, true);
  to.setBool(1, v.plainFlag);
  to.setInt8(1, v.int8, -3);
  to.setUint8(2, v.uint8, 200);
  to.setInt16(4, v.int16, -30000);
  to.setUint16(6, v.uint16, 60000);
  to.setInt32(8, v.int32, -100000);
  to.setUint32(12, v.uint32, 4294967295);
  to.setInt64(16, v.int64, -9000000000000000000n);
  to.setUint64(24, v.uint64, 18000000000000000000n);
  to.setFloat32(32, v.float32, 1.5);
  to.setInt32(36, v.plainInt32);
  to.setFloat64(40, v.float64, -2.25);
  if (v.text !== undefined) to.setText(0, v.text);
  if (v.data !== undefined) to.setData(1, v.data);
  if (v.nested !== undefined) writeEverything(to.initStruct(2, EVERYTHING), v.nested);
  const list = <T>(index: number, size: Exclude<ListElementSize, ListElementSize.COMPOSITE>, values: readonly T[] | undefined, set: (to: ReturnType<StructBuilder['initList']>, i: number, value: T) => void): void => {
    if (values === undefined) return;
    const target = to.initList(index, size, values.length);
    values.forEach((value, i) => set(target, i, value));
  };
  list(3, ListElementSize.BIT, v.flags, (l, i, x) => l.setBool(i, x));
  list(4, ListElementSize.BYTE, v.int8s, (l, i, x) => l.setInt8(i, x));
  list(5, ListElementSize.BYTE_2, v.uint16s, (l, i, x) => l.setUint16(i, x));
  list(6, ListElementSize.BYTE_4, v.int32s, (l, i, x) => l.setInt32(i, x));
  list(7, ListElementSize.BYTE_8, v.uint64s, (l, i, x) => l.setUint64(i, x));
  list(8, ListElementSize.BYTE_8, v.float64s, (l, i, x) => l.setFloat64(i, x));
  list(9, ListElementSize.POINTER, v.texts, (l, i, x) => l.setText(i, x));
  list(10, ListElementSize.POINTER, v.datas, (l, i, x) => l.setData(i, x));
  if (v.structs !== undefined) {
    const target = to.initStructList(11, v.structs.length, EVERYTHING);
    v.structs.forEach((value, i) => writeEverything(target.getStruct(i), value));
  }
  list(12, ListElementSize.POINTER, v.lists, (l, i, x) => {
    const inner = l.initList(i, ListElementSize.BYTE_4, x.length);
    x.forEach((value, j) => inner.setInt32(j, value));
  });
  if (v.empty) to.initStruct(13, EMPTY);
  if (v.empties !== undefined) to.initStructList(14, v.empties, EMPTY);
}

export function readEverything(from: StructReader): Everything {
  const v: Everything = {
    flag: from.getBool(0, true),
    plainFlag: from.getBool(1),
    int8: from.getInt8(1, -3),
    uint8: from.getUint8(2, 200),
    int16: from.getInt16(4, -30000),
    uint16: from.getUint16(6, 60000),
    int32: from.getInt32(8, -100000),
    uint32: from.getUint32(12, 4294967295),
    int64: from.getInt64(16, -9000000000000000000n),
    uint64: from.getUint64(24, 18000000000000000000n),
    float32: from.getFloat32(32, 1.5),
    plainInt32: from.getInt32(36),
    float64: from.getFloat64(40, -2.25),
  };
  if (from.has(0)) v.text = from.getText(0);
  if (from.has(1)) v.data = from.getData(1);
  if (from.has(2)) v.nested = readEverything(from.getStruct(2));
  const list = <T>(index: number, size: ListElementSize, get: (list: ListReader, i: number) => T): T[] => from.getList(index, size).map(get);
  if (from.has(3)) v.flags = list(3, ListElementSize.BIT, (l, i) => l.getBool(i));
  if (from.has(4)) v.int8s = list(4, ListElementSize.BYTE, (l, i) => l.getInt8(i));
  if (from.has(5)) v.uint16s = list(5, ListElementSize.BYTE_2, (l, i) => l.getUint16(i));
  if (from.has(6)) v.int32s = list(6, ListElementSize.BYTE_4, (l, i) => l.getInt32(i));
  if (from.has(7)) v.uint64s = list(7, ListElementSize.BYTE_8, (l, i) => l.getUint64(i));
  if (from.has(8)) v.float64s = list(8, ListElementSize.BYTE_8, (l, i) => l.getFloat64(i));
  if (from.has(9)) v.texts = list(9, ListElementSize.POINTER, (l, i) => l.getText(i));
  if (from.has(10)) v.datas = list(10, ListElementSize.POINTER, (l, i) => l.getData(i));
  if (from.has(11)) v.structs = list(11, ListElementSize.COMPOSITE, (l, i) => readEverything(l.getStruct(i)));
  if (from.has(12)) v.lists = list(12, ListElementSize.POINTER, (l, i) => l.getList(i, ListElementSize.BYTE_4).map((m, j) => m.getInt32(j)));
  if (from.has(13)) v.empty = true;
  if (from.has(14)) v.empties = from.getStructList(14).length;
  return v;
}

/** As the capnp tool writes it in JSON: 64-bit numbers as strings, bytes as numbers. */
export function toJson(v: Everything): Record<string, unknown> {
  return {
    ...v,
    int64: v.int64.toString(),
    uint64: v.uint64.toString(),
    ...(v.data && { data: [...v.data] }),
    ...(v.nested && { nested: toJson(v.nested) }),
    ...(v.uint64s && { uint64s: v.uint64s.map(String) }),
    ...(v.datas && { datas: v.datas.map((data) => [...data]) }),
    ...(v.structs && { structs: v.structs.map(toJson) }),
    ...(v.empty && { empty: {} }),
    ...(v.empties !== undefined && { empties: Array.from({ length: v.empties }, () => ({})) }),
  };
}

/** Random values, the same for the same seed. */
export class RandomValues {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  everything(depth = 3): Everything {
    const int = (bits: number): number => this.#pick([0, -1, 2 ** (bits - 1) - 1, -(2 ** (bits - 1)), this.below(2 ** bits) - 2 ** (bits - 1)]);
    const uint = (bits: number): number => this.#pick([0, 1, 2 ** bits - 1, this.below(2 ** bits)]);
    const uint64 = (): bigint => this.#pick([0n, 2n ** 64n - 1n, (BigInt(this.below(2 ** 32)) << 32n) | BigInt(this.below(2 ** 32))]);
    const float = (): number => this.#pick([0, 1.5, -2.25, 0.1, 1e300, -1e-300, this.below(1e6) / 7]);
    const text = (): string => this.#pick(['', 'a', 'naïve ₿ 🙂', '\n"\\', 'x'.repeat(this.below(40))]);
    const data = (): Uint8Array => Uint8Array.from({ length: this.below(20) }, () => this.below(256));
    const many = <T>(make: () => T): T[] => Array.from({ length: this.below(5) }, make);
    const v: Everything = {
      flag: this.below(2) === 0,
      plainFlag: this.below(2) === 0,
      int8: int(8),
      uint8: uint(8),
      int16: int(16),
      uint16: uint(16),
      int32: int(32),
      uint32: uint(32),
      int64: BigInt.asIntN(64, uint64()),
      uint64: uint64(),
      float32: Math.fround(this.#pick([0, 1.5, 3.25, -1024, 0.5])),
      plainInt32: int(32),
      float64: float(),
    };
    const maybe = (): boolean => this.below(3) !== 0;
    if (maybe()) v.text = text();
    if (maybe()) v.data = data();
    if (depth > 0 && maybe()) v.nested = this.everything(depth - 1);
    if (maybe()) v.flags = Array.from({ length: this.below(70) }, () => this.below(2) === 0);
    if (maybe()) v.int8s = many(() => int(8));
    if (maybe()) v.uint16s = many(() => uint(16));
    if (maybe()) v.int32s = many(() => int(32));
    if (maybe()) v.uint64s = many(uint64);
    if (maybe()) v.float64s = many(float);
    if (maybe()) v.texts = many(text);
    if (maybe()) v.datas = many(data);
    if (depth > 0 && maybe()) v.structs = many(() => this.everything(depth - 2));
    if (maybe()) v.lists = many(() => many(() => int(32)));
    if (maybe()) v.empty = true;
    if (maybe()) v.empties = this.below(4);
    return v;
  }

  #pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  }
}
