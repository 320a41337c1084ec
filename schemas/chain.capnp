@0x94f21a4864bd2c65;
# The block chain and the mempool as a wallet uses them, and what the wallet offers in return.

using Proxy = import "mp/proxy.capnp";
using Common = import "common.capnp";
using Handler = import "handler.capnp";

interface Chain @0xddfb1d54c24414b3 $Proxy.host("bitcoin-node") {
  # A node's active chain, mempool, fee estimates and settings. Hashes are 32 bytes in internal
  # byte order; transactions and blocks are serialized with witness.

  destroy @0 (context :Proxy.Context) -> ();
  # Ends the object's life. No call may follow.

  getHeight @1 (context :Proxy.Context) -> (result :Int32, hasResult :Bool);
  # Height of the tip, 0 for the genesis block; undefined before there is a block.

  getBlockHash @2 (context :Proxy.Context, height :Int32) -> (result :Data $Proxy.size(32));
  # Hash of the active chain's block at `height`, which must not be above the tip.

  haveBlockOnDisk @3 (context :Proxy.Context, height :Int32) -> (result :Bool);
  # Whether the data of the active chain's block at `height` is stored.

  findLocatorFork @4 (context :Proxy.Context, locator :Data) -> (result :Int32, hasResult :Bool);
  # Height of the highest active block that a serialized block locator names.

  hasBlockFilterIndex @5 (context :Proxy.Context, filterType :UInt8) -> (result :Bool);
  # Whether the node indexes block filters of that BlockFilterType.

  blockFilterMatchesAny @6 (context :Proxy.Context, filterType :UInt8, blockHash :Data $Proxy.size(32), filterSet :List(Data)) -> (result :Bool, hasResult :Bool);
  # Whether the block's filter (BIP158) matches one of the scripts; undefined without a filter.

  findBlock @7 (context :Proxy.Context, hash :Data $Proxy.size(32), block :FoundBlockParam) -> (block :FoundBlockResult, result :Bool);
  # Looks a block up. `result` says whether it is known.

  findFirstBlockWithTimeAndHeight @8 (context :Proxy.Context, minTime :Int64, minHeight :Int32, block :FoundBlockParam) -> (block :FoundBlockResult, result :Bool);
  # The first active block whose maximum time so far (seconds) and height are at least these.

  findAncestorByHeight @9 (context :Proxy.Context, blockHash :Data $Proxy.size(32), ancestorHeight :Int32, ancestor :FoundBlockParam) -> (ancestor :FoundBlockResult, result :Bool);
  # The ancestor of a block at a height.

  findAncestorByHash @10 (context :Proxy.Context, blockHash :Data $Proxy.size(32), ancestorHash :Data $Proxy.size(32), ancestor :FoundBlockParam) -> (ancestor :FoundBlockResult, result :Bool);
  # Whether ancestorHash is an ancestor of blockHash, and what is known about it.

  findCommonAncestor @11 (context :Proxy.Context, blockHash1 :Data $Proxy.size(32), blockHash2 :Data $Proxy.size(32), ancestor :FoundBlockParam, block1 :FoundBlockParam, block2 :FoundBlockParam) -> (ancestor :FoundBlockResult, block1 :FoundBlockResult, block2 :FoundBlockResult, result :Bool);
  # The last block two blocks have in common. True only if all three are known.

  findCoins @12 (context :Proxy.Context, coins :List(Common.Pair(Data, Data)) $Proxy.nullableItems) -> (coins :List(Common.Pair(Data, Data)) $Proxy.nullableItems);
  # Looks outputs up in the mempool and the set of unspent outputs. Keys are serialized outpoints
  # (36 bytes), values serialized coins; a value is undefined in the question, and in the answer
  # where the output does not exist or is spent.

  guessVerificationProgress @13 (context :Proxy.Context, blockHash :Data $Proxy.size(32)) -> (result :Float64);
  # Estimated share (0 to 1) of all transactions that are in the chain up to the block.

