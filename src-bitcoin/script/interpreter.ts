import { hash160, hash256, ripemd160, sha1, sha256 } from '../crypto/hash.js';
import { sequenceDisableFlag, type SignatureChecker } from './checker.js';
import { scriptFlags } from './flags.js';
import { maxOpsPerScript, maxScriptElementSize, maxScriptSize, maxStackSize } from './limits.js';
import {
  OP_1,
  OP_16,
  OP_1ADD,
  OP_1NEGATE,
  OP_2DIV,
  OP_2MUL,
  OP_AND,
  OP_CAT,
  OP_CHECKLOCKTIMEVERIFY,
  OP_CHECKMULTISIG,
  OP_CHECKMULTISIGVERIFY,
  OP_CHECKSIG,
  OP_CHECKSIGADD,
  OP_CHECKSIGVERIFY,
  OP_CODESEPARATOR,
  OP_DIV,
  OP_ELSE,
  OP_ENDIF,
  OP_HASH160,
  OP_HASH256,
  OP_IF,
  OP_INVERT,
  OP_LEFT,
  OP_LSHIFT,
  OP_MOD,
  OP_MUL,
  OP_NOP,
  OP_NOP1,
  OP_NOP10,
  OP_NOP4,
  OP_NOTIF,
  OP_OR,
  OP_PUSHDATA4,
  OP_RETURN,
  OP_RIGHT,
  OP_RIPEMD160,
  OP_RSHIFT,
  OP_SHA1,
  OP_SHA256,
  OP_SUBSTR,
  OP_VERIFY,
  OP_WITHIN,
  OP_XOR,
} from './opcodes.js';
import { runNumberOperation } from './number-operations.js';
import { isMinimalPush, ScriptReader } from './script.js';
import { decodeScriptNumber, encodeScriptNumber, isTruthy } from './script-number.js';
import type { ScriptError } from './script-error.js';
import {
  runCheckMultisig,
  runCheckSig,
  runCheckSigAdd,
  type ScriptVersion,
  type SignatureContext,
  type TapscriptExecution,
} from './signature-operations.js';
import { runStackOperation, scriptFalse, scriptTrue } from './stack-operations.js';

/** Switched off in 2010 (CVE-2010-5137): they fail a script even where they do not run. */
const disabled: ReadonlySet<number> = new Set([
  OP_CAT,
  OP_SUBSTR,
  OP_LEFT,
  OP_RIGHT,
  OP_INVERT,
  OP_AND,
  OP_OR,
  OP_XOR,
  OP_2MUL,
  OP_2DIV,
  OP_MUL,
  OP_DIV,
  OP_MOD,
  OP_LSHIFT,
  OP_RSHIFT,
]);

const hashFunctions: ReadonlyMap<number, (data: Uint8Array) => Uint8Array> = new Map([
  [OP_RIPEMD160, ripemd160],
  [OP_SHA1, sha1],
  [OP_SHA256, sha256],
  [OP_HASH160, hash160],
  [OP_HASH256, hash256],
]);

/** Operands of the locktime operations may have five bytes, to reach all of a 32-bit field. */
const locktimeNumberSize = 5;

/** The nested OP_IFs around an operation: only how many there are and which is the first not taken. */
class Conditions {
  #depth = 0;
  #firstFalse = -1;

  get open(): boolean {
    return this.#depth > 0;
  }

  get allTrue(): boolean {
    return this.#firstFalse < 0;
  }

