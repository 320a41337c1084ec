import { memoryTransportPair } from '../transport/memory.js';
import type { MemoryTransport } from '../transport/memory.js';
import { MessageBuilder } from '../wire/message.js';
import type { MessageReader } from '../wire/message.js';
import type { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import { initBody } from './call-messages.js';
import { Connection } from './connection.js';
import type { ConnectionOptions } from './connection.js';
import { CAP_DESCRIPTOR, DISEMBARGO_TAG, MESSAGE_TAG, MESSAGE_TARGET, OP, PROMISED_ANSWER, TARGET_TAG } from './rpc-schema.js';
import { settle } from './testing.js';

/** A message as tests look at it: its kind and its body. */
export interface Received {
  readonly kind: string;
  readonly body: StructReader;
  readonly message: MessageReader;
}

/** A peer that says whatever a test wants it to say, right or wrong. */
export class RawPeer {
  readonly connection: Connection;
  readonly received: Received[] = [];
  hasEnded = false;
  readonly #transport: MemoryTransport;
  readonly #target: MemoryTransport;

  constructor(options: ConnectionOptions = {}) {
    const [own, other] = memoryTransportPair();
    this.#transport = own;
    this.#target = other;
    own.start({
      message: (message) => {
        const root = message.root();
        const tag = root.getUint16(0);
        const kind = Object.entries(MESSAGE_TAG).find(([, value]) => value === tag)?.[0] ?? String(tag);
        this.received.push({ kind, body: root.getStruct(0), message });
      },
      malformed: (error) => {
        throw error;
      },
      ended: () => (this.hasEnded = true),
    });
    this.connection = new Connection(other, options);
  }

  /** Everything received since the last time, after all has arrived. */
  async take(): Promise<Received[]> {
    await settle(6);
    return this.received.splice(0);
  }

  sendBytes(frame: Uint8Array): void {
    this.#target.sendBytes(frame);
  }

  send(message: MessageBuilder): void {
    this.#transport.send(message);
  }

  hangUp(): void {
    this.#transport.close();
  }

  sendBody(kind: keyof typeof MESSAGE_TAG | number, size: { dataWords: number; pointers: number }, build: (body: StructBuilder) => void): void {
    const message = new MessageBuilder();
    build(initBody(message, typeof kind === 'number' ? kind : MESSAGE_TAG[kind], size));
    this.send(message);
  }

  bootstrap(questionId: number): void {
    this.sendBody('bootstrap', { dataWords: 1, pointers: 1 }, (body) => body.setUint32(0, questionId));
  }

  /**
   * A call with an Int32, zeros as text and, as capabilities at pointer 1 and on, descriptors given as [tag, number];
   * or with descriptors that nothing points to.
   */
  call(questionId: number, target: Target, methodId: number, options: PayloadOptions & { sendResultsTo?: number } = {}): void {
    this.sendBody('call', { dataWords: 3, pointers: 3 }, (body) => {
      body.setUint32(0, questionId);
      body.setUint16(4, methodId);
      body.setUint16(6, options.sendResultsTo ?? 0);
      body.setUint64(8, 0xabcdef0123456789n);
      writeTarget(body, target);
      payload(body.initStruct(1, { dataWords: 0, pointers: 2 }), options);
    });
  }

  /** A Return with results of the same form. */
  returnResults(answerId: number, options: PayloadOptions & { releaseParamCaps?: boolean } = {}): void {
    this.sendBody('return', { dataWords: 2, pointers: 1 }, (body) => {
      body.setUint32(0, answerId);
      body.setBool(32, options.releaseParamCaps ?? false, true);
      payload(body.initStruct(0, { dataWords: 0, pointers: 2 }), options);
    });
  }

  /** Says what a promise of the peer's has become: a descriptor. */
  resolve(promise: number, tag: number, id: number): void {
    this.sendBody('resolve', { dataWords: 1, pointers: 1 }, (body) => {
      body.setUint32(0, promise);
      const descriptor = body.initStruct(0, CAP_DESCRIPTOR);
      descriptor.setUint16(0, tag);
      descriptor.setUint32(4, id);
    });
  }

  disembargo(context: keyof typeof DISEMBARGO_TAG, id: number, target: Target): void {
    this.sendBody('disembargo', { dataWords: 1, pointers: 1 }, (body) => {
      body.setUint32(0, id);
      body.setUint16(4, DISEMBARGO_TAG[context]);
      writeTarget(body, target);
    });
  }

  finish(questionId: number, releaseResultCaps: boolean): void {
    this.sendBody('finish', { dataWords: 1, pointers: 0 }, (body) => {
      body.setUint32(0, questionId);
      body.setBool(32, releaseResultCaps, true);
    });
  }

  release(id: number, count: number): void {
    this.sendBody('release', { dataWords: 1, pointers: 0 }, (body) => {
      body.setUint32(0, id);
      body.setUint32(4, count);
    });
  }
}

type Target = { importedCap: number } | { answer: number; ops?: [number, number][] };

/** Writes a MessageTarget at pointer 0. */
function writeTarget(parent: StructBuilder, target: Target): void {
  const builder = parent.initStruct(0, MESSAGE_TARGET);
  if ('importedCap' in target) {
    builder.setUint32(0, target.importedCap);
    return;
  }
  builder.setUint16(4, TARGET_TAG.promisedAnswer);
  const answer = builder.initStruct(0, PROMISED_ANSWER);
  answer.setUint32(0, target.answer);
  const ops = answer.initStructList(0, target.ops?.length ?? 0, OP);
  target.ops?.forEach(([tag, index], i) => {
    ops.getStruct(i).setUint16(0, tag);
    ops.getStruct(i).setUint16(2, index);
  });
}

interface PayloadOptions {
  n?: number;
  caps?: [number, number][];
  bytes?: number;
  descriptors?: [number, number][];
}

function payload(target: StructBuilder, { n = 0, caps = [], bytes = 0, descriptors = caps }: PayloadOptions): void {
  const content = target.initStruct(0, { dataWords: 1, pointers: 3 });
  content.setInt32(0, n);
  if (bytes > 0) content.setData(0, new Uint8Array(bytes));
  caps.forEach((_, i) => {
    const at = content.pointerOffset(1 + i);
    content.message.segment.setUint32(at, 3);
    content.message.segment.setUint32(at + 4, i);
  });
  const table = target.initStructList(1, descriptors.length, CAP_DESCRIPTOR);
  descriptors.forEach(([tag, number], i) => {
    table.getStruct(i).setUint16(0, tag);
    table.getStruct(i).setUint32(4, number);
  });
}

