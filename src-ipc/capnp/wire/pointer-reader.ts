import { ListReader } from './list-reader.js';
import type { MessageReader } from './message.js';
import { capabilityIndex, isNullPointer, readCapability, readData, readList, readStruct, readText } from './pointer.js';
import type { ListElementSize } from './pointer.js';
import type { Segment } from './segment.js';
import { StructReader } from './struct-reader.js';
import type { Capability } from '../rpc/types.js';

const NO_BYTES = new Uint8Array(0);

/** A pointer whose kind the schema leaves open (AnyPointer). */
export class PointerReader {
  /** Offset that stands for a pointer the struct does not have. */
  static readonly ABSENT = -1;

  constructor(
    readonly source: MessageReader,
    readonly segment: Segment,
    readonly offset: number,
    readonly depth: number,
  ) {}

  get isNull(): boolean {
    return this.offset === PointerReader.ABSENT || isNullPointer(this.segment, this.offset);
  }

  asStruct(): StructReader {
    if (this.offset === PointerReader.ABSENT) return StructReader.empty(this.source);
    return readStruct(this.source, this.segment, this.offset, this.depth);
  }

  asList(elements: ListElementSize): ListReader {
    if (this.offset === PointerReader.ABSENT) return ListReader.empty(this.source);
    return readList(this.source, this.segment, this.offset, this.depth, elements);
  }

  asText(): string {
    if (this.offset === PointerReader.ABSENT) return '';
    return readText(this.source, this.segment, this.offset, '');
  }

  asData(): Uint8Array {
    if (this.offset === PointerReader.ABSENT) return NO_BYTES;
    return readData(this.source, this.segment, this.offset, NO_BYTES);
  }

  /** A new reference, to be disposed by the caller. */
  asCapability(): Capability | null {
    if (this.offset === PointerReader.ABSENT) return null;
    return readCapability(this.source, this.segment, this.offset);
  }

  /** The index into the capability table that a capability pointer holds; null when the pointer is null. */
  capabilityIndex(): number | null {
    if (this.offset === PointerReader.ABSENT) return null;
    return capabilityIndex(this.source, this.segment, this.offset);
  }
}
