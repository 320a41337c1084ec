import { MESSAGE_TAG } from '../../capnp/rpc/rpc-schema.js';
import { copyPointer, decodeFrame, encodeFrame, MessageBuilder, WireError, type StructBuilder } from '../../capnp/wire/index.js';
import type { StructCodec } from '../../proxy/codec.js';
import type { MethodType } from '../../proxy/interface.js';
import { INIT_CONSTRUCT, THREAD_GET_NAME, THREAD_MAP_MAKE_POOL, THREAD_MAP_MAKE_THREAD } from '../../proxy/thread-interface.js';
import { pick, type Random } from '../random.js';
import { methods } from '../interfaces.js';
import { Content, EXTREMES } from './grammar-content.js';
import { shapesOf } from './shape.js';

const threadMethods = [INIT_CONSTRUCT, THREAD_GET_NAME, THREAD_MAP_MAKE_POOL, THREAD_MAP_MAKE_THREAD];

const byId = new Map(methods.map((method) => [`${method.interfaceId}.${method.methodId}`, method]));

/** The method that a call names. */
export function methodOf(interfaceId: bigint, methodId: number): MethodType<unknown, unknown> | undefined {
  return byId.get(`${interfaceId}.${methodId}`);
}

type Kind = Exclude<keyof typeof MESSAGE_TAG, 'unimplemented'>;

/** Kinds of messages, the usual ones more often. */
const KINDS: readonly Kind[] = ['call', 'call', 'call', 'call', 'call', 'return', 'return', 'return', 'finish', 'finish', 'release', 'release', 'resolve', 'disembargo', 'bootstrap', 'abort'];

/** A message that looks like one of the protocol's: the kinds and numbers are plausible, not right. */
export function makeMessage(random: Random): Uint8Array {
  const message = new MessageBuilder();
  const root = message.initRoot({ dataWords: 1, pointers: 1 });
  const kind = pick(random, KINDS);
  if (random.oneIn(40)) {
    root.setUint16(0, MESSAGE_TAG.unimplemented);
    const inner = root.initStruct(0, { dataWords: 1, pointers: 1 });
    inner.setUint16(0, MESSAGE_TAG[kind]);
    new Body(random).write(kind, inner);
  } else {
    root.setUint16(0, random.oneIn(60) ? random.below(20) : MESSAGE_TAG[kind]);
    new Body(random).write(kind, root);
  }
  return encodeFrame(message);
}

/** The same call with other parameters, as its method has them; the frame itself if it is no call. */
export function withOtherParams(frame: Uint8Array, random: Random): Uint8Array {
  try {
    const call = decodeFrame(frame).root();
    const body = call.getStruct(0);
    const method = methodOf(body.getUint64(8), body.getUint16(4));
    if (call.getUint16(0) !== MESSAGE_TAG.call || method === undefined) return frame;
    const message = new MessageBuilder();
    const root = message.initRoot({ dataWords: 1, pointers: 1 });
    root.setUint16(0, MESSAGE_TAG.call);
    const to = root.initStruct(0, { dataWords: 3, pointers: 3 });
    to.setUint32(0, body.getUint32(0));
    to.setUint16(4, method.methodId);
    to.setUint64(8, method.interfaceId);
    copyPointer(body.getPointer(0), message, to.pointerOffset(0));
    new Body(random).payload(to.initStruct(1, { dataWords: 0, pointers: 2 }), method.params);
    return encodeFrame(message);
  } catch (error) {
    if (error instanceof WireError) return frame;
    throw error;
  }
}

class Body {
  constructor(private readonly random: Random) {}

