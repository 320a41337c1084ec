@0xb3c8f3b8a5de0f47;
# The part of the schemas that the Echo bench calls, for the generator of libmultiprocess.

using Cxx = import "/capnp/c++.capnp";
using Proxy = import "/mp/proxy.capnp";

$Cxx.namespace("bench");
$Proxy.include("echo.h");
$Proxy.includeTypes("echo-types.h");

interface Init @0x8838c700ba5cba65 $Proxy.wrap("EchoInit") {
  construct @0 (threadMap :Proxy.ThreadMap) -> (threadMap :Proxy.ThreadMap);
  makeEcho @1 (context :Proxy.Context) -> (result :Echo);
}

interface Echo @0xd36b89640dc94399 $Proxy.wrap("EchoObject") {
  destroy @0 (context :Proxy.Context) -> ();
  echo @1 (context :Proxy.Context, echo :Text) -> (result :Text);
}
