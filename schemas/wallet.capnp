@0xe234cce74feea00c;
# Wallets.

using Proxy = import "mp/proxy.capnp";
using Common = import "common.capnp";
using Chain = import "chain.capnp";
using Handler = import "handler.capnp";

interface Wallet @0xc5f5ca46c6495fcf $Proxy.host("bitcoin-wallet; for windows bitcoin-node passes it on") {
  # A loaded wallet. Amounts are satoshis, txids 32 bytes in internal byte order, outpoints 36 bytes;
  # transactions are serialized with witness. A wallet stays loaded until all references to it are
  # destroyed.

  destroy @0 (context :Proxy.Context) -> ();
  # Gives the reference up. No call may follow.

  encryptWallet @1 (context :Proxy.Context, walletPassphrase :Data $Proxy.secret) -> (result :Bool);
  # Encrypts the keys with a passphrase (raw bytes).

  isCrypted @2 (context :Proxy.Context) -> (result :Bool);
  # Whether the keys are encrypted.

  lock @3 (context :Proxy.Context) -> (result :Bool);
  # Forgets the decryption key.

  unlock @4 (context :Proxy.Context, walletPassphrase :Data $Proxy.secret) -> (result :Bool);
  # False if the passphrase is wrong.

  isLocked @5 (context :Proxy.Context) -> (result :Bool);
  # Whether a passphrase is needed to sign.

  changeWalletPassphrase @6 (context :Proxy.Context, oldWalletPassphrase :Data $Proxy.secret, newWalletPassphrase :Data $Proxy.secret) -> (result :Bool);
  # False if the old passphrase is wrong.

  abortRescan @7 (context :Proxy.Context) -> ();
  # Stops a running rescan.

  backupWallet @8 (context :Proxy.Context, filename :Text) -> (result :Bool);
  # Copies the wallet file to a path.

  getWalletName @9 (context :Proxy.Context) -> (result :Text);
  # The name, "" for the default wallet.

  getNewDestination @10 (context :Proxy.Context, outputType :Int32, label :Text) -> (result :Common.Result(TxDestination));
  # A new receive address of an OutputType.

  getPubKey @11 (context :Proxy.Context, script :Data, address :Data $Proxy.size(20)) -> (pubKey :Data, result :Bool);
  # The public key (33 or 65 bytes) with a hash (20 bytes), if the wallet can sign for `script`.

  signMessage @12 (context :Proxy.Context, message :Text, pkhash :Data $Proxy.size(20)) -> (signature :Text, result :Int32);
  # Signs a text with the key of a P2PKH address. `signature` is base64, `result` a SigningResult.

  isSpendable @13 (context :Proxy.Context, dest :TxDestination) -> (result :Bool);
  # Whether the destination belongs to the wallet.

  setAddressBook @14 (context :Proxy.Context, dest :TxDestination, name :Text, purpose :Int32) -> (result :Bool);
  # Sets the label and the AddressPurpose of a destination.

  delAddressBook @15 (context :Proxy.Context, dest :TxDestination) -> (result :Bool);
  # Removes a destination from the address book.

  getAddress @16 (context :Proxy.Context, dest :TxDestination, wantName :Bool, wantPurpose :Bool) -> (name :Text, purpose :Int32, result :Bool);
  # Label and AddressPurpose of a destination; `result` is false if the address book lacks it.

  getAddresses @17 (context :Proxy.Context) -> (result :List(WalletAddress));
  # The address book.

  getAddressReceiveRequests @18 (context :Proxy.Context) -> (result :List(Data));
  # The stored payment requests, as setAddressReceiveRequest was given them.

  setAddressReceiveRequest @19 (context :Proxy.Context, dest :TxDestination, id :Data, value :Data) -> (result :Bool);
  # Stores a payment request under an id; an empty value removes it.

  displayAddress @20 (context :Proxy.Context, dest :TxDestination) -> (result :Common.ResultVoid);
  # Shows an address on the signing device.

  lockCoin @21 (context :Proxy.Context, output :Data $Proxy.size(36), writeToDb :Bool) -> (result :Bool);
  # Keeps an output from being spent, across restarts if writeToDb.

  unlockCoin @22 (context :Proxy.Context, output :Data $Proxy.size(36)) -> (result :Bool);
  # Lets a locked output be spent again.

  isLockedCoin @23 (context :Proxy.Context, output :Data $Proxy.size(36)) -> (result :Bool);
  # Whether an output is locked.

