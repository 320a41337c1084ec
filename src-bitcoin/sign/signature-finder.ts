import { hash160 } from '../crypto/hash.js';
import { toHex } from '../bytes/hex.js';
import { TransactionChecker } from '../script/checker.js';
import type { TxOut } from '../primitives/transaction.js';
import type { PrecomputedTransaction } from '../script/precomputed-transaction.js';
import { ScriptReader } from '../script/script.js';
import type { EarlierSignatures } from './signing-record.js';

/** Signatures, keys and scripts that an input already carries, found by trying what they fit. */
export class SignatureFinder implements EarlierSignatures {
  readonly #items: readonly Uint8Array[];
  readonly #byHash = new Map<string, Uint8Array>();
  readonly #checker: TransactionChecker;

  /**
   * @param precomputed the transaction as it is.
   * @param spent the output that the input spends.
   */
  constructor(precomputed: PrecomputedTransaction, index: number, spent: TxOut) {
    const input = precomputed.tx.inputs[index];
    const items: Uint8Array[] = [...(input?.witness ?? [])];
    const reader = new ScriptReader(input?.scriptSig ?? new Uint8Array(0));
    while (reader.next()) if (reader.data.length > 0) items.push(reader.data.slice());
    this.#items = items;
    for (const item of items) if (item.length > 0) this.#byHash.set(toHex(hash160(item)), item);
    this.#checker = new TransactionChecker(precomputed, index, spent.value);
  }

  ecdsa(pubkey: Uint8Array, scriptCode: Uint8Array, version: 'legacy' | 'witness_v0'): Uint8Array | undefined {
    return this.#items.find((item) => item.length > 8 && item.length < 74 && this.#checker.checkEcdsa(item, pubkey, scriptCode, version === 'witness_v0'));
  }

  /** Others' taproot signatures are not looked for: an input with one is signed, or needs all its signatures at once. */
  schnorr(): undefined {
    return undefined;
  }

  pubkey(keyHash: Uint8Array): Uint8Array | undefined {
    return this.#byHash.get(toHex(keyHash));
  }

  script(scriptHash: Uint8Array): Uint8Array | undefined {
    return this.#byHash.get(toHex(scriptHash));
  }
}

/** What several know of an input: of two answers the first is taken. */
export class SeveralSignatures implements EarlierSignatures {
  readonly #several: readonly EarlierSignatures[];

  constructor(several: readonly EarlierSignatures[]) {
    this.#several = several;
  }

  #first<T>(ask: (each: EarlierSignatures) => T | undefined): T | undefined {
    for (const each of this.#several) {
      const answer = ask(each);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  ecdsa(pubkey: Uint8Array, scriptCode: Uint8Array, version: 'legacy' | 'witness_v0'): Uint8Array | undefined {
    return this.#first((each) => each.ecdsa(pubkey, scriptCode, version));
  }

  schnorr(xOnlyKey: Uint8Array, leafHash: Uint8Array | undefined): Uint8Array | undefined {
    return this.#first((each) => each.schnorr(xOnlyKey, leafHash));
  }

  pubkey(keyHash: Uint8Array): Uint8Array | undefined {
    return this.#first((each) => each.pubkey(keyHash));
  }

  script(scriptHash: Uint8Array): Uint8Array | undefined {
    return this.#first((each) => each.script(scriptHash));
  }
}
