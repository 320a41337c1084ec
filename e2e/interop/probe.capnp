@0xd0c9a2e7b3f4815a;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("interop");

# One shape for all parameters and results, so that both sides can be written by hand. What each method does is said
# where it is implemented: main.c++ on one side, interop.test.ts on the other.

struct Values {
  n @0 :Int32;
  text @1 :Text;
  cap @2 :Probe;
  cap2 @3 :Probe;
  caps @4 :List(Probe);
  inner @5 :Values;
}

interface Probe @0xabcdef0123456789 {
  echo @0 Values -> Values;
  open @1 Values -> Values;
  callBack @2 Values -> Values;
  keep @3 Values -> Values;
  callKept @4 Values -> Values;
  dropKept @5 Values -> Values;
  reflect @6 Values -> Values;
  fail @7 Values -> Values;
  never @8 Values -> Values;
  statistics @9 Values -> Values;
  tailTo @10 Values -> Values;
  promise @11 Values -> Values;
  list @12 Values -> Values;
  drive @13 Values -> Values;
  missing @14 Values -> Values;
  nest @15 Values -> Values;
}

# No object of either side has it.
interface Foreign @0x9999999999999999 {
  call @0 () -> ();
}
