import { open } from 'node:fs/promises';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { blockHash, readBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import { wtxidOf } from '../../src-bitcoin/primitives/transaction.js';
import { meetsTarget } from '../../src-bitcoin/consensus/target.js';
import type { AcceptOptions } from './acceptance.js';
import { checkBlockAlone } from './block-rules.js';
import type { ChainState } from './chain-state.js';
import { describeFailure } from './failure.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import { RecordScanner } from './record-scanner.js';
import type { BlockOutcome } from './types.js';

export interface ImportContext {
  readonly state: ChainState;
  process(block: Block, options: AcceptOptions): Promise<BlockOutcome>;
  /** True when the import should end early. */
  stopped(): boolean;
}

export interface ImportOptions {
  /** What the file is XORed with; nothing by default. */
  readonly key?: Uint8Array;
  /** The file is that block file of the store: its blocks stay where they are. */
  readonly file?: number;
  /** Blocks whose predecessor is not known yet, by its hash; shared between the files of a rebuild. */
  readonly orphans?: Orphans;
}

interface ImportedBlock {
  readonly block: Block;
  readonly raw: Uint8Array;
  readonly path: string;
  readonly offset: number;
  readonly key: Uint8Array | undefined;
  readonly file: number | undefined;
}

type OrphanPlace = Pick<ImportedBlock, 'path' | 'offset' | 'key' | 'file'> & { readonly length: number };

/** Blocks found before the block they build on, remembered by where they are. */
export class Orphans {
  readonly #byPrev = new Map<string, OrphanPlace[]>();

  add({ block, raw, path, offset, key, file }: ImportedBlock): void {
    const prev = hashKey(block.header.prevHash);
    this.#byPrev.set(prev, [...(this.#byPrev.get(prev) ?? []), { path, offset, key, file, length: raw.length }]);
  }

  take(prev: Uint8Array): readonly OrphanPlace[] {
    const places = this.#byPrev.get(hashKey(prev)) ?? [];
    this.#byPrev.delete(hashKey(prev));
    return places;
  }
}

/** The block at the start of `bytes`, when there is one with proof of work. */
function tryParse(bytes: Uint8Array, context: ImportContext): { block: Block; length: number } | undefined {
  const { powLimit } = context.state.params.consensus;
  try {
    const reader = new ByteReader(bytes);
    const block = readBlock(reader);
    return meetsTarget(blockHash(block.header), block.header.bits, powLimit) ? { block, length: reader.offset } : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Every block in a file, in the order they stand there. Leftovers between them are skipped. */
async function* blocksIn(path: string, context: ImportContext, options: ImportOptions): AsyncGenerator<ImportedBlock> {
  const handle = await open(path, 'r');
  try {
    const scanner = new RecordScanner(handle, context.state.params.magic, options.key);
    for (let record = await scanner.next(); record !== undefined; record = await scanner.next()) {
      // A copy of its own: a block must not hold on to the window it was found in.
      const bytes = new Uint8Array(record.bytes);
      const parsed = tryParse(bytes, context);
      if (parsed === undefined) continue;
      const { offset } = record;
      // A block that is not what its header says may have been cut off, with other records in its bytes.
      if (checkBlockAlone(parsed.block, context.state.params)?.kind !== 'mutated') scanner.skipTo(offset + parsed.length);
      // Kept with the transactions, for the witness commitment and the weight.
      parsed.block.transactions.forEach(wtxidOf);
      const raw = bytes.subarray(0, parsed.length);
      yield { block: parsed.block, raw, path, offset, key: options.key, file: options.file };
    }
  } finally {
    await handle.close();
  }
}

async function readOrphan(place: OrphanPlace, context: ImportContext): Promise<ImportedBlock | undefined> {
  const handle = await open(place.path, 'r');
  try {
    const scanner = new RecordScanner(handle, context.state.params.magic, place.key);
    const raw = new Uint8Array(await scanner.read(place.offset, place.length, place.length));
    const parsed = tryParse(raw, context);
    return parsed === undefined ? undefined : { ...place, block: parsed.block, raw };
  } finally {
    await handle.close();
  }
}

async function submit(imported: ImportedBlock, context: ImportContext): Promise<boolean> {
  const { block, raw, file, offset } = imported;
  const position = file === undefined ? {} : { position: { file, offset } };
  const outcome = await context.process(block, { force: true, raw, ...position });
  if (outcome.accepted) return outcome.isNew;
  const { logger } = context.state.settings;
  const text = `block import: ${hashToHex(blockHash(block.header))} rejected: ${describeFailure(outcome.failure)}`;
  // What builds on a bad block is no news.
  if (outcome.failure.kind === 'invalid-prev' || outcome.failure.kind === 'cached-invalid') logger.debug('reindex', text);
  else logger.error(text);
  return false;
}

/** Submits a block, then those that were waiting for it. Returns how many were new. */
async function submitWithOrphans(first: ImportedBlock, orphans: Orphans, context: ImportContext): Promise<number> {
  let count = 0;
  const queue = [first];
  for (let next = queue.shift(); next !== undefined && !context.stopped(); next = queue.shift()) {
    if (await submit(next, context)) count++;
    const hash = blockHash(next.block.header);
    if (context.state.tree.lookup(hash) === undefined) continue;
    for (const place of orphans.take(hash)) {
      const orphan = await readOrphan(place, context);
      if (orphan !== undefined) queue.push(orphan);
    }
  }
  return count;
}

/**
 * Submits all blocks of a file in the layout of blkNNNNN.dat. Invalid blocks are logged and left out.
 * @returns how many were new.
 */
export async function importBlockFile(path: string, context: ImportContext, options: ImportOptions = {}): Promise<number> {
  const { state } = context;
  const { logger } = state.settings;
  const orphans = options.orphans ?? new Orphans();
  const started = performance.now();
  let count = 0;
  let pending: Promise<number> = Promise.resolve(0);
  // While threads check the scripts of one block, the next is read and its hashes computed.
  for await (const imported of blocksIn(path, context, options)) {
    count += await pending;
    pending = Promise.resolve(0);
    if (context.stopped()) break;
    const { header } = imported.block;
    const known = state.tree.lookup(header.prevHash) !== undefined || state.isGenesis(blockHash(header));
    if (known) {
      pending = submitWithOrphans(imported, orphans, context);
      // A rejection is met at the next turn of the loop.
      pending.catch(() => undefined);
    } else {
      const text = `Out of order block ${hashToHex(blockHash(header))}, parent ${hashToHex(header.prevHash)} not known`;
      logger.debug('reindex', text);
      orphans.add(imported);
    }
  }
  count += await pending;
  logger.info(`Loaded ${count} blocks from external file in ${Math.round(performance.now() - started)}ms`);
  return count;
}
