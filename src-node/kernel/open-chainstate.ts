import { join } from 'node:path';
import { blockHash, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { BlockFiles } from '../storage/block-files.js';
import { emptyFileInfo, type BlockFileInfo } from '../storage/block-records.js';
import { BlockTreeDb } from '../storage/block-tree-db.js';
import { CoinsDb } from '../storage/coins-db.js';
import { lockDirectory, type DirectoryLock } from '../storage/directory-lock.js';
import { openBlocksKey } from '../storage/obfuscation.js';
import { StorageError } from '../storage/storage-error.js';
import type { BlockEntry } from './block-entry.js';
import { BlockTree } from './block-tree.js';
import type { ChainstateOptions } from './chain-options.js';
import { ChainState, type ChainSettings } from './chain-state.js';
import { ChainStore } from './chain-store.js';
import { segwitActive } from './deployments.js';
import { FlushSchedule } from './flush-schedule.js';
import { NodeChainstate } from './node-chainstate.js';
import { replayBlocks } from './replay.js';
import { requireBlockFiles, requireWitnesses, verifyLastBlocks } from './start-checks.js';

const mebibyte = 1 << 20;
const defaultCacheSize = 450 * mebibyte;
/** Shares of the cache LevelDB gets for itself: an eighth and the half, but no more than this. */
const maxTreeCache = 2 * mebibyte;
const maxCoinsDbCache = 8 * mebibyte;
const defaultFlushInterval = 600;
const defaultFlushDelay = 0.2;
const defaultIdleFlushDelay = 3;
const defaultMaxTipAge = 24 * 60 * 60;
const defaultCheckBlocks = 6;

/** Things to be undone in reverse order when opening fails, or on close. */
class Cleanup {
  readonly #steps: (() => Promise<void> | void)[] = [];

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

function fileInfos(treeDb: BlockTreeDb): BlockFileInfo[] {
  const infos: BlockFileInfo[] = [];
  const lastFile = treeDb.lastFile ?? 0;
  for (let file = 0; ; file++) {
    const info = treeDb.fileInfo(file);
    // Beyond the last file written down there may be one that was begun later.
    if (file > lastFile && info === undefined) return infos;
    infos.push(info ?? emptyFileInfo);
  }
}

/** Puts the genesis block into an empty tree, and into a block file unless a rebuild will find it there. */
function addGenesis(tree: BlockTree, files: BlockFiles, options: ChainstateOptions, reindexing: boolean): void {
  const { genesis, consensus } = options.params;
  const entry = tree.add(genesis.header);
  if (reindexing) return;
  const { file, offset } = files.appendBlock(serializeBlock(genesis), 0, genesis.header.time);
  const segwit = segwitActive(0, consensus);
  tree.received(entry, { txCount: genesis.transactions.length, file, dataPos: offset, segwit });
}

function findTip(tree: BlockTree, store: ChainStore, options: ChainstateOptions): BlockEntry {
  const best = store.coinsDb.bestBlock;
  const tip = tree.lookup(best ?? blockHash(options.params.genesis.header));
  if (tip === undefined) {
    throw new StorageError('corrupt-chainstate', 'Error initializing block database: the chainstate is that of an unknown block');
  }
  return tip;
}

async function openStore(options: ChainstateOptions, cleanup: Cleanup): Promise<{ store: ChainStore; tree: BlockTree; key: Uint8Array }> {
  const { dataDirectory, params } = options;
  const blocksDirectory = options.blocksDirectory ?? join(dataDirectory, 'blocks');
  const cacheSize = options.cacheSize ?? defaultCacheSize;
  const key = openBlocksKey(blocksDirectory, options.blocksXor ?? true);
  const treeCache = Math.min(cacheSize / 8, maxTreeCache);
  const treeDb = await BlockTreeDb.open(join(dataDirectory, 'blocks', 'index'), treeCache, options.reindex);
  cleanup.add(() => treeDb.close());
  if (options.reindex === true) await treeDb.setReindexing(true);
  if (treeDb.flag('prunedblockfiles')) {
    throw new StorageError('unsupported', 'You need to rebuild the database using -reindex to go back to unpruned mode. This will redownload the entire blockchain');
  }
  const files = new BlockFiles({
    directory: blocksDirectory,
    magic: params.magic,
    key,
    infos: fileInfos(treeDb),
    ...(options.maxBlockFileSize === undefined ? {} : { maxFileSize: options.maxBlockFileSize }),
  });
  cleanup.add(() => files.close());
  const tree = new BlockTree();
  await tree.load(treeDb.blocks(), params);
  requireBlockFiles(tree, blocksDirectory);
  const coinsDb = await CoinsDb.open({
    directory: join(dataDirectory, 'chainstate'),
    cacheBytes: Math.min(cacheSize / 2, maxCoinsDbCache),
    wipe: options.reindex === true || options.reindexChainstate === true,
    ...(options.batchSize === undefined ? {} : { batchBytes: options.batchSize }),
  });
  cleanup.add(() => coinsDb.close());
  if (tree.size === 0) {
    if (coinsDb.bestBlock !== undefined) throw new StorageError('corrupt', 'Error initializing block database: blocks/index is empty');
    addGenesis(tree, files, options, treeDb.reindexing);
  }
  return { store: new ChainStore(files, treeDb, coinsDb), tree, key };
}

function settingsOf(options: ChainstateOptions): ChainSettings {
  const { params, logger, now, scriptChecker } = options;
  const { consensus } = params;
  const assumeValid = options.assumeValid === 'none' ? undefined : (options.assumeValid ?? consensus.defaultAssumeValid);
  const cacheSize = options.cacheSize ?? defaultCacheSize;
  const databaseCaches = Math.min(cacheSize / 8, maxTreeCache) + Math.min(cacheSize / 2, maxCoinsDbCache);
  return {
    params,
    logger,
    now,
    scriptChecker,
    assumeValid,
    minimumChainWork: options.minimumChainWork ?? consensus.minimumChainWork,
    maxTipAge: options.maxTipAge ?? defaultMaxTipAge,
    coinsMemory: cacheSize - databaseCaches,
  };
}

function takeLocks(options: ChainstateOptions, cleanup: Cleanup): void {
  const directories = [options.blocksDirectory ?? join(options.dataDirectory, 'blocks')];
  if (options.lock === undefined) directories.unshift(options.dataDirectory);
  for (const directory of directories) {
    const lock: DirectoryLock = lockDirectory(directory);
    cleanup.add(() => lock.release());
  }
}

/**
 * Opens the chain state in a data directory of Bitcoin Core's layout, or starts one. What a crash left
 * half done is finished first. Call `start` on it once listeners have subscribed.
 * @throws StorageError that says what is wrong with the directory; `-reindex` helps where it is `corrupt`.
 */
export async function openChainstate(options: ChainstateOptions): Promise<NodeChainstate> {
  const cleanup = new Cleanup();
  try {
    takeLocks(options, cleanup);
    const { store, tree, key } = await openStore(options, cleanup);
    await replayBlocks(store, tree, options.logger);
    const tip = findTip(tree, store, options);
    requireWitnesses(tip, options.params);
    const state = new ChainState(settingsOf(options), tree, store, tip);
    // A crash while a block was being declared invalid leaves it below the tip.
    while (state.tip.failed) await state.disconnectTip();
    await verifyLastBlocks(state, options.checkBlocks ?? defaultCheckBlocks, options.onCheck);
    options.logger.info(`Loaded best chain: height=${state.tip.height}`);
    const flushes = new FlushSchedule(state, {
      interval: options.flushInterval ?? defaultFlushInterval,
      delay: options.flushDelay ?? defaultFlushDelay,
      idleDelay: options.idleFlushDelay ?? defaultIdleFlushDelay,
    });
    const blockFiles = { directory: options.blocksDirectory ?? join(options.dataDirectory, 'blocks'), key };
    return new NodeChainstate({ state, flushes, blockFiles, onFault: options.onFault ?? (() => undefined), release: () => cleanup.run() });
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}
