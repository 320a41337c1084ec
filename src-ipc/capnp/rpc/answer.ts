import { copyPointer } from '../wire/copy.js';
import { BrokenHook, nullHook } from './broken.js';
import { bareReturn, exceptionReturn, ReturnMessage } from './call-messages.js';
import { NO_EXPORTS } from './descriptors.js';
import { RpcError, toRpcError } from './error.js';
import { forAll } from './for-all.js';
import { innermost } from './hook.js';
import type { CapHook } from './hook.js';
import type { Outcome } from './outcome.js';
import type { Peer } from './peer.js';
import { QueueHook } from './queue.js';
import { directTarget, RemoteNode } from './remote.js';
import { Results } from './results.js';

/** Stands for results without capabilities once they are sent: wherever in them a call is aimed, there is none. */
const NO_CAPABILITIES = { hookAt: (): CapHook => nullHook(), dispose: (): void => undefined };

/** A call of the peer, from its arrival until the peer has finished it. */
export class Answer {
  readonly id: number;
  readonly #peer: Peer;
  /** Whether the results stay here, for the peer to refer to. */
  readonly isRedirected: boolean;
  #outcome: Outcome | undefined;
  /** What has been returned, for calls on what is in it. */
  #results: Pick<Results, 'hookAt' | 'dispose'> | undefined;
  #error: RpcError | undefined;
  #isReturned = false;
  #isDisposed = false;
  #exports: readonly number[] = NO_EXPORTS;
  /** Of its parameters, or of its results. */
  #heldBytes = 0;
  /** By path, what calls were made on before there were results; they may still be on a longer way than the results lead. */
  #pipelined: Map<string, CapHook> | undefined;

  constructor(peer: Peer, id: number, isRedirected: boolean) {
    this.#peer = peer;
    this.id = id;
    this.isRedirected = isRedirected;
  }

  /** Exports mentioned in the results. */
  get resultExports(): readonly number[] {
    return this.#exports;
  }

  /** A new reference to the capability that is, or will be, at a place in the results; calls on it keep their order. */
  hookAt(path: readonly number[]): CapHook {
    return this.#heldBack(path)?.addRef() ?? this.placeAt(path);
  }

