@0x92546c47dc734b2e;
# The node's control interface, as a window uses it.

using Proxy = import "mp/proxy.capnp";
using Common = import "common.capnp";
using Handler = import "handler.capnp";
using Wallet = import "wallet.capnp";

interface Node @0xece87a85e7d7c91d $Proxy.host("bitcoin-node") {
  # Starts, stops, configures and observes a node. Hashes are 32 bytes in internal byte order.

  destroy @0 (context :Proxy.Context) -> ();
  # Ends the object's life. No call may follow.

  initLogging @1 (context :Proxy.Context) -> ();
  # Sets logging up from the current settings.

  initParameterInteraction @2 (context :Proxy.Context) -> ();
  # Applies the effects that settings have on each other.

  getWarnings @3 (context :Proxy.Context) -> (result :Common.BilingualStr);
  # Current warnings, joined with "<hr />".

  getLogCategories @4 (context :Proxy.Context) -> (result :UInt64);
  # Bit mask of the enabled debug log categories.

  getExitStatus @5 (context :Proxy.Context) -> (result :Int32);
  # The exit status to end with.

  baseInitialize @6 (context :Proxy.Context, globalArgs :Common.GlobalArgs) -> (error :Text $Proxy.exception("Error"), result :Bool);
  # Configures the process from globalArgs and prepares the start: checks, directory locks. At most
  # once per process.

  appInitMain @7 (context :Proxy.Context) -> (tipInfo :BlockAndHeaderTipInfo, error :Text $Proxy.exception("Error"), result :Bool);
  # Starts the node; returns when it is running.

  appShutdown @8 (context :Proxy.Context) -> ();
  # Stops the node; returns when everything is saved.

  startShutdown @9 (context :Proxy.Context) -> ();
  # Asks the node to stop and interrupts what it does.

  shutdownRequested @10 (context :Proxy.Context) -> (result :Bool);
  # Whether the node was asked to stop.

  isSettingIgnored @11 (name :Text) -> (result :Bool);
  # Whether the command line overrides the setting.

  getPersistentSetting @12 (name :Text) -> (result :Text $Proxy.secret);
  # Value of a setting in settings.json or bitcoin.conf, JSON ("null" if it is not set).

  updateRwSetting @13 (name :Text, value :Text $Proxy.secret) -> ();
  # Sets a value of settings.json; JSON null removes it.

  forceSetting @14 (name :Text, value :Text $Proxy.secret) -> ();
  # Sets a value that wins over all others and is not saved; JSON null removes it.

  resetSettings @15 () -> ();
  # Keeps a copy of settings.json and empties it.

  mapPort @16 (context :Proxy.Context, useNatPnP :Bool) -> ();
  # Starts or stops port mapping on the router.

  getProxy @17 (context :Proxy.Context, net :Int32) -> (proxyInfo :ProxyInfo, result :Bool);
  # The proxy used for a Network.

  getNodeCount @18 (context :Proxy.Context, flags :Int32) -> (result :UInt64);
  # Number of peers; `flags` is a ConnectionDirection.

  getNodesStats @19 (context :Proxy.Context) -> (stats :List(NodeStats), result :Bool);
  # What is known about each peer. `result` is false while there is no network.

  getBanned @20 (context :Proxy.Context) -> (banmap :Banmap, result :Bool);
  # The ban list.

  ban @21 (context :Proxy.Context, netAddr :Data, banTimeOffset :Int64) -> (result :Bool);
  # Bans a network address (BIP155 serialization) for some seconds; 0 is the default time.

  unban @22 (context :Proxy.Context, ip :Data) -> (result :Bool);
  # Lifts the ban of a subnet, given as ASCII text.

  disconnectByAddress @23 (context :Proxy.Context, address :Data) -> (result :Bool);
  # Disconnects the peers at a network address (BIP155 serialization).

  disconnectById @24 (context :Proxy.Context, id :Int64) -> (result :Bool);
  # Disconnects a peer.

  listExternalSigners @25 (context :Proxy.Context) -> (result :List(ExternalSigner));
  # Signing devices found through -signer.

  getTotalBytesRecv @26 (context :Proxy.Context) -> (result :Int64);
  # Bytes received from peers since the start.

