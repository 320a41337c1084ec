import { ListElementSize, type StructBuilder } from '../../capnp/wire/index.js';
import { pick, type Random } from '../random.js';
import type { Shape } from './shape.js';
import { CAPABILITY_POINTER } from './stand-ins.js';

/** Numbers that are wrong more often than others. */
export const EXTREMES = [0, 1, 2, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff] as const;

const TEXTS = ['', 'w', '[]', 'null', '{"a":1}', '\ud800', 'x'.repeat(70)] as const;

/** Lengths that hashes, outpoints, headers and such have, and others. */
const LENGTHS = [0, 1, 12, 20, 31, 32, 33, 36, 80] as const;

/** Elements of lists that have no size and so cost nothing to send. */
const COUNTS = [1, 100, 100_000, 16_000_000, 0x1fffffff] as const;

/** Levels of content that nothing prescribes. */
const MOST_LEVELS = 3;

/** Parameters and results, as the schema has them or not. */
export class Content {
  /** @param capabilities descriptors that come with the message */
  constructor(
    private readonly random: Random,
    private readonly capabilities: number,
  ) {}

  /** Fills a struct with what its reader expects, mostly. */
  struct(struct: StructBuilder, fields: readonly Shape[]): void {
    const { random } = this;
    const { dataBytes, pointerCount } = struct.asReader();
    for (let at = 0; at < dataBytes; at += 4) if (random.oneIn(2)) struct.setUint32(at, random.oneIn(6) ? pick(random, EXTREMES) : random.below(6));
    fields.slice(0, pointerCount).forEach((shape, index) => {
      if (random.oneIn(25)) this.anything(struct, index, 1);
      else if (!random.oneIn(6)) this.#expected(struct, index, shape);
    });
  }

  /** Structs, lists, texts and capabilities that nobody asked for. */
  anything(parent: StructBuilder, index: number, levels: number): void {
    const { random } = this;
    const inner = levels > 0 ? Array.from({ length: random.below(5) }, (): Shape => ({ kind: 'unread' })) : [];
    switch (random.below(6)) {
      case 0:
        parent.setText(index, pick(random, TEXTS));
        return;
      case 1:
        parent.setData(index, new Uint8Array(pick(random, LENGTHS)).fill(random.below(256)));
        return;
      case 2:
        this.#capability(parent, index);
        return;
      case 3:
        this.#list(parent, index, inner);
        return;
      default: {
        const struct = parent.initStruct(index, { dataWords: random.below(4), pointers: inner.length });
        for (let i = 0; i < inner.length; i++) if (random.oneIn(2)) this.anything(struct, i, Math.min(levels, MOST_LEVELS) - 1);
      }
    }
  }

  #expected(struct: StructBuilder, index: number, shape: Shape): void {
    const { random } = this;
    switch (shape.kind) {
      case 'unread':
        return;
      case 'bytes':
        if (shape.length !== undefined && !random.oneIn(20)) struct.setData(index, new Uint8Array(shape.length).fill(random.below(256)));
        else if (random.oneIn(2)) struct.setText(index, pick(random, TEXTS));
        else struct.setData(index, new Uint8Array(pick(random, LENGTHS)).fill(random.oneIn(2) ? 0 : random.below(256)));
        return;
      case 'bits':
        struct.initList(index, ListElementSize.BIT, random.below(20));
        return;
      case 'capability':
        this.#capability(struct, index);
        return;
      case 'struct':
        this.struct(struct.initStruct(index, { dataWords: random.below(9), pointers: shape.fields.length }), shape.fields);
        return;
      case 'list':
        this.#list(struct, index, shape.fields);
    }
  }

  #list(parent: StructBuilder, index: number, fields: readonly Shape[]): void {
    const { random } = this;
    if (random.oneIn(8)) {
      parent.initStructList(index, 0, { dataWords: 0, pointers: 0 });
      const at = parent.pointerOffset(index);
      const { segment } = parent.message;
      segment.setUint32(at + 8 + (segment.getInt32(at) >> 2) * 8, pick(random, COUNTS) * 4);
      return;
    }
    const list = parent.initStructList(index, random.below(4), { dataWords: random.below(4), pointers: fields.length });
    for (let i = 0; i < list.length; i++) this.struct(list.getStruct(i), fields);
  }

  #capability(parent: StructBuilder, index: number): void {
    const at = parent.pointerOffset(index);
    parent.message.segment.setUint32(at, CAPABILITY_POINTER);
    parent.message.segment.setUint32(at + 4, this.random.below(this.capabilities + 1));
  }
}
