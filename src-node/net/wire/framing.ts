import { equalBytes } from '../../../src-bitcoin/bytes/bytes.js';
import { hash256 } from '../../../src-bitcoin/crypto/hash.js';

/** Magic, command, length, checksum. */
export const messageHeaderSize = 24;
const commandSize = 12;
const commandOffset = 4;
const lengthOffset = 16;
const checksumOffset = 20;
const checksumSize = 4;

/** The most a payload may have, bytes. */
export const maxPayloadSize = 4_000_000;

/** A message as it came; `payload` is undefined when its checksum or command was wrong. */
export interface RawMessage {
  readonly command: string;
  readonly payload: Uint8Array | undefined;
  /** Bytes on the wire. */
  readonly size: number;
}

/** Data that cannot be a message of this network: nothing after it can be understood. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** One message with its header. */
export function frameMessage(magic: Uint8Array, command: string, payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(messageHeaderSize + payload.length);
  message.set(magic, 0);
  for (let i = 0; i < command.length; i++) message[commandOffset + i] = command.charCodeAt(i);
  new DataView(message.buffer).setUint32(lengthOffset, payload.length, true);
  message.set(hash256(payload).subarray(0, checksumSize), checksumOffset);
  message.set(payload, messageHeaderSize);
  return message;
}

/** Printable characters, then nothing but zeros; undefined for anything else. */
function readCommand(header: Uint8Array): string | undefined {
  let command = '';
  let ended = false;
  for (let i = 0; i < commandSize; i++) {
    const byte = header[commandOffset + i] ?? 0;
    if (byte === 0) ended = true;
    else if (ended || byte < 0x20 || byte > 0x7e) return undefined;
    else command += String.fromCharCode(byte);
  }
  return command;
}

/** Cuts the stream of one peer into messages. */
export class MessageDecoder {
  readonly #magic: Uint8Array;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  /** Header of the message whose payload is not complete yet. */
  #header: Uint8Array | undefined;
  #length = 0;

  constructor(magic: Uint8Array) {
    this.#magic = magic;
  }

  /**
   * @returns the messages that `chunk` completes.
   * @throws FramingError for another network's magic and for payloads over 4 MB.
   */
  push(chunk: Uint8Array): RawMessage[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const messages: RawMessage[] = [];
    for (;;) {
      if (this.#header === undefined) {
        this.#checkMagic();
        if (this.#buffered < messageHeaderSize) return messages;
        this.#header = this.#take(messageHeaderSize);
        this.#length = new DataView(this.#header.buffer, this.#header.byteOffset).getUint32(lengthOffset, true);
        if (this.#length > maxPayloadSize) throw new FramingError(`a payload of ${this.#length} bytes`);
      }
      if (this.#buffered < this.#length) return messages;
      messages.push(this.#finish(this.#header, this.#take(this.#length)));
      this.#header = undefined;
    }
  }

  /** Another protocol on the port shows in its first bytes: no need to wait for a whole header. */
  #checkMagic(): void {
    const seen = Math.min(this.#buffered, this.#magic.length);
    if (seen === 0) return;
    const start = this.#peek(seen);
    if (!equalBytes(start, this.#magic.subarray(0, seen))) throw new FramingError('wrong network magic');
  }

  #finish(header: Uint8Array, payload: Uint8Array): RawMessage {
    const command = readCommand(header);
    const size = messageHeaderSize + payload.length;
    const sum = hash256(payload).subarray(0, checksumSize);
    const whole = command !== undefined && equalBytes(sum, header.subarray(checksumOffset, checksumOffset + checksumSize));
    return { command: command ?? '', payload: whole ? payload : undefined, size };
  }

  #join(): Uint8Array {
    const [only] = this.#chunks;
    if (this.#chunks.length === 1 && only !== undefined) return only;
    const joined = new Uint8Array(this.#buffered);
    let offset = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, offset);
      offset += chunk.length;
    }
    this.#chunks = [joined];
    return joined;
  }

  #peek(length: number): Uint8Array {
    const [first] = this.#chunks;
    return (first !== undefined && first.length >= length ? first : this.#join()).subarray(0, length);
  }

  #take(length: number): Uint8Array {
    const all = this.#join();
    this.#buffered -= length;
    this.#chunks = this.#buffered === 0 ? [] : [all.subarray(length)];
    return all.slice(0, length);
  }
}
