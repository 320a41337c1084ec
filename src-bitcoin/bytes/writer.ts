/** Writes Bitcoin's little-endian serialization into a growing byte array. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** @param capacity bytes to reserve at first. */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  #reserve(length: number): number {
    const start = this.#length;
    const end = start + length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = end;
    return start;
  }

  bytes(bytes: Uint8Array): this {
    const start = this.#reserve(bytes.length);
    this.#bytes.set(bytes, start);
    return this;
  }

  u8(value: number): this {
    const start = this.#reserve(1);
    this.#view.setUint8(start, value);
    return this;
  }

  u16(value: number): this {
    const start = this.#reserve(2);
    this.#view.setUint16(start, value, true);
    return this;
  }

  /** Ports travel big endian. */
  u16be(value: number): this {
    const start = this.#reserve(2);
    this.#view.setUint16(start, value, false);
    return this;
  }

  u32(value: number): this {
    const start = this.#reserve(4);
    this.#view.setUint32(start, value, true);
    return this;
  }

  /** Sorts as the number does. */
  u32be(value: number): this {
    const start = this.#reserve(4);
    this.#view.setUint32(start, value, false);
    return this;
  }

  i32(value: number): this {
    const start = this.#reserve(4);
    this.#view.setInt32(start, value, true);
    return this;
  }

  u64(value: bigint): this {
    const start = this.#reserve(8);
    this.#view.setBigUint64(start, value, true);
    return this;
  }

  i64(value: bigint): this {
    const start = this.#reserve(8);
    this.#view.setBigInt64(start, value, true);
    return this;
  }

  compactSize(value: number | bigint): this {
    if (value < 0xfd) return this.u8(Number(value));
    if (value <= 0xffff) return this.u8(0xfd).u16(Number(value));
    if (value <= 0xffffffff) return this.u8(0xfe).u32(Number(value));
    return this.u8(0xff).u64(BigInt(value));
  }

  /** A byte string preceded by its CompactSize length. */
  varBytes(bytes: Uint8Array): this {
    return this.compactSize(bytes.length).bytes(bytes);
  }

  /** Bitcoin Core's VARINT (base 128, most significant group first), as its databases use it. */
  varInt(value: number | bigint): this {
    const groups: number[] = [];
    let rest = BigInt(value);
    for (;;) {
      groups.push(Number(rest & 0x7fn) | (groups.length > 0 ? 0x80 : 0));
      if (rest <= 0x7fn) break;
      rest = (rest >> 7n) - 1n;
    }
    for (const group of groups.reverse()) this.u8(group);
    return this;
  }

  /** What has been written, as a view that later writes may change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what has been written and keeps the memory. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  /** A copy of what has been written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
