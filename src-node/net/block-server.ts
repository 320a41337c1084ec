import { hasWitness } from '../../src-bitcoin/primitives/transaction.js';
import { parseBlock, serializeBlock, type BlockHeader } from '../../src-bitcoin/primitives/block.js';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import type { BlockIndex } from '../kernel/types.js';
import { findFork } from './locator.js';
import type { NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import { decodeLocator, encodeHeaders, encodeInventory, inventory, limits } from './wire/messages.js';

/** Hashes in one answer to `getblocks`. */
const maxBlockHashes = 500;
/** More new blocks than this are announced by the last one's hash alone. */
const maxAnnounced = 8;
/** Seconds for which blocks off the active chain are still served. */
const staleServing = 30 * 24 * 60 * 60;

/** Tells peers of blocks and gives them what they ask for. */
export class BlockServer {
  readonly #context: NetworkContext;

  constructor(context: NetworkContext) {
    this.#context = context;
  }

  /** @throws DecodeError */
  getHeaders(peer: Peer, payload: Uint8Array): void {
    const { chainstate } = this.#context;
    const { locator, stop } = decodeLocator(payload);
    const { tip } = chainstate;
    // Headers of a chain with too little work could mislead who is syncing.
    if (tip.chainWork < this.#context.minimumChainWork) {
      peer.send('headers', encodeHeaders([]));
      return;
    }
    const stopIndex = chainstate.lookup(stop);
    if (locator.length === 0) {
      if (stopIndex !== undefined && this.#mayServe(stopIndex)) peer.send('headers', encodeHeaders([stopIndex.header]));
      return;
    }
    const fork = findFork(chainstate, locator);
    const headers: BlockHeader[] = [];
    let last = fork;
    for (let height = (fork?.height ?? -1) + 1; height <= tip.height && headers.length < limits.headers; height++) {
      last = chainstate.atHeight(height);
      if (last === undefined) break;
      headers.push(last.header);
      if (last === stopIndex) break;
    }
    peer.sync.bestSent = last ?? tip;
    peer.send('headers', encodeHeaders(headers));
  }

  /** The way of peers that know no headers. @throws DecodeError */
  getBlocks(peer: Peer, payload: Uint8Array): void {
    const { chainstate } = this.#context;
    const { locator, stop } = decodeLocator(payload);
    const fork = findFork(chainstate, locator);
    const items = [];
    for (let height = (fork?.height ?? -1) + 1; height <= chainstate.tip.height && items.length < maxBlockHashes; height++) {
      const index = chainstate.atHeight(height);
      if (index === undefined || equalBytes(index.hash, stop)) break;
      items.push({ kind: inventory.block, hash: index.hash });
    }
    if (items.length > 0) peer.send('inv', encodeInventory(items));
  }

  #mayServe(index: BlockIndex): boolean {
    const { chainstate, now } = this.#context;
    if (chainstate.isActive(index)) return true;
    return index.validScripts && !index.failed && index.header.time > now() - staleServing;
  }

  /** Sends a block. False when there is none to send. */
  async sendBlock(peer: Peer, hash: Uint8Array, withWitness: boolean): Promise<boolean> {
    const { chainstate } = this.#context;
    const index = chainstate.lookup(hash);
    if (index === undefined || !index.haveData || !this.#mayServe(index)) return false;
    await peer.drained();
    const raw = await chainstate.readRawBlock(index);
    peer.send('block', withWitness ? raw : withoutWitness(raw));
    return true;
  }

  /** Tells all peers of the blocks after `fork`. */
  announce(tip: BlockIndex, fork: BlockIndex | undefined): void {
    const blocks: BlockIndex[] = [];
    for (let index: BlockIndex | undefined = tip; index !== undefined && index !== fork; index = index.prev) {
      blocks.unshift(index);
      if (blocks.length > maxAnnounced) break;
    }
    for (const peer of this.#context.readyPeers()) this.#announceTo(peer, tip, blocks);
  }

  #announceTo(peer: Peer, tip: BlockIndex, blocks: readonly BlockIndex[]): void {
    if (hasHeader(peer, tip)) return;
    const missing = blocks.filter((index) => !hasHeader(peer, index));
    const first = missing[0];
    const connects = first?.prev !== undefined && hasHeader(peer, first.prev);
    if (peer.sync.prefersHeaders && connects && blocks.length <= maxAnnounced) {
      peer.send('headers', encodeHeaders(missing.map((index) => index.header)));
      peer.sync.bestSent = tip;
    } else {
      peer.send('inv', encodeInventory([{ kind: inventory.block, hash: tip.hash }]));
    }
  }

  /** Asks a peer to announce blocks by header, once both know more than the first block. */
  tellHeadersPreferred(peer: Peer): void {
    const { sync } = peer;
    if (sync.toldHeaders || sync.bestKnown === undefined) return;
    if (sync.bestKnown.chainWork < this.#context.minimumChainWork) return;
    sync.toldHeaders = true;
    peer.send('sendheaders');
  }
}

/** The peer is known to have a header, from its announcements or ours. */
function hasHeader(peer: Peer, index: BlockIndex): boolean {
  const { bestKnown, bestSent } = peer.sync;
  return bestKnown?.ancestor(index.height) === index || bestSent?.ancestor(index.height) === index;
}

function withoutWitness(raw: Uint8Array): Uint8Array {
  const block = parseBlock(raw);
  return block.transactions.some(hasWitness) ? serializeBlock(block, false) : raw;
}
