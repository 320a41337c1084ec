import { copyPointer } from '../wire/copy.js';
import { writeCapabilityIndex } from '../wire/pointer-writer.js';
import type { StructReader } from '../wire/struct-reader.js';
import { BrokenHook } from './broken.js';
import { bareReturn, exceptionReturn, ReturnMessage } from './call-messages.js';
import { RpcError, toRpcError } from './error.js';
import type { CapHook } from './hook.js';
import { limitReached } from './limits.js';
import type { Outcome } from './outcome.js';
import type { Peer } from './peer.js';
import { readPath } from './promised-answer.js';
import { directTarget, RemoteNode } from './remote.js';
import { ReceivedRequest } from './request.js';
import { Results } from './results.js';
import { SEND_RESULTS_TAG, TARGET_TAG } from './rpc-schema.js';

/** A call of the peer, from its arrival until the peer has finished it. */
export class Answer {
  readonly id: number;
  readonly #peer: Peer;
  /** Whether the results stay here, for the peer to refer to. */
  readonly isRedirected: boolean;
  #outcome: Outcome | undefined;
  #results: Results | undefined;
  #error: RpcError | undefined;
  #isReturned = false;
  #isDisposed = false;
  #exports: number[] = [];

  constructor(peer: Peer, id: number, isRedirected: boolean) {
    this.#peer = peer;
    this.id = id;
    this.isRedirected = isRedirected;
  }

  /** Exports mentioned in the results. */
  get resultExports(): readonly number[] {
    return this.#exports;
  }

