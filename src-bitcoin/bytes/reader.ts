/** Thrown when serialized data ends early or breaks a rule of its format. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** The largest size a CompactSize may announce: 32 MiB, as in Bitcoin Core's MAX_SIZE. */
const maxCompactSize = 0x02000000;

/** Reads Bitcoin's little-endian serialization from a byte array, front to back. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = offset;
  }

  /** Bytes read so far, counted from the start of the array. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes left to read. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length > this.#bytes.length - start) {
      throw new DecodeError(`end of data: ${length} bytes wanted, ${this.#bytes.length - start} left`);
    }
    this.#offset = start + length;
    return start;
  }

  /** A copy of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.slice(start, start + length);
  }

  /** The bytes between two offsets already passed, as a view on the same memory. */
  view(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  /** The byte `ahead` places after the next one, without reading it; undefined past the end. */
  peek(ahead = 0): number | undefined {
    return this.#bytes[this.#offset + ahead];
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  /** Ports travel big endian. */
  u16be(): number {
    return this.#view.getUint16(this.#advance(2), false);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  i64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  /**
   * A CompactSize number of at most 32 MiB.
   * @throws DecodeError when it is larger or not in its shortest form.
   */
  compactSize(): number {
    const value = this.compactSize64();
    if (value > BigInt(maxCompactSize)) throw new DecodeError(`size too large: ${value}`);
    return Number(value);
  }

  /** A CompactSize number of any size up to 64 bits, as service flags use it. */
  compactSize64(): bigint {
    const first = this.u8();
    if (first < 0xfd) return BigInt(first);
    const [value, least] =
      first === 0xfd ? [BigInt(this.u16()), 0xfdn] : first === 0xfe ? [BigInt(this.u32()), 0x10000n] : [this.u64(), 0x100000000n];
    if (value < least) throw new DecodeError('non-canonical CompactSize');
    return value;
  }

  /** A byte string preceded by its CompactSize length. */
  varBytes(): Uint8Array {
    return this.bytes(this.compactSize());
  }

  /** Bitcoin Core's VARINT (base 128, most significant group first), as its databases use it. */
  varInt(): bigint {
    let value = 0n;
    for (;;) {
      const byte = this.u8();
      value = (value << 7n) | BigInt(byte & 0x7f);
      if ((byte & 0x80) === 0) return value;
      value += 1n;
      if (value > 0xffffffffffffffffn) throw new DecodeError('VARINT out of range');
    }
  }

  /** @throws DecodeError when bytes are left. */
  expectEnd(what: string): void {
    if (this.remaining !== 0) throw new DecodeError(`${this.remaining} bytes left after ${what}`);
  }
}
