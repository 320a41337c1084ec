import { equalBytes } from '../bytes/bytes.js';
import { ByteWriter } from '../bytes/writer.js';
import { sha256 } from '../crypto/hash.js';
import { TransactionChecker, type SignatureChecker } from './checker.js';
import { scriptFlags } from './flags.js';
import { evaluateScript } from './interpreter.js';
import { maxScriptElementSize, maxStackSize } from './limits.js';
import { OP_CHECKSIG, OP_DUP, OP_EQUALVERIFY, OP_HASH160 } from './opcodes.js';
import type { PrecomputedTransaction } from './precomputed-transaction.js';
import { buildScript, isPayToScriptHash, isPushOnly, pushBytes, ScriptReader, witnessProgram } from './script.js';
import { isTruthy } from './script-number.js';
import type { ScriptError } from './script-error.js';
import { weightPerSignature, type TapscriptExecution } from './signature-operations.js';
import {
  annexTag,
  isControlBlockSize,
  isTaprootCommitment,
  leafVersionMask,
  tapleafHash,
  tapscriptLeafVersion,
} from './taproot.js';

/** BIP342: operations that make a tapscript succeed at once, kept for soft forks. */
export function isOpSuccess(opcode: number): boolean {
  return (
    opcode === 80 ||
    opcode === 98 ||
    (opcode >= 126 && opcode <= 129) ||
    (opcode >= 131 && opcode <= 134) ||
    opcode === 137 ||
    opcode === 138 ||
    opcode === 141 ||
    opcode === 142 ||
    (opcode >= 149 && opcode <= 153) ||
    (opcode >= 187 && opcode <= 254)
  );
}

/** BIP342's first pass: an OP_SUCCESS decides, unless the script breaks off before it. */
function findOpSuccess(script: Uint8Array, flags: number): { decided: boolean; error?: ScriptError } {
  const reader = new ScriptReader(script);
  while (!reader.atEnd) {
    if (!reader.next()) return { decided: true, error: 'BAD_OPCODE' };
    if (isOpSuccess(reader.opcode)) {
      return (flags & scriptFlags.DISCOURAGE_OP_SUCCESS) !== 0 ? { decided: true, error: 'DISCOURAGE_OP_SUCCESS' } : { decided: true };
    }
  }
  return { decided: false };
}

function runWitnessScript(
  witness: readonly Uint8Array[],
  script: Uint8Array,
  flags: number,
  checker: SignatureChecker,
  tapscript?: TapscriptExecution,
): ScriptError | undefined {
  if (tapscript !== undefined) {
    const success = findOpSuccess(script, flags);
    if (success.decided) return success.error;
    if (witness.length > maxStackSize) return 'STACK_SIZE';
  }
  if (witness.some((element) => element.length > maxScriptElementSize)) return 'PUSH_SIZE';
  const stack = [...witness];
  const error = evaluateScript(stack, script, flags, checker, tapscript === undefined ? 'witness-v0' : 'tapscript', tapscript);
  if (error !== undefined) return error;
  const [top] = stack;
  if (top === undefined || stack.length !== 1) return 'CLEANSTACK';
  return isTruthy(top) ? undefined : 'EVAL_FALSE';
}

/** BIP141 and BIP143: version 0. */
function verifyWitnessV0(
  witness: readonly Uint8Array[],
  program: Uint8Array,
  flags: number,
  checker: SignatureChecker,
): ScriptError | undefined {
  if (program.length === 20) {
    if (witness.length !== 2) return 'WITNESS_PROGRAM_MISMATCH';
    const script = buildScript(OP_DUP, OP_HASH160, program, OP_EQUALVERIFY, OP_CHECKSIG);
    return runWitnessScript(witness, script, flags, checker);
  }
  if (program.length !== 32) return 'WITNESS_PROGRAM_WRONG_LENGTH';
  const script = witness.at(-1);
  if (script === undefined) return 'WITNESS_PROGRAM_WITNESS_EMPTY';
  if (!equalBytes(sha256(script), program)) return 'WITNESS_PROGRAM_MISMATCH';
  return runWitnessScript(witness.slice(0, -1), script, flags, checker);
}

function witnessSize(witness: readonly Uint8Array[]): number {
  const writer = new ByteWriter(1024).compactSize(witness.length);
  for (const element of witness) writer.varBytes(element);
  return writer.length;
}

