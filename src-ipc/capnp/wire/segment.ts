const NOTHING = new DataView(new ArrayBuffer(0));

/** Up to here, two views for the system's copying cost more than a loop does. */
const MAX_COPIED_BY_WORD = 256;

/**
 * A stretch of bytes that pointers lead around in: the whole of a buffer, or a part of one that other segments share.
 * Offsets count in bytes from its beginning; numbers are little-endian. Access is bounded by the buffer, not by the
 * segment: readers check what lies inside.
 */
export class Segment {
  #view: DataView<ArrayBuffer>;
  #start: number;
  #end: number;
  /** Bytes in use. */
  byteLength: number;

  /**
   * @param start byte of the view's buffer where the segment begins
   * @param end byte where its room ends
   */
  constructor(view: DataView<ArrayBuffer>, start: number, byteLength: number, end = view.byteLength) {
    this.#view = view;
    this.#start = start;
    this.#end = end;
    this.byteLength = byteLength;
  }

  /** A segment that begins with the buffer. */
  static of(buffer: ArrayBuffer, byteLength = buffer.byteLength): Segment {
    return new Segment(new DataView(buffer), 0, byteLength);
  }

  get buffer(): ArrayBuffer {
    return this.#view.buffer;
  }

  /** Bytes from the segment's beginning to the end of its room. */
  get capacity(): number {
    return this.#end - this.#start;
  }

  /** Goes on in another buffer, from its beginning; the content has been copied. */
  replaceBuffer(buffer: ArrayBuffer): void {
    this.#view = new DataView(buffer);
    this.#start = 0;
    this.#end = buffer.byteLength;
  }

  /** Is of no use from here on: reading and writing throws a RangeError. */
  close(): void {
    this.#view = NOTHING;
    this.#start = 0;
    this.#end = 0;
    this.byteLength = 0;
  }

  /** The bytes themselves, not a copy. */
  bytes(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#view.buffer, this.#start + offset, length);
  }

  /** Like bytes, with the methods of a Buffer. */
  asBuffer(offset: number, length: number): Buffer<ArrayBuffer> {
    return Buffer.from(this.#view.buffer, this.#start + offset, length);
  }

  /** Copies the bytes in use to another place. */
  copyTo(target: DataView<ArrayBuffer>, at: number): void {
    const { byteLength } = this;
    if (byteLength > MAX_COPIED_BY_WORD) {
      new Uint8Array(target.buffer, target.byteOffset + at, byteLength).set(this.bytes(0, byteLength));
      return;
    }
    for (let offset = 0; offset < byteLength; offset += 4) target.setUint32(at + offset, this.#view.getUint32(this.#start + offset));
  }

  getInt8(offset: number): number {
    return this.#view.getInt8(this.#start + offset);
  }

  getUint8(offset: number): number {
    return this.#view.getUint8(this.#start + offset);
  }

  getInt16(offset: number): number {
    return this.#view.getInt16(this.#start + offset, true);
  }

  getUint16(offset: number): number {
    return this.#view.getUint16(this.#start + offset, true);
  }

  getInt32(offset: number): number {
    return this.#view.getInt32(this.#start + offset, true);
  }

  getUint32(offset: number): number {
    return this.#view.getUint32(this.#start + offset, true);
  }

  getInt64(offset: number): bigint {
    return this.#view.getBigInt64(this.#start + offset, true);
  }

  getUint64(offset: number): bigint {
    return this.#view.getBigUint64(this.#start + offset, true);
  }

  getFloat32(offset: number): number {
    return this.#view.getFloat32(this.#start + offset, true);
  }

  getFloat64(offset: number): number {
    return this.#view.getFloat64(this.#start + offset, true);
  }

  setInt8(offset: number, value: number): void {
    this.#view.setInt8(this.#start + offset, value);
  }

  setUint8(offset: number, value: number): void {
    this.#view.setUint8(this.#start + offset, value);
  }

  setInt16(offset: number, value: number): void {
    this.#view.setInt16(this.#start + offset, value, true);
  }

  setUint16(offset: number, value: number): void {
    this.#view.setUint16(this.#start + offset, value, true);
  }

  setInt32(offset: number, value: number): void {
    this.#view.setInt32(this.#start + offset, value, true);
  }

  setUint32(offset: number, value: number): void {
    this.#view.setUint32(this.#start + offset, value, true);
  }

  setInt64(offset: number, value: bigint): void {
    this.#view.setBigInt64(this.#start + offset, value, true);
  }

  setUint64(offset: number, value: bigint): void {
    this.#view.setBigUint64(this.#start + offset, value, true);
  }

  setFloat32(offset: number, value: number): void {
    this.#view.setFloat32(this.#start + offset, value, true);
  }

  setFloat64(offset: number, value: number): void {
    this.#view.setFloat64(this.#start + offset, value, true);
  }
}
