import { pick, type Random } from '../random.js';
import { makeMessage, withOtherParams } from './grammar.js';
import { decodeConversation, encodeConversation, type Conversation } from './input.js';
import type { TargetName } from './targets.js';

/** Longest input, in bytes: what matters shows with less. */
const LONGEST = 64 * 1024;

/** Words as pointers and sizes have them. */
const WORDS: readonly number[] = [0, 1, 3, 4, 8, 0x10000, 0x10001, 0x20000000, 0x40000000, 0x7fffffff, 0x80000000, 0xfffffffc, 0xfffffffe, 0xffffffff];

/** A new input made of known ones. */
export function mutate(target: TargetName, known: readonly Uint8Array[], random: Random): Uint8Array {
  const base = known.length === 0 ? new Uint8Array(0) : pick(random, known);
  const made = target === 'conversation' ? mutateConversation(base, known, random) : mutateBytes(random.oneIn(8) ? makeMessage(random) : base, known, random);
  return made.subarray(0, LONGEST);
}

function mutateConversation(base: Uint8Array, known: readonly Uint8Array[], random: Random): Uint8Array {
  let conversation: Conversation = decodeConversation(base);
  for (let times = 1 + random.below(4); times > 0; times--) conversation = changed(conversation, known, random);
  return encodeConversation(conversation);
}

function changed(conversation: Conversation, known: readonly Uint8Array[], random: Random): Conversation {
  const frames = [...conversation.frames];
  const place = random.below(frames.length + 1);
  switch (random.below(13)) {
    case 0:
    case 1:
    case 2:
      frames.splice(place, 0, makeMessage(random));
      break;
    case 3:
      frames.splice(place, 1 + random.below(3));
      break;
    case 4:
      frames.splice(place, 0, ...frames.slice(random.below(frames.length + 1)).slice(0, 1 + random.below(4)));
      break;
    case 5:
      frames.push(...frames.splice(place, 1));
      break;
    case 6:
      if (known.length > 0) frames.splice(place, frames.length, ...decodeConversation(pick(random, known)).frames.slice(-1 - random.below(20)));
      break;
    case 7:
      return {
        ...conversation,
        frames: frames.slice(0, place),
        isCaller: random.oneIn(4) ? !conversation.isCaller : conversation.isCaller,
        breaksOff: random.oneIn(2),
        cut: random.oneIn(2) ? 0 : 1 + random.below(255),
      };
    default: {
      const frame = frames[place];
      if (frame !== undefined) frames[place] = random.oneIn(2) ? withOtherParams(frame, random) : mutateContent(frame, random);
    }
  }
  return { ...conversation, frames };
}

/** Changes a frame behind its header, so that the frames after it are still found. */
function mutateContent(frame: Uint8Array, random: Random): Uint8Array {
  if (frame.length <= 8 || random.oneIn(30)) return mutateBytes(frame, [], random);
  const copy = frame.slice();
  for (let times = 1 + random.below(3); times > 0; times--) changeInPlace(copy, 8, random);
  return copy;
}

function mutateBytes(base: Uint8Array, known: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes = base.slice();
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    switch (random.below(13)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at & ~7), bytes.subarray((at & ~7) + 8 * random.below(8))]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at & ~7), new Uint8Array(8 * (1 + random.below(8))), bytes.subarray(at & ~7)]);
        break;
      case 3:
        if (known.length > 0) bytes = Buffer.concat([bytes.subarray(0, at), pick(random, known).subarray(random.below(40))]);
        break;
      default:
        changeInPlace(bytes, 0, random);
    }
  }
  return bytes;
}

function changeInPlace(bytes: Uint8Array, from: number, random: Random): void {
  if (bytes.length <= from) return;
  const at = from + random.below(bytes.length - from);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = at & ~3;
  switch (random.below(5)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return;
    case 1:
      bytes[at] = random.below(256);
      return;
    case 2:
      if (word + 4 <= bytes.length) view.setUint32(word, pick(random, WORDS), true);
      return;
    case 3:
      if (word + 4 <= bytes.length) view.setInt32(word, view.getInt32(word, true) + (random.below(9) - 4) * (random.oneIn(2) ? 1 : 4), true);
      return;
    default: {
      // A pointer from elsewhere leads here too.
      const source = (from + random.below(bytes.length - from)) & ~7;
      const target = at & ~7;
      if (target >= from) bytes.copyWithin(target, source, Math.min(source + 8, source + bytes.length - target));
    }
  }
}
