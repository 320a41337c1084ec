/** Numbers of rpc.capnp: union tags and struct sizes. Data offsets are given where they are used. */

/** Tags of Message. */
export const MESSAGE_TAG = {
  unimplemented: 0,
  abort: 1,
  call: 2,
  return: 3,
  finish: 4,
  resolve: 5,
  release: 6,
  bootstrap: 8,
  disembargo: 13,
} as const;

/** Tags of Return. */
export const RETURN_TAG = {
  results: 0,
  exception: 1,
  canceled: 2,
  resultsSentElsewhere: 3,
  takeFromOtherQuestion: 4,
} as const;

/** Tags of CapDescriptor. */
export const DESCRIPTOR_TAG = {
  none: 0,
  senderHosted: 1,
  senderPromise: 2,
  receiverHosted: 3,
  receiverAnswer: 4,
  thirdPartyHosted: 5,
} as const;

/** Tags of MessageTarget. */
export const TARGET_TAG = { importedCap: 0, promisedAnswer: 1 } as const;

/** Tags of Disembargo.context. */
export const DISEMBARGO_TAG = { senderLoopback: 0, receiverLoopback: 1 } as const;

/** Tags of PromisedAnswer.Op. */
export const OP_TAG = { noop: 0, getPointerField: 1 } as const;

/** Tags of Call.sendResultsTo. */
export const SEND_RESULTS_TAG = { caller: 0, yourself: 1 } as const;

export const CAP_DESCRIPTOR = { dataWords: 1, pointers: 1 } as const;
export const EXCEPTION = { dataWords: 1, pointers: 2 } as const;
export const MESSAGE_TARGET = { dataWords: 1, pointers: 1 } as const;
export const PROMISED_ANSWER = { dataWords: 1, pointers: 1 } as const;
export const OP = { dataWords: 1, pointers: 0 } as const;
