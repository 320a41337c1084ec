import { MessageBuilder, MessageReader } from '../wire/message.js';
import { NESTING_LIMIT } from '../wire/limits.js';
import { PointerReader } from '../wire/pointer-reader.js';
import { StructBuilder } from '../wire/struct-builder.js';
import type { StructSize } from '../wire/types.js';
import { HookTable } from './capability-table.js';
import { EXCEPTION, MESSAGE_TAG, RETURN_TAG } from './rpc-schema.js';
import { RPC_ERROR_KINDS } from './error.js';
import type { RpcError } from './error.js';

/*
 * Calls, returns and finishes are most of the traffic. Their envelopes always have the same shape, so they are stamped
 * from a template and the parameters or results are built right behind them, in the message that is sent.
 */

interface Template {
  readonly words: number;
  /** What is not zero, by byte offset. */
  readonly marks: readonly { readonly at: number; readonly value: number }[];
}

/** Lower and upper half of a struct pointer, as a pair to lay out a template with. */
function structPointer(offsetWords: number, dataWords: number, pointers: number): [number, number] {
  return [offsetWords << 2, dataWords + pointers * 0x10000];
}

function template(words: readonly (readonly [number, number])[]): Template {
  const marks = words.flat().map((value, index) => ({ at: index * 4, value }));
  return { words: words.length, marks: marks.filter(({ value }) => value !== 0) };
}

const NULL_WORD: [number, number] = [0, 0];

/** Message, Call, MessageTarget and Payload, one after another. */
const CALL_TEMPLATE = template([
  structPointer(0, 1, 1), // root: Message
  [MESSAGE_TAG.call, 0],
  structPointer(0, 3, 3), // Message.call
  NULL_WORD, // 24: questionId, methodId, sendResultsTo
  NULL_WORD, // 32: interfaceId
  NULL_WORD,
  structPointer(2, 1, 1), // Call.target
  structPointer(3, 0, 2), // Call.params
  NULL_WORD,
  NULL_WORD, // 72: MessageTarget
  NULL_WORD, // 80: MessageTarget.promisedAnswer
  NULL_WORD, // 88: Payload.content
  NULL_WORD, // 96: Payload.capTable
]);

/** Message, Return and Payload, one after another. Bit 32 is the inverse of releaseParamCaps. */
const RETURN_TEMPLATE = template([
  structPointer(0, 1, 1), // root: Message
  [MESSAGE_TAG.return, 0],
  structPointer(0, 2, 1), // Message.return
  [0, 1], // 24: answerId, releaseParamCaps = false
  NULL_WORD,
  structPointer(0, 0, 2), // Return.results
  NULL_WORD, // 48: Payload.content
  NULL_WORD, // 56: Payload.capTable
]);

/** Message and Finish. Bit 32 is the inverse of releaseResultCaps. */
const FINISH_TEMPLATE = template([
  structPointer(0, 1, 1), // root: Message
  [MESSAGE_TAG.finish, 0],
  structPointer(0, 1, 0), // Message.finish
  NULL_WORD, // 24: questionId, releaseResultCaps
]);

/** Room for a few capability descriptors and strings without growing. */
const SPARE_BYTES = 128;

/** @param roomBytes for what is to be built behind it */
function stamped({ words, marks }: Template, roomBytes: number, table?: HookTable, maxBytes?: number): MessageBuilder {
  const builder = new MessageBuilder(words * 8 + roomBytes, table, maxBytes);
  builder.allocate(words - 1);
  const { segment } = builder;
  for (const { at, value } of marks) segment.setUint32(at, value);
  return builder;
}

function contentReader(builder: MessageBuilder, offset: number): PointerReader {
  return new PointerReader(MessageReader.fromBuilder(builder), builder.segment, offset, NESTING_LIMIT);
}

/** A Call message whose parameters are built or copied in first; the rest is filled in when it is sent. */
export class CallMessage {
  static readonly CONTENT_OFFSET = 88;
  static readonly CAP_TABLE_OFFSET = 96;
  static readonly TARGET_ANSWER_OFFSET = 80;
  readonly builder: MessageBuilder;
  readonly table = new HookTable();

  /**
   * @param contentBytes expected size of the parameters
   * @param maxBytes how large the message may become
   */
  constructor(contentBytes: number, maxBytes?: number) {
    this.builder = stamped(CALL_TEMPLATE, contentBytes + SPARE_BYTES, this.table, maxBytes);
  }

