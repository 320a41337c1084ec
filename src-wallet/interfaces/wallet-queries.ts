import { decodeAddress, encodeDestination } from '../../src-bitcoin/address/address.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { hashFromHex } from '../../src-bitcoin/bytes/hex.js';
import { readOutpoint, readTxOut, serializeOutpoint, serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { OutputType } from '../../src-interfaces/enums.js';
import { fromTxDestination } from '../../src-interfaces/destination.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { Result, ResultVoid } from '../../src-interfaces/generated/common.js';
import type * as Contract from '../../src-interfaces/generated/wallet.js';
import type { OutputType as OutputTypeName } from '../../src-bitcoin/descriptor/descriptor.js';
import type { AddressPurpose as PurposeName } from '../coins/address-book.js';
import { availableCoins } from '../coins/available.js';
import { encryptWallet, lockWallet, unlockWallet } from '../keys/wallet-lock.js';
import { parseAddressPurpose } from '../coins/address-book.js';
import { bilingual, noSigningDevice } from './messages.js';
import { purposeNumber, WalletSubscriptions } from './wallet-subscriptions.js';
import { byDestination, destinationOfScript, walletTx, walletTxOut, walletTxStatus } from './wallet-view.js';

const outputTypeNames: readonly OutputTypeName[] = ['legacy', 'p2sh-segwit', 'bech32', 'bech32m'];
const purposeNames: readonly PurposeName[] = ['receive', 'send', 'refund'];

const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Everything about a wallet that does not spend. Each method says in the schema what it answers. */
export class WalletQueries extends WalletSubscriptions {
  async encryptWallet(walletPassphrase: Uint8Array): Promise<boolean> {
    return encryptWallet(this.wallet, walletPassphrase);
  }

  async isCrypted(): Promise<boolean> {
    return this.wallet.keyring.vault.encrypted;
  }

  async lock(): Promise<boolean> {
    if (!this.wallet.keyring.vault.encrypted) return false;
    lockWallet(this.wallet);
    return true;
  }

  async unlock(walletPassphrase: Uint8Array): Promise<boolean> {
    return unlockWallet(this.wallet, walletPassphrase);
  }

  async isLocked(): Promise<boolean> {
    return this.wallet.keyring.vault.locked;
  }

  async changeWalletPassphrase(oldWalletPassphrase: Uint8Array, newWalletPassphrase: Uint8Array): Promise<boolean> {
    if (newWalletPassphrase.length === 0) return false;
    return this.wallet.keyring.vault.changePassphrase(oldWalletPassphrase, newWalletPassphrase, this.wallet.keyring.descriptors);
  }

  async abortRescan(): Promise<void> {
    if (this.wallet.scan !== undefined) this.wallet.scan.abort = true;
  }

  async backupWallet(filename: string): Promise<boolean> {
    try {
      await this.wallet.backup(filename);
      return true;
    } catch (error) {
      this.wallet.log(`Backup to ${filename} failed: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  async getWalletName(): Promise<string> {
    return this.wallet.name;
  }

  async getNewDestination(outputType: number, label: string): Promise<Result<Contract.TxDestination>> {
    const type = outputTypeNames[outputType];
    if (type === undefined) return { error: bilingual(`Error: unknown output type ${outputType}`) };
    const made = this.wallet.newReceiveAddress(type, label);
    return made.ok ? { value: destinationOfScript(made.script) } : { error: bilingual(made.error) };
  }

  async getPubKey(script: Uint8Array, address: Uint8Array): Promise<{ readonly pubKey: Uint8Array; readonly result: boolean }> {
    const pubKey = this.wallet.keyring.solve(script).pubkey(address);
    return { pubKey: pubKey ?? new Uint8Array(0), result: pubKey !== undefined };
  }

  async isSpendable(dest: Contract.TxDestination): Promise<boolean> {
    const destination = fromTxDestination(dest);
    return destination !== undefined && this.wallet.keyring.isMine(scriptPubKeyOf(destination));
  }

  /** @throws CallFailure for a destination without an address */
  #address(dest: Contract.TxDestination): string {
    const destination = fromTxDestination(dest);
    const address = destination && encodeDestination(destination, this.wallet.context.params);
    if (address === undefined) throw new CallFailure('failed', 'the destination has no address');
    return address;
  }

  async setAddressBook(dest: Contract.TxDestination, name: string, purpose: number): Promise<boolean> {
    const address = this.#address(dest);
    this.wallet.change(() => this.wallet.addressBook.set(address, name, purposeNames[purpose]));
    return true;
  }

  async delAddressBook(dest: Contract.TxDestination): Promise<boolean> {
    // The label of an own address tells what it was given out for: it stays.
    if (await this.isSpendable(dest)) return false;
    const address = this.#address(dest);
    return this.wallet.change(() => this.wallet.addressBook.delete(address));
  }

  async getAddress(dest: Contract.TxDestination): Promise<{ readonly name: string; readonly purpose: number; readonly result: boolean }> {
    const entry = this.wallet.addressBook.get(this.#address(dest));
    const purpose = purposeNumber[parseAddressPurpose(entry?.purpose) ?? 'receive'];
    return { name: entry?.label ?? '', purpose, result: entry !== undefined };
  }

  async getAddresses(): Promise<readonly Contract.WalletAddress[]> {
    const { params } = this.wallet.context;
    return this.wallet.addressBook.entries().flatMap(([address, entry]) => {
      const decoded = decodeAddress(address, params);
      if (!decoded.ok) return [];
      const isMine = this.wallet.keyring.isMine(decoded.scriptPubKey);
      const purpose = purposeNumber[parseAddressPurpose(entry.purpose) ?? (isMine ? 'receive' : 'send')];
      return [{ dest: destinationOfScript(decoded.scriptPubKey), isMine, name: entry.label ?? '', purpose }];
    });
  }

  async getAddressReceiveRequests(): Promise<readonly Uint8Array[]> {
    return this.wallet.addressBook.receiveRequests();
  }

  async setAddressReceiveRequest(dest: Contract.TxDestination, id: Uint8Array, value: Uint8Array): Promise<boolean> {
    const address = this.#address(dest);
    this.wallet.change(() => this.wallet.addressBook.setReceiveRequest(address, decode(id), value.length === 0 ? undefined : value));
    return true;
  }

  async displayAddress(_dest: Contract.TxDestination): Promise<ResultVoid> {
    return { error: bilingual(noSigningDevice) };
  }

  async lockCoin(output: Uint8Array, writeToDb: boolean): Promise<boolean> {
    this.wallet.lockOutput(readOutpoint(new ByteReader(output)), writeToDb);
    return true;
  }

  async unlockCoin(output: Uint8Array): Promise<boolean> {
    return this.wallet.unlockOutput(readOutpoint(new ByteReader(output)));
  }

  async isLockedCoin(output: Uint8Array): Promise<boolean> {
    return this.wallet.isLockedOutput(readOutpoint(new ByteReader(output)));
  }

  async listLockedCoins(): Promise<readonly Uint8Array[]> {
    return this.wallet.lockedOutputs.map(serializeOutpoint);
  }

  async getTx(txid: Uint8Array): Promise<Uint8Array | undefined> {
    const transaction = this.wallet.history.find(txid);
    return transaction === undefined ? undefined : serializeTransaction(transaction.tx);
  }

  async getWalletTx(txid: Uint8Array): Promise<Contract.WalletTx> {
    return walletTx(this.wallet, this.wallet.history.find(txid));
  }

  async getWalletTxs(): Promise<readonly Contract.WalletTx[]> {
    const byId = [...this.wallet.history.all()].sort((a, b) => Buffer.compare(hashFromHex(a.txid), hashFromHex(b.txid)));
    return byId.map((transaction) => walletTx(this.wallet, transaction));
  }

  #status(txid: Uint8Array): Contract.WalletTxStatus | undefined {
    const transaction = this.wallet.history.find(txid);
    return transaction === undefined ? undefined : walletTxStatus(this.wallet, transaction);
  }

  async tryGetTxStatus(
    txid: Uint8Array,
  ): Promise<{ readonly txStatus: Contract.WalletTxStatus; readonly numBlocks: number; readonly blockTime: bigint; readonly result: boolean }> {
    const txStatus = this.#status(txid);
    const { lastBlock } = this.wallet;
    const { block } = await this.wallet.context.chain.findBlock(lastBlock.hash, { wantTime: true });
    return { txStatus: txStatus ?? noStatus, numBlocks: lastBlock.height, blockTime: block.time ?? 0n, result: txStatus !== undefined };
  }

  async getWalletTxDetails(txid: Uint8Array): ReturnType<Contract.Wallet['getWalletTxDetails']> {
    const transaction = this.wallet.history.find(txid);
    return {
      txStatus: transaction === undefined ? noStatus : walletTxStatus(this.wallet, transaction),
      orderForm: (transaction?.orderForm ?? []).map(([key, value]) => ({ key, value })),
      inMempool: transaction?.state.kind === 'mempool',
      numBlocks: this.wallet.lastBlock.height,
      result: walletTx(this.wallet, transaction),
    };
  }

  async getBalances(): Promise<Contract.WalletBalances> {
    const balances = this.wallet.balances();
    return { balance: balances.trusted, unconfirmedBalance: balances.untrustedPending, immatureBalance: balances.immature };
  }

  async tryGetBalances(): Promise<{ readonly balances: Contract.WalletBalances; readonly blockHash: Uint8Array; readonly result: boolean }> {
    return { balances: await this.getBalances(), blockHash: this.wallet.lastBlock.hash, result: true };
  }

  async getBalance(): Promise<bigint> {
    return this.wallet.balances().trusted;
  }

  async txinIsMine(txin: Uint8Array): Promise<boolean> {
    return this.wallet.history.owned(readOutpoint(new ByteReader(txin))) !== undefined;
  }

  async txoutIsMine(txout: Uint8Array): Promise<boolean> {
    return this.wallet.keyring.isMine(readTxOut(new ByteReader(txout)).scriptPubKey);
  }

  async getDebit(txin: Uint8Array): Promise<bigint> {
    return this.wallet.history.owned(readOutpoint(new ByteReader(txin)))?.output.value ?? 0n;
  }

  async getCredit(txout: Uint8Array): Promise<bigint> {
    const output = readTxOut(new ByteReader(txout));
    return this.wallet.keyring.isMine(output.scriptPubKey) ? output.value : 0n;
  }

  async listCoins(): ReturnType<Contract.Wallet['listCoins']> {
    const coins = availableCoins(this.wallet.coinContext);
    return byDestination(
      coins.map(({ outpoint, output }) => ({ script: output.scriptPubKey, entry: { key: serializeOutpoint(outpoint), value: walletTxOut(this.wallet, outpoint) } })),
    );
  }

  async getCoins(outputs: readonly Uint8Array[]): Promise<readonly Contract.WalletTxOut[]> {
    return outputs.map((output) => walletTxOut(this.wallet, readOutpoint(new ByteReader(output))));
  }

  async getConfirmTarget(): Promise<number> {
    return this.wallet.context.settings.confirmTarget;
  }

  async hdEnabled(): Promise<boolean> {
    return [...this.wallet.keyring.descriptors].some((descriptor) => descriptor.ranged);
  }

  async canGetAddresses(): Promise<boolean> {
    return this.wallet.canGetAddresses();
  }

  async privateKeysDisabled(): Promise<boolean> {
    return !this.wallet.canSign;
  }

  async taprootEnabled(): Promise<boolean> {
    return this.wallet.keyring.active('bech32m', false) !== undefined;
  }

  async hasExternalSigner(): Promise<boolean> {
    return false;
  }

  async getDefaultAddressType(): Promise<number> {
    const index = outputTypeNames.indexOf(this.wallet.context.settings.addressType);
    return index < 0 ? OutputType.unknown : index;
  }

  async getDefaultMaxTxFee(): Promise<bigint> {
    return this.wallet.context.settings.maxFee;
  }

  /** Unloads the wallet and takes it off the list of those to load at start. */
  async remove(): Promise<void> {
    await this.registry.unload(this.wallet.name, false);
  }
}

const noStatus: Contract.WalletTxStatus = {
  blockHeight: 0,
  blocksToMaturity: 0,
  depthInMainChain: 0,
  timeReceived: 0,
  lockTime: 0,
  isTrusted: false,
  isAbandoned: false,
  isCoinbase: false,
  isInMainChain: false,
};
