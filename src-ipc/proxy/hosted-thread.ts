import { localCapability } from '../capnp/rpc/local.js';
import { methodNotImplemented, interfaceNotImplemented } from '../capnp/rpc/error.js';
import type { Capability, IncomingCall, LocalServer } from '../capnp/rpc/types.js';
import { asError } from './failure.js';
import { Frame } from './frame.js';
import { THREAD, THREAD_GET_NAME, THREAD_MAP, THREAD_MAP_MAKE_POOL, THREAD_MAP_MAKE_THREAD } from './thread-interface.js';

/** Characters of a peer's name for a thread that are kept; those of the reference are shorter. */
const MAX_PEER_NAME = 200;

/**
 * One of our threads, as peers see it: a place where calls run one at a time, in order. A call that comes in while the
 * running one waits for an answer is part of the same stack and runs at once.
 */
export class HostedThread implements LocalServer {
  readonly #stack: Frame[] = [];
  readonly #queue = new Set<() => void>();

  /**
   * @param name label for logs
   * @param onReleased told when no peer knows it any more
   */
  constructor(
    readonly name: string,
    private readonly onReleased?: () => void,
  ) {}

  released(): void {
    this.onReleased?.();
  }

  /** A reference for a message. */
  capability(): Capability {
    return localCapability(this);
  }

  dispatch(call: IncomingCall): void {
    if (call.interfaceId !== THREAD.id) throw interfaceNotImplemented(THREAD.name, call.interfaceId);
    if (call.methodId !== THREAD_GET_NAME.methodId) throw methodNotImplemented(THREAD.name, THREAD.id, call.methodId);
    call.initResults({ dataWords: 0, pointers: 1 }).setText(0, this.name);
  }

  /**
   * Begins a call that named this thread, at once or when its turn comes. `caller` as in Frame. Ends with `leave`.
   * Rejects when the call is given up before its turn.
   */
  begin(call: IncomingCall, caller: Frame['caller']): Frame | Promise<Frame> {
    const enter = (): Frame => this.enter(caller, this.#stack.at(-1), call);
    if (this.#isFree() && this.#queue.size === 0) return enter();
    if (call.isCancelled) return Promise.reject(asError(call.signal.reason));
    return new Promise((begun, reject) => {
      const start = (): void => {
        call.onCancelled = undefined;
        begun(enter());
      };
      this.#queue.add(start);
      call.onCancelled = (reason) => {
        this.#queue.delete(start);
        reject(reason);
      };
    });
  }

  /** Puts a level on the stack. Every `enter` needs its `leave`. */
  enter(caller: Frame['caller'], parent: Frame | undefined, call?: IncomingCall): Frame {
    const frame = new Frame(this, parent, caller, call);
    this.#stack.push(frame);
    return frame;
  }

  /** Takes a level off the stack and lets the next call in. */
  leave(frame: Frame): void {
    frame.isActive = false;
    const position = this.#stack.lastIndexOf(frame);
    if (position >= 0) this.#stack.splice(position, 1);
    this.#startNext();
  }

  /** The frame's code waits for an answer from here on. Needs its `endWait`. */
  beginWait(frame: Frame): void {
    frame.waiting++;
    this.#startNext();
  }

  endWait(frame: Frame): void {
    frame.waiting--;
  }

  #isFree(): boolean {
    const top = this.#stack.at(-1);
    return top === undefined || top.waiting > 0;
  }

  #startNext(): void {
    if (!this.#isFree()) return;
    for (const start of this.#queue) {
      this.#queue.delete(start);
      start();
      return;
    }
  }
}

/** A peer's name for one of its threads, as it can go into lines of the log. */
function peerName(text: string): string {
  return text.slice(0, MAX_PEER_NAME).replace(/[\x00-\x1f\x7f]/g, '?');
}

/** Our factory of threads for a peer. */
export class HostedThreadMap implements LocalServer {
  #count = 0;
  #hasPool = false;
  #size = 0;

  /** @param processLabel name and id of this process, for the names of threads */
  constructor(private readonly processLabel: string) {}

  /** Threads that the peer has made and not released. */
  get size(): number {
    return this.#size;
  }

  dispatch(call: IncomingCall): void {
    if (call.interfaceId !== THREAD_MAP.id) throw interfaceNotImplemented(THREAD_MAP.name, call.interfaceId);
    switch (call.methodId) {
      case THREAD_MAP_MAKE_THREAD.methodId: {
        const name = `${this.processLabel}-${++this.#count} (from ${peerName(call.params.getText(0))})`;
        const thread = new HostedThread(name, () => this.#size--);
        this.#size++;
        call.initResults({ dataWords: 0, pointers: 1 }).setCapability(0, thread.capability());
        return;
      }
      case THREAD_MAP_MAKE_POOL.methodId:
        // Calls without a thread are welcome in any case: there is nothing to provide.
        if (this.#hasPool) throw new Error('std::exception: makePool called on connection with existing pool');
        this.#hasPool = true;
        return;
      default:
        throw methodNotImplemented(THREAD_MAP.name, THREAD_MAP.id, call.methodId);
    }
  }
}
