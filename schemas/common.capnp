@0xcd2c6232cb484a28;
# Structs shared by several interfaces.

using Proxy = import "mp/proxy.capnp";

struct BlockRef @0xb3be4b8949350369 {
  # A block by hash and height.

  hash @0 :Data $Proxy.size(32);
  # 32 bytes, internal byte order.

  height @1 :Int32;
}

struct Settings @0xf25872482c47d6d9 {
  # A process's whole settings tree. Option names have no dash; values are JSON texts, some of them
  # passwords.

  forcedSettings @0 :List(Pair(Text, Text)) $Proxy.secret;
  # Values set by the program itself; they win over all others.

  commandLineOptions @1 :List(Pair(Text, List(Text))) $Proxy.secret;
  # Per option its values in order. `-foo` is "", `-nofoo` is false.

  rwSettings @2 :List(Pair(Text, Text)) $Proxy.secret;
  # settings.json.

  roConfig @3 :List(Pair(Text, List(Pair(Text, List(Text))))) $Proxy.secret;
  # bitcoin.conf by section; the section "" is the part before the first heading.
}

struct GlobalArgs @0xb574578dd61d491c {
  # What a process hands to one it started, so that both work from the same configuration.

  settings @0 :Settings;

  configPath @1 :Text;
  # Path of the configuration file, empty if there is none.
}

struct BilingualStr @0x8ab5bd30b9c0e6b8 {
  # A message for people, in English and in the user's language.

  original @0 :Text;
  translated @1 :Text;
}

struct Result @0xe9ccda4c4ecfcc58 (Value) $Proxy.either {
  # A value, or the message that says why there is none.

  value @0 :Value;
  error @1 :BilingualStr $Proxy.nullable;
}

struct ResultVoid @0xc55a33a945f4410c (Value) {
  # Success, or the message that says what failed.

  error @0 :BilingualStr $Proxy.nullable;
}

struct Pair @0x8ef2f6fc4199a71e (Key, Value) {
  # An entry of a map.

  key @0 :Key;
  value @1 :Value;
}

struct PairInt64 @0xb6061f707b66a314 (Key) {
  # An entry of a map with signed integer values.

  key @0 :Key;
  value @1 :Int64;
}

struct PairUInt64 @0xa23cd3610997e98d (Key) {
  # An entry of a map with unsigned integer values.

  key @0 :Key;
  value @1 :UInt64;
}
