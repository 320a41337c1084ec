import {
  OP_0NOTEQUAL,
  OP_1ADD,
  OP_1SUB,
  OP_ABS,
  OP_ADD,
  OP_BOOLAND,
  OP_BOOLOR,
  OP_GREATERTHAN,
  OP_GREATERTHANOREQUAL,
  OP_LESSTHAN,
  OP_LESSTHANOREQUAL,
  OP_MAX,
  OP_MIN,
  OP_NEGATE,
  OP_NOT,
  OP_NUMEQUAL,
  OP_NUMEQUALVERIFY,
  OP_NUMNOTEQUAL,
  OP_SUB,
  OP_WITHIN,
} from './opcodes.js';
import { decodeScriptNumber, encodeScriptNumber } from './script-number.js';
import type { ScriptError } from './script-error.js';

const unary: ReadonlyMap<number, (a: number) => number> = new Map([
  [OP_1ADD, (a: number) => a + 1],
  [OP_1SUB, (a: number) => a - 1],
  [OP_NEGATE, (a: number) => -a],
  [OP_ABS, (a: number) => Math.abs(a)],
  [OP_NOT, (a: number) => Number(a === 0)],
  [OP_0NOTEQUAL, (a: number) => Number(a !== 0)],
]);

const binary: ReadonlyMap<number, (a: number, b: number) => number> = new Map([
  [OP_ADD, (a: number, b: number) => a + b],
  [OP_SUB, (a: number, b: number) => a - b],
  [OP_BOOLAND, (a: number, b: number) => Number(a !== 0 && b !== 0)],
  [OP_BOOLOR, (a: number, b: number) => Number(a !== 0 || b !== 0)],
  [OP_NUMEQUAL, (a: number, b: number) => Number(a === b)],
  [OP_NUMEQUALVERIFY, (a: number, b: number) => Number(a === b)],
  [OP_NUMNOTEQUAL, (a: number, b: number) => Number(a !== b)],
  [OP_LESSTHAN, (a: number, b: number) => Number(a < b)],
  [OP_GREATERTHAN, (a: number, b: number) => Number(a > b)],
  [OP_LESSTHANOREQUAL, (a: number, b: number) => Number(a <= b)],
  [OP_GREATERTHANOREQUAL, (a: number, b: number) => Number(a >= b)],
  [OP_MIN, (a: number, b: number) => Math.min(a, b)],
  [OP_MAX, (a: number, b: number) => Math.max(a, b)],
]);

function popNumbers(stack: Uint8Array[], count: number, minimal: boolean): number[] | ScriptError {
  if (stack.length < count) return 'INVALID_STACK_OPERATION';
  const numbers: number[] = [];
  for (const element of stack.slice(stack.length - count)) {
    const number = decodeScriptNumber(element, minimal);
    if (number === undefined) return 'SCRIPTNUM';
    numbers.push(number);
  }
  stack.length -= count;
  return numbers;
}

/** The operations on numbers. Others are BAD_OPCODE. */
export function runNumberOperation(opcode: number, stack: Uint8Array[], minimal: boolean): ScriptError | undefined {
  const one = unary.get(opcode);
  const two = binary.get(opcode);
  if (one === undefined && two === undefined && opcode !== OP_WITHIN) return 'BAD_OPCODE';
  const numbers = popNumbers(stack, opcode === OP_WITHIN ? 3 : one === undefined ? 2 : 1, minimal);
  if (typeof numbers === 'string') return numbers;
  const [a = 0, b = 0, c = 0] = numbers;
  const result = one?.(a) ?? two?.(a, b) ?? Number(b <= a && a < c);
  if (opcode !== OP_NUMEQUALVERIFY) stack.push(encodeScriptNumber(result));
  else if (result === 0) return 'NUMEQUALVERIFY';
  return undefined;
}
