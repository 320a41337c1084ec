import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';

/** A log longer than 11 MB is cut to its last 10 MB, as in Bitcoin Core. */
const keptWhenShrinking = 10_000_000;

/** Cuts an overlong log file down to its end. A file that is not there, or is none, is left alone. */
export function shrinkFile(path: string): void {
  let size: number;
  try {
    const status = statSync(path);
    if (!status.isFile()) return;
    size = status.size;
  } catch {
    return;
  }
  if (size <= keptWhenShrinking * 1.1) return;
  const tail = Buffer.alloc(keptWhenShrinking);
  const fd = openSync(path, 'r');
  const length = readSync(fd, tail, 0, tail.length, size - keptWhenShrinking);
  closeSync(fd);
  writeFileSync(path, tail.subarray(0, length));
}
