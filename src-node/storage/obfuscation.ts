import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { StorageError } from './storage-error.js';

export const obfuscationKeySize = 8;

/** XORs `bytes` in place with a key that repeats; `offset` is where the bytes stand in their file or value. */
export function obfuscate(bytes: Uint8Array, key: Uint8Array, offset = 0): Uint8Array {
  if (key.every((byte) => byte === 0)) return bytes;
  const mask = obfuscationKeySize - 1;
  for (let i = 0, at = offset & mask; i < bytes.length; i++, at = (at + 1) & mask) {
    bytes[i] = (bytes[i] ?? 0) ^ (key[at] ?? 0);
  }
  return bytes;
}

/** A new directory holds nothing yet but lock files. */
function isFresh(directory: string): boolean {
  return readdirSync(directory, { withFileTypes: true }).every((entry) => entry.isFile() && entry.name.startsWith('.'));
}

/**
 * The key of the block files in `directory`, kept in `xor.dat`. A directory that is used without
 * that file gets eight zero bytes, and so does a new one when `enabled` is false.
 * @throws StorageError when the file is damaged, or holds a key although `enabled` is false.
 */
export function openBlocksKey(directory: string, enabled = true): Uint8Array {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'xor.dat');
  if (!existsSync(path)) {
    const key = enabled && isFresh(directory) ? Uint8Array.from(randomBytes(obfuscationKeySize)) : new Uint8Array(obfuscationKeySize);
    writeFileSync(path, key, { flag: 'wx', flush: true });
  }
  const key = Uint8Array.from(readFileSync(path));
  if (key.length !== obfuscationKeySize) {
    throw new StorageError('corrupt', `${path} has ${key.length} bytes instead of ${obfuscationKeySize}`);
  }
  if (!enabled && key.some((byte) => byte !== 0)) {
    throw new StorageError(
      'unsupported',
      'The blocksdir XOR-key can not be disabled when a random key was already stored! ' +
        `Stored key: '${toHex(key)}', stored path: '${path}'.`,
    );
  }
  return key;
}