  hasBlocks @14 (context :Proxy.Context, blockHash :Data $Proxy.size(32), minHeight :Int32, maxHeight :Int32, hasMaxHeight :Bool) -> (result :Bool);
  # Whether the data of all ancestors of a block from minHeight to maxHeight is stored. Without
  # maxHeight the range ends at the block.

  isRBFOptIn @15 (context :Proxy.Context, tx :Data) -> (result :Int32);
  # Whether a transaction signals replaceability (BIP125), an RBFTransactionState.

  isInMempool @16 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (result :Bool);
  # Whether the transaction is in the mempool.

  hasDescendantsInMempool @17 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (result :Bool);
  # Whether transactions in the mempool spend its outputs.

  broadcastTransaction @18 (context :Proxy.Context, tx :Data, maxTxFee :Int64, broadcastMethod :Int32) -> (error :Text, result :Bool);
  # Submits a transaction unless its fee is above maxTxFee satoshis. broadcastMethod is a
  # TxBroadcast. `result` is false if it was refused, `error` says why.

  getTransactionAncestry @19 (context :Proxy.Context, txid :Data $Proxy.size(32)) -> (ancestors :UInt64, descendants :UInt64, ancestorsize :UInt64, ancestorfees :Int64);
  # Counts of a mempool transaction's ancestors and of its cluster, both including itself, and the
  # ancestors' virtual size and fees (satoshis). Meaningless unless `ancestors` is above 0.

  calculateIndividualBumpFees @20 (context :Proxy.Context, outpoints :List(Data) $Proxy.size(36), targetFeerate :Data) -> (result :List(Common.PairInt64(Data)));
  # Per outpoint (36 bytes), the satoshis it takes to bring its unconfirmed ancestors to a fee rate.

  calculateCombinedBumpFee @21 (context :Proxy.Context, outpoints :List(Data) $Proxy.size(36), targetFeerate :Data) -> (result :Int64, hasResult :Bool);
  # The same for all outpoints together; undefined if it cannot be calculated.

  getPackageLimits @22 (context :Proxy.Context) -> (ancestors :UInt32, descendants :UInt32);
  # How many ancestors and descendants, itself included, a mempool transaction may have.

  checkChainLimits @23 (context :Proxy.Context, tx :Data) -> (result :Common.ResultVoid);
  # Whether a transaction would keep within the mempool's limits on chains of transactions.

  estimateSmartFee @24 (context :Proxy.Context, numBlocks :Int32, conservative :Bool, wantCalc :Bool) -> (calc :FeeCalculation, result :Data);
  # A fee rate (12 bytes: satoshis i64, virtual bytes i32) for confirmation within numBlocks; 0/0 if
  # there is no estimate.

  estimateMaxBlocks @25 (context :Proxy.Context) -> (result :UInt32);
  # The longest confirmation target with estimates.

  mempoolMinFee @26 (context :Proxy.Context) -> (result :Data);
  # The fee rate (12 bytes) that a full mempool asks for above relayMinFee; 0 while nothing was evicted lately.

  relayMinFee @27 (context :Proxy.Context) -> (result :Data);
  # The fee rate (12 bytes) of -minrelaytxfee.

  relayIncrementalFee @28 (context :Proxy.Context) -> (result :Data);
  # The fee rate (12 bytes) of -incrementalrelayfee.

  relayDustFee @29 (context :Proxy.Context) -> (result :Data);
  # The fee rate (12 bytes) of -dustrelayfee.

  havePruned @30 (context :Proxy.Context) -> (result :Bool);
  # Whether block files were deleted by pruning.

  getPruneHeight @31 (context :Proxy.Context) -> (result :Int32, hasResult :Bool);
  # Height of the last pruned block.

  isReadyToBroadcast @32 (context :Proxy.Context) -> (result :Bool);
  # Whether the node is neither importing blocks nor catching up with the network.

