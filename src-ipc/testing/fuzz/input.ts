/** Inputs of the conversation target: how a peer behaves, and the bytes it sends. */

/** Bytes before the stream: the role and the way the stream is cut. */
const HEADER_BYTES = 2;

/** What a peer does. */
export interface Conversation {
  /** Whether the process under test called the peer, instead of serving it. */
  readonly isCaller: boolean;
  /** Whether the peer's end is seen as a failure of the stream. */
  readonly breaksOff: boolean;
  /** Decides where the stream is cut; 0 leaves messages whole. */
  readonly cut: number;
  /** What the peer sends. */
  readonly frames: readonly Uint8Array[];
}

export function encodeConversation({ isCaller, breaksOff, cut, frames }: Conversation): Uint8Array {
  return Buffer.concat([Uint8Array.of((isCaller ? 1 : 0) | (breaksOff ? 2 : 0), cut), ...frames]);
}

/** Any bytes are a conversation. What follows the last whole message is one more piece. */
export function decodeConversation(input: Uint8Array): Conversation {
  const [flags = 0, cut = 0] = input;
  return { isCaller: (flags & 1) !== 0, breaksOff: (flags & 2) !== 0, cut, frames: cutFrames(input.subarray(HEADER_BYTES)) };
}

/** Cuts a stream where its own headers say that messages end. */
export function cutFrames(stream: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let rest = stream;
  while (rest.length > 0) {
    const length = Math.min(frameLength(rest), rest.length);
    frames.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return frames;
}

function frameLength(bytes: Uint8Array): number {
  if (bytes.length < 8) return bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const segments = view.getUint32(0, true) + 1;
  const header = ((4 + segments * 4 + 7) >>> 3) * 8;
  if (segments > 16 || header > bytes.length) return bytes.length;
  let total = header;
  for (let i = 0; i < segments; i++) total += view.getUint32(4 + i * 4, true) * 8;
  return total;
}
