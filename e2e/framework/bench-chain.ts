/** The regtest chain of ../shared/bench: 367 blocks, about 88,000 signatures. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { sharedFolder, temporaryFolder } from './programs.js';

export const benchHeight = 367;
export const benchTip = '10a0be1dbed8259b5409cd927a31cd9f03c4c5654b07b65c57931ac4b50c59ea';
export const benchMuhash = 'bf25a93f9f03c376432daf81d924ad85f09d6be1fc3d6265354aba8189b4d9ce';

export const benchIsThere = fs.existsSync(path.join(sharedFolder, 'bench', 'regtest-367.blk.xz'));
export const benchSkip = benchIsThere ? false : 'skipped: no ../shared/bench';

let unpacked: string | undefined;

/** Path of the unpacked block file. */
export function benchBlockFile(): string {
  if (unpacked === undefined) {
    unpacked = path.join(temporaryFolder(), 'bench.blk');
    const bytes = execFileSync('xz', ['-dc', path.join(sharedFolder, 'bench', 'regtest-367.blk.xz')], { maxBuffer: 64 * 1024 * 1024 });
    fs.writeFileSync(unpacked, bytes);
  }
  return unpacked;
}

/** Offsets at which the block records of a file start, and their lengths; bytes, header of 8 included. */
export function blockRecords(file: Buffer): { readonly start: number; readonly length: number }[] {
  const records: { start: number; length: number }[] = [];
  for (let at = 0; at + 8 <= file.length; ) {
    const length = 8 + file.readUInt32LE(at + 4);
    if (file.readUInt32LE(at) === 0) break;
    records.push({ start: at, length });
    at += length;
  }
  return records;
}
