import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Tracing, UtxoCacheTrace, UtxoInfo } from '../../src-interfaces/generated/tracing.js';
import type { Logger } from '../../src-interfaces/logging.js';
import type { Chainstate } from '../kernel/types.js';
import { handlerOf } from './subscription.js';

/** Events that a tracer may have been sent and not answered. */
const maxInFlight = 128;
/** Events that may wait for a tracer, some 20 MB: more than a full block makes. */
const maxWaiting = 100_000;

type Deliver = (trace: UtxoCacheTrace) => Promise<void>;

/** Trace events of the node. */
export class NodeTracing implements Tracing {
  readonly #chainstate: Pick<Chainstate, 'traceCoins'>;
  readonly #log: Logger;

  constructor(chainstate: Pick<Chainstate, 'traceCoins'>, log: Logger) {
    this.#chainstate = chainstate;
    this.#log = log;
  }

  /** Validation does not wait for the tracer; one that falls far behind is no longer served. */
  async traceUtxoCache(callback: UtxoCacheTrace): Promise<Handler> {
    const end = (reason?: string): void => {
      if (reason !== undefined) this.#log.warning(`A tracer of the UTXO cache ${reason} and is no longer served`);
      void handler.destroy();
    };
    const feed = new TraceFeed(callback, end);
    const stop = this.#chainstate.traceCoins((event, { txid, index }, { height, value, coinbase }) => {
      const info: UtxoInfo = { outpointHash: txid, outpointN: index, height, value, isCoinbase: coinbase };
      feed.push((trace) => trace[event](info));
    });
    const handler = handlerOf(async () => {
      stop();
      feed.end();
      await callback.destroy();
    });
    return handler;
  }
}

/** Sends events to one tracer, in order, several at a time. */
class TraceFeed {
  readonly #trace: UtxoCacheTrace;
  readonly #onEnd: (reason?: string) => void;
  #waiting: Deliver[] = [];
  /** Position of the first event that still waits. */
  #first = 0;
  #inFlight = 0;
  #ended = false;

  /** @param onEnd called when the tracer is gone, or with what else is wrong with it */
  constructor(trace: UtxoCacheTrace, onEnd: (reason?: string) => void) {
    this.#trace = trace;
    this.#onEnd = onEnd;
  }

  push(deliver: Deliver): void {
    if (this.#ended) return;
    this.#waiting.push(deliver);
    if (this.#waiting.length - this.#first > maxWaiting) {
      this.end();
      this.#onEnd(`is ${maxWaiting} events behind`);
    } else {
      this.#send();
    }
  }

  end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#first = 0;
  }

  #send(): void {
    while (!this.#ended && this.#inFlight < maxInFlight) {
      const deliver = this.#waiting[this.#first];
      if (deliver === undefined) {
        this.#waiting = [];
        this.#first = 0;
        return;
      }
      this.#first++;
      this.#inFlight++;
      void this.#deliver(deliver);
    }
    // What was sent must not pile up before what waits.
    if (this.#first > maxInFlight && this.#first * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#first);
      this.#first = 0;
    }
  }

  async #deliver(deliver: Deliver): Promise<void> {
    try {
      await deliver(this.#trace);
    } catch {
      // The tracer is gone or broken.
      if (!this.#ended) this.#onEnd();
      this.end();
    } finally {
      this.#inFlight--;
      this.#send();
    }
  }
}
