import { MessageBuilder } from '../wire/message.js';
import type { StructReader } from '../wire/struct-reader.js';
import { CallMessage, finishMessage, initBody } from './call-messages.js';
import { NO_EXPORTS } from './descriptors.js';
import { RPC_ERROR_KINDS, RpcError, toRpcError } from './error.js';
import { forAll } from './for-all.js';
import { IdTable } from './id-table.js';
import { tooManyQuestions } from './limits.js';
import { Outcome } from './outcome.js';
import type { ResolvableHook } from './outcome.js';
import type { Peer } from './peer.js';
import { PipelineNode, RemotePromise } from './remote.js';
import type { RemoteNode } from './remote.js';
import type { CallRequest } from './request.js';
import { Results } from './results.js';
import { MESSAGE_TAG, RETURN_TAG } from './rpc-schema.js';

/**
 * A call sent to the peer. Open until nothing here refers to its answer any more, which is when Finish is sent; the
 * number is free again once Return has arrived as well.
 */
export class Question {
  readonly peer: Peer;
  readonly id: number;
  /** Whether its results are to stay with the peer. */
  readonly isTail: boolean;
  isAwaitingReturn = true;
  isFinished = false;
  /** Whether the peer never made an answer for it, so that there is nothing to finish. */
  isUnknownToPeer = false;
  /** Exports mentioned in the parameters. */
  paramExports: readonly number[] = NO_EXPORTS;
  readonly outcome: RemoteOutcome;
  #references = 1;

  constructor(peer: Peer, id: number, isTail: boolean) {
    this.peer = peer;
    this.id = id;
    this.isTail = isTail;
    this.outcome = new RemoteOutcome(this);
  }

  addRef(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references === 0) this.peer.questions.finish(this);
  }
}

/** The outcome of a call sent to the peer. */
class RemoteOutcome extends Outcome {
  #question: Question | undefined;

  constructor(question: Question) {
    super();
    this.#question = question;
  }

  override get tailQuestion(): Question | undefined {
    return this.#question?.isTail === true ? this.#question : undefined;
  }

  finishWith(result: Results | RpcError): void {
    if (result instanceof Results) this.succeed(result);
    else this.fail(result);
  }

  /** The results come from a call the peer has made to this side. */
  takeFrom(other: Outcome): void {
    this.link(other);
    this.#releaseQuestion();
  }

  protected override settled(): void {
    this.#releaseQuestion();
  }

  protected override newPipeline(path: readonly number[]): ResolvableHook {
    if (this.#question === undefined) throw new Error('Question is finished and has no results');
    return new RemotePromise(new PipelineNode(this.#question, path));
  }

  #releaseQuestion(): void {
    const question = this.#question;
    this.#question = undefined;
    question?.release();
  }
}

/** Calls sent to the peer. */
export class Questions {
  readonly #peer: Peer;
  readonly #table = new IdTable<Question>();

  constructor(peer: Peer) {
    this.#peer = peer;
  }

  get size(): number {
    return this.#table.size;
  }

  /** Asks for the peer's bootstrap object. */
  bootstrap(): Outcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Outcome.failed(refusal);
    const question = this.#add(false);
    const message = new MessageBuilder(64);
    initBody(message, MESSAGE_TAG.bootstrap, { dataWords: 1, pointers: 1 }).setUint32(0, question.id);
    this.#peer.send(message);
    return question.outcome;
  }

  /** Sends a call. Takes over the request. */
  call(target: RemoteNode, request: CallRequest): Outcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      request.dispose();
      return Outcome.failed(refusal);
    }
    const question = this.#add(request.tailPeer === this.#peer);
    try {
      const message = request.toMessage(this.#peer.limits.messageBytes);
      message.setHeader(question.id, request.interfaceId, request.methodId, question.isTail);
      target.aim(message);
      question.paramExports = this.#peer.descriptors.write(message.builder, CallMessage.CAP_TABLE_OFFSET, message.table);
      this.#peer.requireSendable(message.builder);
      this.#peer.send(message.builder);
    } catch (error) {
      for (const id of question.paramExports) this.#peer.exports.release(id, 1);
      question.paramExports = NO_EXPORTS;
      this.#table.remove(question.id);
      question.isUnknownToPeer = true;
      question.isAwaitingReturn = false;
      question.outcome.finishWith(toRpcError(error));
    }
    request.dispose();
    return question.outcome;
  }

