// Generated from wallet.capnp, sha256 c2c703beaa6fb17c. To change it: "npm run generate".

/** Wallets. */

import type { ChainClient, FeeCalculation } from './chain.js';
import type { BilingualStr, Pair, Result, ResultVoid } from './common.js';
import type { Handler } from './handler.js';

/**
 * A loaded wallet. Amounts are satoshis, txids 32 bytes in internal byte order, outpoints 36 bytes;
 * transactions are serialized with witness. A wallet stays loaded until all references to it are
 * destroyed.
 */
export interface Wallet {
  /** Gives the reference up. No call may follow. */
  destroy(): Promise<void>;

  /** Encrypts the keys with a passphrase (raw bytes). */
  encryptWallet(walletPassphrase: Uint8Array): Promise<boolean>;

  /** Whether the keys are encrypted. */
  isCrypted(): Promise<boolean>;

  /** Forgets the decryption key. */
  lock(): Promise<boolean>;

  /** False if the passphrase is wrong. */
  unlock(walletPassphrase: Uint8Array): Promise<boolean>;

  /** Whether a passphrase is needed to sign. */
  isLocked(): Promise<boolean>;

  /** False if the old passphrase is wrong. */
  changeWalletPassphrase(
    oldWalletPassphrase: Uint8Array,
    newWalletPassphrase: Uint8Array,
  ): Promise<boolean>;

  /** Stops a running rescan. */
  abortRescan(): Promise<void>;

  /** Copies the wallet file to a path. */
  backupWallet(filename: string): Promise<boolean>;

  /** The name, "" for the default wallet. */
  getWalletName(): Promise<string>;

  /** A new receive address of an OutputType. */
  getNewDestination(outputType: number, label: string): Promise<Result<TxDestination>>;

  /**
   * The public key (33 or 65 bytes) with a hash (20 bytes), if the wallet can sign for `script`.
   */
  getPubKey(
    script: Uint8Array,
    address: Uint8Array,
  ): Promise<{ readonly pubKey: Uint8Array; readonly result: boolean }>;

  /**
   * Signs a text with the key of a P2PKH address. `signature` is base64, `result` a SigningResult.
   */
  signMessage(
    message: string,
    pkhash: Uint8Array,
  ): Promise<{ readonly signature: string; readonly result: number }>;

  /** Whether the destination belongs to the wallet. */
  isSpendable(dest: TxDestination): Promise<boolean>;

  /** Sets the label and the AddressPurpose of a destination. */
  setAddressBook(dest: TxDestination, name: string, purpose: number): Promise<boolean>;

  /** Removes a destination from the address book. */
  delAddressBook(dest: TxDestination): Promise<boolean>;

  /**
   * Label and AddressPurpose of a destination; `result` is false if the address book lacks it.
   * With `wantName` false `name` is left empty.
   * With `wantPurpose` false `purpose` is left empty.
   */
  getAddress(
    dest: TxDestination,
    wantName?: boolean,
    wantPurpose?: boolean,
  ): Promise<{ readonly name: string; readonly purpose: number; readonly result: boolean }>;

  /** The address book. */
  getAddresses(): Promise<readonly WalletAddress[]>;

  /** The stored payment requests, as setAddressReceiveRequest was given them. */
  getAddressReceiveRequests(): Promise<readonly Uint8Array[]>;

  /** Stores a payment request under an id; an empty value removes it. */
  setAddressReceiveRequest(
    dest: TxDestination,
    id: Uint8Array,
    value: Uint8Array,
  ): Promise<boolean>;

  /** Shows an address on the signing device. */
  displayAddress(dest: TxDestination): Promise<ResultVoid>;

  /** Keeps an output from being spent, across restarts if writeToDb. */
  lockCoin(output: Uint8Array, writeToDb: boolean): Promise<boolean>;

  /** Lets a locked output be spent again. */
  unlockCoin(output: Uint8Array): Promise<boolean>;

  /** Whether an output is locked. */
  isLockedCoin(output: Uint8Array): Promise<boolean>;