  /** Like hookAt, but where the results lead, even while calls on the answer are held back. */
  placeAt(path: readonly number[]): CapHook {
    if (this.#results !== undefined) return this.#results.hookAt(path);
    if (this.#error !== undefined) return new BrokenHook(this.#error);
    const hook = this.#outcome?.pipeline(path);
    if (hook === undefined) return new BrokenHook(new RpcError('failed', 'Call has no results.'));
    const key = path.join();
    const pipelined = (this.#pipelined ??= new Map<string, CapHook>());
    if (pipelined.has(key)) return hook;
    const refusal = this.#peer.answers.countPlace();
    if (refusal !== undefined) {
      hook.release();
      return new BrokenHook(refusal);
    }
    pipelined.set(key, hook.addRef());
    return hook;
  }

  /** Runs `job` when the calls made on a place in the results so far have been sent on. */
  whenSentOn(path: readonly number[], job: () => void): void {
    const hook = this.#heldBack(path)?.addRef();
    const wait = (): void => {
      const queue = hook && queueOf(hook);
      if (queue !== undefined) {
        queue.onSettled(wait);
        return;
      }
      job();
      hook?.release();
    };
    wait();
  }

  /** What calls on a place in the results wait in, after there are results: until others have come round through a peer (borrowed). */
  #heldBack(path: readonly number[]): CapHook | undefined {
    if (this.#pipelined === undefined || this.#results === undefined) return undefined;
    const key = path.join();
    const hook = this.#pipelined.get(key);
    if (hook === undefined) return undefined;
    if (queueOf(hook) !== undefined) return hook;
    this.#pipelined.delete(key);
    this.#peer.answers.forgetPlaces(1);
    hook.release();
    return undefined;
  }

  /** Counts bytes that are kept: of parameters until the call returns, of results until the peer finishes it. @throws RpcError when its calls keep too many */
  hold(bytes: number): void {
    this.#peer.answers.hold(bytes);
    this.#heldBytes += bytes;
  }

  /** Takes over the outcome that is to be returned. */
  attach(outcome: Outcome): void {
    if (this.#isDisposed) {
      outcome.dispose();
      return;
    }
    this.#outcome = outcome;
    outcome.onTail((question) => {
      if (!this.#isReturned) this.#return(() => this.#peer.reply(bareReturn(this.id, 'takeFromOtherQuestion', question.id)));
    });
    outcome.onSettled(() => this.#settle(outcome));
  }

  /** Returns results made here. Takes them over. */
  returnResults(results: Results): void {
    this.#return(() => this.#sendResults(results));
    results.dispose();
  }

  /** Ends a call that could not be started. */
  returnError(error: RpcError): void {
    this.#return(() => this.#sendError(error));
  }

  /** The outcome, for a question of this side that is to have the same one; another owner. */
  share(): Outcome {
    const outcome = this.#outcome;
    if (!this.isRedirected || outcome === undefined) throw new RpcError('failed', '`Return.takeFromOtherQuestion` referenced a call that did not use `sendResultsTo.yourself`.');
    return outcome.addOwner();
  }

  /** The peer has no more use for it: a call still under way is cancelled. */
  finish(): void {
    const outcome = this.#outcome;
    const bytes = this.#heldBytes;
    this.#return(() => this.#peer.reply(bareReturn(this.id, 'canceled')));
    this.dispose();
    if (outcome === undefined || outcome.isSettled) return;
    const { answers } = this.#peer;
    answers.lingers(bytes);
    outcome.onSettled(() => answers.lingered(bytes));
  }

  dispose(): void {
    this.#isReturned = true;
    this.#isDisposed = true;
    this.#letGo();
    const outcome = this.#outcome;
    const results = this.#results;
    this.#outcome = undefined;
    this.#results = undefined;
    try {
      results?.dispose();
      outcome?.dispose();
    } finally {
      this.#forgetPlaces();
    }
  }

  #forgetPlaces(): void {
    const pipelined = this.#pipelined;
    this.#pipelined = undefined;
    if (pipelined === undefined) return;
    this.#peer.answers.forgetPlaces(pipelined.size);
    forAll(pipelined.values(), (hook) => hook.release());
  }

  #settle(outcome: Outcome): void {
    if (this.#isReturned) return;
    if (this.isRedirected) {
      this.#return(() => this.#peer.reply(bareReturn(this.id, 'resultsSentElsewhere')));
      return;
    }
    const { results, error } = outcome;
    if (results !== undefined) this.#return(() => this.#sendResults(results));
    else if (error !== undefined) this.#return(() => this.#sendError(error));
    this.#outcome = undefined;
    outcome.dispose();
  }

  #return(send: () => void): void {
    if (this.#isReturned) return;
    this.#isReturned = true;
    this.#letGo();
    send();
  }

  #letGo(): void {
    this.#peer.answers.letGo(this.#heldBytes);
    this.#heldBytes = 0;
  }

  #sendError(error: RpcError): void {
    this.#error = error;
    this.#peer.reply(exceptionReturn(this.id, error));
  }

  #sendResults(results: Results): void {
    const refusal = this.#peer.refusal;
    if (refusal !== undefined) {
      this.#sendError(refusal);
      return;
    }
    let sent: Results | undefined;
    try {
      let message = results.takeMessage();
      if (message === undefined) {
        message = copyOf(results, this.#peer.limits.messageBytes);
        sent = new Results(message.content(), message.table, message);
      } else {
        sent = results.addOwner();
      }
      message.setAnswerId(this.id);
      this.#exports = this.#peer.descriptors.write(message.builder, ReturnMessage.CAP_TABLE_OFFSET, message.table);
      this.#peer.requireSendable(message.builder);
      this.#pinPromises(sent);
      // The peer may finish only when it has written all it has to write, so the bytes are not kept without need.
      const isKept = sent.table.length > 0;
      // A small message keeps what it shares a buffer with.
      if (isKept) this.hold(message.builder.segment.buffer.byteLength);
      this.#results = isKept ? sent : NO_CAPABILITIES;
      this.#peer.reply(message.builder);
      if (!isKept) sent.dispose();
    } catch (error) {
      for (const id of this.#exports) this.#peer.exports.release(id, 1);
      this.#exports = NO_EXPORTS;
      sent?.dispose();
      this.#sendError(toRpcError(error));
    }
  }

  /** Later resolutions of promises of the peer must not change where the results lead: a Disembargo may rely on it. */
  #pinPromises({ table }: Results): void {
    for (let i = 0; i < table.length; i++) {
      const hook = table.hook(i);
      if (hook === null) continue;
      const direct = directTarget(hook);
      if (direct !== hook && direct instanceof RemoteNode && direct.peer === this.#peer) table.replace(i, direct.addRef());
    }
  }
}

/** The queue that calls on a hook wait in, if they do (borrowed). */
function queueOf(hook: CapHook): QueueHook | undefined {
  const inner = innermost(hook);
  return inner instanceof QueueHook && inner.isPromise ? inner : undefined;
}

/** Results that came from elsewhere, as a message of our own. */
function copyOf({ content }: Results, maxBytes: number): ReturnMessage {
  const message = new ReturnMessage(content.source.byteLength, maxBytes);
  try {
    copyPointer(content, message.builder, ReturnMessage.CONTENT_OFFSET);
    message.builder.fit();
  } catch (error) {
    message.dispose();
    throw error;
  }
  return message;
}
