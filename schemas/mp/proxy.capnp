@0xcc316e3f71a040fb;
# The objects both ends of a connection need before any real interface can be called: thread
# handles, the call context that carries them, and the annotations the code generator reads.

annotation count @0xd02682b319f69b38 (param, field, struct, interface) :Int32;
# count(0): the value is filled in and consumed by the runtime. It does not appear as an argument
# in the generated interfaces.

annotation exception @0x996a183200992f88 (param, field) :Text;
# Marks a result field as an error channel and names the error class (src-interfaces/errors.ts)
# that travels in it. A field that is not null means: the method threw.

annotation name @0xb594888f63f4dbb9 (method, param, field) :Text;
# A different name for the generated code.

annotation skip @0x824c08b82695d8dd (method, param, field, struct, interface) :Void;
# Left out of the generated code: on the wire only.

annotation wrap @0xe6f46079b7b1405e (interface, struct) :Text;
# The C++ class a type stands for; of no meaning to our generator.

annotation host @0x9e5b1f7d3a08c20b (interface) :Text;
# The programs that serve the interface, for docs/ipc.md.

annotation size @0x8c1d94e7b3f60a05 (param, field) :Int32;
# Data of exactly that many bytes, or a list of such. Others are refused before they are sent: some
# programs end themselves when they receive them. A null pointer reads as zeros.

annotation interruptible @0xb7d90c4f6a21e309 (method) :Void;
# The method may take long. It gets a last argument, a signal that is aborted when the caller gives the
# call up or is gone; a caller gives a call up by aborting the signal it passed.

annotation added @0xa40f7be2c95d1806 (param) :Void;
# Added to a method later: undefined if the caller does not know the parameter. Left out, it has its
# default value.

annotation nullable @0x9a7d4c3c1f0be201 (param, field) :Void;
# A null pointer means "none" and becomes undefined. Other null pointers read as the empty value.

annotation nullableItems @0xd0c8a6b1f3a95202 (param, field) :Void;
# Like nullable, for the value inside a generic struct (the values of a list of pairs, the value of
# a Result), where a field of its own cannot be annotated.

annotation optional @0xb53f7e6a90d7c803 (field) :Void;
# The field may be left out of the plain object; it then has its default value.

annotation secret @0x8fd31b6a27e4c908 (param, field) :Void;
# The value never appears in logs.

annotation either @0xe8b2f05d1c64ae04 (struct) :Void;
# Of the struct's fields `value` and `error` exactly one is set, `error` deciding.

annotation retired @0xa1c5d2f9e07b3605 (method) :Text;
# A dead slot: every call fails with this text.

annotation owned @0xc94b7e1d50a2f706 (param) :Void;
# The method keeps the object it is given and destroys it. Objects in other parameters belong to
# the call: they are given up when it returns or, if it returns an object, when that one is destroyed.

annotation facets @0xe35a8d17c0b4f908 (interface) :Void;
# Objects that share a reference, each answering the calls of its own interface: those the annotated
# interface extends. A method that gives such a reference becomes one method for each, with the same
# ordinal. The name of the first is the schema's and ends in the first interface's name; the others end
# in theirs.

interface ThreadMap @0xee5e37179ad9dc9d $count(0) $host("both ends of every connection") {
  # Makes threads in the process that serves it. A thread is the place where one call at a time runs.

  makeThread @0 (name :Text) -> (result :Thread);
  # A new thread; `name` is a label for logs.

  makePool @1 (count :UInt32) -> ();
  # Provides threads for calls that name none. At most once per connection.
}

interface Thread @0x81c1e2600d0b56c5 $skip $host("both ends of every connection") {
  # Handle of a thread in the process that serves it. It ends when the last reference is released.

  getName @0 () -> (result :Text);
  # The serving process's label of the thread.
}

struct Context @0x9c44e6645d0b22c6 $count(0) {
  # Says where a call and the calls made during it run, so that a chain of calls across processes
  # behaves like one call stack.

  thread @0 :Thread;
  # The callee's thread that runs this call.

  callbackThread @1 :Thread;
  # The caller's thread, waiting for this call, that runs calls made back meanwhile.
}