  isInitialBlockDownload @33 (context :Proxy.Context) -> (result :Bool);
  # Whether the node is still catching up with the network.

  shutdownRequested @34 (context :Proxy.Context) -> (result :Bool);
  # Whether the node was asked to stop.

  initMessage @35 (context :Proxy.Context, message :Text) -> ();
  # Shows a progress message of the start.

  initWarning @36 (context :Proxy.Context, message :Common.BilingualStr) -> ();
  # Shows a warning.

  initError @37 (context :Proxy.Context, message :Common.BilingualStr) -> ();
  # Shows an error.

  showProgress @38 (context :Proxy.Context, title :Text, progress :Int32, resumePossible :Bool) -> ();
  # Shows progress in percent; 100 means done.

  handleNotifications @39 (context :Proxy.Context, notifications :ChainNotifications) -> (result :Handler.Handler);
  # Subscribes to changes of chain and mempool.

  waitForNotificationsIfTipChanged @40 (context :Proxy.Context, oldTip :Data $Proxy.size(32)) -> ();
  # Waits until all notifications so far are delivered, unless oldTip is the tip. 32 zero bytes
  # mean: wait in any case.

  handleRpc @41 (context :Proxy.Context, command :RPCCommand) -> (result :Handler.Handler);
  # Adds a command to the node's JSON-RPC server until the handler is destroyed.

  rpcEnableDeprecated @42 (context :Proxy.Context, method :Text) -> (result :Bool);
  # Whether -deprecatedrpc names the method.

  getSetting @43 (context :Proxy.Context, name :Text) -> (result :Text $Proxy.secret);
  # The effective value of a setting, JSON ("null" if it is not set).

  getSettingsList @44 (context :Proxy.Context, name :Text) -> (result :List(Text) $Proxy.secret);
  # All values of a setting, JSON each.

  getRwSetting @45 (context :Proxy.Context, name :Text) -> (result :Text $Proxy.secret);
  # The value in settings.json, JSON ("null" if it is not set).

  updateRwSetting @46 (context :Proxy.Context, name :Text, update :SettingsUpdateCallback) -> (result :Bool);
  # Replaces a value of settings.json by what `update` makes of it, as one step.

  overwriteRwSetting @47 (context :Proxy.Context, name :Text, value :Text $Proxy.secret, action :Int32) -> (result :Bool);
  # Sets a value of settings.json; JSON null removes it. `action` is a SettingsAction.

  deleteRwSettings @48 (context :Proxy.Context, name :Text, action :Int32) -> (result :Bool);
  # Removes a value of settings.json. `action` is a SettingsAction.

  requestMempoolTransactions @49 (context :Proxy.Context, notifications :ChainNotifications) -> ();
  # Reports every transaction of the mempool to `notifications`, then destroys that reference.

  hasAssumedValidChain @50 (context :Proxy.Context) -> (result :Bool);
  # Whether a snapshot's chain state is in use.
}

interface ChainNotifications @0x9ac9db48ba219039 $Proxy.host("bitcoin-wallet") {
  # Receives changes of chain and mempool, one at a time and in order.

  destroy @0 (context :Proxy.Context) -> ();
  # The receiver is no longer referenced.

  transactionAddedToMempool @1 (context :Proxy.Context, tx :Data) -> ();
  # A serialized transaction came into the mempool.

  transactionRemovedFromMempool @2 (context :Proxy.Context, tx :Data, reason :Int32) -> ();
  # A transaction left the mempool other than into a block. `reason` is a MemPoolRemovalReason.

  blockConnected @3 (context :Proxy.Context, role :ChainstateRole, block :BlockInfo) -> ();
  # A block became part of the chain; its data is included.

  blockDisconnected @4 (context :Proxy.Context, block :BlockInfo) -> ();
  # The last block left the chain; its data is included.