  /** All locked outputs. */
  listLockedCoins(): Promise<readonly Uint8Array[]>;

  /** Builds a payment; changePos is the index of the change output, undefined for a random one. */
  createTransaction(
    recipients: readonly Recipient[],
    coinControl: CoinControl,
    sign: boolean,
    changePos: number | undefined,
  ): Promise<Result<CreatedTransactionResult>>;

  /** Records a transaction with notes and broadcasts it. */
  commitTransaction(
    tx: Uint8Array,
    valueMap: readonly Pair<string, string>[],
    orderForm: readonly Pair<string, string>[],
  ): Promise<void>;

  /** Whether abandonTransaction would succeed. */
  transactionCanBeAbandoned(txid: Uint8Array): Promise<boolean>;

  /** Gives a transaction up so that its inputs can be spent otherwise. */
  abandonTransaction(txid: Uint8Array): Promise<boolean>;

  /** Whether the transaction can be replaced by one with a higher fee. */
  transactionCanBeBumped(txid: Uint8Array): Promise<boolean>;

  /** Prepares the replacement of a transaction by one with a higher fee. */
  createBumpTransaction(
    txid: Uint8Array,
    coinControl: CoinControl,
  ): Promise<{
    readonly errors: readonly BilingualStr[];
    readonly oldFee: bigint;
    readonly newFee: bigint;
    readonly mtx: Uint8Array;
    readonly result: boolean;
  }>;

  /** Signs a replacement. */
  signBumpTransaction(mtx: Uint8Array): Promise<{
    readonly mtx: Uint8Array;
    readonly result: boolean;
  }>;

  /** Records and broadcasts a signed replacement. */
  commitBumpTransaction(
    txid: Uint8Array,
    mtx: Uint8Array,
  ): Promise<{
    readonly errors: readonly BilingualStr[];
    readonly bumpedTxid: Uint8Array;
    readonly result: boolean;
  }>;

  /** A transaction; undefined if the wallet does not know it. */
  getTx(txid: Uint8Array): Promise<Uint8Array | undefined>;

  /** A transaction as the wallet sees it; its `tx` is undefined if the wallet does not know it. */
  getWalletTx(txid: Uint8Array): Promise<WalletTx>;

  /** All transactions, in the order of their txids. */
  getWalletTxs(): Promise<readonly WalletTx[]>;

  /**
   * State of a transaction, with the wallet's height and block time (seconds). `result` is false if
   * the wallet is busy or does not know it.
   */
  tryGetTxStatus(txid: Uint8Array): Promise<{
    readonly txStatus: WalletTxStatus;
    readonly numBlocks: number;
    readonly blockTime: bigint;
    readonly result: boolean;
  }>;

  /** Everything about a transaction. */
  getWalletTxDetails(txid: Uint8Array): Promise<{
    readonly txStatus: WalletTxStatus;
    readonly orderForm: readonly Pair<string, string>[];
    readonly inMempool: boolean;
    readonly numBlocks: number;
    readonly result: WalletTx;
  }>;

  /** The balances. */
  getBalances(): Promise<WalletBalances>;

  /**
   * Of no use: the partially signed transaction is missing among the arguments. Run
   * walletprocesspsbt through Node.executeRpc instead.
   * With `wantNSigned` false `nSigned` is left empty.
   */
  fillPSBT(
    sighashType: number,
    sign: boolean,
    bip32derivs: boolean,
    wantNSigned?: boolean,
  ): Promise<{
    readonly nSigned: bigint;
    readonly psbt: Uint8Array;
    readonly complete: boolean;
    readonly result: number;
  }>;

  /**
   * The balances and the last processed block (32 bytes). `result` is false if the wallet is busy.
   */
  tryGetBalances(): Promise<{
    readonly balances: WalletBalances;
    readonly blockHash: Uint8Array;
    readonly result: boolean;
  }>;

  /** The trusted balance. */
  getBalance(): Promise<bigint>;