  getTotalBytesSent @27 (context :Proxy.Context) -> (result :Int64);
  # Bytes sent to peers since the start.

  getMempoolSize @28 (context :Proxy.Context) -> (result :UInt64);
  # Number of transactions in the mempool.

  getMempoolDynamicUsage @29 (context :Proxy.Context) -> (result :UInt64);
  # Memory the mempool uses, bytes.

  getMempoolMaxUsage @30 (context :Proxy.Context) -> (result :UInt64);
  # Memory the mempool may use, bytes.

  getHeaderTip @31 (context :Proxy.Context) -> (height :Int32, blockTime :Int64, result :Bool);
  # Height and time (seconds) of the best header. `result` is false if there is none.

  getNumBlocks @32 (context :Proxy.Context) -> (result :Int32);
  # Height of the active chain, -1 before there is one.

  getNetLocalAddresses @33 (context :Proxy.Context) -> (result :List(Common.Pair(Data, LocalServiceInfo)));
  # The node's own network addresses (BIP155 serialization).

  getBestBlockHash @34 (context :Proxy.Context) -> (result :Data $Proxy.size(32));
  # Hash of the tip.

  getLastBlockTime @35 (context :Proxy.Context) -> (result :Int64);
  # Time of the tip, seconds.

  getVerificationProgress @36 (context :Proxy.Context) -> (result :Float64);
  # Estimated share (0 to 1) of all transactions that are verified.

  isInitialBlockDownload @37 (context :Proxy.Context) -> (result :Bool);
  # Whether the node is still catching up with the network.

  isLoadingBlocks @38 (context :Proxy.Context) -> (result :Bool);
  # Whether blocks are being read from files.

  setNetworkActive @39 (context :Proxy.Context, active :Bool) -> ();
  # Turns the peer-to-peer network on or off.

  getNetworkActive @40 (context :Proxy.Context) -> (result :Bool);
  # Whether the peer-to-peer network is on.

  getDustRelayFee @41 (context :Proxy.Context) -> (result :Data);
  # The fee rate (12 bytes: satoshis i64, virtual bytes i32) below which an output is dust.

  executeRpc @42 (context :Proxy.Context, command :Text, params :Text $Proxy.secret, uri :Text) -> (error :Text $Proxy.exception("Error"), rpcError :Text $Proxy.exception("RpcFailure"), result :Text $Proxy.secret);
  # Runs a JSON-RPC command. `params` and the result are JSON; `uri` is "" or "/wallet/<name>".

  listRpcCommands @43 (context :Proxy.Context) -> (result :List(Text));
  # Names of all JSON-RPC commands.

  getUnspentOutput @44 (context :Proxy.Context, output :Data $Proxy.size(36)) -> (result :Data $Proxy.nullable);
  # The serialized coin of an outpoint (36 bytes); undefined if it does not exist or is spent.

  broadcastTransaction @45 (context :Proxy.Context, tx :Data, maxTxFee :Int64) -> (error :Text, result :Int32);
  # Submits a serialized transaction unless its fee is above maxTxFee satoshis. `result` is a
  # TransactionError, `error` says more.

  customWalletLoader @46 (context :Proxy.Context) -> (result :Wallet.WalletLoader $Proxy.nullable) $Proxy.name("walletLoader");
  # The loader of wallets; undefined if wallets are disabled or not there yet.

  handleInitMessage @47 (context :Proxy.Context, callback :InitMessageCallback) -> (result :Handler.Handler);
  # Subscribes to progress messages of the start.

  handleMessageBox @48 (context :Proxy.Context, callback :MessageBoxCallback) -> (result :Handler.Handler);
  # Subscribes to messages for the user.

  handleQuestion @49 (context :Proxy.Context, callback :QuestionCallback) -> (result :Handler.Handler);
  # Subscribes to questions to the user.

  handleShowProgress @50 (context :Proxy.Context, callback :ShowNodeProgressCallback) -> (result :Handler.Handler);
  # Subscribes to the progress of long work.

  handleInitWallet @51 (context :Proxy.Context, callback :InitWalletCallback) -> (result :Handler.Handler);
  # Calls once when walletLoader becomes available.

