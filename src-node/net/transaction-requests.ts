import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import type { NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import { encodeInventory, inventory } from './wire/messages.js';

/** Transactions asked of one peer at a time. */
const maxInflight = 100;
/** Announcements of one peer that are remembered. */
const maxAnnounced = 5000;

interface Wanted {
  readonly hash: Uint8Array;
  /** Whether `hash` is a wtxid. */
  readonly byWtxid: boolean;
  /** Peers that announced it and have not been asked. */
  readonly candidates: Set<Peer>;
  asked: { readonly peer: Peer; readonly until: number } | undefined;
}

/** Asks for announced transactions, one peer at a time for each. */
export class TransactionRequests {
  readonly #context: NetworkContext;
  readonly #wanted = new Map<string, Wanted>();
  readonly #load = new Map<Peer, { announced: number; inflight: number }>();

  constructor(context: NetworkContext) {
    this.#context = context;
  }

  #loadOf(peer: Peer): { announced: number; inflight: number } {
    let load = this.#load.get(peer);
    if (load === undefined) {
      load = { announced: 0, inflight: 0 };
      this.#load.set(peer, load);
    }
    return load;
  }

  /** A peer has these; asks it for those that nobody else has been asked for. */
  announced(peer: Peer, hashes: readonly Uint8Array[], byWtxid: boolean): void {
    const load = this.#loadOf(peer);
    for (const hash of hashes) {
      if (load.announced >= maxAnnounced) break;
      const key = hashKey(hash);
      let wanted = this.#wanted.get(key);
      if (wanted === undefined) {
        wanted = { hash, byWtxid, candidates: new Set(), asked: undefined };
        this.#wanted.set(key, wanted);
      }
      if (wanted.asked?.peer === peer || wanted.candidates.has(peer)) continue;
      wanted.candidates.add(peer);
      load.announced++;
    }
    this.#ask();
  }

  /** It came, or is no longer of interest. */
  done(...hashes: readonly Uint8Array[]): void {
    for (const hash of hashes) {
      const key = hashKey(hash);
      const wanted = this.#wanted.get(key);
      if (wanted === undefined) continue;
      this.#wanted.delete(key);
      this.#release(wanted);
      for (const peer of wanted.candidates) this.#loadOf(peer).announced--;
    }
  }

  #release(wanted: Wanted): void {
    if (wanted.asked === undefined) return;
    const load = this.#loadOf(wanted.asked.peer);
    load.inflight--;
    wanted.asked = undefined;
  }

  /** A peer does not have it after all: the next one is asked. */
  notFound(peer: Peer, hash: Uint8Array): void {
    const wanted = this.#wanted.get(hashKey(hash));
    if (wanted?.asked?.peer !== peer) return;
    this.#release(wanted);
    this.#ask();
  }

  ended(peer: Peer): void {
    for (const wanted of this.#wanted.values()) {
      wanted.candidates.delete(peer);
      if (wanted.asked?.peer === peer) this.#release(wanted);
    }
    this.#load.delete(peer);
    this.#ask();
  }

  tick(): void {
    const now = this.#context.monotonic();
    for (const wanted of this.#wanted.values()) if (wanted.asked !== undefined && wanted.asked.until <= now) this.#release(wanted);
    this.#ask();
  }

  #ask(): void {
    const until = this.#context.monotonic() + this.#context.timing.transaction;
    const questions = new Map<Peer, Wanted[]>();
    for (const [key, wanted] of this.#wanted) {
      if (wanted.asked !== undefined) continue;
      if (wanted.candidates.size === 0) {
        this.#wanted.delete(key);
        continue;
      }
      const peer = this.#choose(wanted);
      if (peer === undefined) continue;
      const load = this.#loadOf(peer);
      wanted.candidates.delete(peer);
      load.announced--;
      load.inflight++;
      wanted.asked = { peer, until };
      const list = questions.get(peer);
      if (list === undefined) questions.set(peer, [wanted]);
      else list.push(wanted);
    }
    for (const [peer, list] of questions) {
      const items = list.map(({ hash, byWtxid }) => ({ hash, kind: byWtxid ? inventory.wtx : inventory.tx | inventory.witness }));
      peer.send('getdata', encodeInventory(items));
    }
  }

  /** Peers we chose ourselves first: others could announce only to hold it up. */
  #choose(wanted: Wanted): Peer | undefined {
    const free = [...wanted.candidates].filter((peer) => this.#loadOf(peer).inflight < maxInflight);
    return free.find((peer) => !peer.inbound) ?? free[0];
  }
}
