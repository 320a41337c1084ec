import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeConfiguration } from './configuration.js';
import { InitFailure } from './init-failure.js';

/**
 * Makes the directories that are missing. New data directories get a folder for wallets, so that wallets
 * do not lie among other files; directories that exist are left as they are.
 * @throws InitFailure
 */
export function prepareDirectories({ dataDirectory, netDirectory, blocksDirectory }: NodeConfiguration): void {
  try {
    for (const directory of [dataDirectory, netDirectory]) {
      if (!existsSync(directory)) mkdirSync(join(directory, 'wallets'), { recursive: true, mode: 0o700 });
    }
    mkdirSync(blocksDirectory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InitFailure(`Cannot write to data directory '${netDirectory}': ${reason}`, { cause });
  }
}