  /** A new reference to the capability that is, or will be, at a place in the results. */
  hookAt(path: readonly number[]): CapHook {
    if (this.#results !== undefined) return this.#results.hookAt(path);
    if (this.#error !== undefined) return new BrokenHook(this.#error);
    return this.#outcome?.pipeline(path) ?? new BrokenHook(new RpcError('failed', 'Call has no results.'));
  }

  /** Takes over the outcome that is to be returned. */
  attach(outcome: Outcome): void {
    if (this.#isDisposed) {
      outcome.dispose();
      return;
    }
    this.#outcome = outcome;
    outcome.onTail((question) => {
      if (!this.#isReturned) this.#return(() => this.#peer.send(bareReturn(this.id, 'takeFromOtherQuestion', question.id)));
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
    this.#return(() => this.#peer.send(bareReturn(this.id, 'canceled')));
    this.dispose();
  }

  dispose(): void {
    this.#isReturned = true;
    this.#isDisposed = true;
    const outcome = this.#outcome;
    const results = this.#results;
    this.#outcome = undefined;
    this.#results = undefined;
    results?.dispose();
    outcome?.dispose();
  }

  #settle(outcome: Outcome): void {
    if (this.#isReturned) return;
    if (this.isRedirected) {
      this.#return(() => this.#peer.send(bareReturn(this.id, 'resultsSentElsewhere')));
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
    send();
  }

  #sendError(error: RpcError): void {
    this.#error = error;
    this.#peer.send(exceptionReturn(this.id, error));
  }

  #sendResults(results: Results): void {
    const refusal = this.#peer.refusal;
    if (refusal !== undefined) {
      this.#sendError(refusal);
      return;
    }
    let sent: Results | undefined;
    try {
      sent = results.message === undefined ? copyResults(results, this.#peer.limits.messageBytes) : results.addOwner();
      const { message } = sent;
      if (message === undefined) throw new Error('Results have no message');
      sent.message = undefined;
      message.setAnswerId(this.id);
      this.#exports = this.#peer.descriptors.write(message.builder, ReturnMessage.CAP_TABLE_OFFSET, message.table);
      this.#peer.requireSendable(message.builder);
      this.#pinPromises(sent);
      this.#results = sent;
      this.#peer.send(message.builder, true);
    } catch (error) {
      for (const id of this.#exports) this.#peer.exports.release(id, 1);
      this.#exports = [];
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

/** Results that came from elsewhere, as a message of our own. */
function copyResults(results: Results, maxBytes: number): Results {
  const message = new ReturnMessage(results.content.source.byteLength, maxBytes);
  try {
    copyPointer(results.content, message.builder, ReturnMessage.CONTENT_OFFSET);
  } catch (error) {
    message.table.dispose();
    throw error;
  }
  return new Results(message.content(), message.table, message);
}

/** Calls of the peer. */
export class Answers {
  readonly #peer: Peer;
  readonly #answers = new Map<number, Answer>();
  #bootstrap: CapHook | undefined;

  /** Takes over the bootstrap object. */
  constructor(peer: Peer, bootstrap: CapHook | undefined) {
    this.#peer = peer;
    this.#bootstrap = bootstrap;
  }

  get size(): number {
    return this.#answers.size;
  }

  get(id: number): Answer | undefined {
    return this.#answers.get(id);
  }

  onBootstrap(body: StructReader): void {
    const answer = this.#add(body.getUint32(0), false);
    if (this.#bootstrap === undefined) {
      answer.returnError(new RpcError('failed', 'This process does not expose a bootstrap interface.'));
      return;
    }
    const message = new ReturnMessage(0);
    writeCapabilityIndex(message.builder.segment, ReturnMessage.CONTENT_OFFSET, message.table.push(this.#bootstrap.addRef()));
    answer.returnResults(new Results(message.content(), message.table, message));
  }

  onCall(body: StructReader): void {
    const sendResultsTo = body.getUint16(6);
    const answer = this.#add(body.getUint32(0), sendResultsTo === SEND_RESULTS_TAG.yourself);
    const target = this.readTarget(body.getStruct(0));
    try {
      const request = this.#readRequest(body, answer);
      if (sendResultsTo > SEND_RESULTS_TAG.yourself) {
        request.dispose();
        answer.returnError(new RpcError('unimplemented', 'Unsupported `Call.sendResultsTo`.'));
      } else {
        answer.attach(target.call(request));
      }
    } finally {
      target.release();
    }
  }

  onFinish(body: StructReader): void {
    const id = body.getUint32(0);
    const answer = this.#answers.get(id);
    if (answer === undefined) throw new RpcError('failed', "'Finish' for invalid question ID.");
    const { resultExports } = answer;
    if (body.getBool(32, true)) for (const exportId of resultExports) this.#peer.exports.release(exportId, 1);
    this.#answers.delete(id);
    answer.finish();
  }

  /** The outcome of a call the peer made with its results to stay here. */
  take(id: number): Outcome {
    const answer = this.#answers.get(id);
    if (answer === undefined) throw new RpcError('failed', '`Return.takeFromOtherQuestion` had invalid answer ID.');
    return answer.share();
  }

  /** A new reference to what a MessageTarget names. @throws RpcError when there is no such thing */
  readTarget(target: StructReader): CapHook {
    const tag = target.getUint16(4);
    if (tag === TARGET_TAG.importedCap) {
      const hook = this.#peer.exports.get(target.getUint32(0));
      if (hook === undefined) throw new RpcError('failed', 'Message target is not a current export ID.');
      return hook.addRef();
    }
    if (tag !== TARGET_TAG.promisedAnswer) return new BrokenHook(new RpcError('unimplemented', 'Unknown message target type.'));
    const promised = target.getStruct(0);
    const answer = this.#answers.get(promised.getUint32(0));
    if (answer === undefined) throw new RpcError('failed', 'PromisedAnswer.questionId is not a current question.');
    let path: number[];
    try {
      path = readPath(promised);
    } catch (error) {
      return new BrokenHook(toRpcError(error));
    }
    return answer.hookAt(path);
  }

  /** Cancels all calls. */
  close(): void {
    this.#bootstrap?.release();
    this.#bootstrap = undefined;
    const answers = [...this.#answers.values()];
    this.#answers.clear();
    for (const answer of answers) answer.dispose();
  }

  #readRequest(body: StructReader, answer: Answer): ReceivedRequest {
    const payload = body.getStruct(1);
    const content = payload.getPointer(0);
    const table = this.#peer.descriptors.read(payload.getStructList(1));
    payload.source.capabilities = table;
    const tailPeer = answer.isRedirected ? undefined : this.#peer;
    return new ReceivedRequest(body.getUint64(8), body.getUint16(4), content, table, this.#peer.connection, tailPeer);
  }

  #add(id: number, isRedirected: boolean): Answer {
    if (this.#answers.has(id)) throw new RpcError('failed', 'questionId is already in use');
    const { answers } = this.#peer.limits;
    if (this.#answers.size >= answers) throw limitReached('answers', answers, 'Too many calls at once');
    const answer = new Answer(this.#peer, id, isRedirected);
    this.#answers.set(id, answer);
    return answer;
  }
}