  /** Nothing here needs the answer any more. */
  finish(question: Question): void {
    if (question.isFinished || this.#peer.closedBy !== undefined) return;
    question.isFinished = true;
    if (!question.isUnknownToPeer) {
      // Results that are still on their way are going to be ignored, and so are the capabilities in them.
      this.#peer.send(finishMessage(question.id, question.isAwaitingReturn && !question.isTail));
    }
    if (!question.isAwaitingReturn) this.#table.remove(question.id);
  }

  onReturn(body: StructReader): void {
    const question = this.#table.get(body.getUint32(0));
    if (question === undefined || !question.isAwaitingReturn) throw new RpcError('failed', 'Invalid question ID in Return message.');
    question.isAwaitingReturn = false;
    const { paramExports } = question;
    question.paramExports = NO_EXPORTS;
    if (body.getBool(32, true)) for (const id of paramExports) this.#peer.exports.release(id, 1);
    if (question.isFinished) {
      this.#table.remove(question.id);
      return;
    }
    this.#settle(question, body);
  }

  /** The peer has no idea of calls, or of this kind of them. */
  onUnimplemented(id: number): void {
    const question = this.#table.get(id);
    if (question === undefined || !question.isAwaitingReturn) throw new RpcError('failed', 'Invalid question ID in Unimplemented message.');
    question.isAwaitingReturn = false;
    question.isUnknownToPeer = true;
    for (const exportId of question.paramExports) this.#peer.exports.release(exportId, 1);
    if (question.isFinished) this.#table.remove(id);
    else question.outcome.finishWith(new RpcError('unimplemented', 'Peer does not implement this kind of call.'));
  }

  close(error: RpcError): void {
    forAll(this.#table.clear(), ({ outcome }) => outcome.cancel(error));
  }

  #refusal(): RpcError | undefined {
    if (this.#peer.refusal !== undefined) return this.#peer.refusal;
    const { questions } = this.#peer.limits;
    return this.#table.size >= questions ? tooManyQuestions(questions) : undefined;
  }

  #add(isTail: boolean): Question {
    return this.#table.add((id) => new Question(this.#peer, id, isTail));
  }

  #settle(question: Question, body: StructReader): void {
    const { outcome } = question;
    switch (body.getUint16(6)) {
      case RETURN_TAG.results:
        outcome.finishWith(this.#readResults(body.getStruct(0)));
        return;
      case RETURN_TAG.exception:
        outcome.finishWith(readException(body.getStruct(0)));
        return;
      case RETURN_TAG.canceled:
        outcome.finishWith(new RpcError('failed', 'Call was canceled by the callee.'));
        return;
      case RETURN_TAG.resultsSentElsewhere:
        // The question stays open for calls on its promised results, until whoever asked for the tail call is done.
        if (!question.isTail) throw new RpcError('failed', '`Return` had `resultsSentElsewhere` but this was not a tail call.');
        return;
      case RETURN_TAG.takeFromOtherQuestion:
        outcome.takeFrom(this.#peer.answers.take(body.getUint32(8)));
        return;
      default:
        outcome.finishWith(new RpcError('unimplemented', 'Unknown kind of Return.'));
    }
  }

  #readResults(payload: StructReader): Results {
    const table = this.#peer.descriptors.read(payload.getStructList(1));
    payload.source.capabilities = table;
    return new Results(payload.getPointer(0), table);
  }
}

/** Reads an Exception struct. */
export function readException(body: StructReader): RpcError {
  return new RpcError(RPC_ERROR_KINDS[body.getUint16(4)] ?? 'failed', body.getText(0));
}
