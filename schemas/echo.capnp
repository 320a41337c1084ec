@0x888b4f7f51e691f7;
# A test interface.

using Proxy = import "mp/proxy.capnp";

interface Echo @0xd36b89640dc94399 $Proxy.host("bitcoin-node, bitcoin-wallet") {
  # Answers what it is told.

  destroy @0 (context :Proxy.Context) -> ();
  # Ends the object's life. No call may follow.

  echo @1 (context :Proxy.Context, echo :Text) -> (result :Text);
  # Returns the argument.
}
