import { parseTransaction, txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Block } from '../kernel/types.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { randomFraction, type NetworkContext } from './network-context.js';
import { OrphanPool } from './orphan-pool.js';
import type { Peer } from './peer.js';
import { RecentSet } from './recent-set.js';
import type { TransactionAnnouncer } from './transaction-announcer.js';
import { TransactionRequests } from './transaction-requests.js';
import { inventory, type InventoryItem } from './wire/messages.js';

/** Takes transactions from peers: asks for what is announced, judges what comes, keeps orphans. */
export class TransactionIntake {
  readonly #context: NetworkContext;
  readonly #announcer: TransactionAnnouncer;
  readonly #orphans: OrphanPool;
  readonly requests: TransactionRequests;
  /** Refused lately (by wtxid, and by txid where the witness does not matter); forgotten with each block. */
  readonly #rejected = new RecentSet(50_000);
  readonly #confirmed = new RecentSet(50_000);

  constructor(context: NetworkContext, announcer: TransactionAnnouncer) {
    this.#context = context;
    this.#announcer = announcer;
    this.#orphans = new OrphanPool(() => randomFraction(context));
    this.requests = new TransactionRequests(context);
  }

  get orphanCount(): number {
    return this.#orphans.size;
  }

  /** Transactions among what a peer announced. */
  announced(peer: Peer, items: readonly InventoryItem[]): void {
    if (items.length === 0) return;
    if (this.#context.blocksOnly || peer.connectionType === 'block-relay-only') {
      peer.disconnect('it announced a transaction although none are wanted');
      return;
    }
    const kind = peer.relay.byWtxid ? inventory.wtx : inventory.tx;
    const hashes: Uint8Array[] = [];
    for (const item of items) {
      // A peer that agreed on wtxids announces by nothing else.
      if (item.kind !== kind) continue;
      peer.relay.known.add(hashKey(item.hash));
      if (!this.#isKnown(item.hash, peer.relay.byWtxid)) hashes.push(item.hash);
    }
    if (this.#context.chainstate.initialDownload || hashes.length === 0) return;
    this.requests.announced(peer, hashes, peer.relay.byWtxid);
  }

  #isKnown(hash: Uint8Array, byWtxid: boolean): boolean {
    const { mempool } = this.#context;
    const key = hashKey(hash);
    if (this.#rejected.has(key) || this.#confirmed.has(key)) return true;
    return byWtxid ? this.#orphans.has(hash) || mempool.getByWtxid(hash) !== undefined : mempool.get(hash) !== undefined;
  }

  /** @throws DecodeError */
  async received(peer: Peer, payload: Uint8Array): Promise<void> {
    const tx = parseTransaction(payload);
    const wtxid = wtxidOf(tx);
    if (this.#context.blocksOnly || peer.connectionType === 'block-relay-only') {
      peer.disconnect('it sent a transaction although none are wanted');
      return;
    }
    if (this.#context.chainstate.initialDownload) return;
    peer.relay.known.add(hashKey(peer.relay.byWtxid ? wtxid : txidOf(tx)));
    this.requests.done(wtxid, txidOf(tx));
    if (this.#isKnown(wtxid, true)) return;
    await this.#judge(tx, peer);
  }

  async #judge(tx: Transaction, from: Peer): Promise<void> {
    const work: { tx: Transaction; peer: Peer | undefined }[] = [{ tx, peer: from }];
    for (let next = work.shift(); next !== undefined; next = work.shift()) {
      const outcome = await this.#context.mempool.accept(next.tx);
      const id = hashToHex(txidOf(next.tx));
      if (outcome.accepted) {
        if (next.peer !== undefined) next.peer.relay.lastTransactionTime = this.#context.now();
        this.#context.log?.debug('mempool', `accepted ${id} (poolsz ${this.#context.mempool.size} txn)`);
        this.#announcer.relay(next.tx, next.peer);
        for (const orphan of this.#orphans.takeChildren(next.tx)) work.push({ tx: orphan.tx, peer: this.#peerById(orphan.peer) });
      } else if (outcome.kind === 'missing-inputs') {
        if (next.peer !== undefined) this.#keepOrphan(next.tx, next.peer);
      } else {
        this.#context.log?.debug('mempoolrej', `${id} was not accepted: ${outcome.reason}`);
        this.#remember(next.tx, outcome.kind);
      }
    }
  }

  #peerById(id: number): Peer | undefined {
    for (const peer of this.#context.readyPeers()) if (peer.id === id) return peer;
    return undefined;
  }

  /** A witness somebody spoilt must not make the good transaction unwelcome. */
  #remember(tx: Transaction, kind: string): void {
    const wtxid = hashKey(wtxidOf(tx));
    const txid = hashKey(txidOf(tx));
    if (kind === 'known') return;
    // Without witness both ids are the same, and the one with witness is still to come.
    if (kind === 'mutated' && wtxid === txid) return;
    this.#rejected.add(wtxid);
  }

  #keepOrphan(tx: Transaction, peer: Peer): void {
    const parents = new Map(tx.inputs.map(({ prevout }) => [hashKey(prevout.txid), prevout.txid]));
    for (const key of parents.keys()) {
      if (!this.#rejected.has(key)) continue;
      this.#rejected.add(hashKey(wtxidOf(tx)));
      return;
    }
    this.#orphans.add(tx, peer.id, this.#context.monotonic());
    const { mempool, chainstate } = this.#context;
    const missing = tx.inputs
      .filter(({ prevout }) => mempool.get(prevout.txid) === undefined && !chainstate.coins.hasCoin(prevout))
      .map(({ prevout }) => prevout.txid);
    const unique = new Map(missing.map((txid) => [hashKey(txid), txid]));
    // Inputs name their parents by txid, whatever the peer announces by.
    this.requests.announced(peer, [...unique.values()], false);
  }

  blockConnected(block: Block): void {
    for (const tx of block.transactions) {
      this.#confirmed.add(hashKey(txidOf(tx)));
      this.#confirmed.add(hashKey(wtxidOf(tx)));
      this.requests.done(txidOf(tx), wtxidOf(tx));
    }
    this.#orphans.removeConfirmed(block.transactions);
    this.#rejected.clear();
  }

  blockDisconnected(): void {
    this.#confirmed.clear();
  }

  ended(peer: Peer): void {
    this.#orphans.removePeer(peer.id);
    this.requests.ended(peer);
  }

  tick(): void {
    this.#orphans.expire(this.#context.monotonic());
    this.requests.tick();
  }
}
