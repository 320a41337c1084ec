import { NESTING_LIMIT } from '../wire/limits.js';
import { StructBuilder } from '../wire/struct-builder.js';
import type { StructReader } from '../wire/struct-reader.js';
import { CallMessage } from './call-messages.js';
import { RpcError } from './error.js';
import { OP, OP_TAG, PROMISED_ANSWER } from './rpc-schema.js';

function fill(answer: StructBuilder, questionId: number, path: readonly number[]): void {
  answer.setUint32(0, questionId);
  if (path.length === 0) return;
  const ops = answer.initStructList(0, path.length, OP);
  path.forEach((index, position) => {
    const op = ops.getStruct(position);
    op.setUint16(0, OP_TAG.getPointerField);
    op.setUint16(2, index);
  });
}

/** Writes a PromisedAnswer at pointer 0 of `parent`. */
export function writePromisedAnswer(parent: StructBuilder, questionId: number, path: readonly number[]): void {
  fill(parent.initStruct(0, PROMISED_ANSWER), questionId, path);
}

/** Writes the PromisedAnswer a call is aimed at. */
export function writeAnswerTarget(message: CallMessage, questionId: number, path: readonly number[]): void {
  fill(StructBuilder.init(message.builder, CallMessage.TARGET_ANSWER_OFFSET, PROMISED_ANSWER), questionId, path);
}

// One for all: a message may hold very many.
const UNSUPPORTED_OP = new RpcError('unimplemented', 'Unsupported pipeline op.');

/** The pointer indices of a PromisedAnswer. @throws RpcError for an operation unknown here, or too many */
export function readPath(answer: StructReader): number[] {
  const ops = answer.getStructList(0);
  if (ops.length > NESTING_LIMIT) throw new RpcError('failed', `Path into results is too long: ${ops.length} steps, ${NESTING_LIMIT} allowed.`);
  const path: number[] = [];
  for (let i = 0; i < ops.length; i++) {
    const op = ops.getStruct(i);
    const tag = op.getUint16(0);
    if (tag === OP_TAG.getPointerField) path.push(op.getUint16(2));
    else if (tag !== OP_TAG.noop) throw UNSUPPORTED_OP;
  }
  return path;
}
