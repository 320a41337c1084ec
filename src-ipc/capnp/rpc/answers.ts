import { writeCapabilityIndex } from '../wire/pointer-writer.js';
import type { StructReader } from '../wire/struct-reader.js';
import { Answer } from './answer.js';
import { BrokenHook } from './broken.js';
import { ReturnMessage } from './call-messages.js';
import { RpcError, toRpcError } from './error.js';
import { forAll } from './for-all.js';
import type { CapHook } from './hook.js';
import { limitReached } from './limits.js';
import type { Outcome } from './outcome.js';
import type { Peer } from './peer.js';
import { readPath } from './promised-answer.js';
import { ReceivedRequest } from './request.js';
import { Results } from './results.js';
import { SEND_RESULTS_TAG, TARGET_TAG } from './rpc-schema.js';

/** Calls of the peer. */
export class Answers {
  readonly #peer: Peer;
  readonly #answers = new Map<number, Answer>();
  #bootstrap: CapHook | undefined;
  #heldBytes = 0;
  /** Calls that go on though the peer has finished them. */
  #lingering = 0;
  /** Places in results to come that the peer has made calls on. */
  #places = 0;

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

  /** Counts bytes kept for a call of the peer. @throws RpcError when there are too many */
  hold(bytes: number): void {
    const { heldBytes } = this.#peer.limits;
    if (this.#heldBytes + bytes > heldBytes) throw limitReached('heldBytes', heldBytes, 'Too many bytes of unfinished calls');
    this.#heldBytes += bytes;
  }

  letGo(bytes: number): void {
    this.#heldBytes -= bytes;
  }

  /** A call goes on though the peer has finished it: its method does not look, or calls on its results need it. */
  lingers(bytes: number): void {
    this.#lingering++;
    this.#heldBytes += bytes;
  }

  /** Such a call has ended. */
  lingered(bytes: number): void {
    this.#lingering--;
    this.#heldBytes -= bytes;
  }

  /** Counts one more place in results to come, for calls on it. Returns an error when there are too many. */
  countPlace(): RpcError | undefined {
    const { answers } = this.#peer.limits;
    if (this.#places >= answers) return limitReached('answers', answers, 'Too many places in the results of calls');
    this.#places++;
    return undefined;
  }

  forgetPlaces(count: number): void {
    this.#places -= count;
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
      try {
        if (sendResultsTo > SEND_RESULTS_TAG.yourself) throw new RpcError('unimplemented', 'Unsupported `Call.sendResultsTo`.');
        this.#requireFewLingering();
        answer.hold(request.byteLength);
      } catch (error) {
        request.dispose();
        answer.returnError(toRpcError(error));
        return;
      }
      answer.attach(target.call(request));
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

  /** A new reference to what a MessageTarget names, for a call. @throws RpcError when there is no such thing */
  readTarget(target: StructReader): CapHook {
    return this.#target(target, (answer, path) => answer.hookAt(path));
  }

  /** Like readTarget, but the place that is named. `whenSentOn` runs a job when earlier calls have been sent there. */
  readPlace(target: StructReader): { readonly hook: CapHook; readonly whenSentOn: (job: () => void) => void } {
    let whenSentOn = (job: () => void): void => job();
    const hook = this.#target(target, (answer, path) => {
      whenSentOn = (job) => answer.whenSentOn(path, job);
      return answer.placeAt(path);
    });
    return { hook, whenSentOn };
  }

  #target(target: StructReader, ofAnswer: (answer: Answer, path: readonly number[]) => CapHook): CapHook {
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
    return ofAnswer(answer, path);
  }

  /** Cancels all calls. */
  close(): void {
    const bootstrap = this.#bootstrap;
    this.#bootstrap = undefined;
    const answers = [...this.#answers.values()];
    this.#answers.clear();
    try {
      bootstrap?.release();
    } finally {
      forAll(answers, (answer) => answer.dispose());
    }
  }

  #requireFewLingering(): void {
    const { answers } = this.#peer.limits;
    if (this.#lingering >= answers) throw limitReached('answers', answers, 'Too many calls go on after they were finished');
  }

  #readRequest(body: StructReader, answer: Answer): ReceivedRequest {
    const payload = body.getStruct(1);
    const content = payload.getPointer(0);
    const table = this.#peer.descriptors.read(payload.getStructList(1));
    payload.source.capabilities = table;
    const tailPeer = answer.isRedirected ? undefined : this.#peer;
    return new ReceivedRequest(body.getUint64(8), body.getUint16(4), content, table, this.#peer, tailPeer);
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