  listLockedCoins @24 (context :Proxy.Context) -> (outputs :List(Data) $Proxy.size(36));
  # All locked outputs.

  createTransaction @25 (context :Proxy.Context, recipients :List(Recipient), coinControl :CoinControl, sign :Bool, hasChangePos :Bool, changePos :UInt32) -> (result :Common.Result(CreatedTransactionResult));
  # Builds a payment; changePos is the index of the change output, undefined for a random one.

  commitTransaction @26 (context :Proxy.Context, tx :Data, valueMap :List(Common.Pair(Text, Text)), orderForm :List(Common.Pair(Text, Text))) -> ();
  # Records a transaction with notes and broadcasts it.

  transactionCanBeAbandoned @27 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (result :Bool);
  # Whether abandonTransaction would succeed.

  abandonTransaction @28 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (result :Bool);
  # Gives a transaction up so that its inputs can be spent otherwise.

  transactionCanBeBumped @29 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (result :Bool);
  # Whether the transaction can be replaced by one with a higher fee.

  createBumpTransaction @30 (context :Proxy.Context, txid :Data $Proxy.size(32), coinControl :CoinControl) -> (errors :List(Common.BilingualStr), oldFee :Int64, newFee :Int64, mtx :Data, result :Bool);
  # Prepares the replacement of a transaction by one with a higher fee.

  signBumpTransaction @31 (context :Proxy.Context, mtx :Data) -> (mtx :Data, result :Bool);
  # Signs a replacement.

  commitBumpTransaction @32 (context :Proxy.Context, txid :Data $Proxy.size(32), mtx :Data) -> (errors :List(Common.BilingualStr), bumpedTxid :Data $Proxy.size(32), result :Bool);
  # Records and broadcasts a signed replacement.

  getTx @33 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (result :Data $Proxy.nullable);
  # A transaction; undefined if the wallet does not know it.

  getWalletTx @34 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (result :WalletTx);
  # A transaction as the wallet sees it; its `tx` is undefined if the wallet does not know it.

  getWalletTxs @35 (context :Proxy.Context) -> (result :List(WalletTx));
  # All transactions, in the order of their txids.

  tryGetTxStatus @36 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (txStatus :WalletTxStatus, numBlocks :Int32, blockTime :Int64, result :Bool);
  # State of a transaction, with the wallet's height and block time (seconds). `result` is false if
  # the wallet is busy or does not know it.

  getWalletTxDetails @37 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (txStatus :WalletTxStatus, orderForm :List(Common.Pair(Text, Text)), inMempool :Bool, numBlocks :Int32, result :WalletTx);
  # Everything about a transaction.

  getBalances @38 (context :Proxy.Context) -> (result :WalletBalances);
  # The balances.

  fillPSBT @39 (context :Proxy.Context, sighashType :Int32, sign :Bool, bip32derivs :Bool, wantNSigned :Bool) -> (nSigned :UInt64, psbt :Data, complete :Bool, result :Int32);
  # Of no use: the partially signed transaction is missing among the arguments. Run
  # walletprocesspsbt through Node.executeRpc instead.

  tryGetBalances @40 (context :Proxy.Context) -> (balances :WalletBalances, blockHash :Data $Proxy.size(32), result :Bool);
  # The balances and the last processed block (32 bytes). `result` is false if the wallet is busy.

  getBalance @41 (context :Proxy.Context) -> (result :Int64);
  # The trusted balance.

  getAvailableBalance @42 (context :Proxy.Context, coinControl :CoinControl) -> (result :Int64);
  # What can be spent under the coin control.

  txinIsMine @43 (context :Proxy.Context, txin :Data) -> (result :Bool);
  # Whether a serialized input spends the wallet's output.

  txoutIsMine @44 (context :Proxy.Context, txout :Data) -> (result :Bool);
  # Whether a serialized output (amount and script) belongs to the wallet.

  getDebit @45 (context :Proxy.Context, txin :Data) -> (result :Int64);
  # Value of the wallet's output that a serialized input spends, 0 if it is not the wallet's.

  getCredit @46 (context :Proxy.Context, txout :Data) -> (result :Int64);
  # Value of a serialized output, 0 if it is not the wallet's.

  listCoins @47 (context :Proxy.Context) -> (result :List(Common.Pair(TxDestination, List(Common.Pair(Data, WalletTxOut)))));
  # Spendable outputs by destination, each with its outpoint.

