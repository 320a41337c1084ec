import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { readHeader } from '../../src-bitcoin/primitives/block.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import type { AddressRelay } from './address-relay.js';
import type { BlockDownload } from './block-download.js';
import type { BlockServer } from './block-server.js';
import type { HeaderSync } from './header-sync.js';
import type { KeepAlive } from './keep-alive.js';
import type { NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import type { TransactionIntake } from './transaction-intake.js';
import { decodeInventory, decodeSendCompact, decodeU64, encodeInventory, inventory, type InventoryItem } from './wire/messages.js';

const kindMask = 0x3fffffff;
const maxMoney = 2_100_000_000_000_000n;

export interface MessageParts {
  readonly headers: HeaderSync;
  readonly download: BlockDownload;
  readonly server: BlockServer;
  readonly intake: TransactionIntake;
  readonly addresses: AddressRelay;
  readonly keepAlive: KeepAlive;
}

/** Gives each message after the handshake to the part that understands it. */
export class MessageRouter {
  readonly #context: NetworkContext;
  readonly #parts: MessageParts;

  constructor(context: NetworkContext, parts: MessageParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** @throws DecodeError for a malformed payload. */
  async received(peer: Peer, command: string, payload: Uint8Array): Promise<void> {
    const { headers, download, server, intake, addresses, keepAlive } = this.#parts;
    switch (command) {
      case 'ping':
        return keepAlive.pinged(peer, payload);
      case 'pong':
        return keepAlive.ponged(peer, payload);
      case 'inv':
        return this.#inventory(peer, payload);
      case 'getdata':
        return this.#getData(peer, payload);
      case 'notfound':
        return this.#notFound(peer, payload);
      case 'headers':
        return headers.received(peer, payload);
      case 'getheaders':
        return server.getHeaders(peer, payload);
      case 'getblocks':
        return server.getBlocks(peer, payload);
      case 'block':
        return download.received(peer, payload);
      case 'tx':
        return intake.received(peer, payload);
      case 'cmpctblock':
        return this.#compactBlock(peer, payload);
      case 'getblocktxn':
        return this.#blockTransactions(peer, payload);
      case 'addr':
      case 'addrv2':
        return addresses.received(peer, payload, command === 'addrv2');
      case 'getaddr':
        return addresses.requested(peer);
      default:
        return this.#setting(peer, command, payload);
    }
  }

  #setting(peer: Peer, command: string, payload: Uint8Array): void {
    switch (command) {
      case 'sendheaders':
        peer.sync.prefersHeaders = true;
        return;
      case 'sendcmpct': {
        const { announce, version } = decodeSendCompact(payload);
        if (version !== 2n) return;
        peer.sync.compactBlocks = true;
        peer.sync.highBandwidthFrom = announce;
        return;
      }
      case 'feefilter': {
        const filter = decodeU64(payload);
        if (filter <= maxMoney) peer.relay.feeFilter = filter;
        return;
      }
      case 'mempool':
      case 'filterload':
      case 'filteradd':
      case 'filterclear':
      case 'getcfilters':
      case 'getcfheaders':
      case 'getcfcheckpt':
        peer.disconnect(`${command} asks for a service that is not offered`);
        return;
      default:
        this.#context.log?.debug('net', `unknown message ${JSON.stringify(command)} from ${peer.label}`);
    }
  }

  #inventory(peer: Peer, payload: Uint8Array): void {
    const items = decodeInventory(payload);
    // The last block announced has the others below it.
    const block = items.findLast(({ kind }) => kind === inventory.block);
    if (block !== undefined) {
      this.#parts.headers.announced(peer, block.hash);
      this.#parts.download.request(peer);
    }
    this.#parts.intake.announced(peer, items.filter(({ kind }) => kind === inventory.tx || kind === inventory.wtx));
  }

  async #getData(peer: Peer, payload: Uint8Array): Promise<void> {
    const missing: InventoryItem[] = [];
    for (const item of decodeInventory(payload)) {
      if (peer.closed) return;
      const kind = item.kind & kindMask;
      const witness = (item.kind & inventory.witness) !== 0;
      if (kind === inventory.block || kind === inventory.compactBlock) {
        // A whole block is a valid answer to who asks for a compact one (BIP152).
        await this.#parts.server.sendBlock(peer, item.hash, witness || kind === inventory.compactBlock);
      } else if (kind === inventory.tx || kind === inventory.wtx) {
        await peer.drained();
        if (!this.#sendTransaction(peer, item, witness)) missing.push(item);
      }
    }
    if (missing.length > 0) peer.send('notfound', encodeInventory(missing));
  }

  #sendTransaction(peer: Peer, { kind, hash }: InventoryItem, witness: boolean): boolean {
    const { mempool } = this.#context;
    const byWtxid = (kind & kindMask) === inventory.wtx;
    const entry = byWtxid ? mempool.getByWtxid(hash) : mempool.get(hash);
    if (entry === undefined) return false;
    // What came since the last announcements must not be probed for: it would tell from whom it came.
    if (entry.sequence >= peer.relay.lastSequence) return false;
    mempool.setUnbroadcast(entry.txid, false);
    peer.send('tx', serializeTransaction(entry.tx, byWtxid || witness));
    return true;
  }

  #notFound(peer: Peer, payload: Uint8Array): void {
    for (const { kind, hash } of decodeInventory(payload)) {
      const bare = kind & kindMask;
      if (bare === inventory.block) this.#parts.download.notFound(peer, hash);
      else if (bare === inventory.tx || bare === inventory.wtx) this.#parts.intake.requests.notFound(peer, hash);
    }
  }

  /** Not put together from the mempool: its header announces it, and the whole block is asked for. */
  async #compactBlock(peer: Peer, payload: Uint8Array): Promise<void> {
    await this.#parts.headers.accept(peer, [readHeader(new ByteReader(payload))]);
  }

  async #blockTransactions(peer: Peer, payload: Uint8Array): Promise<void> {
    await this.#parts.server.sendBlock(peer, new ByteReader(payload).bytes(32), true);
  }
}
