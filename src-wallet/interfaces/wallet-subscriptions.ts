import { decodeAddress } from '../../src-bitcoin/address/address.js';
import { hashFromHex } from '../../src-bitcoin/bytes/hex.js';
import { AddressPurpose, ChangeType } from '../../src-interfaces/enums.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type * as Contract from '../../src-interfaces/generated/wallet.js';
import type { AddressPurpose as PurposeName } from '../coins/address-book.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { Change } from '../wallet-events.js';
import { HandlerSet } from './handler-set.js';
import { destinationOfScript } from './wallet-view.js';

const changeNumber: Readonly<Record<Change, number>> = { new: ChangeType.new, updated: ChangeType.updated, deleted: ChangeType.deleted };
/** AddressPurpose by name. */
export const purposeNumber: Readonly<Record<PurposeName, number>> = { receive: AddressPurpose.receive, send: AddressPurpose.send, refund: AddressPurpose.refund };

/** What one client of a wallet wants to be told. */
export class WalletSubscriptions {
  protected readonly wallet: LoadedWallet;
  protected readonly registry: WalletRegistry;
  readonly #handlers = new HandlerSet();

  constructor(wallet: LoadedWallet, registry: WalletRegistry) {
    this.wallet = wallet;
    this.registry = registry;
  }

  /** Ends what this client subscribed to; the wallet stays loaded. */
  async destroy(): Promise<void> {
    await this.#handlers.endAll();
  }

  async handleUnload(callback: Contract.UnloadWalletCallback): Promise<Handler> {
    return this.#handlers.listen(callback, this.wallet.events.unload, (deliver) => () => deliver(() => callback()));
  }

  async handleShowProgress(callback: Contract.ShowWalletProgressCallback): Promise<Handler> {
    return this.#handlers.listen(callback, this.wallet.events.progress, (deliver) => (title, percent) => deliver(() => callback(title, percent)));
  }

  async handleStatusChanged(callback: Contract.StatusChangedCallback): Promise<Handler> {
    return this.#handlers.listen(callback, this.wallet.events.status, (deliver) => () => deliver(() => callback()));
  }

  async handleAddressBookChanged(callback: Contract.AddressBookChangedCallback): Promise<Handler> {
    return this.#handlers.listen(callback, this.wallet.events.addressBook, (deliver) => (address, label, purpose, change) => {
      const decoded = decodeAddress(address, this.wallet.context.params);
      if (!decoded.ok) return;
      const mine = this.wallet.keyring.isMine(decoded.scriptPubKey);
      deliver(() => callback(destinationOfScript(decoded.scriptPubKey), label, mine, purposeNumber[purpose ?? 'receive'], changeNumber[change]));
    });
  }

  async handleTransactionChanged(callback: Contract.TransactionChangedCallback): Promise<Handler> {
    return this.#handlers.listen(callback, this.wallet.events.transaction, (deliver) => (txid, change) => deliver(() => callback(hashFromHex(txid), changeNumber[change])));
  }

  async handleCanGetAddressesChanged(callback: Contract.CanGetAddressesChangedCallback): Promise<Handler> {
    return this.#handlers.listen(callback, this.wallet.events.canGetAddresses, (deliver) => () => deliver(() => callback()));
  }
}