  initParams(size: StructSize): StructBuilder {
    return StructBuilder.init(this.builder, CallMessage.CONTENT_OFFSET, size);
  }

  content(): PointerReader {
    return contentReader(this.builder, CallMessage.CONTENT_OFFSET);
  }

  /** Lets go of its capabilities and, once it is written, of its bytes. To be done once. */
  dispose(): void {
    this.table.dispose();
    this.builder.release();
  }

  setHeader(questionId: number, interfaceId: bigint, methodId: number, isTail: boolean): void {
    const { segment } = this.builder;
    segment.setUint32(24, questionId);
    segment.setUint16(28, methodId);
    segment.setUint16(30, isTail ? 1 : 0);
    segment.setUint64(32, interfaceId);
  }

  /** Aims the call at an export of the peer. */
  setImportTarget(importId: number): void {
    this.builder.segment.setUint32(72, importId);
  }

  /** Marks the target as a promised answer, to be written at `TARGET_ANSWER_OFFSET`. */
  setAnswerTarget(): void {
    this.builder.segment.setUint16(76, 1);
  }
}

/** A Return message with results. */
export class ReturnMessage {
  static readonly CONTENT_OFFSET = 48;
  static readonly CAP_TABLE_OFFSET = 56;
  readonly builder: MessageBuilder;
  readonly table = new HookTable();

  /**
   * @param contentBytes expected size of the results
   * @param maxBytes how large the message may become
   */
  constructor(contentBytes: number, maxBytes?: number) {
    this.builder = stamped(RETURN_TEMPLATE, contentBytes + SPARE_BYTES, this.table, maxBytes);
  }

  initResults(size: StructSize): StructBuilder {
    return StructBuilder.init(this.builder, ReturnMessage.CONTENT_OFFSET, size);
  }

  content(): PointerReader {
    return contentReader(this.builder, ReturnMessage.CONTENT_OFFSET);
  }

  /** Lets go of its capabilities and, once it is written, of its bytes. To be done once. */
  dispose(): void {
    this.table.dispose();
    this.builder.release();
  }

  setAnswerId(answerId: number): void {
    this.builder.segment.setUint32(24, answerId);
  }
}

/**
 * A Finish message.
 * @param isReleasing whether the peer is to release the capabilities in results that are still on their way
 */
export function finishMessage(questionId: number, isReleasing: boolean): MessageBuilder {
  const builder = stamped(FINISH_TEMPLATE, 0);
  builder.segment.setUint32(24, questionId);
  builder.segment.setUint32(28, isReleasing ? 0 : 1);
  return builder;
}

/** A Return message without results: an exception, or one of the kinds that carry nothing or a number. */
export function bareReturn(answerId: number, kind: keyof typeof RETURN_TAG, otherQuestion = 0): MessageBuilder {
  const builder = new MessageBuilder(64);
  const body = initBody(builder, MESSAGE_TAG.return, { dataWords: 2, pointers: 1 });
  body.setUint32(0, answerId);
  body.setBool(32, false, true);
  body.setUint16(6, RETURN_TAG[kind]);
  body.setUint32(8, otherQuestion);
  return builder;
}

/** A Return message with an exception. */
export function exceptionReturn(answerId: number, error: RpcError): MessageBuilder {
  const builder = new MessageBuilder(256);
  const body = initBody(builder, MESSAGE_TAG.return, { dataWords: 2, pointers: 1 });
  body.setUint32(0, answerId);
  body.setBool(32, false, true);
  body.setUint16(6, RETURN_TAG.exception);
  writeException(body.initStruct(0, EXCEPTION), error);
  return builder;
}

/** Characters of an error's text that are sent; of what a method threw, or another peer sent, it may be any number. */
const MAX_REASON = 64 * 1024;

/** Fills an Exception struct. */
export function writeException(target: StructBuilder, error: RpcError): void {
  const { message } = error;
  target.setText(0, message.length > MAX_REASON ? `${message.slice(0, MAX_REASON)}…` : message);
  target.setUint16(4, RPC_ERROR_KINDS.indexOf(error.kind));
}

/** The root of a message of the given kind; returns its body. */
export function initBody(builder: MessageBuilder, tag: number, size: StructSize): StructBuilder {
  const root = builder.initRoot({ dataWords: 1, pointers: 1 });
  root.setUint16(0, tag);
  return root.initStruct(0, size);
}