  handleNotifyNumConnectionsChanged @52 (context :Proxy.Context, callback :NotifyNumConnectionsChangedCallback) -> (result :Handler.Handler);
  # Subscribes to the number of peers.

  handleNotifyNetworkActiveChanged @53 (context :Proxy.Context, callback :NotifyNetworkActiveChangedCallback) -> (result :Handler.Handler);
  # Subscribes to the network being turned on and off.

  handleNotifyAlertChanged @54 (context :Proxy.Context, callback :NotifyAlertChangedCallback) -> (result :Handler.Handler);
  # Subscribes to changes of the warnings.

  handleBannedListChanged @55 (context :Proxy.Context, callback :BannedListChangedCallback) -> (result :Handler.Handler);
  # Subscribes to changes of the ban list.

  handleNotifyBlockTip @56 (context :Proxy.Context, callback :NotifyBlockTipCallback) -> (result :Handler.Handler);
  # Subscribes to new tips.

  handleNotifyHeaderTip @57 (context :Proxy.Context, callback :NotifyHeaderTipCallback) -> (result :Handler.Handler);
  # Subscribes to new best headers.
}

interface ExternalSigner @0xfbf1fccd8f75eb78 $Proxy.host("bitcoin-node") {
  # A signing device.

  destroy @0 (context :Proxy.Context) -> ();
  # Ends the object's life. No call may follow.

  getName @1 (context :Proxy.Context) -> (result :Text);
  # The device's name.
}

interface InitMessageCallback @0x955d952241295e4c $Proxy.host("bitcoin-gui") {
  # Receives progress messages of the start.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, message :Text) -> ();
}

interface MessageBoxCallback @0xc4e60505ab00fed6 $Proxy.host("bitcoin-gui") {
  # Shows a message.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, message :Common.BilingualStr, style :UInt32) -> (result :Bool);
  # `style` are MessageBoxFlags. True if the user accepted.
}

interface QuestionCallback @0xe2637348d576dcaf $Proxy.host("bitcoin-gui") {
  # Asks the user.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, message :Common.BilingualStr, nonInteractiveMessage :Text, style :UInt32) -> (result :Bool);
  # nonInteractiveMessage is for programs without a user; `style` are MessageBoxFlags. True if the
  # user accepted.
}

interface ShowNodeProgressCallback @0xa0c733bacdde6cac $Proxy.host("bitcoin-gui") {
  # Receives the progress of long work.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, title :Text, progress :Int32, resumePossible :Bool) -> ();
  # `progress` is in percent; 100 means done.
}

interface InitWalletCallback @0x800f919151a3d94d $Proxy.host("bitcoin-gui") {
  # Learns that the loader of wallets is available.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context) -> ();
}

interface NotifyNumConnectionsChangedCallback @0xd28fa815a3700dca $Proxy.host("bitcoin-gui") {
  # Receives the number of peers.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, newNumConnections :Int32) -> ();
}

interface NotifyNetworkActiveChangedCallback @0x9d0290be20a9ec6c $Proxy.host("bitcoin-gui") {
  # Learns whether the network is on.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, networkActive :Bool) -> ();
}

interface NotifyAlertChangedCallback @0xb1691cf5ab373886 $Proxy.host("bitcoin-gui") {
  # Learns that the warnings changed.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context) -> ();
}

interface BannedListChangedCallback @0x93d235d8153ab33b $Proxy.host("bitcoin-gui") {
  # Learns that the ban list changed.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context) -> ();
}

interface NotifyBlockTipCallback @0xd7a817fb90738585 $Proxy.host("bitcoin-gui") {
  # Receives new tips.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, syncState :Int32, tip :BlockTip, verificationProgress :Float64) -> ();
  # syncState is a SynchronizationState, verificationProgress goes from 0 to 1.
}

interface NotifyHeaderTipCallback @0x9d0b34fb1eeed2c5 $Proxy.host("bitcoin-gui") {
  # Receives new best headers.

  destroy @0 (context :Proxy.Context) -> ();
  # The callback is no longer referenced.

