@0xb1f0c3d2a4e59687;
# Everything the generator can do, in one place.

using Proxy = import "mp/proxy.capnp";
using Common = import "common.capnp";

const answer :Int32 = 42;
# The answer.

const limit :UInt64 = 18446744073709551615;
const half :Float64 = 0.5;
const isOn :Bool = true;
const motto :Text = "it's";

interface Shape @0xa6c2b8d417f0e395 $Proxy.wrap("interfaces::Shape") {
  # Something with a size.

  destroy @0 (context :Proxy.Context) -> ();
  area @1 (context :Proxy.Context) -> (result :Float64);
}

interface Circle @0xc19d7e3b50a8f264 extends(Shape) {
  # A round shape.

  grow @0 (context :Proxy.Context, by :Float64 = .half) -> (result :Float64);
}

interface Listener @0xd8304f6ea1b57c92 {
  # Hears of things.

  destroy @0 (context :Proxy.Context) -> ();
  call @1 (context :Proxy.Context, text :Text, tags :List(Text)) -> (result :Bool);
}

struct Options @0xe57a90c3d6b1f824 {
  # What may be chosen.

  speed @0 :Int32 = .answer $Proxy.optional;
  # How fast.

  weirdName @1 :Text $Proxy.name("label");
  height @2 :UInt32;
  hasHeight @3 :Bool;
  hidden @4 :Data $Proxy.skip;
}

interface Workshop @0x93e4d1a7c28f05b6 {
  # Makes shapes.

  shapes @0 (context :Proxy.Context) -> (result :List(Shape));
  circle @1 (context :Proxy.Context, radius :Float64) -> (result :Common.Result(Circle));
  counts @2 (context :Proxy.Context, options :Options) -> (result :List(Common.Pair(Text, List(Data))));
  measure @3 (context :Proxy.Context, wantDepth :Bool, scale :Float64) -> (scale :Float64, depth :UInt8, result :Float64, error :Text $Proxy.exception("Error"));
  listen @4 (context :Proxy.Context, listener :Listener) -> (result :Bool);
  maybe @5 (context :Proxy.Context, value :Int64, hasValue :Bool) -> (result :Int64, hasResult :Bool);
  wire @6 () -> () $Proxy.skip;
  oldName @7 (context :Proxy.Context) -> (result :Text) $Proxy.name("newName");
  slow @8 (context :Proxy.Context) -> (result :Bool) $Proxy.interruptible;
}
