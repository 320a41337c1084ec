import { blockHash, parseBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import type { BlockIndex, ValidationFailure } from '../kernel/types.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import type { HeaderSync } from './header-sync.js';
import type { NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import { encodeInventory, inventory, services } from './wire/messages.js';

/** Blocks asked of one peer at a time. */
const maxInflight = 16;
/** How far ahead of the last block both have a peer may be asked. */
const window = 1024;
/** Blocks a pruned peer keeps, less some for reorganisations and delays. */
const limitedBlocks = 288 - 2;
/** The stalling time doubles with each peer given up for it, and never exceeds this factor. */
const maxStallingFactor = 32;

/** What a failed block says about who sent it. */
function isSendersFault(failure: ValidationFailure, peer: Peer): boolean {
  switch (failure.kind) {
    case 'time-future':
    case 'low-work':
      return false;
    case 'cached-invalid':
      return !peer.inbound && !peer.manual;
    default:
      return true;
  }
}

/** Gets the blocks of the headers that peers have, in a window from several of them at once. */
export class BlockDownload {
  readonly #context: NetworkContext;
  readonly #headers: HeaderSync;
  readonly #inflight = new Map<string, Peer>();
  /** Who sent a block that is not fully checked yet. */
  readonly #sources = new Map<string, Peer>();
  #stallingFactor = 1;

  constructor(context: NetworkContext, headers: HeaderSync) {
    this.#context = context;
    this.#headers = headers;
  }

  /** Asks a peer for as much as it may be asked for now. */
  request(peer: Peer): void {
    const { sync } = peer;
    const room = maxInflight - sync.inflight.size;
    if (peer.closed || room <= 0) return;
    const { blocks, waitingFor } = this.#next(peer, room);
    if (blocks.length > 0) this.#send(peer, blocks);
    // Nothing left to ask it for within the window, because of somebody else's block.
    if (blocks.length === 0 && sync.inflight.size === 0 && waitingFor !== undefined) {
      waitingFor.sync.stallingSince ??= this.#context.monotonic();
    }
  }

  requestAll(): void {
    for (const peer of this.#context.readyPeers()) this.request(peer);
  }

  #send(peer: Peer, blocks: readonly BlockIndex[]): void {
    const since = this.#context.monotonic();
    for (const index of blocks) {
      const key = hashKey(index.hash);
      peer.sync.inflight.set(key, { index, since });
      this.#inflight.set(key, peer);
    }
    peer.send('getdata', encodeInventory(blocks.map(({ hash }) => ({ kind: inventory.block | inventory.witness, hash }))));
  }

  #next(peer: Peer, room: number): { blocks: BlockIndex[]; waitingFor?: Peer } {
    const { chainstate } = this.#context;
    const { sync } = peer;
    const best = sync.bestKnown;
    const blocks: BlockIndex[] = [];
    if (best === undefined || best.chainWork < chainstate.tip.chainWork) return { blocks };
    if (best.chainWork < this.#context.minimumChainWork) return { blocks };
    sync.lastCommon = commonAncestor(sync.lastCommon ?? chainstate.tip, best);
    const limited = ((peer.version?.services ?? 0n) & services.network) === 0n;
    const end = sync.lastCommon.height + window;
    let waitingFor: Peer | undefined;
    for (let height = sync.lastCommon.height + 1; height <= Math.min(best.height, end + 1); height++) {
      const index = best.ancestor(height);
      if (index === undefined || index.failed) return { blocks };
      if (index.haveData || chainstate.isActive(index)) {
        if (index.chainTxCount > 0) sync.lastCommon = index;
        continue;
      }
      const other = this.#inflight.get(hashKey(index.hash));
      if (other !== undefined) {
        waitingFor ??= other;
        continue;
      }
      if (height > end) return waitingFor === undefined || waitingFor === peer ? { blocks } : { blocks, waitingFor };
      if (limited && best.height - height > limitedBlocks) continue;
      blocks.push(index);
      if (blocks.length === room) break;
    }
    return { blocks };
  }

  /** @throws DecodeError */
  async received(peer: Peer, payload: Uint8Array): Promise<void> {
    await this.accept(peer, parseBlock(payload));
  }

  async accept(peer: Peer, block: Block): Promise<void> {
    const hash = blockHash(block.header);
    const key = hashKey(hash);
    const requested = this.#inflight.has(key);
    this.#forget(key);
    peer.sync.stallingSince = undefined;
    this.#sources.set(key, peer);
    let outcome;
    try {
      outcome = await this.#context.chainstate.processBlock(block, { force: requested });
    } finally {
      this.#sources.delete(key);
    }
    if (outcome.accepted) {
      if (outcome.isNew) peer.sync.lastBlockTime = this.#context.now();
      this.#headers.noteBest(peer, outcome.index);
    } else {
      this.#blame(peer, outcome.failure);
    }
    this.requestAll();
  }

  /** The chain has checked a block, perhaps long after it came. */
  checked(hash: Uint8Array, failure: ValidationFailure | undefined): void {
    const peer = this.#sources.get(hashKey(hash));
    if (peer !== undefined && failure !== undefined) this.#blame(peer, failure);
  }

  #blame(peer: Peer, failure: ValidationFailure): void {
    const debug = failure.debug === '' ? '' : `, ${failure.debug}`;
    this.#context.log?.debug('net', `block from ${peer.label} is refused: ${failure.reason}${debug}`);
    if (isSendersFault(failure, peer)) this.#context.misbehaved(peer, `invalid block: ${failure.reason}`);
  }

  /** A peer said it does not have what it was asked for. */
  notFound(peer: Peer, hash: Uint8Array): void {
    const key = hashKey(hash);
    if (peer.sync.inflight.has(key)) this.#forget(key);
  }

  #forget(key: string): void {
    this.#inflight.get(key)?.sync.inflight.delete(key);
    this.#inflight.delete(key);
  }

  ended(peer: Peer): void {
    for (const key of [...peer.sync.inflight.keys()]) this.#forget(key);
    for (const [key, source] of this.#sources) if (source === peer) this.#sources.delete(key);
    this.requestAll();
  }

  /** Gives up peers that keep the others waiting, or never deliver. */
  tick(): void {
    const now = this.#context.monotonic();
    const { blockStalling, block } = this.#context.timing;
    let downloading = 0;
    for (const peer of this.#context.readyPeers()) if (peer.sync.inflight.size > 0) downloading++;
    for (const peer of [...this.#context.readyPeers()]) {
      const { stallingSince, inflight } = peer.sync;
      if (stallingSince !== undefined && now - stallingSince > blockStalling * this.#stallingFactor) {
        this.#stallingFactor = Math.min(this.#stallingFactor * 2, maxStallingFactor);
        peer.disconnect('it is stalling the block download');
        continue;
      }
      const [oldest] = inflight.values();
      // With several peers delivering, each may take longer.
      const patience = block * (1 + 0.5 * Math.max(0, downloading - 1));
      if (oldest !== undefined && now - oldest.since > patience) peer.disconnect('a block was not delivered in time');
    }
    this.requestAll();
  }
}

/** The last block that the chains of both have. */
function commonAncestor(a: BlockIndex, b: BlockIndex): BlockIndex {
  let x = a.height > b.height ? a.ancestor(b.height) : a;
  let y = b.height > a.height ? b.ancestor(a.height) : b;
  while (x !== y && x !== undefined && y !== undefined) {
    x = x.prev;
    y = y.prev;
  }
  return x ?? a;
}