  updatedBlockTip @5 (context :Proxy.Context) -> ();
  # The active tip changed.

  chainStateFlushed @6 (context :Proxy.Context, role :ChainstateRole, locator :Data) -> ();
  # The chain state was saved up to the serialized block locator.
}

interface ChainClient @0xe12e54f4b0c4b578 $Proxy.host("bitcoin-wallet; for windows bitcoin-node passes it on") {
  # A part of the system that lives on a Chain and that the node starts and stops with itself.

  destroy @0 (context :Proxy.Context) -> ();
  # Ends the object's life. No call may follow.

  registerRpcs @1 (context :Proxy.Context) -> ();
  # Adds the client's commands through Chain.handleRpc.

  verify @2 (context :Proxy.Context) -> (result :Bool);
  # Checks the configuration. False, after an error message to the Chain, stops the node's start.

  load @3 (context :Proxy.Context) -> (result :Bool);
  # Loads the data. False, after an error message to the Chain, stops the node's start.

  start @4 (context :Proxy.Context, scheduler :Void) -> ();
  # Begins periodic work.

  stop @5 (context :Proxy.Context) -> ();
  # Ends all work and saves everything.

  setMockTime @6 (context :Proxy.Context, time :Int64) -> ();
  # Sets the clock used in tests, in seconds; 0 is the real clock.

  schedulerMockForward @7 (context :Proxy.Context, deltaSeconds :Int64) -> ();
  # Moves the scheduler's clock forward, in tests.
}

interface ActorCallback @0xef421ff8403487a5 $Proxy.host("bitcoin-wallet") {
  # Runs a JSON-RPC command.

  call @0 (context :Proxy.Context, request :JSONRPCRequest, response :Text $Proxy.secret, lastCallback :Bool) -> (error :Text $Proxy.exception("Error"), rpcError :Text $Proxy.exception("RpcFailure"), typeError :Text $Proxy.exception("TypeFailure"), helpResult :HelpResult $Proxy.exception("HelpResult"), response :Text $Proxy.secret, result :Bool);
  # `response` (JSON) is replaced by the command's result. lastCallback says that no other handler of
  # the same command follows. `result` false means: not handled here, try the next.
}

interface SettingsUpdateCallback @0x995e7b64fb44bec5 $Proxy.host("bitcoin-wallet") {
  # Changes a setting.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, value :Text $Proxy.secret) -> (value :Text $Proxy.secret, result :Int32, hasResult :Bool);
  # From the value (JSON) makes the new one. `result` is a SettingsAction; undefined means: do not
  # write.
}

struct FeeCalculation @0x9c575d95b663f98f {
  # How a fee rate was found.

  est @0 :EstimationResult;

  reason @1 :Int32;
  # A FeeReason.

  desiredTarget @2 :Int32;
  # Blocks asked for.

  returnedTarget @3 :Int32;
  # Blocks the answer is for.

  bestHeight @4 :UInt32;
  # Height of the estimator's last block.
}

struct EstimationResult @0xca4b3deecefab077 {
  # The buckets between which an estimate was found.

  pass @0 :EstimatorBucket;
  fail @1 :EstimatorBucket;
  decay @2 :Float64;
  scale @3 :UInt32;
}

struct EstimatorBucket @0xd6d05bae012d360e {
  # A range of fee rates, and how transactions paying them fared.

  start @0 :Float64;
  end @1 :Float64;
  withinTarget @2 :Float64;
  totalConfirmed @3 :Float64;
  inMempool @4 :Float64;
  leftMempool @5 :Float64;
}

struct RPCCommand @0xcf447f100da2859a {
  # A JSON-RPC command offered to the node.

  category @0 :Text;
  # Heading in the list of commands.

  name @1 :Text;

  actor @2 :ActorCallback;
  # Runs the command.

  argNames @3 :List(RPCArg);
  # Arguments in order, so that the node can put named arguments in their places.

