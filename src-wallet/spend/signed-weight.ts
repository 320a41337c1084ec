import type { TxIn, TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { TransactionChecker, type SignatureChecker } from '../../src-bitcoin/script/checker.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import type { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { verifyScript } from '../../src-bitcoin/script/verify.js';
import { compactSizeLength, foreignSignatureSize } from '../../src-bitcoin/sign/input-size.js';

/** Checks signatures, and counts the weight units by which they are smaller than they could be. */
class SizeWatcher implements SignatureChecker {
  readonly #checker: TransactionChecker;
  spared = 0;

  constructor(checker: TransactionChecker) {
    this.#checker = checker;
  }

  checkEcdsa(...[signature, publicKey, scriptCode, witnessV0]: Parameters<SignatureChecker['checkEcdsa']>): boolean {
    const valid = this.#checker.checkEcdsa(signature, publicKey, scriptCode, witnessV0);
    if (valid) this.spared += (foreignSignatureSize - signature.length) * (witnessV0 ? 1 : 4);
    return valid;
  }

  checkSchnorr(...check: Parameters<SignatureChecker['checkSchnorr']>): ReturnType<SignatureChecker['checkSchnorr']> {
    return this.#checker.checkSchnorr(...check);
  }

  checkLockTime(lockTime: number): boolean {
    return this.#checker.checkLockTime(lockTime);
  }

  checkSequence(sequence: number): boolean {
    return this.#checker.checkSequence(sequence);
  }
}

function weightOf({ scriptSig, witness }: TxIn): number {
  const base = 40 + compactSizeLength(scriptSig.length) + scriptSig.length;
  return base * 4 + witness.reduce((sum, item) => sum + compactSizeLength(item.length) + item.length, compactSizeLength(witness.length));
}

/** What an input of somebody else, signed anew, can weigh at most: as it is, with signatures as large as they get. */
export function signedWeight(precomputed: PrecomputedTransaction, index: number, spent: TxOut): number {
  const input = precomputed.tx.inputs[index];
  if (input === undefined) throw new RangeError(`no input ${index}`);
  const watcher = new SizeWatcher(new TransactionChecker(precomputed, index, spent.value));
  verifyScript(input.scriptSig, spent.scriptPubKey, input.witness, standardScriptFlags, watcher);
  return weightOf(input) + watcher.spared;
}
