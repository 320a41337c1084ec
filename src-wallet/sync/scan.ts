import { fromHex, hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { BlockFilterType } from '../../src-interfaces/enums.js';
import type { LoadedWallet } from '../wallet.js';
import { applyBlock } from './apply.js';
import { fetchBlock, locatorOf, type FetchedBlock } from './blocks.js';

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

/** Tells blocks worth reading from the others by their filters (BIP158), where the node has them. */
class BlockSieve {
  readonly #wallet: LoadedWallet;
  readonly #enabled: boolean;
  #scripts: readonly Uint8Array[] = [];
  #known = -1;

  private constructor(wallet: LoadedWallet, enabled: boolean) {
    this.#wallet = wallet;
    this.#enabled = enabled;
  }

  static async make(wallet: LoadedWallet): Promise<BlockSieve> {
    return new BlockSieve(wallet, await wallet.context.chain.hasBlockFilterIndex(BlockFilterType.basic));
  }

  async passes(hash: Uint8Array): Promise<boolean> {
    if (!this.#enabled) return true;
    const scripts = [...this.#wallet.keyring.scripts()];
    if (scripts.length !== this.#known) {
      this.#scripts = scripts.map(fromHex);
      this.#known = scripts.length;
    }
    return (await this.#wallet.context.chain.blockFilterMatchesAny(BlockFilterType.basic, hash, this.#scripts)) !== false;
  }
}

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
  const sieve = await BlockSieve.make(wallet);
  const fetch = async (hash: Uint8Array): Promise<FetchedBlock | undefined> => fetchBlock(chain, hash, await sieve.passes(hash));
  const end = options.stopHeight ?? (await chain.getHeight()) ?? options.startHeight;
  const total = Math.max(1, end - options.startHeight + 1);
  let last: ScanOutcome['last'];
  let failed: Uint8Array | undefined;
  let nextSave = Date.now() + saveInterval;
  let nextProgress = Date.now() + progressInterval;
  let pending: Promise<FetchedBlock | undefined> | undefined = fetch(options.start);
  while (pending !== undefined) {
    const { scan } = wallet;
    if (scan === undefined || scan.abort || wallet.context.ending.aborted || !wallet.isOpen || (await chain.shutdownRequested())) {
      return { status: 'aborted', last, failed };
    }
    const fetched: FetchedBlock | undefined = await pending;
    if (fetched === undefined) return { status: 'failure', last, failed: options.start };
    const more: boolean = fetched.next !== undefined && fetched.height < (options.stopHeight ?? Number.MAX_SAFE_INTEGER);
    // The next block travels while this one is looked at.
    pending = more && fetched.next !== undefined ? fetch(fetched.next) : undefined;
    pending?.catch(() => undefined);
    const outcome = await takeIn(wallet, fetched, options, await sieve.passes(fetched.hash));
    if (outcome === 'gone') break;
    if (outcome === 'unreadable') failed = fetched.hash;
    else last = { hash: fetched.hash, height: fetched.height };
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

async function takeIn(
  wallet: LoadedWallet,
  fetched: FetchedBlock,
  options: ScanOptions,
  wanted: boolean,
): Promise<'done' | 'gone' | 'unreadable'> {
  // A block that left the chain meanwhile is dealt with by the notification of it.
  if (!fetched.inActiveChain) return 'gone';
  if (!wanted) return 'done';
  const { block, hash, height, maxTime } = fetched;
  if (block === undefined) return 'unreadable';
  await wallet.chainTurns.run(() => {
    if (!wallet.isOpen || !block.transactions.some((tx) => wallet.history.affects(tx))) return;
    wallet.change(() => applyBlock(wallet, { block, hash, height, maxTime }, { rescan: true, onlyNew: !options.update }));
  });
  return 'done';
}
