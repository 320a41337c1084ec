@0xfcbbd3f49874128e;
# Trace events of a node.

using Proxy = import "mp/proxy.capnp";
using Handler = import "handler.capnp";

interface Tracing @0xb300bedcd7b880ce $Proxy.host("bitcoin-node") {
  # Sources of trace events.

  traceUtxoCache @0 (context :Proxy.Context, callback :UtxoCacheTrace) -> (result :Handler.Handler);
  # Reports changes of the cache of unspent outputs to `callback`.
}

interface UtxoCacheTrace @0xf877dd6fb711c62f $Proxy.host("a tracing program") {
  # Receives changes of the cache of unspent outputs. Validation waits for the answers: be quick.

  destroy @0 (context :Proxy.Context) -> ();
  # The tracer is no longer referenced.

  add @1 (utxoInfo :UtxoInfo) -> ();
  # An output came into the cache.

  spend @2 (utxoInfo :UtxoInfo) -> ();
  # An output was spent.

  uncache @3 (utxoInfo :UtxoInfo) -> ();
  # An output was dropped from the cache.
}

struct UtxoInfo @0xc5fd74aa5a6167c9 {
  # An unspent output.

  outpointHash @0 :Data $Proxy.size(32);
  # Transaction id, 32 bytes, internal byte order.

  outpointN @1 :UInt32;
  # Index of the output in its transaction.

  height @2 :UInt32;
  # Height of the block that created the output.

  value @3 :Int64;
  # Satoshis.

  isCoinbase @4 :Bool;
}