  /** What can be spent under the coin control. */
  getAvailableBalance(coinControl: CoinControl): Promise<bigint>;

  /** Whether a serialized input spends the wallet's output. */
  txinIsMine(txin: Uint8Array): Promise<boolean>;

  /** Whether a serialized output (amount and script) belongs to the wallet. */
  txoutIsMine(txout: Uint8Array): Promise<boolean>;

  /** Value of the wallet's output that a serialized input spends, 0 if it is not the wallet's. */
  getDebit(txin: Uint8Array): Promise<bigint>;

  /** Value of a serialized output, 0 if it is not the wallet's. */
  getCredit(txout: Uint8Array): Promise<bigint>;

  /** Spendable outputs by destination, each with its outpoint. */
  listCoins(): Promise<readonly Pair<TxDestination, readonly Pair<Uint8Array, WalletTxOut>[]>[]>;

  /** Outputs in the order asked for; an unknown one has depth -1 and value -1. */
  getCoins(outputs: readonly Uint8Array[]): Promise<readonly WalletTxOut[]>;

  /** The smallest fee for a transaction of that many virtual bytes. */
  getRequiredFee(txBytes: number): Promise<bigint>;

  /**
   * The fee the coin control leads to, with the target in blocks and the FeeReason it rests on.
   * With `wantReturnedTarget` false `returnedTarget` is left empty.
   * With `wantReason` false `reason` is left empty.
   */
  getMinimumFee(
    txBytes: number,
    coinControl: CoinControl,
    wantReturnedTarget?: boolean,
    wantReason?: boolean,
  ): Promise<{ readonly returnedTarget: number; readonly reason: number; readonly result: bigint }>;

  /** Blocks of -txconfirmtarget. */
  getConfirmTarget(): Promise<number>;

  /** Whether keys are derived from a seed. */
  hdEnabled(): Promise<boolean>;

  /** Whether the wallet can give new addresses. */
  canGetAddresses(): Promise<boolean>;

  /** Whether the wallet only watches. */
  privateKeysDisabled(): Promise<boolean>;

  /** Whether the wallet can give taproot addresses. */
  taprootEnabled(): Promise<boolean>;

  /** Whether a signing device holds the keys. */
  hasExternalSigner(): Promise<boolean>;

  /** The OutputType of -addresstype. */
  getDefaultAddressType(): Promise<number>;

  /** The fee limit of -maxtxfee. */
  getDefaultMaxTxFee(): Promise<bigint>;

  /** Unloads the wallet, also for the next start. */
  remove(): Promise<void>;

  /** Subscribes to the unloading: whoever is called must destroy its references to the wallet. */
  handleUnload(callback: UnloadWalletCallback): Promise<Handler>;

  /** Subscribes to the progress of long work. */
  handleShowProgress(callback: ShowWalletProgressCallback): Promise<Handler>;

  /** Subscribes to locking, unlocking and encryption. */
  handleStatusChanged(callback: StatusChangedCallback): Promise<Handler>;

  /** Subscribes to changes of the address book. */
  handleAddressBookChanged(callback: AddressBookChangedCallback): Promise<Handler>;

  /** Subscribes to new and changed transactions. */
  handleTransactionChanged(callback: TransactionChangedCallback): Promise<Handler>;

  /** Subscribes to changes of canGetAddresses. */
  handleCanGetAddressesChanged(callback: CanGetAddressesChangedCallback): Promise<Handler>;
}

