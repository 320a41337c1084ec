import { equalBytes } from '../bytes/bytes.js';
import {
  OP_2DROP,
  OP_2DUP,
  OP_2OVER,
  OP_2ROT,
  OP_2SWAP,
  OP_3DUP,
  OP_DEPTH,
  OP_DROP,
  OP_DUP,
  OP_EQUAL,
  OP_EQUALVERIFY,
  OP_FROMALTSTACK,
  OP_IFDUP,
  OP_NIP,
  OP_OVER,
  OP_PICK,
  OP_ROLL,
  OP_ROT,
  OP_SIZE,
  OP_SWAP,
  OP_TOALTSTACK,
  OP_TUCK,
} from './opcodes.js';
import { decodeScriptNumber, encodeScriptNumber, isTruthy } from './script-number.js';
import type { ScriptError } from './script-error.js';

export const scriptTrue = Uint8Array.of(1);
export const scriptFalse = new Uint8Array(0);

const empty = new Uint8Array(0);

/** Elements an operation looks at; the top of the stack is the last. */
const operands: ReadonlyMap<number, number> = new Map([
  [OP_TOALTSTACK, 1],
  [OP_FROMALTSTACK, 0],
  [OP_2DROP, 2],
  [OP_2DUP, 2],
  [OP_3DUP, 3],
  [OP_2OVER, 4],
  [OP_2ROT, 6],
  [OP_2SWAP, 4],
  [OP_IFDUP, 1],
  [OP_DEPTH, 0],
  [OP_DROP, 1],
  [OP_DUP, 1],
  [OP_NIP, 2],
  [OP_OVER, 2],
  [OP_PICK, 2],
  [OP_ROLL, 2],
  [OP_ROT, 3],
  [OP_SWAP, 2],
  [OP_TUCK, 2],
  [OP_SIZE, 1],
  [OP_EQUAL, 2],
  [OP_EQUALVERIFY, 2],
]);

/** The operations that move elements about, with OP_SIZE and OP_EQUAL. Others are BAD_OPCODE. */
export function runStackOperation(
  opcode: number,
  stack: Uint8Array[],
  altStack: Uint8Array[],
  minimal: boolean,
): ScriptError | undefined {
  const needed = operands.get(opcode);
  if (needed === undefined) return 'BAD_OPCODE';
  const size = stack.length;
  if (size < needed) return 'INVALID_STACK_OPERATION';
  // `at(1)` is the top.
  const at = (depth: number): Uint8Array => stack[size - depth] ?? empty;
  switch (opcode) {
    case OP_TOALTSTACK:
      altStack.push(at(1));
      stack.pop();
      return undefined;
    case OP_FROMALTSTACK: {
      const top = altStack.pop();
      if (top === undefined) return 'INVALID_ALTSTACK_OPERATION';
      stack.push(top);
      return undefined;
    }
    case OP_2DROP:
      stack.length = size - 2;
      return undefined;
    case OP_2DUP:
      stack.push(at(2), at(1));
      return undefined;
    case OP_3DUP:
      stack.push(at(3), at(2), at(1));
      return undefined;
    case OP_2OVER:
      stack.push(at(4), at(3));
      return undefined;
    case OP_2ROT:
      stack.push(...stack.splice(size - 6, 2));
      return undefined;
    case OP_2SWAP:
      stack.push(...stack.splice(size - 4, 2));
      return undefined;
    case OP_IFDUP:
      if (isTruthy(at(1))) stack.push(at(1));
      return undefined;
    case OP_DEPTH:
      stack.push(encodeScriptNumber(size));
      return undefined;
    case OP_DROP:
      stack.pop();
      return undefined;
    case OP_DUP:
      stack.push(at(1));
      return undefined;
    case OP_NIP:
      stack.splice(size - 2, 1);
      return undefined;
    case OP_OVER:
      stack.push(at(2));
      return undefined;
    case OP_PICK:
    case OP_ROLL: {
      const depth = decodeScriptNumber(at(1), minimal);
      if (depth === undefined) return 'SCRIPTNUM';
      stack.pop();
      if (depth < 0 || depth >= size - 1) return 'INVALID_STACK_OPERATION';
      const element = at(depth + 2);
      if (opcode === OP_ROLL) stack.splice(size - depth - 2, 1);
      stack.push(element);
      return undefined;
    }
    case OP_ROT:
      stack.push(...stack.splice(size - 3, 1));
      return undefined;
    case OP_SWAP:
      stack.push(...stack.splice(size - 2, 1));
      return undefined;
    case OP_TUCK:
      stack.splice(size - 2, 0, at(1));
      return undefined;
    case OP_SIZE:
      stack.push(encodeScriptNumber(at(1).length));
      return undefined;
    default: {
      const equal = equalBytes(at(1), at(2));
      stack.length = size - 2;
      if (opcode === OP_EQUAL) stack.push(equal ? scriptTrue : scriptFalse);
      return opcode === OP_EQUALVERIFY && !equal ? 'EQUALVERIFY' : undefined;
    }
  }
}