  getCoins @48 (context :Proxy.Context, outputs :List(Data) $Proxy.size(36)) -> (result :List(WalletTxOut));
  # Outputs in the order asked for; an unknown one has depth -1 and value -1.

  getRequiredFee @49 (context :Proxy.Context, txBytes :UInt32) -> (result :Int64);
  # The smallest fee for a transaction of that many virtual bytes.

  getMinimumFee @50 (context :Proxy.Context, txBytes :UInt32, coinControl :CoinControl, wantReturnedTarget :Bool, wantReason :Bool) -> (returnedTarget :Int32, reason :Int32, result :Int64);
  # The fee the coin control leads to, with the target in blocks and the FeeReason it rests on.

  getConfirmTarget @51 (context :Proxy.Context) -> (result :UInt32);
  # Blocks of -txconfirmtarget.

  hdEnabled @52 (context :Proxy.Context) -> (result :Bool);
  # Whether keys are derived from a seed.

  canGetAddresses @53 (context :Proxy.Context) -> (result :Bool);
  # Whether the wallet can give new addresses.

  privateKeysDisabled @54 (context :Proxy.Context) -> (result :Bool);
  # Whether the wallet only watches.

  taprootEnabled @55 (context :Proxy.Context) -> (result :Bool);
  # Whether the wallet can give taproot addresses.

  hasExternalSigner @56 (context :Proxy.Context) -> (result :Bool);
  # Whether a signing device holds the keys.

  getDefaultAddressType @57 (context :Proxy.Context) -> (result :Int32);
  # The OutputType of -addresstype.

  getDefaultMaxTxFee @58 (context :Proxy.Context) -> (result :Int64);
  # The fee limit of -maxtxfee.

  remove @59 (context :Proxy.Context) -> ();
  # Unloads the wallet, also for the next start.

  handleUnload @60 (context :Proxy.Context, callback :UnloadWalletCallback) -> (result :Handler.Handler);
  # Subscribes to the unloading: whoever is called must destroy its references to the wallet.

  handleShowProgress @61 (context :Proxy.Context, callback :ShowWalletProgressCallback) -> (result :Handler.Handler);
  # Subscribes to the progress of long work.

  handleStatusChanged @62 (context :Proxy.Context, callback :StatusChangedCallback) -> (result :Handler.Handler);
  # Subscribes to locking, unlocking and encryption.

  handleAddressBookChanged @63 (context :Proxy.Context, callback :AddressBookChangedCallback) -> (result :Handler.Handler);
  # Subscribes to changes of the address book.

  handleTransactionChanged @64 (context :Proxy.Context, callback :TransactionChangedCallback) -> (result :Handler.Handler);
  # Subscribes to new and changed transactions.

  handleCanGetAddressesChanged @65 (context :Proxy.Context, callback :CanGetAddressesChangedCallback) -> (result :Handler.Handler);
  # Subscribes to changes of canGetAddresses.
}

interface UnloadWalletCallback @0x87a230ae23c56a66 $Proxy.host("bitcoin-gui") {
  # Learns that the wallet is being unloaded.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context) -> ();
}

interface ShowWalletProgressCallback @0xa31e41c2528bd1f1 $Proxy.host("bitcoin-gui") {
  # Receives the progress of long work.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, title :Text, progress :Int32) -> ();
  # `progress` is in percent; 100 means done.
}

interface StatusChangedCallback @0xde63c88146b7284e $Proxy.host("bitcoin-gui") {
  # Learns that the wallet was locked, unlocked or encrypted.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context) -> ();
}

interface AddressBookChangedCallback @0xad868d169d144a1b $Proxy.host("bitcoin-gui") {
  # Receives changes of the address book.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, address :TxDestination, label :Text, isMine :Bool, purpose :Int32, status :Int32) -> ();
  # `purpose` is an AddressPurpose, `status` a ChangeType.
}

interface TransactionChangedCallback @0x96d115fd9b806538 $Proxy.host("bitcoin-gui") {
  # Receives new and changed transactions.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, txid :Data $Proxy.size(32), status :Int32) -> ();
  # `txid` is 32 bytes, internal byte order; `status` is a ChangeType.
}

interface CanGetAddressesChangedCallback @0xbbfeaf2e5d6b3539 $Proxy.host("bitcoin-gui") {
  # Learns that the wallet's ability to give new addresses changed.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context) -> ();
}