  call @1 (context :Proxy.Context, syncState :Int32, tip :BlockTip, verificationProgress :Float64) -> ();
  # syncState is a SynchronizationState. tip.blockHash is 32 zero bytes. verificationProgress is 1
  # while headers are checked before they are stored, else 0: no other value is allowed.
}

struct ProxyInfo @0xb85c2ec6d667f0df {
  # A proxy.

  proxy @0 :Data;
  # Network address (BIP155 serialization) and port (u16 big endian).

  torStreamIsolation @1 :Bool;
  # Whether every connection gets its own credentials.
}

struct NodeStats @0xb45fb3131e4d7fe0 {
  # What is known about a peer.

  nodeid @0 :Int64;

  lastSend @1 :Int64;
  # Seconds, as all times here unless noted.

  lastRecv @2 :Int64;
  lastTXTime @3 :Int64;
  lastBlockTime @4 :Int64;
  timeConnected @5 :Int64;
  addrName @6 :Text;

  version @7 :Int32;
  # Protocol version.

  cleanSubVer @8 :Text;
  # User agent.

  inbound @9 :Bool;
  bip152HighbandwidthTo @10 :Bool;
  bip152HighbandwidthFrom @11 :Bool;
  startingHeight @12 :Int32;
  sendBytes @13 :UInt64;

  sendBytesPerMsgType @14 :List(Common.PairUInt64(Text));
  # By P2P message name.

  recvBytes @15 :UInt64;
  recvBytesPerMsgType @16 :List(Common.PairUInt64(Text));

  permissionFlags @17 :Int32;
  # NetPermissionFlags; bit 31 makes the number negative.

  pingTime @18 :Int64;
  # Microseconds.

  minPingTime @19 :Int64;
  # Microseconds; the largest 64-bit number if there was no ping yet.

  addrLocal @20 :Text;

  addr @21 :Data;
  # Serialized address: time u32, services, network address (BIP155), port (u16 big endian).

  addrBind @22 :Data;
  # Network address (BIP155 serialization) and port (u16 big endian).

  network @23 :Int32;
  # A Network.

  mappedAs @24 :UInt32;
  # Autonomous system number, 0 if it is not known.

  connType @25 :Int32;
  # A ConnectionType.

  transportType @26 :UInt8;
  # A TransportProtocolType.

  sessionId @27 :Text;
  # Session id (BIP324), hex.

  stateStats @28 :NodeStateStats $Proxy.nullable;
}

struct NodeStateStats @0xecccc20ba54fece4 {
  # What block and transaction relay know about a peer.

  syncHeight @0 :Int32;
  commonHeight @1 :Int32;
  startingHeight @2 :Int32;

  pingWait @3 :Int64;
  # Microseconds.

  heightInFlight @4 :List(Int32);
  # Heights of the blocks asked of the peer.

  addressesProcessed @5 :UInt64;
  addressesRateLimited @6 :UInt64;
  addressRelayEnabled @7 :Bool;

  theirServices @8 :UInt64;
  # ServiceFlags.

  presyncHeight @9 :Int64;

  timeOffset @10 :Int64;
  # Seconds.
}

struct Banmap @0x8691f5ffd4852e9c {
  # A ban list.

  json @0 :Text;
  # JSON array of {version: 1, ban_created, banned_until, address: "ip/mask"}, times in seconds.
}

struct BlockTip @0xd507949ce6c6f781 {
  # A tip of the chain.

  blockHeight @0 :Int32;

  blockTime @1 :Int64;
  # Seconds.

  blockHash @2 :Data $Proxy.size(32);
  # 32 bytes, internal byte order.
}

struct BlockAndHeaderTipInfo @0x98f8b9129f9d8bfd {
  # The tip and the best header after the start.

  blockHeight @0 :Int32;

  blockTime @1 :Int64;
  # Seconds.

  headerHeight @2 :Int32;

  headerTime @3 :Int64;
  # Seconds.

  verificationProgress @4 :Float64;
  # 0 to 1.
}

struct LocalServiceInfo @0x9c8fff1696ce17ff {
  # How one of the node's own addresses was learnt.

  score @0 :Int32;
  # A LocalAddressScore, rising with every peer that confirms it.

  port @1 :UInt16;
}
