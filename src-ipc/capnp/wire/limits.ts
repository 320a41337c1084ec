/** What a message may be like. Whatever goes over is refused with an error that says so. */
export interface MessageLimits {
  /** Largest message accepted or sent, in bytes of segment content. */
  readonly messageBytes: number;
  /** Most segments a received message may have. */
  readonly segments: number;
  /** How many pointers deep a reader follows before it takes the message for a cycle. */
  readonly nesting: number;
  /**
   * How many bytes of content may be visited while one message is read, over all readers on it. Content that is pointed
   * at again and again is charged each time, which bounds the amplification a small hostile message can cause.
   */
  readonly traversalBytes: number;
}

/** The default reader limit of the C++ implementation. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** How deep readers follow that are on no received message. */
export const NESTING_LIMIT = 64;

/** A message can be traversed twice, so that it can be both forwarded and decoded. */
export const DEFAULT_MESSAGE_LIMITS: MessageLimits = {
  messageBytes: MAX_MESSAGE_BYTES,
  segments: 512,
  nesting: NESTING_LIMIT,
  traversalBytes: 2 * MAX_MESSAGE_BYTES,
};

/**
 * What a list element counts at least, in bytes: as a value it takes room however little of it was sent. A struct
 * becomes an object with all the fields of its schema; one without any content can be announced by the million.
 */
export const ELEMENT_COST = { scalar: 8, struct: 128, empty: 1024 } as const;
