import { WireError } from './errors.js';
import type { ListReader } from './list-reader.js';
import type { MessageBuilder, MessageReader } from './message.js';
import { followPointer, listFromTarget, ListElementSize, PointerType } from './pointer.js';
import { PointerReader } from './pointer-reader.js';
import { requireUnset, writeCapability, writeListPointer, writeStructPointer } from './pointer-writer.js';
import type { Segment } from './segment.js';

/**
 * Copies whatever `from` points to, capabilities included, to the pointer at byte offset `at` of `to`. Fields the
 * schemas here do not know are copied too. Capabilities get a new reference each.
 * @throws WireError when the source is malformed or nested too deeply
 */
export function copyPointer(from: PointerReader, to: MessageBuilder, at: number): void {
  requireUnset(to, at);
  if (from.offset !== PointerReader.ABSENT) copyWord(from.source, from.segment, from.offset, from.depth, to, at);
}

function copyWord(source: MessageReader, segment: Segment, offset: number, depth: number, to: MessageBuilder, at: number): void {
  const target = followPointer(source, segment, offset);
  if (target === null) return;
  if (depth <= 0) throw new WireError('Message is too deeply-nested or contains cycles.');
  if (target.type === PointerType.OTHER) {
    writeCapability(to, at, source.capabilities?.get(target.high) ?? null);
    return;
  }
  if (target.type === PointerType.LIST) {
    copyList(source, listFromTarget(source, target, depth, undefined), depth - 1, to, at);
    return;
  }
  const struct = new PointerReader(source, segment, offset, depth).asStruct();
  const size = { dataWords: struct.dataBytes / 8, pointers: struct.pointerCount };
  const content = to.allocate(size.dataWords + size.pointers);
  writeStructPointer(to.segment, at, content, size);
  copyBytes(struct.segment, struct.dataOffset, to, content, struct.dataBytes);
  for (let i = 0; i < size.pointers; i++) {
    const skip = struct.dataBytes + i * 8;
    copyWord(source, struct.segment, struct.dataOffset + skip, depth - 1, to, content + skip);
  }
}

function copyList(source: MessageReader, list: ListReader, depth: number, to: MessageBuilder, at: number): void {
  const { length, elementSize, dataBytes, pointerCount } = list;
  if (elementSize === ListElementSize.COMPOSITE || elementSize === ListElementSize.POINTER) {
    const isComposite = elementSize === ListElementSize.COMPOSITE;
    const step = dataBytes + pointerCount * 8;
    const tagWords = isComposite ? 1 : 0;
    const start = to.allocate(tagWords + (step * length) / 8);
    writeListPointer(to.segment, at, start, elementSize, isComposite ? (step * length) / 8 : length);
    if (isComposite) {
      to.segment.setUint32(start, length * 4 + PointerType.STRUCT);
      to.segment.setUint32(start + 4, dataBytes / 8 + pointerCount * 0x10000);
    }
    for (let i = 0; i < length && step > 0; i++) {
      const element = i * step;
      const target = start + tagWords * 8 + element;
      copyBytes(list.segment, list.content + element, to, target, dataBytes);
      for (let j = 0; j < pointerCount; j++) {
        const skip = dataBytes + j * 8;
        copyWord(source, list.segment, list.content + element + skip, depth, to, target + skip);
      }
    }
    return;
  }
  const bytes = elementSize === ListElementSize.BIT ? Math.ceil(length / 8) : dataBytes * length;
  const start = to.allocateBytes(Math.ceil(bytes / 8));
  writeListPointer(to.segment, at, start, elementSize, length);
  copyBytes(list.segment, list.content, to, start, bytes);
}

function copyBytes(from: Segment, offset: number, to: MessageBuilder, at: number, bytes: number): void {
  if (bytes > 0) to.segment.bytes(at, bytes).set(from.bytes(offset, bytes));
}
