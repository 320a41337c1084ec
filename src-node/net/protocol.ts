import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { ChainEvents } from '../kernel/types.js';
import type { AddressBook } from './address-book.js';
import { AddressRelay } from './address-relay.js';
import { BlockDownload } from './block-download.js';
import { BlockServer } from './block-server.js';
import { Handshake } from './handshake.js';
import { HeaderSync } from './header-sync.js';
import { KeepAlive } from './keep-alive.js';
import { MessageRouter } from './message-router.js';
import type { NetworkContext } from './network-context.js';
import type { Peer } from './peer.js';
import { TransactionAnnouncer } from './transaction-announcer.js';
import { TransactionIntake } from './transaction-intake.js';

/** What is said over connections, whoever made them: puts the parts of the protocol together. */
export class Protocol {
  readonly #context: NetworkContext;
  readonly #handshake: Handshake;
  readonly #headers: HeaderSync;
  readonly #download: BlockDownload;
  readonly #server: BlockServer;
  readonly #announcer: TransactionAnnouncer;
  readonly #intake: TransactionIntake;
  readonly #addresses: AddressRelay;
  readonly #keepAlive: KeepAlive;
  readonly #router: MessageRouter;

  constructor(context: NetworkContext, book: AddressBook) {
    this.#context = context;
    this.#handshake = new Handshake(context, (peer) => this.#ready(peer));
    this.#headers = new HeaderSync(context, (peer) => this.#moreHeaders(peer));
    this.#download = new BlockDownload(context, this.#headers);
    this.#server = new BlockServer(context);
    this.#announcer = new TransactionAnnouncer(context);
    this.#intake = new TransactionIntake(context, this.#announcer);
    this.#addresses = new AddressRelay(context, book);
    this.#keepAlive = new KeepAlive(context);
    this.#router = new MessageRouter(context, {
      headers: this.#headers,
      download: this.#download,
      server: this.#server,
      intake: this.#intake,
      addresses: this.#addresses,
      keepAlive: this.#keepAlive,
    });
  }

  opened(peer: Peer): void {
    this.#handshake.start(peer);
  }

  /** @throws DecodeError for a malformed payload. */
  async received(peer: Peer, command: string, payload: Uint8Array): Promise<void> {
    if (this.#handshake.received(peer, command, payload) || !peer.ready) return;
    await this.#router.received(peer, command, payload);
  }

  closed(peer: Peer): void {
    this.#handshake.ended(peer);
    this.#download.ended(peer);
    this.#intake.ended(peer);
  }

  #ready(peer: Peer): void {
    const blocks = peer.version?.startHeight ?? -1;
    this.#context.log?.info(`New ${peer.connectionType} peer connected: version: ${peer.version?.version}, blocks=${blocks}, ${peer.label}`);
    this.#keepAlive.ping(peer);
    this.#announcer.tellFeeFilter(peer);
    this.#addresses.start(peer);
    this.#headers.start();
  }

  #moreHeaders(peer: Peer): void {
    this.#server.tellHeadersPreferred(peer);
    this.#download.request(peer);
    this.#headers.start();
  }

  /** What to do when the chain changes. */
  chainEvents(): Partial<ChainEvents> {
    return {
      blockConnected: ({ block }) => this.#intake.blockConnected(block),
      blockDisconnected: () => this.#intake.blockDisconnected(),
      blockChecked: ({ hash, failure }) => this.#download.checked(hash, failure),
      tipChanged: ({ tip, fork, initialDownload }) => {
        if (!initialDownload) this.#server.announce(tip, fork);
        this.#announcer.tellAll();
      },
    };
  }

  /** Looks after everything that takes time. */
  tick(peers: Iterable<Peer>): void {
    this.#keepAlive.tick(peers);
    this.#headers.tick();
    this.#download.tick();
    this.#intake.tick();
    this.#announcer.tick();
    this.#addresses.tick(this.#context.readyPeers());
  }

  /** Announces a transaction of the mempool. */
  relay(tx: Transaction): void {
    this.#announcer.relay(tx);
  }

  ping(peer: Peer): void {
    this.#keepAlive.ping(peer);
  }

  close(): void {
    this.#announcer.close();
  }
}
