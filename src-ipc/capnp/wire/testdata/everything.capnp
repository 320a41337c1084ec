@0xb1f7c21c6a5d9e30;

# Every kind of field, with defaults where they change the encoding.
struct Everything {
  flag @0 :Bool = true;
  int8 @1 :Int8 = -3;
  uint8 @2 :UInt8 = 200;
  int16 @3 :Int16 = -30000;
  uint16 @4 :UInt16 = 60000;
  int32 @5 :Int32 = -100000;
  uint32 @6 :UInt32 = 4294967295;
  int64 @7 :Int64 = -9000000000000000000;
  uint64 @8 :UInt64 = 18000000000000000000;
  float32 @9 :Float32 = 1.5;
  float64 @10 :Float64 = -2.25;
  text @11 :Text;
  data @12 :Data;
  nested @13 :Everything;
  flags @14 :List(Bool);
  int8s @15 :List(Int8);
  uint16s @16 :List(UInt16);
  int32s @17 :List(Int32);
  uint64s @18 :List(UInt64);
  float64s @19 :List(Float64);
  texts @20 :List(Text);
  datas @21 :List(Data);
  structs @22 :List(Everything);
  lists @23 :List(List(Int32));
  empty @24 :Empty;
  empties @25 :List(Empty);
  plainInt32 @26 :Int32;
  plainFlag @27 :Bool;
}

struct Empty {}

# The same message at three times of its life.
struct Old {
  name @0 :Text;
  items @1 :List(Item);
  numbers @2 :List(UInt32);
  struct Item { id @0 :UInt32; }
}

struct New {
  name @0 :Text;
  items @1 :List(Item);
  numbers @2 :List(Number);
  added @3 :Text;
  count @4 :Int32 = 7;
  struct Item { id @0 :UInt32; label @1 :Text; amount @2 :Int64 = 5; more @3 :List(Text); }
  struct Number { value @0 :UInt32; label @1 :Text; }
}
