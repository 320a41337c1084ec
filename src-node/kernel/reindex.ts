import { join } from 'node:path';
import { blockFileName, listBlockFiles } from '../storage/block-files.js';
import { importBlockFile, Orphans, type ImportContext } from './block-import.js';

/** Where the block files are, and what they are XORed with. */
export interface BlockFilesPlace {
  readonly directory: string;
  readonly key: Uint8Array;
}

/**
 * Builds the block index anew from the block files, connecting blocks as they come. Files count from
 * 0 without a gap, as Bitcoin Core takes them.
 * @returns false when it was stopped early, to be gone through again at the next start.
 */
export async function reindexBlockFiles(place: BlockFilesPlace, context: ImportContext): Promise<boolean> {
  const { logger } = context.state.settings;
  const orphans = new Orphans();
  for (const [i, file] of listBlockFiles(place.directory).entries()) {
    if (file !== i) break;
    const name = blockFileName('blk', file);
    logger.info(`Reindexing block file ${name}...`);
    await importBlockFile(join(place.directory, name), context, { key: place.key, file, orphans });
    if (context.stopped()) return false;
  }
  // Block files of a new directory, or without their first block, have none.
  await context.process(context.state.params.genesis, { force: true });
  await context.state.store.treeDb.setReindexing(false);
  logger.info('Reindexing finished');
  return true;
}
