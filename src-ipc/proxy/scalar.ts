/** Codecs of numbers and booleans. Offsets are in bytes, of booleans in bits; `initial` is the schema's default. */
import { ListElementSize, type ListBuilder, type ListReader } from '../capnp/wire/index.js';
import type { FieldCodec, ItemCodec } from './codec.js';

export function bool(bit: number, initial = false): FieldCodec<boolean> {
  return {
    read: (from) => from.getBool(bit, initial),
    write: (to, value) => {
      to.setBool(bit, value, initial);
    },
    show: (value) => value,
  };
}

/** A boolean that the schema declares as a 32-bit number. */
export function flag32(offset: number): FieldCodec<boolean> {
  return {
    read: (from) => from.getUint32(offset) !== 0,
    write: (to, value) => {
      to.setUint32(offset, value ? 1 : 0);
    },
    show: (value) => value,
  };
}

export function int8(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getInt8(offset, initial),
    write: (to, value) => {
      to.setInt8(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function uint8(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getUint8(offset, initial),
    write: (to, value) => {
      to.setUint8(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function int16(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getInt16(offset, initial),
    write: (to, value) => {
      to.setInt16(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function uint16(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getUint16(offset, initial),
    write: (to, value) => {
      to.setUint16(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function int32(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getInt32(offset, initial),
    write: (to, value) => {
      to.setInt32(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function uint32(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getUint32(offset, initial),
    write: (to, value) => {
      to.setUint32(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function int64(offset: number, initial = 0n): FieldCodec<bigint> {
  return {
    read: (from) => from.getInt64(offset, initial),
    write: (to, value) => {
      to.setInt64(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function uint64(offset: number, initial = 0n): FieldCodec<bigint> {
  return {
    read: (from) => from.getUint64(offset, initial),
    write: (to, value) => {
      to.setUint64(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function float32(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getFloat32(offset, initial),
    write: (to, value) => {
      to.setFloat32(offset, value, initial);
    },
    show: (value) => value,
  };
}

export function float64(offset: number, initial = 0): FieldCodec<number> {
  return {
    read: (from) => from.getFloat64(offset, initial),
    write: (to, value) => {
      to.setFloat64(offset, value, initial);
    },
    show: (value) => value,
  };
}

type ScalarSize = Exclude<ListElementSize, ListElementSize.COMPOSITE>;

function item<T extends number | bigint | boolean>(
  elements: ScalarSize,
  getItem: (from: ListReader, index: number) => T,
  setItem: (to: ListBuilder, index: number, value: T) => void,
): ItemCodec<T> {
  return {
    elements,
    initList: (to, index, length) => to.initList(index, elements, length),
    getItem,
    setItem,
    show: (value) => value,
  };
}

export const boolItem: ItemCodec<boolean> = item(
  ListElementSize.BIT,
  (from, index) => from.getBool(index),
  (to, index, value) => {
    to.setBool(index, value);
  },
);

export const int8Item: ItemCodec<number> = item(
  ListElementSize.BYTE,
  (from, index) => from.getInt8(index),
  (to, index, value) => {
    to.setInt8(index, value);
  },
);

export const uint8Item: ItemCodec<number> = item(
  ListElementSize.BYTE,
  (from, index) => from.getUint8(index),
  (to, index, value) => {
    to.setUint8(index, value);
  },
);

export const int16Item: ItemCodec<number> = item(
  ListElementSize.BYTE_2,
  (from, index) => from.getInt16(index),
  (to, index, value) => {
    to.setInt16(index, value);
  },
);

export const uint16Item: ItemCodec<number> = item(
  ListElementSize.BYTE_2,
  (from, index) => from.getUint16(index),
  (to, index, value) => {
    to.setUint16(index, value);
  },
);

export const int32Item: ItemCodec<number> = item(
  ListElementSize.BYTE_4,
  (from, index) => from.getInt32(index),
  (to, index, value) => {
    to.setInt32(index, value);
  },
);

export const uint32Item: ItemCodec<number> = item(
  ListElementSize.BYTE_4,
  (from, index) => from.getUint32(index),
  (to, index, value) => {
    to.setUint32(index, value);
  },
);

export const int64Item: ItemCodec<bigint> = item(
  ListElementSize.BYTE_8,
  (from, index) => from.getInt64(index),
  (to, index, value) => {
    to.setInt64(index, value);
  },
);

export const uint64Item: ItemCodec<bigint> = item(
  ListElementSize.BYTE_8,
  (from, index) => from.getUint64(index),
  (to, index, value) => {
    to.setUint64(index, value);
  },
);

export const float32Item: ItemCodec<number> = item(
  ListElementSize.BYTE_4,
  (from, index) => from.getFloat32(index),
  (to, index, value) => {
    to.setFloat32(index, value);
  },
);

export const float64Item: ItemCodec<number> = item(
  ListElementSize.BYTE_8,
  (from, index) => from.getFloat64(index),
  (to, index, value) => {
    to.setFloat64(index, value);
  },
);

