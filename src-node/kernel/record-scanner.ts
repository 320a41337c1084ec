import type { FileHandle } from 'node:fs/promises';
import { obfuscate } from '../storage/obfuscation.js';

/** A place in a file where a block may be. */
export interface FoundRecord {
  /** Where its payload starts. */
  readonly offset: number;
  /** Payload, as long as announced or until the end of the file. */
  readonly bytes: Uint8Array;
}

const chunkSize = 8 << 20;
const frameSize = 8;
const minBlockSize = 80;
const maxBlockSize = 4_000_000;

/** Finds block records in a file of any layout: magic, length, block, with anything in between. */
export class RecordScanner {
  readonly #handle: FileHandle;
  readonly #magic: Buffer;
  readonly #key: Uint8Array;
  #window: Buffer = Buffer.alloc(0);
  /** Offset of the window in the file. */
  #start = 0;
  /** Where to look next. */
  #position = 0;

  /** @param key what the file is XORed with; zeros for none. */
  constructor(handle: FileHandle, magic: Uint8Array, key: Uint8Array = new Uint8Array(8)) {
    this.#handle = handle;
    this.#magic = Buffer.from(magic);
    this.#key = key;
  }

  /** Goes on after `offset`, to skip what proved to be a record. */
  skipTo(offset: number): void {
    this.#position = Math.max(this.#position, offset);
  }

  /** The next place with the magic and a possible length. Without `skipTo` the search goes on inside it. */
  async next(): Promise<FoundRecord | undefined> {
    for (;;) {
      const frame = await this.read(this.#position, chunkSize, frameSize);
      if (frame.length < frameSize) return undefined;
      const at = frame.indexOf(this.#magic);
      if (at < 0) {
        // The magic may begin in the last bytes of what was read.
        this.#position += frame.length - this.#magic.length + 1;
        continue;
      }
      const recordStart = this.#position + at;
      this.#position = recordStart + 1;
      const header = await this.read(recordStart, frameSize, frameSize);
      if (header.length < frameSize) return undefined;
      const length = header.readUInt32LE(4);
      if (length < minBlockSize || length > maxBlockSize) continue;
      const offset = recordStart + frameSize;
      const bytes = await this.read(offset, length, length);
      if (bytes.length >= minBlockSize) return { offset, bytes };
    }
  }

  /** At most `wanted` bytes from `offset`, at least `needed` of them unless the file ends. */
  async read(offset: number, wanted: number, needed: number): Promise<Buffer> {
    let from = offset - this.#start;
    if (from < 0 || from + needed > this.#window.length) {
      const window = Buffer.alloc(Math.max(chunkSize, needed));
      let length = 0;
      while (length < window.length) {
        const { bytesRead } = await this.#handle.read(window, length, window.length - length, offset + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      this.#window = window.subarray(0, length);
      obfuscate(this.#window, this.#key, offset);
      this.#start = offset;
      from = 0;
    }
    return this.#window.subarray(from, Math.min(from + wanted, this.#window.length));
  }
}
