import { existsSync } from 'node:fs';
import type { Logger } from '../../src-interfaces/logging.js';
import type { NodeChainstate } from '../kernel/node-chainstate.js';
import type { NodeMempool } from '../mempool/mempool.js';

/** What is left to do once the node answers: blocks from files, and the mempool of the last run. */
export interface ImportWork {
  readonly chainstate: NodeChainstate;
  readonly mempool: NodeMempool;
  /** -loadblock */
  readonly files: readonly string[];
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** Connects blocks that are stored but not connected, imports block files, takes the mempool back. */
export async function importBlocks({ chainstate, mempool, files, log, stopping }: ImportWork): Promise<void> {
  await chainstate.start();
  for (const file of files) {
    if (stopping.aborted) return;
    if (!existsSync(file)) {
      log.warning(`Could not open blocks file ${file}`);
      continue;
    }
    log.info(`Importing blocks file ${file}...`);
    await chainstate.importBlockFile(file, stopping);
  }
  if (stopping.aborted) return;
  try {
    await mempool.load();
  } catch (error) {
    log.warning(`Failed to load the mempool: ${error instanceof Error ? error.message : String(error)}. Continuing anyway.`);
  }
}
