@0xf2c5cfa319406aa6;
# The first object of every connection.

using Proxy = import "mp/proxy.capnp";
using Common = import "common.capnp";
using Chain = import "chain.capnp";
using Echo = import "echo.capnp";
using Mining = import "mining.capnp";
using Node = import "node.capnp";
using Rpc = import "rpc.capnp";
using Tracing = import "tracing.capnp";
using Wallet = import "wallet.capnp";

interface Init @0x8838c700ba5cba65 $Proxy.host("every program; what it does not have, it gives as null") {
  # What a process offers to the one that connects to it. Each method gives undefined where the
  # program does not contain that part.

  construct @0 (threadMap :Proxy.ThreadMap) -> (threadMap :Proxy.ThreadMap) $Proxy.skip;
  # Exchanges thread factories; the first call on every connection.

  makeEcho @1 (context :Proxy.Context) -> (result :Echo.Echo $Proxy.nullable);
  # A test object.

  makeMiningOld2 @2 () -> () $Proxy.retired("Old mining interface (@2) not supported. Please update your client!");

  makeMining @3 (context :Proxy.Context) -> (result :Mining.Mining $Proxy.nullable);
  # Block templates and tip notifications of a node.

  makeChain @4 (context :Proxy.Context) -> (result :ChainOrRpc $Proxy.nullable);
  # A Chain for wallets, an Rpc for those who know this slot as makeRpc.

  makeNode @5 (context :Proxy.Context) -> (result :Node.Node $Proxy.nullable);
  # The node's control interface, as a window uses it.

  makeWalletLoader @6 (context :Proxy.Context, globalArgs :Common.GlobalArgs, chain :Chain.Chain) -> (result :Wallet.WalletLoader $Proxy.nullable);
  # Configures the process from globalArgs, then gives the loader of wallets that work on `chain`.
  # At most once per process.

  makeTracing @7 (context :Proxy.Context) -> (result :Tracing.Tracing $Proxy.nullable);
  # Trace events of a node.
}

interface ChainOrRpc @0xd4b1c2f7a96e3807 extends (Chain.Chain, Rpc.Rpc) $Proxy.facets {
  # What two generations of the protocol expect of the same slot. One reference answers both: the
  # interface named in a call tells them apart.
}