/** Learns that the wallet is being unloaded. */
export interface UnloadWalletCallback {
  (): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Receives the progress of long work. */
export interface ShowWalletProgressCallback {
  /** `progress` is in percent; 100 means done. */
  (title: string, progress: number): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Learns that the wallet was locked, unlocked or encrypted. */
export interface StatusChangedCallback {
  (): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Receives changes of the address book. */
export interface AddressBookChangedCallback {
  /** `purpose` is an AddressPurpose, `status` a ChangeType. */
  (
    address: TxDestination,
    label: string,
    isMine: boolean,
    purpose: number,
    status: number,
  ): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Receives new and changed transactions. */
export interface TransactionChangedCallback {
  /** `txid` is 32 bytes, internal byte order; `status` is a ChangeType. */
  (txid: Uint8Array, status: number): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Learns that the wallet's ability to give new addresses changed. */
export interface CanGetAddressesChangedCallback {
  (): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Creates, loads and lists wallets. */
export interface WalletLoader extends ChainClient {
  /** Creates and loads a wallet; `flags` are WalletFlags. */
  createWallet(
    name: string,
    passphrase: string,
    flags: bigint,
  ): Promise<{ readonly warning: readonly BilingualStr[]; readonly result: Result<Wallet> }>;

  /** Loads a wallet by name or path, also at the next start. */
  loadWallet(name: string): Promise<{
    readonly warning: readonly BilingualStr[];
    readonly result: Result<Wallet>;
  }>;

  /** Path of the directory of wallets. */
  getWalletDir(): Promise<string>;

  /**
   * Makes a wallet from a backup file; backupFile is the path's bytes. The value is undefined
   * unless loadAfterRestore.
   */
  restoreWallet(
    backupFile: Uint8Array,
    name: string,
    loadAfterRestore: boolean,
  ): Promise<{
    readonly warning: readonly BilingualStr[];
    readonly result: Result<Wallet | undefined>;
  }>;

  /** Turns a legacy wallet into a descriptor wallet. */
  migrateWallet(name: string, passphrase: string): Promise<Result<WalletMigrationResult>>;

  /** Whether a wallet's keys are encrypted, be it loaded or not. */
  isEncrypted(name: string): Promise<boolean>;

  /** Wallets in the directory: path and file format. */
  listWalletDir(): Promise<readonly Pair<string, string>[]>;

  /** The loaded wallets. */
  getWallets(): Promise<readonly Wallet[]>;