interface WalletLoader @0xba10da251bfac23a extends(Chain.ChainClient) $Proxy.host("bitcoin-wallet; for windows bitcoin-node passes it on") {
  # Creates, loads and lists wallets.

  createWallet @0 (context :Proxy.Context, name :Text, passphrase :Text $Proxy.secret, flags :UInt64) -> (warning :List(Common.BilingualStr), result :Common.Result(Wallet));
  # Creates and loads a wallet; `flags` are WalletFlags.

  loadWallet @1 (context :Proxy.Context, name :Text) -> (warning :List(Common.BilingualStr), result :Common.Result(Wallet));
  # Loads a wallet by name or path, also at the next start.

  getWalletDir @2 (context :Proxy.Context) -> (result :Text);
  # Path of the directory of wallets.

  restoreWallet @3 (context :Proxy.Context, backupFile :Data, name :Text, loadAfterRestore :Bool) -> (warning :List(Common.BilingualStr), result :Common.Result(Wallet) $Proxy.nullableItems);
  # Makes a wallet from a backup file; backupFile is the path's bytes. The value is undefined unless
  # loadAfterRestore.

  migrateWallet @4 (context :Proxy.Context, name :Text, passphrase :Text $Proxy.secret) -> (result :Common.Result(WalletMigrationResult));
  # Turns a legacy wallet into a descriptor wallet.

  isEncrypted @5 (context :Proxy.Context, name :Text) -> (result :Bool);
  # Whether a wallet's keys are encrypted, be it loaded or not.

  listWalletDir @6 (context :Proxy.Context) -> (result :List(Common.Pair(Text, Text)));
  # Wallets in the directory: path and file format.

  getWallets @7 (context :Proxy.Context) -> (result :List(Wallet));
  # The loaded wallets.

  handleLoadWallet @8 (context :Proxy.Context, callback :LoadWalletCallback) -> (result :Handler.Handler);
  # Subscribes to the loading of wallets.
}

interface LoadWalletCallback @0x868d77561f46af8f $Proxy.host("bitcoin-gui") {
  # Receives wallets as they are loaded.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, wallet :Wallet $Proxy.owned) -> ();
  # The receiver owns the reference and must destroy it.
}

struct Key @0xb5c9f51176c0c62b $Proxy.skip {
  # A private key. No method carries it.

  secret @0 :Data $Proxy.size(32);
  isCompressed @1 :Bool;
}

struct TxDestination @0xe1ccbc48ef7cd882 {
  # Where an output pays to. At most one field is set; none means: no destination.

  pubKey @0 :Data $Proxy.nullable;
  # 33 or 65 bytes.

  pkHash @1 :Data $Proxy.size(20) $Proxy.nullable;
  # 20 bytes.

  scriptHash @2 :Data $Proxy.size(20) $Proxy.nullable;
  # 20 bytes.

  witnessV0ScriptHash @3 :Data $Proxy.size(32) $Proxy.nullable;
  # 32 bytes.

  witnessV0KeyHash @4 :Data $Proxy.size(20) $Proxy.nullable;
  # 20 bytes.

  witnessV1Taproot @5 :Data $Proxy.size(32) $Proxy.nullable;
  # 32 bytes, the x coordinate.

  witnessUnknown @6 :WitnessUnknown $Proxy.nullable;
}

struct WitnessUnknown @0xc2a6166742989d79 {
  # A witness program of a version without rules yet.

  version @0 :UInt32;
  program @1 :Data;
}

struct WalletAddress @0xfb0e71648708372b {
  # An entry of the address book.

  dest @0 :TxDestination;
  isMine @1 :Bool;

  name @2 :Text;
  # The label.

  purpose @3 :Int32;
  # An AddressPurpose.
}

struct Recipient @0x982b22690a3da9ea {
  # A payment to make.

  dest @0 :TxDestination;

  amount @1 :Int64;
  # Satoshis.

  subtractFeeFromAmount @2 :Bool;
}

struct CoinControl @0xdbc08b904bdebc60 {
  # Choices for a payment.

  destChange @0 :TxDestination;
  # Where the change goes; no destination means: a new address of the wallet.

  hasChangeType @1 :Bool;

  changeType @2 :Int32;
  # OutputType of a new change address.

  includeUnsafeInputs @3 :Bool;
  # Also spend unconfirmed outputs that others sent.

