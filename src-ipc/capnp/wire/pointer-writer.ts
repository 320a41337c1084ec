import { WireError } from './errors.js';
import type { MessageBuilder } from './message.js';
import { isNullPointer, ListElementSize, PointerType } from './pointer.js';
import type { Segment } from './segment.js';
import type { CapabilityTable, StructSize } from './types.js';
import type { Capability } from '../rpc/types.js';

/** Longest list a pointer can describe: its count has 29 bits. */
export const MAX_LIST_LENGTH = (1 << 29) - 1;

/** From here on, a pass over a text to count its bytes costs more than trying without. */
const LARGE_TEXT_LENGTH = 1024;

const encoder = new TextEncoder();

/** @throws WireError when the pointer at byte offset `at` has been written already */
export function requireUnset(message: MessageBuilder, at: number): void {
  if (!isNullPointer(message.segment, at)) throw new WireError('Pointer field is already set.');
}

/** Points the word at `at` to a struct at byte offset `content`. A struct without size points to its own pointer, as null has to stay different. */
export function writeStructPointer(segment: Segment, at: number, content: number, size: StructSize): void {
  const isEmpty = size.dataWords === 0 && size.pointers === 0;
  const offsetWords = isEmpty ? -1 : (content - at - 8) / 8;
  segment.setInt32(at, (offsetWords << 2) | PointerType.STRUCT);
  segment.setUint32(at + 4, size.dataWords + size.pointers * 0x10000);
}

/** Points the word at `at` to a list; `count` is the number of elements, or of words for a list of structs. */
export function writeListPointer(segment: Segment, at: number, content: number, elements: ListElementSize, count: number): void {
  segment.setInt32(at, (((content - at - 8) / 8) << 2) | PointerType.LIST);
  segment.setUint32(at + 4, count * 8 + elements);
}

/** Writes a list of bytes. */
export function writeData(message: MessageBuilder, at: number, value: Uint8Array): void {
  requireUnset(message, at);
  const content = message.allocateBytes((value.length + 7) >>> 3);
  writeListPointer(message.segment, at, content, ListElementSize.BYTE, value.length);
  message.segment.bytes(content, value.length).set(value);
}

/** Writes a text and its NUL. A string is encoded as UTF-8. */
export function writeText(message: MessageBuilder, at: number, value: string | Uint8Array): void {
  requireUnset(message, at);
  if (typeof value === 'string' && value.length >= LARGE_TEXT_LENGTH && writeAscii(message, at, value)) return;
  const length = typeof value === 'string' ? Buffer.byteLength(value, 'utf8') : value.length;
  const content = message.allocateBytes((length + 8) >>> 3);
  writeListPointer(message.segment, at, content, ListElementSize.BYTE, length + 1);
  if (length === 0) return;
  const target = message.segment.asBuffer(content, length);
  if (typeof value === 'string') target.write(value, 'utf8');
  else target.set(value);
}

/**
 * Writes a text on the supposition that it needs one byte a character, without counting first. Returns whether it did;
 * if not, nothing has been written.
 */
function writeAscii(message: MessageBuilder, at: number, value: string): boolean {
  const { length } = value;
  const content = message.allocateBytes((length + 8) >>> 3);
  if (encoder.encodeInto(value, message.segment.bytes(content, length)).read < length) {
    message.shrinkTo(content);
    return false;
  }
  writeListPointer(message.segment, at, content, ListElementSize.BYTE, length + 1);
  return true;
}

/** Writes a capability pointer and takes over the reference; null leaves the pointer null. */
export function writeCapability(message: MessageBuilder, at: number, capability: Capability | null): void {
  requireUnset(message, at);
  if (capability !== null) writeCapabilityIndex(message.segment, at, tableOf(message).add(capability));
}

/** Writes a capability pointer with a reference of its own. */
export function writeLentCapability(message: MessageBuilder, at: number, capability: Capability): void {
  requireUnset(message, at);
  writeCapabilityIndex(message.segment, at, tableOf(message).lend(capability));
}

function tableOf({ capabilities }: MessageBuilder): CapabilityTable {
  if (capabilities === undefined) throw new WireError('This message cannot carry capabilities.');
  return capabilities;
}

/** Writes a capability pointer with a known index into the message's capability table. */
export function writeCapabilityIndex(segment: Segment, at: number, index: number): void {
  segment.setUint32(at, PointerType.OTHER);
  segment.setUint32(at + 4, index);
}
