import { uninitializedBytes } from './bytes.js';

/**
 * From this size on buffers are used again: the system hands out the memory of a new one page by page, which takes
 * longer than filling it.
 */
export const POOLED_BYTES = 128 * 1024;

/** What may lie about unused. */
const MAX_IDLE_BYTES = 32 * 1024 * 1024;

/** How long it may. */
const IDLE_MS = 10_000;

/** Large buffers that have been given back, by size; all sizes are powers of two. */
const idle = new Map<number, ArrayBuffer[]>();
let idleBytes = 0;
let clearing: NodeJS.Timeout | undefined;

/** A buffer of at least `bytes`. Its content is unknown; the caller overwrites what it uses. */
export function takeBuffer(bytes: number): ArrayBuffer {
  if (bytes < POOLED_BYTES) return uninitializedBytes(bytes).buffer;
  const size = 2 ** Math.ceil(Math.log2(bytes));
  const buffer = idle.get(size)?.pop();
  if (buffer === undefined) return uninitializedBytes(size).buffer;
  idleBytes -= size;
  return buffer;
}

/** Gives back a buffer that was taken. Nobody may look at it any more. */
export function giveBuffer(buffer: ArrayBuffer): void {
  const size = buffer.byteLength;
  if (size < POOLED_BYTES || idleBytes + size > MAX_IDLE_BYTES) return;
  const others = idle.get(size);
  if (others === undefined) idle.set(size, [buffer]);
  else others.push(buffer);
  idleBytes += size;
  clearing ??= setTimeout(clear, IDLE_MS).unref();
}

function clear(): void {
  clearing = undefined;
  idleBytes = 0;
  idle.clear();
}
