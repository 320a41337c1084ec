import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { copyPointer } from '../wire/copy.js';
import { FrameDecoder } from '../wire/frame.js';
import { MessageBuilder } from '../wire/message.js';
import type { MessageReader } from '../wire/message.js';
import type { StructReader } from '../wire/struct-reader.js';
import { readPath } from './promised-answer.js';
import { DESCRIPTOR_TAG, MESSAGE_TAG, RETURN_TAG, TARGET_TAG } from './rpc-schema.js';

/* Traffic recorded between processes of the reference: every byte must make sense, and so must the conversation. */

const FOLDER = '../shared/golden';

/** Messages in the order their last byte arrived. */
function recorded(name: string): { from: string; message: MessageReader }[] {
  const decoders = new Map<string, FrameDecoder>();
  const messages: { from: string; message: MessageReader }[] = [];
  for (const line of gunzipSync(readFileSync(`${FOLDER}/${name}.jsonl.gz`)).toString().trim().split('\n')) {
    const chunk: unknown = JSON.parse(line);
    assert.ok(typeof chunk === 'object' && chunk !== null && 'dir' in chunk && 'b64' in chunk);
    const from = String(chunk.dir);
    const decoder = decoders.get(from) ?? new FrameDecoder();
    decoders.set(from, decoder);
    decoder.push(Buffer.from(String(chunk.b64), 'base64'));
    for (let message = decoder.next(); message !== null; message = decoder.next()) messages.push({ from, message });
  }
  for (const decoder of decoders.values()) assert.equal(decoder.isMidMessage, false);
  return messages;
}

/** What one side has said: its open questions, and how often it has mentioned each of its exports. */
class Side {
  readonly questions = new Map<number, { isReturned: boolean; isFinished: boolean }>();
  readonly exports = new Map<number, number>();

  open(id: number): void {
    assert.ok(!this.questions.has(id), `question ${id} is in use`);
    this.questions.set(id, { isReturned: false, isFinished: false });
  }

  close(id: number, which: 'isReturned' | 'isFinished'): void {
    const question = this.questions.get(id);
    assert.ok(question && !question[which], `${which} of question ${id}`);
    question[which] = true;
    if (question.isReturned && question.isFinished) this.questions.delete(id);
  }

  mention(id: number): void {
    this.exports.set(id, (this.exports.get(id) ?? 0) + 1);
  }

  release(id: number, count: number): void {
    const left = (this.exports.get(id) ?? 0) - count;
    assert.ok(left >= 0, `export ${id} released too often`);
    this.exports.set(id, left);
  }
}

class Conversation {
  readonly counts = new Map<string, number>();
  readonly #sides = new Map<string, Side>();

  take(from: string, to: string, message: MessageReader): void {
    const root = message.root();
    const tag = root.getUint16(0);
    const kind = Object.entries(MESSAGE_TAG).find(([, value]) => value === tag)?.[0];
    assert.ok(kind !== undefined, `message of kind ${tag}`);
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    const [own, other] = [this.#side(from), this.#side(to)];
    const body = root.getStruct(0);
    const id = body.getUint32(0);
    if (kind === 'bootstrap') own.open(id);
    else if (kind === 'finish') own.close(id, 'isFinished');
    else if (kind === 'release') other.release(id, body.getUint32(4));
    else if (kind === 'call') {
      own.open(id);
      this.#target(body.getStruct(0), own, other);
      assert.notEqual(body.getUint64(8), 0n);
      this.#payload(body.getStruct(1), own, other);
    } else if (kind === 'return') {
      const which = body.getUint16(6);
      if (which === RETURN_TAG.results) this.#payload(body.getStruct(0), own, other);
      else assert.equal(which, RETURN_TAG.exception);
      other.close(id, 'isReturned');
    } else {
      assert.equal(kind, 'abort');
      assert.notEqual(body.getText(0), '');
    }
  }

  side(name: string): Side {
    return this.#side(name);
  }

  #side(name: string): Side {
    const side = this.#sides.get(name) ?? new Side();
    this.#sides.set(name, side);
    return side;
  }

  #target(target: StructReader, own: Side, other: Side): void {
    if (target.getUint16(4) === TARGET_TAG.importedCap) assert.ok((other.exports.get(target.getUint32(0)) ?? 0) > 0);
    else this.#answer(target.getStruct(0), own);
  }

  #answer(promised: StructReader, own: Side): void {
    assert.ok(own.questions.has(promised.getUint32(0)));
    readPath(promised);
  }

  #payload(payload: StructReader, own: Side, other: Side): void {
    const table = payload.getStructList(1);
    for (let i = 0; i < table.length; i++) {
      const descriptor = table.getStruct(i);
      const tag = descriptor.getUint16(0);
      const id = descriptor.getUint32(4);
      if (tag === DESCRIPTOR_TAG.senderHosted || tag === DESCRIPTOR_TAG.senderPromise) own.mention(id);
      else if (tag === DESCRIPTOR_TAG.receiverHosted) assert.ok((other.exports.get(id) ?? 0) > 0);
      else if (tag === DESCRIPTOR_TAG.receiverAnswer) this.#answer(descriptor.getStruct(0), own);
      else assert.equal(tag, DESCRIPTOR_TAG.none);
    }
  }
}

for (const name of ['node-wallet', 'gui-node']) {
  test(`recorded traffic of the reference: ${name}`, (t) => {
    if (!existsSync(`${FOLDER}/${name}.jsonl.gz`)) {
      t.skip(`skipped: no ${FOLDER}/${name}.jsonl.gz`);
      return;
    }
    const messages = recorded(name);
    const names = [...new Set(messages.map(({ from }) => from))];
    assert.equal(names.length, 2);
    const conversation = new Conversation();
    for (const { from, message } of messages) {
      conversation.take(from, names.find((other) => other !== from) ?? assert.fail(), message);
      // Everything in a message can be reached: a copy is as long as the original.
      const copy = new MessageBuilder(message.byteLength);
      copyPointer(message.rootPointer(), copy, 0);
      assert.equal(copy.byteLength, message.byteLength);
    }
    assert.ok((conversation.counts.get('call') ?? 0) > 500);
  });
}
