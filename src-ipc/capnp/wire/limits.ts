/** Largest message accepted or sent, in bytes of segment content: the default reader limit of the C++ implementation. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Most segments a received message may have. */
export const MAX_SEGMENTS = 512;

/** How many pointers deep a reader follows before it takes the message for a cycle. */
export const NESTING_LIMIT = 64;

/**
 * How many bytes of content may be visited while one message is read, over all readers on it. Twice the largest
 * message, so that a message can be both forwarded and decoded; content that is pointed at again and again is
 * charged each time, which bounds the amplification a small hostile message can cause.
 */
export const TRAVERSAL_LIMIT_BYTES = 2 * MAX_MESSAGE_BYTES;
