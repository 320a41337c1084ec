import { equalBytes } from '../bytes/bytes.js';
import { ByteWriter } from '../bytes/writer.js';
import type { SignatureChecker } from './checker.js';
import { scriptFlags } from './flags.js';
import { maxOpsPerScript, maxPubkeysPerMultisig } from './limits.js';
import { pushBytes, ScriptReader } from './script.js';
import { decodeScriptNumber } from './script-number.js';
import type { ScriptError } from './script-error.js';
import { checkPublicKeyEncoding, checkSignatureEncoding } from './signature-encoding.js';

/** Rules a script runs under: before segwit, in witness v0, or as a taproot leaf. */
export type ScriptVersion = 'base' | 'witness-v0' | 'tapscript';

/** What a tapscript knows beside its stack (BIP341, BIP342). */
export interface TapscriptExecution {
  readonly leafHash: Uint8Array;
  readonly annexHash: Uint8Array | undefined;
  /** Signature checks the witness still pays for, 50 units each. Goes down as the script runs. */
  weightLeft: number;
}

/** Weight units a passing tapscript signature check uses up, and what a witness has extra. */
export const weightPerSignature = 50;

/** The state that signature operations read and change. */
export interface SignatureContext {
  readonly script: Uint8Array;
  readonly stack: Uint8Array[];
  readonly flags: number;
  readonly version: ScriptVersion;
  readonly checker: SignatureChecker;
  readonly tapscript: TapscriptExecution | undefined;
  /** Offset after the last OP_CODESEPARATOR that ran. */
  codeStart: number;
  /** Number of that operation, 0xffffffff for none. */
  codeSeparator: number;
  /** Operations counted against the limit. */
  operations: number;
}

const empty = new Uint8Array(0);

/**
 * A script without every push of exactly `pushed`, and how many there were. The first implementation
 * did this to leave signatures out of what they sign.
 */
export function findAndDelete(script: Uint8Array, pushed: Uint8Array): { script: Uint8Array; found: number } {
  if (pushed.length === 0) return { script, found: 0 };
  const reader = new ScriptReader(script);
  let kept: ByteWriter | undefined;
  let found = 0;
  let start = 0;
  do {
    const end = reader.position;
    while (
      script.length - reader.position >= pushed.length &&
      equalBytes(script.subarray(reader.position, reader.position + pushed.length), pushed)
    ) {
      reader.position += pushed.length;
      found++;
    }
    if (reader.position !== end) {
      kept = (kept ?? new ByteWriter(script.length)).bytes(script.subarray(start, end));
      start = reader.position;
    }
  } while (reader.next());
  return kept === undefined ? { script, found } : { script: kept.bytes(script.subarray(start)).finish(), found };
}

/** The script from the last OP_CODESEPARATOR on; before segwit without the signatures. */
function scriptCodeFor(context: SignatureContext, signatures: readonly Uint8Array[]): Uint8Array | ScriptError {
  let scriptCode = context.script.subarray(context.codeStart);
  if (context.version !== 'base') return scriptCode;
  for (const signature of signatures) {
    const { script, found } = findAndDelete(scriptCode, pushBytes(signature));
    if (found > 0 && (context.flags & scriptFlags.CONST_SCRIPTCODE) !== 0) return 'SIG_FINDANDDELETE';
    scriptCode = script;
  }
  return scriptCode;
}

function checkEncodings(context: SignatureContext, signature: Uint8Array, publicKey: Uint8Array): ScriptError | undefined {
  return (
    checkSignatureEncoding(signature, context.flags) ??
    checkPublicKeyEncoding(publicKey, context.flags, context.version === 'witness-v0')
  );
}

function checkLegacySignature(context: SignatureContext, signature: Uint8Array, publicKey: Uint8Array): boolean | ScriptError {
  const scriptCode = scriptCodeFor(context, [signature]);
  if (typeof scriptCode === 'string') return scriptCode;
  const malformed = checkEncodings(context, signature, publicKey);
  if (malformed !== undefined) return malformed;
  const passed = context.checker.checkEcdsa(signature, publicKey, scriptCode, context.version === 'witness-v0');
  if (!passed && (context.flags & scriptFlags.NULLFAIL) !== 0 && signature.length > 0) return 'SIG_NULLFAIL';
  return passed;
}

