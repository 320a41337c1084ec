@0x9c3505dc45e146ac;
# JSON-RPC without HTTP.

using Proxy = import "mp/proxy.capnp";

interface Rpc @0xacb1d37f0a713129 $Proxy.host("bitcoin-node") {
  # Answers JSON-RPC requests as the HTTP endpoint does.

  executeRpc @0 (context :Proxy.Context, request :Text $Proxy.secret, uri :Text, user :Text) -> (result :Text $Proxy.secret);
  # Answers a request object or a batch of them, given as JSON text. `uri` is the path a client would
  # have sent it to and names the wallet, `user` the one whose list of commands applies. The result is
  # the reply, errors included; null for notifications and for what the user may not call.
}
