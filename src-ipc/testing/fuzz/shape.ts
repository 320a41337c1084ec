import { ListElementSize, MessageBuilder, WireError, type StructBuilder } from '../../capnp/wire/index.js';
import type { StructCodec } from '../../proxy/codec.js';
import { AnyCapabilities, CAPABILITY_POINTER, emptyObjects } from './stand-ins.js';

/** What a pointer of a struct leads to, as the code that reads it will have it. */
export type Shape =
  | { readonly kind: 'unread' | 'bits' | 'capability' }
  /** `length` is the only number of bytes that is taken; undefined if any is. */
  | { readonly kind: 'bytes'; readonly length: number | undefined }
  | { readonly kind: 'struct' | 'list'; readonly fields: readonly Shape[] };

/** Numbers of bytes that values of a fixed length have: hashes, outpoints, hashes of keys. */
const FIXED_LENGTHS = [32, 36, 20];

/** How deep shapes are looked into. */
const MOST_LEVELS = 5;

/** Pointers of a struct that is looked into. */
const MOST_POINTERS = 9;

const DATA_WORDS = 8;

const UNREAD: Shape = { kind: 'unread' };

/** What a pointer is tried with; where several are taken, the first counts. */
const CANDIDATES: readonly Shape[] = [
  { kind: 'list', fields: [] },
  { kind: 'struct', fields: [] },
  { kind: 'bytes', length: undefined },
  ...FIXED_LENGTHS.map((length) => ({ kind: 'bytes', length }) as const),
  { kind: 'bits' },
  { kind: 'capability' },
];

const known = new WeakMap<object, readonly Shape[]>();

/**
 * Finds out what a codec expects behind each pointer by having it read one kind after the other: what it refuses, it
 * does not expect, and what takes everything is not read.
 */
export function shapesOf(codec: Pick<StructCodec<unknown>, 'size' | 'read'>): readonly Shape[] {
  const before = known.get(codec);
  if (before !== undefined) return before;
  const accepts = (fields: readonly Shape[]): boolean => {
    const message = new MessageBuilder(1024, new AnyCapabilities());
    const root = message.initRoot({ dataWords: DATA_WORDS, pointers: MOST_POINTERS });
    build(root, fields);
    try {
      codec.read(root.asReader(), emptyObjects);
      return true;
    } catch (error) {
      if (error instanceof WireError) return false;
      throw error;
    }
  };
  const found = fieldsOf((fields) => accepts(fields), codec.size.pointers, MOST_LEVELS);
  known.set(codec, found);
  return found;
}

type Accepts = (fields: readonly Shape[]) => boolean;

function fieldsOf(accepts: Accepts, count: number, levels: number): readonly Shape[] {
  return Array.from({ length: count }, (_, index) => {
    const before = Array.from({ length: index }, () => UNREAD);
    return shapeOf((shape) => accepts([...before, shape]), levels);
  });
}

function shapeOf(accepts: (shape: Shape) => boolean, levels: number): Shape {
  // A list of structs may be sent as bytes, by a peer whose structs are as small; a text is never sent as structs.
  const [first, second] = CANDIDATES.filter(accepts);
  if (first === undefined || (second !== undefined && second.kind !== 'bytes')) return UNREAD;
  if (first.kind !== 'struct' && first.kind !== 'list') return first;
  const { kind } = first;
  const inner: Accepts = (fields) => accepts({ kind, fields });
  return { kind, fields: levels > 1 ? fieldsOf(inner, MOST_POINTERS, levels - 1) : [] };
}

function build(struct: StructBuilder, fields: readonly Shape[]): void {
  // Flags that say whether another field counts are set.
  for (let at = 0; at < DATA_WORDS * 8; at += 4) struct.setUint32(at, 0xffffffff);
  fields.forEach((shape, index) => {
    switch (shape.kind) {
      case 'unread':
        return;
      case 'bytes':
        if (shape.length === undefined) struct.setText(index, 'x');
        else struct.setData(index, new Uint8Array(shape.length));
        return;
      case 'bits':
        struct.initList(index, ListElementSize.BIT, 3);
        return;
      case 'capability':
        struct.message.segment.setUint32(struct.pointerOffset(index), CAPABILITY_POINTER);
        return;
      case 'struct':
        build(struct.initStruct(index, { dataWords: DATA_WORDS, pointers: MOST_POINTERS }), shape.fields);
        return;
      case 'list':
        build(struct.initStructList(index, 1, { dataWords: DATA_WORDS, pointers: MOST_POINTERS }).getStruct(0), shape.fields);
    }
  });
}
