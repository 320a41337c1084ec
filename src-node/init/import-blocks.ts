import { existsSync } from 'node:fs';
import type { Logger } from '../../src-interfaces/logging.js';
import type { NodeChainstate } from '../kernel/node-chainstate.js';
import type { NodeMempool } from '../mempool/mempool.js';

/** What is left to do once the node answers: blocks from files, and the mempool of the last run. */
export interface ImportWork {
  /** Stored blocks are connected. */
  readonly activated: Promise<void>;
  readonly chainstate: NodeChainstate;
  readonly mempool: NodeMempool;
  /** -loadblock */
  readonly files: readonly string[];
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** As many blocks can be connected while others wait; more are connected while commands are answered already. */
const quicklyConnected = 144;

/**
 * Whether connecting what is stored but not connected is quickly done, as it is after a crash. Then the
 * chain can be where it was before anybody asks.
 */
export function isQuicklyActivated(chainstate: NodeChainstate): boolean {
  return !chainstate.reindexing && chainstate.bestHeader.height - chainstate.tip.height <= quicklyConnected;
}

/** Waits for the chain to be connected, imports block files, takes the mempool back. */
export async function importBlocks({ activated, chainstate, mempool, files, log, stopping }: ImportWork): Promise<void> {
  // A rebuild stops when the chain state is closed, which comes after this has ended.
  const asked = new Promise<void>((resolve) => {
    if (stopping.aborted) resolve();
    stopping.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([activated, asked]);
  if (stopping.aborted) return;
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