  write(kind: Kind, root: StructBuilder): void {
    switch (kind) {
      case 'call':
        this.#call(root.initStruct(0, { dataWords: 3, pointers: 3 }));
        return;
      case 'return':
        this.#return(root.initStruct(0, { dataWords: 2, pointers: 1 }));
        return;
      case 'finish':
      case 'release':
        this.#numbers(root.initStruct(0, { dataWords: 1, pointers: 0 }));
        return;
      case 'resolve':
        this.#resolve(root.initStruct(0, { dataWords: 1, pointers: 1 }));
        return;
      case 'disembargo': {
        const body = root.initStruct(0, { dataWords: 1, pointers: 1 });
        body.setUint32(0, this.#id());
        body.setUint16(4, this.random.below(4));
        this.#target(body.initStruct(0, { dataWords: 1, pointers: 1 }));
        return;
      }
      case 'bootstrap':
        root.initStruct(0, { dataWords: 1, pointers: 1 }).setUint32(0, this.#id());
        return;
      case 'abort':
        this.#exception(root.initStruct(0, { dataWords: 1, pointers: 2 }));
    }
  }

  /** A number as tables give them out. */
  #id(): number {
    const { random } = this;
    return random.oneIn(25) ? pick(random, EXTREMES) : random.below(random.oneIn(4) ? 20 : 5);
  }

  #numbers(body: StructBuilder): void {
    body.setUint32(0, this.#id());
    body.setUint32(4, this.random.oneIn(3) ? this.#id() : this.random.below(3));
  }

  #call(body: StructBuilder): void {
    const { random } = this;
    const method = pick(random, methods);
    const { interfaceId, methodId } = random.oneIn(4) ? pick(random, threadMethods) : method;
    body.setUint32(0, this.#id());
    body.setUint16(4, random.oneIn(20) ? random.below(200) : methodId);
    body.setUint16(6, random.oneIn(15) ? random.below(3) : 0);
    body.setUint64(8, interfaceId);
    this.#target(body.initStruct(0, { dataWords: 1, pointers: 1 }));
    this.payload(body.initStruct(1, { dataWords: 0, pointers: 2 }), method.params);
  }

  #return(body: StructBuilder): void {
    const { random } = this;
    body.setUint32(0, this.#id());
    body.setUint16(4, random.below(2));
    const which = random.oneIn(4) ? random.below(7) : 0;
    body.setUint16(6, which);
    if (which === 0) this.payload(body.initStruct(0, { dataWords: 0, pointers: 2 }), pick(random, methods).results);
    else if (which === 1) this.#exception(body.initStruct(0, { dataWords: 1, pointers: 2 }));
    else body.setUint32(8, this.#id());
  }

  #resolve(body: StructBuilder): void {
    body.setUint32(0, this.#id());
    const which = this.random.below(3);
    body.setUint16(4, which);
    if (which === 1) this.#exception(body.initStruct(0, { dataWords: 1, pointers: 2 }));
    else this.#descriptor(body.initStruct(0, { dataWords: 1, pointers: 1 }));
  }

  #exception(body: StructBuilder): void {
    body.setUint16(4, this.random.below(6));
    body.setText(0, pick(this.random, ['', 'no', 'remote exception: x']));
  }

  #target(body: StructBuilder): void {
    const { random } = this;
    if (random.oneIn(2)) {
      body.setUint32(0, this.#id());
      if (random.oneIn(50)) body.setUint16(4, random.below(5));
      return;
    }
    body.setUint16(4, 1);
    this.#promisedAnswer(body.initStruct(0, { dataWords: 1, pointers: 1 }));
  }

  #promisedAnswer(body: StructBuilder): void {
    const { random } = this;
    body.setUint32(0, this.#id());
    const steps = body.initStructList(0, random.below(random.oneIn(20) ? 30 : 3), { dataWords: 1, pointers: 0 });
    for (let i = 0; i < steps.length; i++) {
      steps.getStruct(i).setUint16(0, random.oneIn(20) ? random.below(5) : random.below(2));
      steps.getStruct(i).setUint16(2, random.oneIn(10) ? random.below(0x10000) : random.below(3));
    }
  }

  payload(body: StructBuilder, codec: StructCodec<unknown>): void {
    const { random } = this;
    const caps = random.below(4);
    if (random.oneIn(6)) new Content(random, caps).anything(body, 0, 3);
    else new Content(random, caps).struct(body.initStruct(0, codec.size), shapesOf(codec));
    if (random.oneIn(30)) return;
    const table = body.initStructList(1, caps, { dataWords: 1, pointers: 1 });
    for (let i = 0; i < caps; i++) this.#descriptor(table.getStruct(i));
  }

  #descriptor(body: StructBuilder): void {
    const { random } = this;
    const tag = random.oneIn(30) ? random.below(9) : random.below(5);
    body.setUint16(0, tag);
    if (tag === 4) this.#promisedAnswer(body.initStruct(0, { dataWords: 1, pointers: 1 }));
    else body.setUint32(4, this.#id());
  }
}
