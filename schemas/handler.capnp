@0xebd8f46e2f369076;
# Subscriptions.

using Proxy = import "mp/proxy.capnp";

interface Handler @0xea08728d34263f55 $Proxy.host("whoever was subscribed to") {
  # A subscription. It lasts until it is disconnected or destroyed.

  destroy @0 (context :Proxy.Context) -> ();
  # Ends the subscription and the handler itself.

  disconnect @1 (context :Proxy.Context) -> ();
  # Ends the subscription: no new callbacks start. May be repeated.
}
