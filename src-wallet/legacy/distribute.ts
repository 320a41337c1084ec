import { decodeAddress, encodeAddress } from '../../src-bitcoin/address/address.js';
import { fromHex, hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { parseAddressPurpose } from '../coins/address-book.js';
import type { AddressEntry, WalletRecords } from '../store/wallet-records.js';
import type { MigratedWallet } from './migrated-wallet.js';

/** A migration that cannot give every record of the old wallet a place. The message is for people. */
export class MigrationFault extends Error {
  override readonly name = 'MigrationFault';
}

export interface MigratedWallets {
  /** Has all records so far. */
  readonly main: MigratedWallet;
  readonly watchonly: MigratedWallet | undefined;
  readonly solvables: MigratedWallet | undefined;
}

/** Whether a transaction pays to a wallet or spends what another one of its transactions paid to it. */
function touches(tx: Transaction, { keyring }: MigratedWallet, transactions: ReadonlyMap<string, Transaction>): boolean {
  if (tx.outputs.some(({ scriptPubKey }) => keyring.isMine(scriptPubKey))) return true;
  return tx.inputs.some(({ prevout }) => {
    const spent = transactions.get(hashToHex(prevout.txid))?.outputs[prevout.index];
    return spent !== undefined && keyring.isMine(spent.scriptPubKey);
  });
}

function distributeTransactions({ main, watchonly }: MigratedWallets, records: WalletRecords): void {
  const transactions = new Map(records.transactions.map(({ tx }) => [hashToHex(txidOf(tx)), tx]));
  for (const stored of records.transactions) {
    const isMain = touches(stored.tx, main, transactions);
    const isWatched = watchonly !== undefined && touches(stored.tx, watchonly, transactions);
    if (isWatched) watchonly.writer.walletTransaction(stored);
    if (isMain) continue;
    const txid = txidOf(stored.tx);
    if (!isWatched) throw new MigrationFault(`Error: Transaction ${hashToHex(txid)} in wallet cannot be identified to belong to migrated wallets`);
    main.writer.deleteTransaction(txid);
  }
}

function writeEntry({ writer }: MigratedWallet, address: string, entry: AddressEntry): void {
  if (entry.purpose !== undefined) writer.purpose(address, entry.purpose);
  if (entry.label !== undefined) writer.label(address, entry.label);
  if (entry.used) writer.addressUsed(address, true);
  for (const [id, request] of entry.receiveRequests) writer.receiveRequest(address, id, request);
}

const unlabelled: AddressEntry = { label: '', purpose: 'receive', used: false, receiveRequests: new Map() };

/** What a wallet without private keys is paid counts as received, not as change, also at addresses without a label. */
function nameAddresses(wallet: MigratedWallet, params: ChainParams): void {
  for (const script of wallet.keyring.scripts()) {
    const address = encodeAddress(fromHex(script), params);
    if (address !== undefined) writeEntry(wallet, address, unlabelled);
  }
}

/** What others are paid to goes to every wallet, what is paid to the old wallet to the one that watches it now. */
function distributeAddresses({ main, watchonly, solvables }: MigratedWallets, records: WalletRecords, unusable: ReadonlySet<string>, params: ChainParams): void {
  const others = [watchonly, solvables].filter((wallet) => wallet !== undefined);
  for (const wallet of others) nameAddresses(wallet, params);
  for (const [address, entry] of records.addressBook) {
    const decoded = decodeAddress(address, params);
    const script = decoded.ok ? decoded.scriptPubKey : undefined;
    const isReceive = parseAddressPurpose(entry.purpose) === 'receive';
    if (script === undefined || !isReceive || main.keyring.isMine(script)) {
      for (const wallet of others) writeEntry(wallet, address, entry);
      continue;
    }
    const owner = others.find(({ keyring }) => keyring.isMine(script));
    if (owner !== undefined) writeEntry(owner, address, entry);
    else if (!unusable.has(toHex(script))) throw new MigrationFault('Error: Address book data in wallet cannot be identified to belong to migrated wallets');
    main.writer.deleteAddress(address);
  }
}

/**
 * Moves transactions and address book entries from the main wallet to where their scripts went. Those that
 * concern several wallets are copied.
 * @param unusable output scripts (hex) that went nowhere
 * @throws MigrationFault
 */
export function distributeRecords(wallets: MigratedWallets, unusable: ReadonlySet<string>, params: ChainParams): void {
  const { main, watchonly, solvables } = wallets;
  const { records } = main;
  const distribute = (): void => {
    for (const wallet of [watchonly, solvables]) {
      // They need not look for what the old wallet has seen.
      if (records.bestBlock !== undefined) wallet?.writer.bestBlock(records.bestBlock);
    }
    watchonly?.writer.orderPositionNext(records.orderPositionNext);
    distributeTransactions(wallets, records);
    distributeAddresses(wallets, records, unusable, params);
  };
  // One change to each file: writing thousands of records one by one would take minutes.
  const allAtOnce = [main, watchonly, solvables].reduce<() => void>((work, wallet) => () => void (wallet === undefined ? work() : wallet.writer.transaction(work)), distribute);
  allAtOnce();
}