function checkTapscriptSignature(
  context: SignatureContext,
  execution: TapscriptExecution,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean | ScriptError {
  const present = signature.length > 0;
  if (present) {
    // Signatures for keys of unknown type count too.
    execution.weightLeft -= weightPerSignature;
    if (execution.weightLeft < 0) return 'TAPSCRIPT_VALIDATION_WEIGHT';
  }
  if (publicKey.length === 0) return 'TAPSCRIPT_EMPTY_PUBKEY';
  if (publicKey.length !== 32) {
    return (context.flags & scriptFlags.DISCOURAGE_UPGRADABLE_PUBKEYTYPE) !== 0 ? 'DISCOURAGE_UPGRADABLE_PUBKEYTYPE' : present;
  }
  if (!present) return false;
  const { leafHash, annexHash } = execution;
  const { codeSeparator } = context;
  return context.checker.checkSchnorr(signature, publicKey, annexHash, { leafHash, codeSeparator }) ?? true;
}

function checkSignature(context: SignatureContext, signature: Uint8Array, publicKey: Uint8Array): boolean | ScriptError {
  return context.tapscript === undefined
    ? checkLegacySignature(context, signature, publicKey)
    : checkTapscriptSignature(context, context.tapscript, signature, publicKey);
}

/** OP_CHECKSIG: takes a signature and a key, says whether they fit. */
export function runCheckSig(context: SignatureContext): boolean | ScriptError {
  const { stack } = context;
  if (stack.length < 2) return 'INVALID_STACK_OPERATION';
  const passed = checkSignature(context, stack.at(-2) ?? empty, stack.at(-1) ?? empty);
  if (typeof passed === 'boolean') stack.length -= 2;
  return passed;
}

/** OP_CHECKSIGADD (BIP342): takes a signature, a number and a key, and gives the number plus one if they fit. */
export function runCheckSigAdd(context: SignatureContext): number | ScriptError {
  const { stack } = context;
  if (context.version !== 'tapscript') return 'BAD_OPCODE';
  if (stack.length < 3) return 'INVALID_STACK_OPERATION';
  const number = decodeScriptNumber(stack.at(-2) ?? empty, (context.flags & scriptFlags.MINIMALDATA) !== 0);
  if (number === undefined) return 'SCRIPTNUM';
  const passed = checkSignature(context, stack.at(-3) ?? empty, stack.at(-1) ?? empty);
  if (typeof passed === 'string') return passed;
  stack.length -= 3;
  return number + (passed ? 1 : 0);
}

/** OP_CHECKMULTISIG: takes signatures and keys, each preceded by their number, and one element more. */
export function runCheckMultisig(context: SignatureContext): boolean | ScriptError {
  const { stack, flags, version } = context;
  if (version === 'tapscript') return 'TAPSCRIPT_CHECKMULTISIG';
  const minimal = (flags & scriptFlags.MINIMALDATA) !== 0;
  const size = stack.length;
  if (size < 1) return 'INVALID_STACK_OPERATION';
  const keyCount = decodeScriptNumber(stack.at(-1) ?? empty, minimal);
  if (keyCount === undefined) return 'SCRIPTNUM';
  if (keyCount < 0 || keyCount > maxPubkeysPerMultisig) return 'PUBKEY_COUNT';
  context.operations += keyCount;
  if (context.operations > maxOpsPerScript) return 'OP_COUNT';
  const keysEnd = size - 1;
  const keysStart = keysEnd - keyCount;
  if (keysStart < 1) return 'INVALID_STACK_OPERATION';
  const signatureCount = decodeScriptNumber(stack[keysStart - 1] ?? empty, minimal);
  if (signatureCount === undefined) return 'SCRIPTNUM';
  if (signatureCount < 0 || signatureCount > keyCount) return 'SIG_COUNT';
  const signaturesEnd = keysStart - 1;
  const signaturesStart = signaturesEnd - signatureCount;
  if (signaturesStart < 0) return 'INVALID_STACK_OPERATION';
  // Both are worked through from the top of the stack downwards.
  const keys = stack.slice(keysStart, keysEnd).reverse();
  const signatures = stack.slice(signaturesStart, signaturesEnd).reverse();

  const scriptCode = scriptCodeFor(context, signatures);
  if (typeof scriptCode === 'string') return scriptCode;
  let matched = 0;
  for (let tried = 0; signatures.length - matched <= keys.length - tried && matched < signatures.length; tried++) {
    const signature = signatures[matched] ?? empty;
    const key = keys[tried] ?? empty;
    const malformed = checkEncodings(context, signature, key);
    if (malformed !== undefined) return malformed;
    if (context.checker.checkEcdsa(signature, key, scriptCode, version === 'witness-v0')) matched++;
  }
  const passed = matched === signatures.length;
  if (!passed && (flags & scriptFlags.NULLFAIL) !== 0 && signatures.some((signature) => signature.length > 0)) {
    return 'SIG_NULLFAIL';
  }
  // The first implementation took one element too many; consensus keeps doing so.
  const dummy = stack[signaturesStart - 1];
  if (dummy === undefined) return 'INVALID_STACK_OPERATION';
  if ((flags & scriptFlags.NULLDUMMY) !== 0 && dummy.length > 0) return 'SIG_NULLDUMMY';
  stack.length = signaturesStart - 1;
  return passed;
}
