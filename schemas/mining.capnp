@0xc77d03df6a41b505;
# Making blocks.

using Proxy = import "mp/proxy.capnp";
using Common = import "common.capnp";

const maxMoney :Int64 = 2100000000000000;
# Satoshis that will ever be.

const maxDouble :Float64 = 1.7976931348623157e308;
# As a time: for ever.

const defaultBlockReservedWeight :UInt64 = 8000;
# Weight units.

const defaultCoinbaseOutputMaxAdditionalSigops :UInt64 = 400;
# Signature operation cost.

interface Mining @0xf9c68436df3af39e $Proxy.host("bitcoin-node") {
  # Block templates, and waiting for the tip.

  isTestChain @0 (context :Proxy.Context) -> (result :Bool);
  # Whether the chain is one of the test chains.

  isInitialBlockDownload @1 (context :Proxy.Context) -> (result :Bool);
  # Whether the node is still catching up with the network.

  getTip @2 (context :Proxy.Context) -> (result :Common.BlockRef, hasResult :Bool);
  # The active chain's last block; undefined before there is one.

  waitTipChanged @3 (context :Proxy.Context, currentTip :Data $Proxy.size(32), timeout :Float64 = .maxDouble) -> (result :Common.BlockRef $Proxy.nullable) $Proxy.interruptible;
  # Waits until the tip's hash (32 bytes) is not currentTip, at most `timeout` milliseconds, and
  # gives the tip; undefined if the node is shutting down or the wait was interrupted.

  createNewBlock @4 (context :Proxy.Context, options :BlockCreateOptions, cooldown :Bool = true $Proxy.added) -> (result :BlockTemplate $Proxy.nullable) $Proxy.interruptible;
  # A template for the next block; undefined if the node is shutting down or the wait was interrupted.
  # With cooldown it is waited for until the node has caught up with the network; undefined, from
  # callers that do not know it, counts as false.

  checkBlock @5 (context :Proxy.Context, block :Data, options :BlockCheckOptions) -> (reason :Text, debug :Text, result :Bool);
  # Validates a serialized block on top of the tip without connecting it. `reason` is the reject
  # reason of BIP22, `debug` adds detail.

  interrupt @6 () -> ();
  # Ends running waits of waitTipChanged and createNewBlock, or the next if there are none.

  submitBlock @7 (context :Proxy.Context, block :Data) -> (reason :Text, debug :Text, result :Bool);
  # Submits a complete serialized block. `result` says whether it became the tip; `reason` is
  # "duplicate" for a known block, "inconclusive" for one that did not become the tip, or else the
  # reject reason of BIP22.

  getTransactionsByTxID @8 (context :Proxy.Context, txids :List(Data) $Proxy.size(32)) -> (result :List(Data));
  # Serialized transactions of the mempool by id (32 bytes, internal byte order), each empty if it is
  # not there.

  getTransactionsByWitnessID @9 (context :Proxy.Context, wtxids :List(Data) $Proxy.size(32)) -> (result :List(Data));
  # The same by the hash with witness.
}

interface BlockTemplate @0xf9671ad841b2f622 $Proxy.host("bitcoin-node") {
  # A block to be solved.

  destroy @0 (context :Proxy.Context) -> ();
  # Drops the template.

  getBlockHeader @1 (context :Proxy.Context) -> (result :Data);
  # The header, 80 bytes.

  getBlock @2 (context :Proxy.Context) -> (result :Data);
  # The serialized block, with a placeholder for the coinbase.

  getTxFees @3 (context :Proxy.Context) -> (result :List(Int64));
  # Fee of each transaction but the coinbase, satoshis.

  getTxSigops @4 (context :Proxy.Context) -> (result :List(Int64));
  # Signature operation cost of each transaction but the coinbase.

  getCoinbaseTx @5 (context :Proxy.Context) -> (result :CoinbaseTx);
  # What the coinbase transaction must contain.

  getCoinbaseMerklePath @6 (context :Proxy.Context) -> (result :List(Data) $Proxy.size(32));
  # Merkle branch of the coinbase, deepest first, 32 bytes each, internal byte order.

  submitSolutionOld7 @7 (context :Proxy.Context, version :UInt32, timestamp :UInt32, nonce :UInt32, coinbase :Data) -> (result :Bool);
  # submitSolution of an earlier version. True also for a block that was known before.

  waitNext @8 (context :Proxy.Context, options :BlockWaitOptions) -> (result :BlockTemplate $Proxy.nullable) $Proxy.interruptible;
  # Waits for a template with higher fees or on a new tip; undefined on timeout or interruption.

  interruptWait @9 () -> ();
  # Ends running calls of waitNext, or the next if there are none.

  submitSolution @10 (context :Proxy.Context, version :UInt32, timestamp :UInt32, nonce :UInt32, coinbase :Data) -> (reason :Text, debug :Text, result :Bool);
  # Puts the header fields and the serialized coinbase (with witness) into the block and submits
  # it. The results are those of Mining.submitBlock.
}

struct BlockCreateOptions @0x80fca083ef81a559 {
  # How to build a template.

  useMempool @0 :Bool = true $Proxy.optional;
  # Whether to include transactions from the mempool.

  blockReservedWeight @1 :UInt64 = .defaultBlockReservedWeight $Proxy.optional;
  # Weight kept free for the header and the coinbase.

  coinbaseOutputMaxAdditionalSigops @2 :UInt64 = .defaultCoinbaseOutputMaxAdditionalSigops $Proxy.optional;
  # Signature operation cost kept free for coinbase outputs.
}

struct BlockWaitOptions @0x9ba437d9de0c452e {
  # When a new template is worth returning.

  timeout @0 :Float64 = .maxDouble $Proxy.optional;
  # Milliseconds.

  feeThreshold @1 :Int64 = .maxMoney $Proxy.optional;
  # Satoshis by which the fees must rise. All the money there is: only a new tip counts.
}

struct BlockCheckOptions @0x89f3f39b6c9dd162 {
  # Which checks to make.

  checkMerkleRoot @0 :Bool = true $Proxy.optional;
  checkPow @1 :Bool = true $Proxy.optional;
}

struct CoinbaseTx @0xdc399c6d34ae7e69 {
  # The parts of a coinbase transaction that the template fixes.

  version @0 :UInt32;

  sequence @1 :UInt32;
  # Sequence number of the only input.

  scriptSigPrefix @2 :Data;
  # Script bytes the input must begin with.

  witness @3 :Data $Proxy.size(32) $Proxy.nullable;
  # The input's witness item, 32 bytes; undefined if it needs none.

  blockRewardRemaining @4 :Int64;
  # Satoshis left for outputs of the miner's choice.

  requiredOutputs @5 :List(Data);
  # Serialized outputs (amount and script) that must be present.

  lockTime @6 :UInt32;
}
