import { maxScriptElementSize } from '../../src-bitcoin/script/limits.js';
import { OP_1NEGATE, OP_PUSHDATA4 } from '../../src-bitcoin/script/opcodes.js';
import { ScriptReader, numberForOpcode } from '../../src-bitcoin/script/script.js';

/** The item a scriptSig of pushes leaves on top, which is the redeem script of a P2SH input; undefined when there is none. */
export function lastPush(scriptSig: Uint8Array): Uint8Array | undefined {
  const reader = new ScriptReader(scriptSig);
  let top: Uint8Array | undefined;
  while (!reader.atEnd) {
    if (!reader.next() || reader.data.length > maxScriptElementSize) return undefined;
    if (reader.opcode <= OP_PUSHDATA4) top = reader.data;
    else if (reader.opcode === OP_1NEGATE) top = Uint8Array.of(0x81);
    else {
      const number = numberForOpcode(reader.opcode);
      if (number === undefined) return undefined;
      top = Uint8Array.of(number);
    }
  }
  return top;
}
