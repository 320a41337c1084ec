import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { blockHash, type BlockHeader } from '../../src-bitcoin/primitives/block.js';
import type { BlockIndex } from '../kernel/types.js';
import { workOfBits } from '../../src-bitcoin/consensus/target.js';
import { locatorOf } from './locator.js';
import { LowWorkHeaders } from './low-work-headers.js';
import type { NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import { decodeHeaders, encodeLocator, limits } from './wire/messages.js';

const nothing = new Uint8Array(32);
/** With a header this recent, in seconds, all peers are asked; before, one is enough. */
const recent = 24 * 60 * 60;
/** Headers of chains that fall behind ours by more than this many blocks' work are not kept. */
const nearBlocks = 144n;

/** Learns the headers of peers, the first step of getting their blocks. */
export class HeaderSync {
  readonly #context: NetworkContext;
  readonly #onHeaders: (peer: Peer) => void;

  /** @param onHeaders a peer was found to have more than was known of it. */
  constructor(context: NetworkContext, onHeaders: (peer: Peer) => void) {
    this.#context = context;
    this.#onHeaders = onHeaders;
  }

  /** Asks peers that have not been asked yet, as far as it makes sense now. */
  start(): void {
    const { chainstate, now } = this.#context;
    const current = chainstate.bestHeader.header.time > now() - recent;
    for (const peer of this.#context.readyPeers()) {
      if (peer.sync.started || !mayHaveChain(peer)) continue;
      if (!current && this.#otherIsSyncing(peer)) continue;
      peer.sync.started = true;
      const best = chainstate.bestHeader;
      // One back, so that a peer with the same chain still answers with a header.
      this.ask(peer, best.prev ?? best);
    }
  }

  #otherIsSyncing(peer: Peer): boolean {
    for (const other of this.#context.readyPeers()) {
      if (other !== peer && other.sync.headersAskedAt !== undefined) return true;
    }
    return false;
  }

  /** Asks for the headers after a block, unless an answer is under way. */
  ask(peer: Peer, from: BlockIndex): void {
    if (peer.sync.headersAskedAt !== undefined) return;
    peer.sync.headersAskedAt = this.#context.monotonic();
    peer.send('getheaders', encodeLocator({ locator: locatorOf(from), stop: nothing }));
  }

  #askFrom(peer: Peer, last: Uint8Array): void {
    const start = peer.sync.lowWorkStart;
    if (start === undefined) return;
    peer.sync.headersAskedAt = this.#context.monotonic();
    peer.send('getheaders', encodeLocator({ locator: [last, ...locatorOf(start)], stop: nothing }));
  }

  /** A block was announced by its hash. */
  announced(peer: Peer, hash: Uint8Array): void {
    const index = this.#context.chainstate.lookup(hash);
    if (index === undefined) {
      peer.sync.lastUnknown = hash;
      // An answer under way may have been sent before this block was there.
      if (peer.sync.headersAskedAt !== undefined) peer.sync.askAgain = true;
      this.ask(peer, this.#context.chainstate.bestHeader);
    } else {
      this.noteBest(peer, index);
    }
  }

  /** Remembers the best block a peer has. */
  noteBest(peer: Peer, index: BlockIndex): void {
    const { sync } = peer;
    if (sync.bestKnown === undefined || index.chainWork > sync.bestKnown.chainWork) sync.bestKnown = index;
  }

  async received(peer: Peer, payload: Uint8Array): Promise<void> {
    await this.accept(peer, decodeHeaders(payload));
  }

  /** Takes headers a peer sent, by themselves or at the start of a compact block. */
  async accept(peer: Peer, headers: readonly BlockHeader[]): Promise<void> {
    peer.sync.headersAskedAt = undefined;
    const again = peer.sync.askAgain;
    peer.sync.askAgain = false;
    await this.#take(peer, headers);
    if (again && peer.sync.lastUnknown !== undefined) this.ask(peer, this.#context.chainstate.bestHeader);
  }

  async #take(peer: Peer, headers: readonly BlockHeader[]): Promise<void> {
    const { chainstate } = this.#context;
    const first = headers[0];
    if (first === undefined) return;
    if (!isContinuous(headers)) {
      this.#context.misbehaved(peer, 'non-continuous headers sequence');
      return;
    }
    if (peer.sync.lowWork === undefined && chainstate.lookup(first.prevHash) === undefined) {
      // Announced out of the blue: what lies between has to come first.
      const last = headers[headers.length - 1];
      if (last !== undefined) peer.sync.lastUnknown = blockHash(last);
      this.ask(peer, chainstate.bestHeader);
      return;
    }
    const worthwhile = this.#screen(peer, headers);
    if (worthwhile.length > 0) await this.#store(peer, worthwhile, headers.length === limits.headers);
  }

  /** Holds back headers that may belong to a chain with too little work; asks for more of it. */
  #screen(peer: Peer, headers: readonly BlockHeader[]): readonly BlockHeader[] {
    const full = headers.length === limits.headers;
    const { sync } = peer;
    if (sync.lowWork === undefined) {
      const start = this.#lowWorkStart(headers);
      if (start === undefined) return headers;
      // A short answer is a whole chain, and it is not worth having.
      if (!full) return [];
      const { now, randomBytes, chainstate } = this.#context;
      const { consensus: params } = chainstate.params;
      sync.lowWork = new LowWorkHeaders({ start, params, enough: this.#enoughWork(), now: now(), salt: randomBytes(16) });
      sync.lowWorkStart = start;
    }
    if (!sync.lowWork.continues(headers)) {
      // Not an answer to what was asked, but perhaps an announcement: begin again.
      sync.lowWork = undefined;
      sync.started = false;
      return [];
    }
    const step = sync.lowWork.process(headers, full);
    if (step.state === 'more') {
      this.#askFrom(peer, step.last);
      return step.headers;
    }
    sync.lowWork = undefined;
    if (step.state === 'done') return step.headers;
    if (step.state === 'invalid') this.#context.misbehaved(peer, step.reason);
    else this.#context.log?.debug('net', `the chain of ${peer.label} has too little work`);
    return [];
  }

  /** The block that headers with too little work follow; undefined when they have enough. */
  #lowWorkStart(headers: readonly BlockHeader[]): BlockIndex | undefined {
    const [first] = headers;
    const last = headers[headers.length - 1];
    const { chainstate } = this.#context;
    const start = first && chainstate.lookup(first.prevHash);
    if (start === undefined || last === undefined || chainstate.lookup(blockHash(last)) !== undefined) return undefined;
    const work = headers.reduce((sum, { bits }) => sum + workOfBits(bits), start.chainWork);
    return work < this.#enoughWork() ? start : undefined;
  }

  /** Chains far behind our own are of no use, nor are those below what the network is known to have. */
  #enoughWork(): bigint {
    const { chainstate, minimumChainWork } = this.#context;
    const { tip } = chainstate;
    const nearTip = tip.chainWork - workOfBits(tip.header.bits) * nearBlocks;
    return nearTip > minimumChainWork ? nearTip : minimumChainWork;
  }

  async #store(peer: Peer, headers: readonly BlockHeader[], full: boolean): Promise<void> {
    const { chainstate } = this.#context;
    const outcome = await chainstate.acceptHeaders(headers);
    if (peer.closed) return;
    if (outcome.last !== undefined) this.noteBest(peer, outcome.last);
    if (!outcome.accepted) {
      this.#refused(peer, outcome.failure.kind, outcome.failure.reason);
      return;
    }
    this.#resolveUnknown(peer);
    if (full && outcome.last !== undefined) this.ask(peer, outcome.last);
    this.#onHeaders(peer);
  }

  #resolveUnknown(peer: Peer): void {
    const { lastUnknown } = peer.sync;
    const index = lastUnknown && this.#context.chainstate.lookup(lastUnknown);
    if (index === undefined) return;
    this.noteBest(peer, index);
    peer.sync.lastUnknown = undefined;
  }

  #refused(peer: Peer, kind: string, reason: string): void {
    // A clock may be wrong, and a chain with little work may be honest: neither is an attack.
    if (kind === 'time-future' || kind === 'low-work') return;
    if (kind === 'cached-invalid' && (peer.inbound || peer.manual)) return;
    this.#context.misbehaved(peer, `invalid header: ${reason}`);
  }

  /** Gives up peers that do not answer. */
  tick(): void {
    const now = this.#context.monotonic();
    for (const peer of this.#context.readyPeers()) {
      const { headersAskedAt } = peer.sync;
      if (headersAskedAt === undefined || now - headersAskedAt < this.#context.timing.headers) continue;
      peer.sync.headersAskedAt = undefined;
      if (!peer.manual && this.#context.chainstate.initialDownload) peer.disconnect('no answer to getheaders');
    }
    this.start();
  }
}

function mayHaveChain(peer: Peer): boolean {
  const offered = peer.version?.services ?? 0n;
  return (offered & 1n) !== 0n || (offered & 1024n) !== 0n;
}

function isContinuous(headers: readonly BlockHeader[]): boolean {
  return headers.every((header, i) => {
    const before = headers[i - 1];
    return before === undefined || equalBytes(header.prevHash, blockHash(before));
  });
}