  allowOtherInputs @4 :Bool;
  # Spend further outputs if the selected ones are not enough.

  allowWatchOnly @5 :Bool $Proxy.skip;

  overrideFeeRate @6 :Bool;
  # Allow a fee rate below the wallet's minimum.

  hasFeeRate @7 :Bool $Proxy.skip;

  feeRate @8 :Data $Proxy.nullable;
  # 12 bytes: satoshis i64, virtual bytes i32.

  hasConfirmTarget @9 :Bool;

  confirmTarget @10 :Int32;
  # Blocks.

  hasSignalRbf @11 :Bool;

  signalRbf @12 :Bool;
  # Whether to signal replaceability (BIP125).

  avoidPartialSpends @13 :Bool;
  # Spend outputs of the same address together.

  avoidAddressReuse @14 :Bool;
  # Do not spend outputs of addresses that were spent from before.

  feeMode @15 :Int32;
  # A FeeEstimateMode.

  minDepth @16 :Int32;
  # Fewest confirmations of a spent output.

  maxDepth @17 :Int32;
  # Most confirmations of a spent output. The reference's writer puts minDepth here, so a value that
  # is not above minDepth means: no limit.

  hasLockTime @18 :UInt32;
  lockTime @19 :UInt32;
  hasVersion @20 :UInt32;

  version @21 :UInt32;
  # Version of the transaction.

  hasMaxTxWeight @22 :UInt32;
  maxTxWeight @23 :UInt32;

  setSelected @24 :List(Data) $Proxy.size(36);
  # Outpoints to spend, in order.
}

struct WalletTx @0x86892aeaef975f87 {
  # A transaction as the wallet sees it. Amounts are satoshis.

  tx @0 :Data $Proxy.nullable;
  # Serialized with witness.

  txinIsMine @1 :List(Bool);
  # By input.

  txoutIsMine @2 :List(Bool);
  # By output, as the following lists.

  txoutIsChange @3 :List(Bool);
  txoutAddress @4 :List(TxDestination);
  txoutAddressIsMine @5 :List(Bool);
  credit @6 :Int64;
  debit @7 :Int64;
  change @8 :Int64;

  time @9 :Int64;
  # Seconds.

  valueMap @10 :List(Common.Pair(Text, Text));
  # Notes.

  isCoinbase @11 :Bool;
}

struct WalletTxOut @0xefff1af99995c89f {
  # An output of the wallet.

  txout @0 :Data;
  # Serialized amount and script.

  time @1 :Int64;
  # Seconds.

  depthInMainChain @2 :Int32;
  # Confirmations, -1 if the output is not known.

  isSpent @3 :Bool;
}

struct WalletTxStatus @0xac78f05d040fb9e0 {
  # How far a transaction has come.

  blockHeight @0 :Int32;
  # Height of the block that confirms it or conflicts with it, else 2147483647.

  blocksToMaturity @1 :Int32;
  # Blocks until a coinbase can be spent.

  depthInMainChain @2 :Int32;
  # Confirmations; negative if a conflicting transaction is confirmed.

  timeReceived @3 :UInt32;
  # Seconds.

  lockTime @4 :UInt32;
  isTrusted @5 :Bool;
  isAbandoned @6 :Bool;
  isCoinbase @7 :Bool;
  isInMainChain @8 :Bool;
}

struct WalletBalances @0xf7921ca03f2518e8 {
  # What a wallet holds, satoshis.

  balance @0 :Int64;
  # Confirmed, and own unconfirmed change.

  unconfirmedBalance @1 :Int64;
  # Unconfirmed payments from others.

  immatureBalance @2 :Int64;
  # Coinbase outputs that cannot be spent yet.
}

struct CreatedTransactionResult @0xf0b4db97b1f942b6 {
  # A payment that was built.

  tx @0 :Data;
  # Serialized with witness.

  fee @1 :Int64;
  # Satoshis.

  feeCalc @2 :Chain.FeeCalculation;

  changePos @3 :UInt32;
  # Index of the change output. 0 also if there is no change: compare the outputs.
}

struct WalletMigrationResult @0x8cba75b87c124dd7 {
  # What became of a migrated wallet.

  wallet @0 :Wallet;

  watchonlyWalletName @1 :Text $Proxy.nullable;
  # Wallet that took over what was only watched.

  solvablesWalletName @2 :Text $Proxy.nullable;
  # Wallet that took over scripts without private keys.

  backupPath @3 :Text;
}
