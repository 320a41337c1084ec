import * as opcodes from './opcodes.js';

const names = new Map<number, string>();
for (const [name, opcode] of Object.entries(opcodes)) names.set(opcode, name);
names.set(opcodes.OP_0, '0');
names.set(opcodes.OP_1NEGATE, '-1');
for (let number = 1; number <= 16; number++) names.set(opcodes.OP_1 + number - 1, String(number));

/** `OP_DUP` and the like, plain numbers for the operations that push one, `OP_UNKNOWN` for the rest. */
export function opcodeName(opcode: number): string {
  return names.get(opcode) ?? 'OP_UNKNOWN';
}
