import { rmSync, writeFileSync } from 'node:fs';
import type { Logger } from '../../src-interfaces/logging.js';
import { InitFailure } from './init-failure.js';

/** Writes this process's id; returns what takes the file away again. @throws InitFailure */
export function writePidFile(path: string, log: Logger): () => void {
  try {
    writeFileSync(path, `${process.pid}\n`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InitFailure(`Unable to create the PID file '${path}': ${reason}`, { cause });
  }
  return () => {
    try {
      rmSync(path);
    } catch (error) {
      log.warning(`Unable to remove PID file (${path}): ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}