  uniqueId @4 :Int64;
  # Tells commands of the same name apart.
}

struct RPCArg @0x8cb8812c575d5584 {
  # An argument of a command.

  name @0 :Text;
  # Names by which it may be given, separated by "|".

  namedOnly @1 :Bool;
  # It has no place of its own: only the name gives it.
}

struct HelpResult @0xc38a63499212f3e4 $Proxy.skip {
  # Wire form of the HelpResult error.

  message @0 :Text;
}

struct JSONRPCRequest @0xd804f4dad81929c9 {
  # A JSON-RPC request as the server received it.

  id @0 :Text $Proxy.nullable;
  # JSON; undefined for a notification, "null" for a null id.

  method @1 :Text;

  params @2 :Text $Proxy.secret;
  # JSON.

  mode @3 :Int32;
  # A JSONRPCRequestMode.

  uri @4 :Text;
  # Path of the HTTP request.

  authUser @5 :Text;
  peerAddr @6 :Text;

  version @7 :Int32;
  # A JSONRPCVersion.
}

struct FoundBlockParam @0xedde51f40e3cad2a {
  # Which facts about a block are wanted.

  wantHash @0 :Bool $Proxy.optional;
  wantHeight @1 :Bool $Proxy.optional;
  wantTime @2 :Bool $Proxy.optional;
  wantMaxTime @3 :Bool $Proxy.optional;
  wantMtpTime @4 :Bool $Proxy.optional;
  wantInActiveChain @5 :Bool $Proxy.optional;
  wantLocator @6 :Bool $Proxy.optional;

  nextBlock @7 :FoundBlockParam $Proxy.nullable;
  # Facts wanted about the block that follows in the active chain.

  wantData @8 :Bool $Proxy.optional;
}

struct FoundBlockResult @0x980d6d9f8f8630fe {
  # The wanted facts about a block; the others are undefined, 0 or false.

  hash @0 :Data $Proxy.size(32) $Proxy.nullable;
  # 32 bytes, internal byte order.

  height @1 :Int32 $Proxy.optional;

  time @2 :Int64 $Proxy.optional;
  # The header's time, seconds.

  maxTime @3 :Int64 $Proxy.optional;
  # Largest time of this and all earlier headers, seconds.

  mtpTime @4 :Int64 $Proxy.optional;
  # Median time past, seconds.

  inActiveChain @5 :Bool $Proxy.optional;

  locator @6 :Data $Proxy.nullable;
  # Serialized block locator that begins at the block.

  nextBlock @7 :FoundBlockResult $Proxy.nullable;

  data @8 :Data $Proxy.nullable;
  # The serialized block with witness. For a pruned block the serialization of an empty one: 80
  # zero bytes and a zero count.

  found @9 :Bool;
  # False: the block is unknown and nothing else is set.
}

struct BlockInfo @0x9515caf33b457880 {
  # A block that was connected or disconnected.

  hash @0 :Data $Proxy.size(32);
  # 32 bytes, internal byte order.

  prevHash @1 :Data $Proxy.size(32) $Proxy.nullable;
  # Hash of the block before; undefined for the genesis block.

  height @2 :Int32 = -1;

  fileNumber @3 :Int32 = -1 $Proxy.optional;
  # Number of the block file that holds it.

  dataPos @4 :UInt32 = 0 $Proxy.optional;
  # Position in the block file.

  data @5 :Data $Proxy.nullable;
  # The serialized block with witness.

  undoData @6 :Data $Proxy.nullable;
  # The serialized outputs that the block spends.

  chainTimeMax @7 :UInt32 = 0;
  # Largest time of this and all earlier headers, seconds.
}

struct ChainstateRole @0xfc64a127a9c6d56a {
  # Which chain state a notification is about.

  validated @0 :Bool;
  # It was validated from the genesis block on.

  historical @1 :Bool;
  # It fills in the history behind a snapshot.
}
