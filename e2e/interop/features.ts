/** A feature of the protocol, with the tests that exercise it in either direction. */
export interface Feature {
  readonly feature: string;
  /** The test in interop.test.ts, in which this side calls. */
  readonly ours: string;
  /** The scenario of driven.test.ts that C++ plays against this side, or the reason why it cannot. */
  readonly theirs: string | { readonly cannot: string };
}

const reason = (cannot: string): { readonly cannot: string } => ({ cannot });

/** Every feature of level 1. What stock C++ never sends, a raw peer does in src-ipc/capnp/rpc/*.test.ts. */
export const FEATURES: readonly Feature[] = [
  { feature: 'bootstrap, call, return, finish', ours: 'values, small and large', theirs: 'echo' },
  { feature: 'messages of many segments', ours: 'values, small and large', theirs: 'large' },
  { feature: 'release', ours: 'pipelined calls arrive in order, and objects are released', theirs: 'release' },
  { feature: 'releaseResultCaps', ours: 'results given up while they are on their way are released', theirs: 'givenUp' },
  { feature: 'releaseParamCaps sent false', ours: 'callbacks during a call, and kept after it', theirs: 'kept' },
  { feature: 'callbacks during a call', ours: 'callbacks during a call, and kept after it', theirs: 'many' },
  { feature: 'pipelined calls in order', ours: 'pipelined calls arrive in order, and objects are released', theirs: 'pipeline' },
  { feature: 'pipelining over several pointers', ours: 'pipelined calls through nested structs', theirs: 'nested' },
  { feature: 'receiverHosted', ours: 'an object comes back as itself', theirs: 'sameObject' },
  { feature: 'receiverAnswer', ours: 'an object of an answer that is not there yet is passed', theirs: 'answerAsParameter' },
  { feature: 'senderPromise and resolve', ours: 'a promise of the peer resolves to its object', theirs: 'promise' },
  { feature: 'senderPromise of the caller', ours: 'a promise of ours resolves to our object, to theirs, or to an error', theirs: 'passPromise' },
  { feature: 'resolve to an object of the receiver', ours: 'a promise of the peer resolves to our object, in order', theirs: 'theirPromise' },
  { feature: 'resolve to an exception', ours: 'a promise of ours resolves to our object, to theirs, or to an error', theirs: 'brokenPromise' },
  { feature: 'disembargo, ten calls in order', ours: 'calls on a reflected capability keep their order (3 turns)', theirs: 'embargo' },
  { feature: 'tail call, takeFromOtherQuestion', ours: 'a tail call of the peer back to us', theirs: 'tail' },
  { feature: 'lists of capabilities', ours: 'lists of capabilities', theirs: 'list' },
  { feature: 'null capabilities', ours: 'null, and promises that lead to nothing', theirs: 'null' },
  { feature: 'exception kinds', ours: 'exceptions keep their kind', theirs: 'errors' },
  { feature: 'interfaces an object does not have', ours: 'exceptions keep their kind', theirs: 'foreign' },
  { feature: 'cancellation', ours: 'cancelling stops the method', theirs: 'cancel' },
  { feature: 'answers that block nothing', ours: 'cancelling stops the method', theirs: 'blocked' },
  { feature: 'loss of the connection', ours: 'a killed peer fails everything at once', theirs: 'disconnected' },
  { feature: 'message size limit', ours: 'a message too large for C++ fails its call, not the connection', theirs: reason('C++ does not build messages over a limit of its own') },
  { feature: 'unimplemented', ours: 'the peer sends back a message it does not know', theirs: reason('C++ sends nothing beyond level 1 over a two-party connection') },
  { feature: 'abort', ours: 'the peer aborts a connection on which the protocol is broken', theirs: reason('C++ does not break the protocol') },
];