  push(taken: boolean): void {
    if (!taken && this.#firstFalse < 0) this.#firstFalse = this.#depth;
    this.#depth++;
  }

  pop(): void {
    this.#depth--;
    if (this.#firstFalse === this.#depth) this.#firstFalse = -1;
  }

  /** OP_ELSE: what is inside one not taken stays so, whatever happens further in. */
  toggle(): void {
    const top = this.#depth - 1;
    if (this.#firstFalse < 0) this.#firstFalse = top;
    else if (this.#firstFalse === top) this.#firstFalse = -1;
  }
}

/** One script being run. */
class Execution implements SignatureContext {
  codeStart = 0;
  codeSeparator = 0xffffffff;
  operations = 0;
  readonly #altStack: Uint8Array[] = [];
  readonly #conditions = new Conditions();
  readonly #minimal: boolean;

  constructor(
    readonly script: Uint8Array,
    readonly stack: Uint8Array[],
    readonly flags: number,
    readonly version: ScriptVersion,
    readonly checker: SignatureChecker,
    readonly tapscript: TapscriptExecution | undefined,
  ) {
    this.#minimal = (flags & scriptFlags.MINIMALDATA) !== 0;
  }

  run(): ScriptError | undefined {
    const { script, stack, version } = this;
    if (version !== 'tapscript' && script.length > maxScriptSize) return 'SCRIPT_SIZE';
    const reader = new ScriptReader(script);
    for (let number = 0; !reader.atEnd; number++) {
      if (!reader.next()) return 'BAD_OPCODE';
      const { opcode, data } = reader;
      if (data.length > maxScriptElementSize) return 'PUSH_SIZE';
      if (version !== 'tapscript' && opcode > OP_16 && ++this.operations > maxOpsPerScript) return 'OP_COUNT';
      if (disabled.has(opcode)) return 'DISABLED_OPCODE';
      if (opcode === OP_CODESEPARATOR && version === 'base' && this.#has(scriptFlags.CONST_SCRIPTCODE)) return 'OP_CODESEPARATOR';
      const active = this.#conditions.allTrue;
      if (active && opcode <= OP_PUSHDATA4) {
        if (this.#minimal && !isMinimalPush(data, opcode)) return 'MINIMALDATA';
        stack.push(data);
      } else if (active || (opcode >= OP_IF && opcode <= OP_ENDIF)) {
        if (opcode === OP_CODESEPARATOR) {
          this.codeStart = reader.position;
          this.codeSeparator = number;
        } else {
          const error = this.#operate(opcode, active);
          if (error !== undefined) return error;
        }
      }
      if (stack.length + this.#altStack.length > maxStackSize) return 'STACK_SIZE';
    }
    return this.#conditions.open ? 'UNBALANCED_CONDITIONAL' : undefined;
  }

  #has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  #operate(opcode: number, active: boolean): ScriptError | undefined {
    const { stack } = this;
    if (opcode === OP_1NEGATE || (opcode >= OP_1 && opcode <= OP_16)) {
      stack.push(encodeScriptNumber(opcode - OP_1 + 1));
      return undefined;
    }
    const hash = hashFunctions.get(opcode);
    if (hash !== undefined) {
      const data = stack.pop();
      if (data === undefined) return 'INVALID_STACK_OPERATION';
      stack.push(hash(data));
      return undefined;
    }
    if (opcode >= OP_CHECKSIG && opcode <= OP_CHECKMULTISIGVERIFY) return this.#checkSignatures(opcode);
    if (opcode >= OP_1ADD && opcode <= OP_WITHIN) return runNumberOperation(opcode, stack, this.#minimal);
    if (opcode === OP_CHECKSIGADD) {
      const sum = runCheckSigAdd(this);
      if (typeof sum === 'string') return sum;
      stack.push(encodeScriptNumber(sum));
      return undefined;
    }
    if (opcode >= OP_NOP1 && opcode <= OP_NOP10) return this.#runNop(opcode);
    if (opcode >= OP_NOP && opcode <= OP_RETURN) return this.#runControl(opcode, active);
    return runStackOperation(opcode, stack, this.#altStack, this.#minimal);
  }

  #checkSignatures(opcode: number): ScriptError | undefined {
    const single = opcode === OP_CHECKSIG || opcode === OP_CHECKSIGVERIFY;
    const passed = single ? runCheckSig(this) : runCheckMultisig(this);
    if (typeof passed === 'string') return passed;
    if (opcode === OP_CHECKSIG || opcode === OP_CHECKMULTISIG) this.stack.push(passed ? scriptTrue : scriptFalse);
    else if (!passed) return single ? 'CHECKSIGVERIFY' : 'CHECKMULTISIGVERIFY';
    return undefined;
  }

  #runControl(opcode: number, active: boolean): ScriptError | undefined {
    switch (opcode) {
      case OP_NOP:
        return undefined;
      case OP_IF:
      case OP_NOTIF: {
        const taken = active ? this.#takeCondition() : false;
        if (typeof taken === 'string') return taken;
        this.#conditions.push(active && taken === (opcode === OP_IF));
        return undefined;
      }
      case OP_ELSE:
        if (!this.#conditions.open) return 'UNBALANCED_CONDITIONAL';
        this.#conditions.toggle();
        return undefined;
      case OP_ENDIF:
        if (!this.#conditions.open) return 'UNBALANCED_CONDITIONAL';
        this.#conditions.pop();
        return undefined;
      case OP_VERIFY: {
        const top = this.stack.at(-1);
        if (top === undefined) return 'INVALID_STACK_OPERATION';
        if (!isTruthy(top)) return 'VERIFY';
        this.stack.pop();
        return undefined;
      }
      case OP_RETURN:
        return 'OP_RETURN';
      default:
        return 'BAD_OPCODE';
    }
  }

  /** Pops what OP_IF decides by. Only empty and 1 will do in tapscript, and by policy in witness v0. */
  #takeCondition(): boolean | ScriptError {
    const top = this.stack.pop();
    if (top === undefined) return 'INVALID_STACK_OPERATION';
    if (top.length > 1 || (top.length === 1 && top[0] !== 1)) {
      if (this.version === 'tapscript') return 'TAPSCRIPT_MINIMALIF';
      if (this.version === 'witness-v0' && this.#has(scriptFlags.MINIMALIF)) return 'MINIMALIF';
    }
    return isTruthy(top);
  }

  #runNop(opcode: number): ScriptError | undefined {
    if (opcode === OP_NOP1 || opcode >= OP_NOP4) {
      return this.#has(scriptFlags.DISCOURAGE_UPGRADABLE_NOPS) ? 'DISCOURAGE_UPGRADABLE_NOPS' : undefined;
    }
    const absolute = opcode === OP_CHECKLOCKTIMEVERIFY;
    if (!this.#has(absolute ? scriptFlags.CHECKLOCKTIMEVERIFY : scriptFlags.CHECKSEQUENCEVERIFY)) return undefined;
    const top = this.stack.at(-1);
    if (top === undefined) return 'INVALID_STACK_OPERATION';
    const operand = decodeScriptNumber(top, this.#minimal, locktimeNumberSize);
    if (operand === undefined) return 'SCRIPTNUM';
    if (operand < 0) return 'NEGATIVE_LOCKTIME';
    if (absolute) return this.checker.checkLockTime(operand) ? undefined : 'UNSATISFIED_LOCKTIME';
    // With the disable bit set OP_CHECKSEQUENCEVERIFY does nothing, for soft forks to come.
    if (Math.floor(operand / sequenceDisableFlag) % 2 === 1) return undefined;
    return this.checker.checkSequence(operand) ? undefined : 'UNSATISFIED_LOCKTIME';
  }
}

/**
 * Runs one script on `stack`, which it changes. Undefined when nothing failed; what the result means
 * is for the caller to see from the stack.
 * @param tapscript given for the version `tapscript` and no other.
 */
export function evaluateScript(
  stack: Uint8Array[],
  script: Uint8Array,
  flags: number,
  checker: SignatureChecker,
  version: ScriptVersion,
  tapscript?: TapscriptExecution,
): ScriptError | undefined {
  return new Execution(script, stack, flags, version, checker, tapscript).run();
}
