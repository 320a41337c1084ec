import {
  copyPointer,
  decodeFrame,
  encodeFrame,
  FrameDecoder,
  ListElementSize,
  MessageBuilder,
  WireError,
  type ListReader,
  type MessageReader,
  type PointerReader,
  type StructReader,
} from '../../capnp/wire/index.js';
import { MESSAGE_TAG } from '../../capnp/rpc/rpc-schema.js';
import type { StructCodec } from '../../proxy/codec.js';
import type { MethodType } from '../../proxy/interface.js';
import { noLog } from '../../proxy/log.js';
import { Session } from '../../proxy/session.js';
import { pick, seededRandom, type Random } from '../random.js';
import { methodOf } from './grammar.js';
import { methods } from '../interfaces.js';
import { AnyCapabilities } from './stand-ins.js';

/** Everything a message is walked for at most: what is left is more of the same. */
const MOST_VISITS = 2000;

/** Elements of a list that are looked at. */
const MOST_ELEMENTS = 20;

/** Cuts the stream of the input at places of its own choice; what comes out are messages or a WireError. */
export function cutStream(input: Uint8Array): void {
  const random = seededRandom(input.length);
  const whole = new FrameDecoder();
  whole.push(input);
  const pieces = new FrameDecoder();
  const fromPieces: MessageReader[] = [];
  const pieceError = caught(() => {
    for (let at = 0; at < input.length; ) {
      const length = 1 + random.below(random.oneIn(3) ? 4 : 200);
      pieces.push(input.subarray(at, at + length));
      at += length;
      for (let message = pieces.next(); message !== null; message = pieces.next()) fromPieces.push(message);
    }
  });
  const fromWhole: MessageReader[] = [];
  const wholeError = caught(() => {
    for (let message = whole.next(); message !== null; message = whole.next()) fromWhole.push(message);
  });
  const told = (error: Error | undefined, messages: readonly MessageReader[]): string =>
    `${error?.message ?? 'no error'} after ${messages.map((message) => `${message.segments.length}:${message.byteLength}`).join(' ')}`;
  const [first, second] = [told(pieceError, fromPieces), told(wholeError, fromWhole)];
  if (first !== second) throw new Error(`Cut, the stream reads otherwise: ${first}; ${second}.`);
}

/** Reads one message in every way there is: as any pointer, copied, and with the generated codecs. */
export function readContent(input: Uint8Array): void {
  const message = refused(() => decodeFrame(input));
  if (message === undefined) return;
  const random = seededRandom(input.length + (input[8] ?? 0) * 256 + (input[input.length - 1] ?? 0));
  message.capabilities = new AnyCapabilities();
  refused(() => new Visitor().pointer(message.rootPointer()));
  copied(input);
  for (let i = 0; i < 6; i++) decoded(input, random);
}

/** A copy means what the original means, and copying it again changes nothing. */
function copied(input: Uint8Array): void {
  const source = decodeFrame(input);
  source.capabilities = new AnyCapabilities();
  const first = new MessageBuilder(64, new AnyCapabilities());
  if (refused(() => (copyPointer(source.rootPointer(), first, 0), true)) === undefined) return;
  const again = decodeFrame(encodeFrame(first));
  again.capabilities = new AnyCapabilities();
  const second = new MessageBuilder(64, new AnyCapabilities());
  copyPointer(again.rootPointer(), second, 0);
  if (Buffer.compare(first.bytes(), second.bytes()) !== 0) throw new Error('A copy of a copy differs.');
}

/** Parameters or results of some method, read and written again, must read the same. */
function decoded(input: Uint8Array, random: Random): void {
  const session = new Session(noLog, 'fuzzed');
  const source = decodeFrame(input);
  source.capabilities = new AnyCapabilities();
  const called = refused(() => calledMethod(source.root()));
  const method = called ?? pick(random, methods);
  const codec: StructCodec<unknown> = called !== undefined || random.oneIn(2) ? method.params : method.results;
  const place = refused(() => contentOf(source.root()));
  if (place === undefined) return;
  const value = refused(() => ({ of: codec.read(place, session) }));
  if (value === undefined) return;
  const first = new MessageBuilder(256, new AnyCapabilities());
  codec.write(first.initRoot(codec.size), value.of, session);
  const written = decodeFrame(encodeFrame(first));
  written.capabilities = new AnyCapabilities();
  const again = codec.read(written.root(), session);
  const second = new MessageBuilder(256, new AnyCapabilities());
  codec.write(second.initRoot(codec.size), again, session);
  if (Buffer.compare(first.bytes(), second.bytes()) !== 0) {
    throw new Error(`${method.interfaceName}.${method.methodName} reads otherwise when it is written again.`);
  }
  codec.show(value.of);
}

/** The method that the message calls, if it is a call of a known one. */
function calledMethod(root: StructReader): MethodType<unknown, unknown> | undefined {
  const body = root.getStruct(0);
  return root.getUint16(0) === MESSAGE_TAG.call ? methodOf(body.getUint64(8), body.getUint16(4)) : undefined;
}

/** The parameters or results of a message of the protocol, or the root itself. */
function contentOf(root: StructReader): StructReader {
  if (root.pointerCount !== 1) return root;
  const body = root.getStruct(0);
  const tag = root.getUint16(0);
  return tag === MESSAGE_TAG.call ? body.getStruct(1).getStruct(0) : tag === MESSAGE_TAG.return ? body.getStruct(0).getStruct(0) : body;
}

/** Looks at everything that can be reached. */
class Visitor {
  #left = MOST_VISITS;

  pointer(pointer: PointerReader): void {
    if (this.#left-- <= 0 || pointer.isNull) return;
    refused(() => pointer.asText());
    refused(() => pointer.asData());
    refused(() => pointer.asCapability()?.dispose());
    for (const elements of [ListElementSize.BIT, ListElementSize.BYTE_4, ListElementSize.POINTER, ListElementSize.COMPOSITE]) {
      const list = refused(() => pointer.asList(elements));
      if (list !== undefined) this.#list(list, elements);
    }
    const struct = refused(() => pointer.asStruct());
    if (struct !== undefined) this.#struct(struct);
  }

  #struct(struct: StructReader): void {
    for (const offset of [0, 1, 6, 7, 8, struct.dataBytes - 1, struct.dataBytes, 1e6]) {
      if (offset < 0) continue;
      struct.getBool(offset);
      struct.getInt32(offset, 5);
      struct.getInt64(offset, -1n);
      struct.getFloat64(offset, 1.5);
    }
    for (let index = 0; index <= Math.min(struct.pointerCount, MOST_ELEMENTS); index++) {
      struct.has(index);
      this.pointer(struct.getPointer(index));
    }
  }

  #list(list: ListReader, elements: ListElementSize): void {
    for (let index = 0; index < Math.min(list.length, MOST_ELEMENTS); index++) {
      if (elements === ListElementSize.BIT) list.getBool(index);
      else if (elements === ListElementSize.BYTE_4) list.getInt32(index);
      else if (elements === ListElementSize.COMPOSITE) this.#struct(list.getStruct(index));
      else {
        list.has(index);
        refused(() => list.getText(index));
        const inner = refused(() => list.getList(index, ListElementSize.COMPOSITE));
        if (inner !== undefined && this.#left-- > 0) this.#list(inner, ListElementSize.COMPOSITE);
      }
    }
    if (refused(() => list.getStruct(list.length)) !== undefined) throw new Error('An element beyond the end of a list was read.');
  }
}

/** The result, or undefined when the message was refused in the way that messages are. */
function refused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function caught(run: () => void): WireError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
}