  /** Subscribes to the loading of wallets. */
  handleLoadWallet(callback: LoadWalletCallback): Promise<Handler>;
}

/** Receives wallets as they are loaded. */
export interface LoadWalletCallback {
  /** The receiver owns the reference and must destroy it. */
  (wallet: Wallet): Promise<void>;
  /** The callback is no longer referenced. */
  destroy?(): Promise<void>;
}

/** Where an output pays to. At most one field is set; none means: no destination. */
export interface TxDestination {
  /** 33 or 65 bytes. */
  readonly pubKey?: Uint8Array | undefined;
  /** 20 bytes. */
  readonly pkHash?: Uint8Array | undefined;
  /** 20 bytes. */
  readonly scriptHash?: Uint8Array | undefined;
  /** 32 bytes. */
  readonly witnessV0ScriptHash?: Uint8Array | undefined;
  /** 20 bytes. */
  readonly witnessV0KeyHash?: Uint8Array | undefined;
  /** 32 bytes, the x coordinate. */
  readonly witnessV1Taproot?: Uint8Array | undefined;
  readonly witnessUnknown?: WitnessUnknown | undefined;
}

/** A witness program of a version without rules yet. */
export interface WitnessUnknown {
  readonly version: number;
  readonly program: Uint8Array;
}

/** An entry of the address book. */
export interface WalletAddress {
  readonly dest: TxDestination;
  readonly isMine: boolean;
  /** The label. */
  readonly name: string;
  /** An AddressPurpose. */
  readonly purpose: number;
}

/** A payment to make. */
export interface Recipient {
  readonly dest: TxDestination;
  /** Satoshis. */
  readonly amount: bigint;
  readonly subtractFeeFromAmount: boolean;
}

/** Choices for a payment. */
export interface CoinControl {
  /** Where the change goes; no destination means: a new address of the wallet. */
  readonly destChange: TxDestination;
  /** OutputType of a new change address. */
  readonly changeType?: number | undefined;
  /** Also spend unconfirmed outputs that others sent. */
  readonly includeUnsafeInputs: boolean;
  /** Spend further outputs if the selected ones are not enough. */
  readonly allowOtherInputs: boolean;
  /** Allow a fee rate below the wallet's minimum. */
  readonly overrideFeeRate: boolean;
  /** 12 bytes: satoshis i64, virtual bytes i32. */
  readonly feeRate?: Uint8Array | undefined;
  /** Blocks. */
  readonly confirmTarget?: number | undefined;
  /** Whether to signal replaceability (BIP125). */
  readonly signalRbf?: boolean | undefined;
  /** Spend outputs of the same address together. */
  readonly avoidPartialSpends: boolean;
  /** Do not spend outputs of addresses that were spent from before. */
  readonly avoidAddressReuse: boolean;
  /** A FeeEstimateMode. */
  readonly feeMode: number;
  /** Fewest confirmations of a spent output. */
  readonly minDepth: number;
  /**
   * Most confirmations of a spent output. The reference's writer puts minDepth here, so a value
   * that is not above minDepth means: no limit.
   */
  readonly maxDepth: number;
  readonly lockTime?: number | undefined;
  /** Version of the transaction. */
  readonly version?: number | undefined;
  readonly maxTxWeight?: number | undefined;
  /** Outpoints to spend, in order. */
  readonly setSelected: readonly Uint8Array[];
}

/** A transaction as the wallet sees it. Amounts are satoshis. */
export interface WalletTx {
  /** Serialized with witness. */
  readonly tx?: Uint8Array | undefined;
  /** By input. */
  readonly txinIsMine: readonly boolean[];
  /** By output, as the following lists. */
  readonly txoutIsMine: readonly boolean[];
  readonly txoutIsChange: readonly boolean[];
  readonly txoutAddress: readonly TxDestination[];
  readonly txoutAddressIsMine: readonly boolean[];
  readonly credit: bigint;
  readonly debit: bigint;
  readonly change: bigint;
  /** Seconds. */
  readonly time: bigint;
  /** Notes. */
  readonly valueMap: readonly Pair<string, string>[];
  readonly isCoinbase: boolean;
}

/** An output of the wallet. */
export interface WalletTxOut {
  /** Serialized amount and script. */
  readonly txout: Uint8Array;
  /** Seconds. */
  readonly time: bigint;
  /** Confirmations, -1 if the output is not known. */
  readonly depthInMainChain: number;
  readonly isSpent: boolean;
}

/** How far a transaction has come. */
export interface WalletTxStatus {
  /** Height of the block that confirms it or conflicts with it, else 2147483647. */
  readonly blockHeight: number;
  /** Blocks until a coinbase can be spent. */
  readonly blocksToMaturity: number;
  /** Confirmations; negative if a conflicting transaction is confirmed. */
  readonly depthInMainChain: number;
  /** Seconds. */
  readonly timeReceived: number;
  readonly lockTime: number;
  readonly isTrusted: boolean;
  readonly isAbandoned: boolean;
  readonly isCoinbase: boolean;
  readonly isInMainChain: boolean;
}

/** What a wallet holds, satoshis. */
export interface WalletBalances {
  /** Confirmed, and own unconfirmed change. */
  readonly balance: bigint;
  /** Unconfirmed payments from others. */
  readonly unconfirmedBalance: bigint;
  /** Coinbase outputs that cannot be spent yet. */
  readonly immatureBalance: bigint;
}

/** A payment that was built. */
export interface CreatedTransactionResult {
  /** Serialized with witness. */
  readonly tx: Uint8Array;
  /** Satoshis. */
  readonly fee: bigint;
  readonly feeCalc: FeeCalculation;
  /** Index of the change output. 0 also if there is no change: compare the outputs. */
  readonly changePos: number;
}

/** What became of a migrated wallet. */
export interface WalletMigrationResult {
  readonly wallet: Wallet;
  /** Wallet that took over what was only watched. */
  readonly watchonlyWalletName?: string | undefined;
  /** Wallet that took over scripts without private keys. */
  readonly solvablesWalletName?: string | undefined;
  readonly backupPath: string;
}
