import { wtxidOf, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { feeForSize } from '../../src-bitcoin/feerate.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import { hashOfKey } from '../mempool/hash-of-key.js';
import { randomDelay, randomFraction, type NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import { encodeInventory, encodeU64, inventory, type InventoryItem } from './wire/messages.js';

/** Announcements to one peer at a time. */
const maxAnnouncements = 1000;
/** A feerate no transaction has: nothing is to be announced. Satoshis per 1000 vbytes. */
const maxMoney = 2_100_000_000_000_000n;

/** Tells peers of transactions, after a random wait that hides where they came from. */
export class TransactionAnnouncer {
  readonly #context: NetworkContext;
  #timer: NodeJS.Timeout | undefined;
  #rebroadcastAt: number;

  constructor(context: NetworkContext) {
    this.#context = context;
    this.#rebroadcastAt = context.monotonic() + this.#rebroadcastDelay();
  }

  #rebroadcastDelay(): number {
    return this.#context.timing.rebroadcast * (0.8 + 0.4 * randomFraction(this.#context));
  }

  /** Queues a transaction of the mempool for all peers but one. */
  relay(tx: Transaction, except?: Peer): void {
    const txid = hashKey(txidOf(tx));
    const wtxid = hashKey(wtxidOf(tx));
    for (const peer of this.#context.readyPeers()) {
      if (peer === except || !peer.relay.wantsTransactions) continue;
      if (peer.relay.known.has(peer.relay.byWtxid ? wtxid : txid)) continue;
      peer.relay.queue.add(txid);
    }
    this.#schedule();
  }

  /** Sets the timer for the peer whose queue is due first; none while all queues are empty. */
  #schedule(): void {
    const { monotonic } = this.#context;
    const now = monotonic();
    let due: number | undefined;
    for (const peer of this.#context.readyPeers()) {
      const { relay } = peer;
      if (relay.queue.size === 0) continue;
      if (relay.nextAnnouncement <= now) relay.nextAnnouncement = now + this.#delay(peer);
      due = Math.min(due ?? relay.nextAnnouncement, relay.nextAnnouncement);
    }
    clearTimeout(this.#timer);
    this.#timer = due === undefined ? undefined : setTimeout(() => this.#flush(), Math.max(1, due - now));
  }

  #delay(peer: Peer): number {
    const { trickleInbound, trickleOutbound } = this.#context.timing;
    return randomDelay(this.#context, peer.inbound ? trickleInbound : trickleOutbound);
  }

  #flush(): void {
    const now = this.#context.monotonic() + 1;
    for (const peer of this.#context.readyPeers()) {
      if (peer.relay.queue.size > 0 && peer.relay.nextAnnouncement <= now) this.#announce(peer);
    }
    this.#schedule();
  }

  #announce(peer: Peer): void {
    const { relay } = peer;
    const items: InventoryItem[] = [];
    for (const key of relay.queue) {
      if (items.length === maxAnnouncements) break;
      relay.queue.delete(key);
      const entry = this.#context.mempool.get(hashOfKey(key));
      if (entry === undefined || entry.fee < feeForSize(relay.feeFilter, entry.virtualSize)) continue;
      const hash = relay.byWtxid ? entry.wtxid : entry.txid;
      const known = hashKey(hash);
      if (relay.known.has(known)) continue;
      relay.known.add(known);
      items.push({ kind: relay.byWtxid ? inventory.wtx : inventory.tx, hash });
    }
    relay.lastSequence = this.#context.mempool.sequence;
    relay.nextAnnouncement = 0;
    if (items.length > 0) peer.send('inv', encodeInventory(items));
  }

  /** Tells a peer the least feerate taken, when that changed (BIP133). */
  tellFeeFilter(peer: Peer): void {
    const { chainstate, mempool, blocksOnly, timing, monotonic } = this.#context;
    if (blocksOnly || peer.connectionType === 'block-relay-only') return;
    const now = monotonic();
    const filter = chainstate.initialDownload ? maxMoney : mempool.minFeeRate;
    const { relay } = peer;
    if (filter === relay.sentFeeFilter) return;
    // After the initial download everybody is to start announcing at once.
    const urgent = relay.sentFeeFilter === undefined || relay.sentFeeFilter === maxMoney;
    if (!urgent && now - relay.feeFilterSentAt < timing.feeFilter) return;
    relay.sentFeeFilter = filter;
    relay.feeFilterSentAt = now;
    peer.send('feefilter', encodeU64(filter));
  }

  tellAll(): void {
    for (const peer of this.#context.readyPeers()) this.tellFeeFilter(peer);
  }

  tick(): void {
    this.tellAll();
    if (this.#context.monotonic() < this.#rebroadcastAt) return;
    this.#rebroadcastAt = this.#context.monotonic() + this.#rebroadcastDelay();
    for (const txid of this.#context.mempool.unbroadcast()) {
      const entry = this.#context.mempool.get(txid);
      if (entry !== undefined) this.relay(entry.tx);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}

