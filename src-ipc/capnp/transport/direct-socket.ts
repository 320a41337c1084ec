import { Socket } from 'node:net';
import type { ConnectOpts, SocketConstructorOpts } from 'node:net';
import { uninitializedBytes } from '../wire/bytes.js';

/** How much is read at once when nobody has named a place for it. */
const SCRATCH_BYTES = 64 * 1024;

/** Takes what a socket reads. */
export interface ByteSink {
  /** Where the next bytes are to be put, if they belong to something that is arriving already. */
  room(): Uint8Array | undefined;
  /** That many bytes have been put where `room` said last. */
  filled(bytes: number): void;
  /** Bytes that arrived with no room for them; they are the sink's own. */
  received(bytes: Uint8Array): void;
}

/** Sockets read here when there is no room, one after another: what is read is taken out before the next one reads. */
const scratch = uninitializedBytes(SCRATCH_BYTES);

/** Where the bytes of one socket go; it exists before the socket does. */
class Intake {
  #sink: ByteSink | undefined;
  /** What was read before there was a sink. */
  #early: Uint8Array[] = [];
  /** The room that is being read into. */
  #room: Uint8Array | undefined;

  readonly onread: NonNullable<ConnectOpts['onread']> = {
    buffer: () => (this.#room = this.#sink?.room()) ?? scratch,
    callback: (bytes) => {
      if (this.#room !== undefined) this.#sink?.filled(bytes);
      else if (this.#sink === undefined) this.#early.push(scratch.slice(0, bytes));
      else this.#sink.received(scratch.slice(0, bytes));
      return true;
    },
  };

  set sink(sink: ByteSink) {
    const early = this.#early;
    this.#early = [];
    this.#sink = sink;
    for (const bytes of early) sink.received(bytes);
  }
}

/**
 * A socket whose bytes are read to where they belong, in place of buffers of 64 KB each for the collector to collect.
 * It emits no `data`.
 */
export class DirectSocket extends Socket {
  readonly #intake: Intake;

  /** As for Socket. */
  constructor(options: SocketConstructorOpts = {}, intake = new Intake()) {
    const reading: SocketConstructorOpts & ConnectOpts = { ...options, onread: intake.onread };
    super(reading);
    this.#intake = intake;
  }

  /** Has the sink take all that arrives and has arrived. */
  deliverTo(sink: ByteSink): void {
    this.#intake.sink = sink;
  }
}