/** BIP341: version 1 with 32 bytes, not in P2SH. */
function verifyTaproot(
  witness: readonly Uint8Array[],
  program: Uint8Array,
  flags: number,
  checker: SignatureChecker,
): ScriptError | undefined {
  const last = witness.at(-1);
  if (last === undefined) return 'WITNESS_PROGRAM_WITNESS_EMPTY';
  const hasAnnex = witness.length >= 2 && last[0] === annexTag;
  const annexHash = hasAnnex ? sha256(new ByteWriter(last.length + 5).varBytes(last).finish()) : undefined;
  const stack = hasAnnex ? witness.slice(0, -1) : witness;
  const [first] = stack;
  if (stack.length === 1 && first !== undefined) return checker.checkSchnorr(first, program, annexHash, undefined);
  const control = stack.at(-1);
  const script = stack.at(-2);
  if (control === undefined || script === undefined || !isControlBlockSize(control.length)) return 'TAPROOT_WRONG_CONTROL_SIZE';
  const leafVersion = (control[0] ?? 0) & leafVersionMask;
  const leafHash = tapleafHash(leafVersion, script);
  if (!isTaprootCommitment(control, program, leafHash)) return 'WITNESS_PROGRAM_MISMATCH';
  if (leafVersion !== tapscriptLeafVersion) {
    return (flags & scriptFlags.DISCOURAGE_UPGRADABLE_TAPROOT_VERSION) !== 0 ? 'DISCOURAGE_UPGRADABLE_TAPROOT_VERSION' : undefined;
  }
  const weightLeft = witnessSize(witness) + weightPerSignature;
  return runWitnessScript(stack.slice(0, -2), script, flags, checker, { leafHash, annexHash, weightLeft });
}

function verifyWitnessProgram(
  witness: readonly Uint8Array[],
  version: number,
  program: Uint8Array,
  flags: number,
  checker: SignatureChecker,
  inScriptHash: boolean,
): ScriptError | undefined {
  if (version === 0) return verifyWitnessV0(witness, program, flags, checker);
  if (version === 1 && program.length === 32 && !inScriptHash) {
    return (flags & scriptFlags.TAPROOT) === 0 ? undefined : verifyTaproot(witness, program, flags, checker);
  }
  const isAnchor = version === 1 && program.length === 2 && program[0] === 0x4e && program[1] === 0x73;
  if (isAnchor && !inScriptHash) return undefined;
  return (flags & scriptFlags.DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM) !== 0 ? 'DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM' : undefined;
}

function checkTop(stack: readonly Uint8Array[]): ScriptError | undefined {
  const top = stack.at(-1);
  return top !== undefined && isTruthy(top) ? undefined : 'EVAL_FALSE';
}

/**
 * Whether an input may spend an output: undefined when it may, else why not.
 * WITNESS goes with P2SH only, and CLEANSTACK with both.
 */
export function verifyScript(
  scriptSig: Uint8Array,
  scriptPubKey: Uint8Array,
  witness: readonly Uint8Array[],
  flags: number,
  checker: SignatureChecker,
): ScriptError | undefined {
  if ((flags & scriptFlags.SIGPUSHONLY) !== 0 && !isPushOnly(scriptSig)) return 'SIG_PUSHONLY';
  // One after the other on the same stack, not joined (CVE-2010-5141).
  let stack: Uint8Array[] = [];
  let error = evaluateScript(stack, scriptSig, flags, checker, 'base');
  if (error !== undefined) return error;
  const pushed = stack.slice();
  error = evaluateScript(stack, scriptPubKey, flags, checker, 'base') ?? checkTop(stack);
  if (error !== undefined) return error;

  const segwit = (flags & scriptFlags.WITNESS) !== 0;
  let witnessUsed = false;
  const bare = segwit ? witnessProgram(scriptPubKey) : undefined;
  if (bare !== undefined) {
    if (scriptSig.length !== 0) return 'WITNESS_MALLEATED';
    error = verifyWitnessProgram(witness, bare.version, bare.program, flags, checker, false);
    if (error !== undefined) return error;
    witnessUsed = true;
    stack.length = 1;
  }

  if ((flags & scriptFlags.P2SH) !== 0 && isPayToScriptHash(scriptPubKey)) {
    if (!isPushOnly(scriptSig)) return 'SIG_PUSHONLY';
    stack = pushed;
    const redeemScript = stack.pop();
    if (redeemScript === undefined) return 'EVAL_FALSE';
    error = evaluateScript(stack, redeemScript, flags, checker, 'base') ?? checkTop(stack);
    if (error !== undefined) return error;
    const nested = segwit ? witnessProgram(redeemScript) : undefined;
    if (nested !== undefined) {
      if (!equalBytes(scriptSig, pushBytes(redeemScript))) return 'WITNESS_MALLEATED_P2SH';
      error = verifyWitnessProgram(witness, nested.version, nested.program, flags, checker, true);
      if (error !== undefined) return error;
      witnessUsed = true;
      stack.length = 1;
    }
  }

  if ((flags & scriptFlags.CLEANSTACK) !== 0 && stack.length !== 1) return 'CLEANSTACK';
  if (segwit && !witnessUsed && witness.length > 0) return 'WITNESS_UNEXPECTED';
  return undefined;
}

/**
 * Verifies one input of a transaction.
 * @param precomputed the transaction with all outputs it spends.
 * @param spent the output that the input spends. Without all the others no taproot signature is right.
 * @throws RangeError when there is no such input or the output it spends is not known.
 */
export function verifyInput(precomputed: PrecomputedTransaction, index: number, flags: number, spent = precomputed.spentOutputs?.[index]): ScriptError | undefined {
  const input = precomputed.tx.inputs[index];
  if (input === undefined || spent === undefined) throw new RangeError(`input ${index} or the output it spends is not known`);
  const checker = new TransactionChecker(precomputed, index, spent.value);
  return verifyScript(input.scriptSig, spent.scriptPubKey, input.witness, flags, checker);
}
