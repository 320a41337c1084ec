/** Payment requests of one open wallet, with what was paid to them. */
import { randomUUID } from 'node:crypto';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { OutputType } from '../../src-interfaces/enums.js';
import type { AddressType, ReceiveRequest } from '../../src-interfaces/facade.js';
import type { Wallet } from '../../src-interfaces/generated/wallet.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import { addressText, destinationOfAddress } from './destinations.js';
import { parseRequest, serializeRequest, shownRequest, type StoredRequest } from './receive-requests.js';
import type { TransactionCache } from './transaction-cache.js';
import { words } from './words.js';

const outputTypes: Readonly<Record<AddressType, number>> = {
  legacy: OutputType.legacy,
  'p2sh-segwit': OutputType.p2shSegwit,
  bech32: OutputType.bech32,
  bech32m: OutputType.bech32m,
};

const encoder = new TextEncoder();

export interface RequestsListener {
  setLabel(address: string, label: string): Promise<void>;
  /** There are others than before. */
  changed(requests: readonly ReceiveRequest[]): void;
}

export class WalletRequests {
  readonly #wallet: Wallet;
  readonly #params: ChainParams;
  readonly #cache: TransactionCache;
  readonly #listener: RequestsListener;
  #stored: StoredRequest[] = [];

  constructor(wallet: Wallet, params: ChainParams, cache: TransactionCache, listener: RequestsListener) {
    this.#wallet = wallet;
    this.#params = params;
    this.#cache = cache;
    this.#listener = listener;
  }

  async read(): Promise<void> {
    const stored = await this.#wallet.getAddressReceiveRequests();
    this.#stored = stored.map(parseRequest).filter((request) => request !== undefined);
  }

  /** Newest first. */
  list(): readonly ReceiveRequest[] {
    return [...this.#stored].sort((a, b) => b.time - a.time).map((request) => shownRequest(request, this.#cache.received(request.address), this.#params));
  }

  /** Something was paid: it may have been to one of these. */
  paid(): void {
    if (this.#stored.length > 0) this.#listener.changed(this.list());
  }

  /** The newest unpaid one without label, amount or message; made when there is none. */
  async fresh(): Promise<ReceiveRequest> {
    const unused = this.list().find((request) => request.received === 0n && request.label === '' && request.message === '' && request.amount === null);
    return unused ?? this.create('bech32', '', '', null);
  }

  async create(type: AddressType, label: string, message: string, amount: bigint | null): Promise<ReceiveRequest> {
    const made = await this.#wallet.getNewDestination(outputTypes[type], label);
    if (made.error !== undefined) {
      const text = words(made.error);
      throw new FacadeFailure(/keypool|unlock/i.test(text) ? 'wallet-locked' : 'rejected', text);
    }
    const address = addressText(made.value, this.#params);
    return this.#store({ id: randomUUID(), address, label, message, amount, time: Math.floor(Date.now() / 1000) });
  }

  async update(id: string, label: string, message: string, amount: bigint | null): Promise<ReceiveRequest> {
    const request = this.#find(id);
    if (label !== request.label) await this.#listener.setLabel(request.address, label);
    return this.#store({ ...request, label, message, amount });
  }

  async remove(id: string): Promise<void> {
    const request = this.#find(id);
    await this.#wallet.setAddressReceiveRequest(destinationOfAddress(request.address, this.#params, 'id'), encoder.encode(id), new Uint8Array(0));
    this.#stored = this.#stored.filter((other) => other.id !== id);
    this.#listener.changed(this.list());
  }

  #find(id: string): StoredRequest {
    const request = this.#stored.find((other) => other.id === id);
    if (request === undefined) throw new FacadeFailure('not-found', 'That payment request no longer exists.', { field: 'id' });
    return request;
  }

  async #store(request: StoredRequest): Promise<ReceiveRequest> {
    const destination = destinationOfAddress(request.address, this.#params, 'address');
    if (!(await this.#wallet.setAddressReceiveRequest(destination, encoder.encode(request.id), serializeRequest(request)))) {
      throw new FacadeFailure('rejected', 'The payment request could not be stored.');
    }
    this.#stored = [...this.#stored.filter((other) => other.id !== request.id), request];
    this.#listener.changed(this.list());
    return shownRequest(request, this.#cache.received(request.address), this.#params);
  }
}
