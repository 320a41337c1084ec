import type { Transport } from '../transport/transport.js';
import type { MessageReader } from '../wire/message.js';
import { RpcError, toRpcError } from './error.js';
import { Call } from './handle.js';
import { DEFAULT_LIMITS } from './limits.js';
import type { ConnectionLimits } from './limits.js';
import { localHook } from './local.js';
import { Peer, type SendWhenWritable } from './peer.js';
import type { Capability, LocalServer } from './types.js';

export interface ConnectionOptions {
  /** The object a peer gets when it asks for the bootstrap capability. */
  readonly bootstrap?: LocalServer;
  readonly limits?: Partial<ConnectionLimits>;
}

/** How a connection came to its end. */
export interface ConnectionEnd {
  /** `closed`: by this side; `eof`: the peer hung up; `error`: the stream failed or one side broke the protocol. */
  readonly reason: 'closed' | 'eof' | 'error';
  readonly error: RpcError;
}

/** Sizes of a connection's tables. All but what long-lived objects need go back to zero when nothing is under way. */
export interface ConnectionStatistics {
  readonly questions: number;
  readonly answers: number;
  readonly exports: number;
  readonly imports: number;
  readonly embargoes: number;
}

/**
 * A Cap'n Proto RPC connection (level 1) to one peer. Whatever happens to it is reported through `closed` and through
 * the calls made over it; nothing is thrown at the process.
 */
export class Connection {
  /** Fulfilled when the connection has ended; never rejected. */
  readonly closed: Promise<ConnectionEnd>;
  readonly #peer: Peer;
  #end: (end: ConnectionEnd) => void = () => {};
  #reason: ConnectionEnd['reason'] = 'error';

  /** Takes over the transport and starts reading from it. */
  constructor(transport: Transport, options: ConnectionOptions = {}) {
    this.closed = new Promise((resolve) => (this.#end = resolve));
    const bootstrap = options.bootstrap && localHook(options.bootstrap);
    this.#peer = new Peer(this, transport, { ...DEFAULT_LIMITS, ...options.limits }, bootstrap);
    this.#peer.onClosed(() => {
      const error = this.#peer.closedBy;
      if (error !== undefined) this.#end({ reason: this.#reason, error });
    });
    transport.start({
      limits: this.limits,
      message: (message: MessageReader) => this.#peer.receive(message),
      written: () => this.#peer.written(),
      malformed: (error: Error) => this.#peer.abort(toRpcError(error)),
      ended: (error?: Error) => {
        if (this.isClosed) return;
        if (error === undefined) this.#reason = 'eof';
        this.#peer.close(new RpcError('disconnected', error?.message ?? 'Peer disconnected.', { cause: error }));
      },
    });
  }

  /** What this connection may hold. */
  get limits(): ConnectionLimits {
    return this.#peer.limits;
  }

  /** Whether calls can be made without adding to a full queue of bytes to be written. */
  get isWritable(): boolean {
    return this.#peer.isWritable;
  }

  /**
   * Runs `send` when bytes waiting to be written leave room for the calls it makes at once; in the order asked, and in
   * the asynchronous context of who asked. Calls are never held back by themselves: who makes many or large ones waits
   * here, before building them. When more wait than there may be calls, it runs at once with the error that these are to
   * fail with, as they must not go before those that wait; and when the connection ends. Returns a function that takes
   * it back.
   */
  whenWritable(send: SendWhenWritable): () => void {
    return this.#peer.whenWritable(send);
  }

  get isClosed(): boolean {
    return this.#peer.closedBy !== undefined;
  }

  /** The peer's bootstrap object, usable at once. A new reference, to be disposed. */
  bootstrap(): Capability {
    const outcome = this.#peer.questions.bootstrap();
    const capability = new Call(outcome).pipeline([]);
    outcome.onSettled(() => outcome.dispose());
    return capability;
  }

  /**
   * Ends the connection. With an error the peer is told why. Calls under way fail, objects held by the peer are
   * released; what has been sent is still delivered.
   */
  close(error?: Error): void {
    if (this.isClosed) return;
    if (error === undefined) {
      this.#reason = 'closed';
      this.#peer.close(new RpcError('disconnected', 'Connection was closed.'));
    } else {
      this.#peer.abort(toRpcError(error));
    }
  }

  statistics(): ConnectionStatistics {
    const { questions, answers, exports, imports, embargoes } = this.#peer;
    return { questions: questions.size, answers: answers.size, exports: exports.size, imports: imports.size, embargoes: embargoes.size };
  }
}
