import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { LoadedWallet } from '../wallet.js';
import { applyBlock } from './apply.js';
import { BlockSource, type ScannedBlock } from './block-source.js';
import { locatorOf } from './blocks.js';

export interface ScanOptions {
  /** Hash of the first block, internal byte order. */
  readonly start: Uint8Array;
  readonly startHeight: number;
  /** Height of the last block; the tip when left out. */
  readonly stopHeight?: number;
  /** Also bring transactions that are known already up to date. */
  readonly update: boolean;
  /** Remember on disk how far the scan got, so that it need not start again. */
  readonly saveProgress: boolean;
}

export interface ScanOutcome {
  readonly status: 'success' | 'failure' | 'aborted';
  /** The last block scanned; undefined for none. */
  readonly last: { readonly hash: Uint8Array; readonly height: number } | undefined;
  /** The last block that could not be read. */
  readonly failed: Uint8Array | undefined;
}

const saveInterval = 60_000;
const progressInterval = 250;
/** For how long blocks are gathered to be taken in as one: each change of the file waits for the disk. */
const gatherInterval = 100;

/**
 * Goes through blocks of the active chain and takes in what concerns the wallet. New blocks are handled
 * in between; one scan at a time.
 */
export async function scanBlocks(wallet: LoadedWallet, options: ScanOptions): Promise<ScanOutcome> {
  if (wallet.scan !== undefined) throw new Error('the wallet is being scanned already');
  const scan = { startedAt: Date.now(), progress: 0, abort: false };
  wallet.scan = scan;
  const title = `[${wallet.displayName}] Rescanning…`;
  wallet.events.progress.emit(title, 0);
  wallet.log(`Rescan started from block ${hashToHex(options.start)}...`);
  try {
    return await scanRange(wallet, options, title);
  } finally {
    wallet.scan = undefined;
    wallet.events.progress.emit(title, 100);
  }
}

async function scanRange(wallet: LoadedWallet, options: ScanOptions, title: string): Promise<ScanOutcome> {
  const { chain } = wallet.context;
  const source = await BlockSource.of(wallet);
  const end = options.stopHeight ?? (await chain.getHeight()) ?? options.startHeight;
  const total = Math.max(1, end - options.startHeight + 1);
  let last: ScanOutcome['last'];
  let failed: Uint8Array | undefined;
  let nextSave = Date.now() + saveInterval;
  let nextProgress = Date.now() + progressInterval;
  let gathered: ScannedBlock[] = [];
  let takeInAt = Date.now() + gatherInterval;
  const fetchAhead = (hash: Uint8Array): Promise<ScannedBlock | undefined> => {
    const fetched = source.fetch(hash);
    // When the node is lost, another question may be the first to fail.
    fetched.catch(() => undefined);
    return fetched;
  };
  let pending: Promise<ScannedBlock | undefined> | undefined = fetchAhead(options.start);
  while (pending !== undefined) {
    const { scan } = wallet;
    if (scan === undefined || scan.abort || wallet.context.ending.aborted || !wallet.isOpen || (await chain.shutdownRequested())) {
      return { status: 'aborted', last, failed };
    }
    const fetched: ScannedBlock | undefined = await source.renew(await pending);
    if (fetched === undefined) return { status: 'failure', last, failed: options.start };
    const more: boolean = fetched.next !== undefined && fetched.height < (options.stopHeight ?? Number.MAX_SAFE_INTEGER);
    // The next block travels while this one is looked at.
    pending = more && fetched.next !== undefined ? fetchAhead(fetched.next) : undefined;
    gathered.push(fetched);
    // Which blocks a filter chooses may change with each one that is taken in.
    if (pending !== undefined && !source.sifts && Date.now() < takeInAt) continue;
    const taken = await takeIn(wallet, gathered, options);
    const isWhole = taken.length === gathered.length;
    gathered = [];
    takeInAt = Date.now() + gatherInterval;
    last = taken.findLast((block) => !isUnreadable(block)) ?? last;
    failed = taken.findLast(isUnreadable)?.hash ?? failed;
    // A block that left the chain meanwhile is dealt with by the notification of it.
    if (!isWhole) break;
    scan.progress = (fetched.height - options.startHeight + 1) / total;
    if (Date.now() >= nextProgress) {
      nextProgress = Date.now() + progressInterval;
      wallet.events.progress.emit(title, Math.max(1, Math.min(99, Math.floor(scan.progress * 100))));
    }
    if (options.saveProgress && failed === undefined && Date.now() >= nextSave) {
      nextSave = Date.now() + saveInterval;
      const locator = await locatorOf(chain, fetched.hash);
      if (locator !== undefined) wallet.change(() => wallet.writer.bestBlock(locator));
    }
  }
  wallet.log(`Rescan completed in ${wallet.scan === undefined ? 0 : Date.now() - wallet.scan.startedAt}ms`);
  return { status: failed === undefined ? 'success' : 'failure', last, failed };
}

/** A pruned block, for example. */
function isUnreadable({ block, siftedFor }: ScannedBlock): boolean {
  return block === undefined && siftedFor === undefined;
}

async function isActive(chain: Chain, hash: Uint8Array): Promise<boolean> {
  const { block } = await chain.findBlock(hash, { wantInActiveChain: true });
  return block.inActiveChain === true;
}

/** Takes in what concerns the wallet in blocks that follow one another. @returns those that are still part of the chain. */
async function takeIn(wallet: LoadedWallet, gathered: readonly ScannedBlock[], options: ScanOptions): Promise<readonly ScannedBlock[]> {
  const affects = ({ block }: ScannedBlock): boolean => block?.transactions.some((tx) => wallet.history.affects(tx)) === true;
  return wallet.chainTurns.run(async () => {
    const gone = gathered.findIndex(({ inActiveChain }) => !inActiveChain);
    const blocks = gone === -1 ? [...gathered] : gathered.slice(0, gone);
    if (!wallet.isOpen || !blocks.some(affects)) return blocks;
    // The node may have told of the end of a block after it was fetched, and does not tell again.
    for (let tip = blocks.at(-1); tip !== undefined && !(await isActive(wallet.context.chain, tip.hash)); tip = blocks.at(-1)) blocks.pop();
    if (!wallet.isOpen) return blocks;
    wallet.change(() => {
      for (const each of blocks) {
        const { block, hash, height, maxTime } = each;
        if (block !== undefined && affects(each)) applyBlock(wallet, { block, hash, height, maxTime }, { rescan: true, onlyNew: !options.update });
      }
    });
    return blocks;
  });
}
