import { scriptPubKeyOf } from '../address/destination.js';
import { concatBytes } from '../bytes/bytes.js';
import { ripemd160 } from '../crypto/hash.js';
import { secp256k1 } from '../crypto/secp256k1.js';
import type { SolvingData } from '../descriptor/solving.js';
import { controlBlock, type TaprootOutput } from '../keys/taproot.js';
import { buildScript } from '../script/script.js';
import { matchMultiA, solve } from '../script/solver.js';
import type { Transaction, TxOut } from '../primitives/transaction.js';
import { PrecomputedTransaction } from '../script/precomputed-transaction.js';
import { SIGHASH_ALL, SIGHASH_DEFAULT, SIGHASH_SINGLE, signatureHashLegacy, signatureHashTaproot, signatureHashWitnessV0 } from '../script/sighash.js';
import { tapscriptLeafVersion, taptweakHash } from '../script/taproot.js';
import type { EarlierSignatures, SigningRecord } from './signing-record.js';

/** What unlocks an input, as far as keys were at hand. */
export interface SignedInput {
  readonly scriptSig: Uint8Array;
  readonly witness: readonly Uint8Array[];
  /** Everything needed is there. Whether it verifies is for the interpreter to say. */
  readonly complete: boolean;
  /** It is a witness that unlocks it: the signatures say how much is spent. */
  readonly segwit: boolean;
}

export interface SignOptions {
  /** What the signatures cover. Taproot's default stands for all. */
  readonly hashType?: number;
  /** 32 random bytes for taproot signatures. */
  readonly aux?: Uint8Array;
  /** Signatures made earlier, perhaps by others. */
  readonly earlier?: EarlierSignatures;
  /** Who has a record signs with every key there is, not with as many as it takes. */
  readonly record?: SigningRecord;
}

type Version = 'legacy' | 'witness_v0';

interface Stack {
  readonly items: readonly Uint8Array[];
  readonly complete: boolean;
}

const nothing: Stack = { items: [], complete: false };
/** For a witness script that nobody knows. */
const unknownScript: Stack = { items: [], complete: false };
const empty = new Uint8Array(0);

export const isTaproot = ({ scriptPubKey }: TxOut): boolean => solve(scriptPubKey).type === 'witness_v1_taproot';

/** Whether a hash type covers the output beside an input that has none. A signature would fit any transaction, or any outputs. */
export function lacksOutput(tx: Transaction, index: number, hashType: number): boolean {
  return (hashType & 0x1f) === SIGHASH_SINGLE && index >= tx.outputs.length;
}

/** Signs one input of a transaction. */
class InputSigner {
  readonly #precomputed: PrecomputedTransaction;
  readonly #index: number;
  readonly #spent: TxOut;
  readonly #known: SolvingData;
  readonly #options: SignOptions;

  constructor(precomputed: PrecomputedTransaction, index: number, spent: TxOut, known: SolvingData, options: SignOptions) {
    this.#precomputed = precomputed;
    this.#index = index;
    this.#spent = spent;
    this.#known = known;
    this.#options = options;
  }

  /** A signature with its hash type: an earlier one, or else made with the key, if it is there. */
  #ecdsa(pubkey: Uint8Array, scriptCode: Uint8Array, version: Version): Uint8Array | undefined {
    const { earlier, record } = this.#options;
    const before = earlier?.ecdsa(pubkey, scriptCode, version);
    if (before !== undefined) return before;
    record?.key(pubkey);
    const secret = this.#known.secret(pubkey);
    const asked = this.#options.hashType ?? SIGHASH_ALL;
    const hashType = asked === SIGHASH_DEFAULT ? SIGHASH_ALL : asked;
    if (secret === undefined || lacksOutput(this.#precomputed.tx, this.#index, hashType)) {
      record?.missingSignature(pubkey);
      return undefined;
    }
    const hash =
      version === 'legacy'
        ? signatureHashLegacy(this.#precomputed, this.#index, scriptCode, hashType)
        : signatureHashWitnessV0(this.#precomputed, this.#index, scriptCode, this.#spent.value, hashType);
    const signature = concatBytes(secp256k1.signEcdsa(hash, secret), Uint8Array.of(hashType));
    record?.ecdsa(pubkey, signature);
    return signature;
  }

  #schnorr(secret: Uint8Array, leafHash?: Uint8Array): Uint8Array | undefined {
    const hashType = this.#options.hashType ?? SIGHASH_DEFAULT;
    if (this.#precomputed.spentOutputs === undefined) return undefined;
    const tapscript = leafHash === undefined ? undefined : { leafHash, codeSeparator: 0xffffffff };
    const hash = signatureHashTaproot(this.#precomputed, this.#index, hashType, undefined, tapscript);
    if (hash === undefined) return undefined;
    const signature = secp256k1.signSchnorr(hash, secret, this.#options.aux ?? new Uint8Array(32));
    return hashType === SIGHASH_DEFAULT ? signature : concatBytes(signature, Uint8Array.of(hashType));
  }

  #keyHash(hash: Uint8Array, scriptCode: Uint8Array, version: Version): Stack {
    const pubkey = this.#known.pubkey(hash) ?? this.#options.earlier?.pubkey(hash);
    if (pubkey === undefined) this.#options.record?.missingPubkey(hash);
    const signature = pubkey && this.#ecdsa(pubkey, scriptCode, version);
    return pubkey === undefined || signature === undefined ? nothing : { items: [signature, pubkey], complete: true };
  }

  #multisig(required: number, pubkeys: readonly Uint8Array[], scriptCode: Uint8Array, version: Version): Stack {
    const signatures: Uint8Array[] = [];
    for (const pubkey of pubkeys) {
      const enough = signatures.length === required;
      const signature = enough && this.#options.record === undefined ? undefined : this.#ecdsa(pubkey, scriptCode, version);
      if (signature !== undefined && !enough) signatures.push(signature);
    }
    // The first item is what CHECKMULTISIG takes too many; places of missing signatures stay empty.
    const missing = Array.from({ length: required - signatures.length }, () => empty);
    return { items: [empty, ...signatures, ...missing], complete: signatures.length === required };
  }

  /** The stack for a script without hashes around it. */
  #plain(script: Uint8Array, version: Version): Stack {
    const solution = solve(script);
    switch (solution.type) {
      case 'pubkey': {
        const signature = this.#ecdsa(solution.publicKey, script, version);
        return signature === undefined ? nothing : { items: [signature], complete: true };
      }
      case 'pubkeyhash':
        return this.#keyHash(solution.hash, script, version);
      case 'multisig':
        return this.#multisig(solution.required, solution.publicKeys, script, version);
      default:
        return nothing;
    }
  }

  #witness(script: Uint8Array): Stack | undefined {
    const solution = solve(script);
    if (solution.type === 'witness_v0_keyhash') {
      const scriptCode = scriptPubKeyOf({ kind: 'pubkeyhash', hash: solution.hash });
      return this.#keyHash(solution.hash, scriptCode, 'witness_v0');
    }
    if (solution.type === 'witness_v0_scripthash') {
      const scriptHash = ripemd160(solution.hash);
      const inner = this.#known.script(scriptHash) ?? this.#options.earlier?.script(scriptHash);
      if (inner === undefined) {
        this.#options.record?.missingScript('witness', solution.hash);
        return unknownScript;
      }
      this.#options.record?.script('witness', inner);
      const stack = this.#plain(inner, 'witness_v0');
      return { items: [...stack.items, inner], complete: stack.complete };
    }
    return solution.type === 'witness_v1_taproot' ? this.#taproot(solution.outputKey) : undefined;
  }

  #taprootKeyPath(outputKey: Uint8Array, output: TaprootOutput | undefined): Uint8Array | undefined {
    const { earlier, record } = this.#options;
    if (output !== undefined) record?.tapKey(output.internalKey, undefined);
    record?.tapKey(outputKey, undefined);
    const before = earlier?.schnorr(outputKey, undefined);
    if (before !== undefined) return before;
    const internal = output && this.#known.secretOfXOnly(output.internalKey);
    const secret =
      output !== undefined && internal !== undefined
        ? secp256k1.tweakXOnlySecretKey(internal, taptweakHash(output.internalKey, output.merkleRoot))
        : this.#known.secretOfXOnly(outputKey);
    const signature = secret && this.#schnorr(secret);
    if (signature !== undefined) record?.schnorr(outputKey, undefined, signature);
    return signature;
  }

  /** A signature for a leaf with its hash type: an earlier one, or else made with the key, if it is there. */
  #leafSignature(key: Uint8Array, leafHash: Uint8Array): Uint8Array | undefined {
    const { earlier, record } = this.#options;
    record?.tapKey(key, leafHash);
    const before = earlier?.schnorr(key, leafHash);
    if (before !== undefined) return before;
    const secret = this.#known.secretOfXOnly(key);
    const signature = secret && this.#schnorr(secret, leafHash);
    if (signature !== undefined) record?.schnorr(key, leafHash, signature);
    return signature;
  }

  /** Stack for one leaf script; undefined when keys are missing. */
  #leaf(script: Uint8Array, leafHash: Uint8Array): readonly Uint8Array[] | undefined {
    const multi = matchMultiA(script);
    // A lone key and CHECKSIG is the same leaf with one key of one, but ends differently.
    const single = script.length === 34 && script[0] === 32 && script[33] === 0xac ? script.subarray(1, 33) : undefined;
    if (single !== undefined) {
      const signature = this.#leafSignature(single, leafHash);
      return signature && [signature];
    }
    if (multi === undefined) return undefined;
    let left = multi.required;
    const items = multi.publicKeys.map((key) => {
      const signature = left > 0 || this.#options.record !== undefined ? this.#leafSignature(key, leafHash) : undefined;
      if (signature === undefined || left === 0) return empty;
      left--;
      return signature;
    });
    // The last key's signature is looked at last, so it lies at the bottom.
    return left === 0 ? items.reverse() : undefined;
  }

  #taproot(outputKey: Uint8Array): Stack {
    const output = this.#known.taproot(outputKey);
    if (output !== undefined) this.#options.record?.taproot(output);
    const signature = this.#taprootKeyPath(outputKey, output);
    if (signature !== undefined) return { items: [signature], complete: true };
    let best: readonly Uint8Array[] | undefined;
    const size = (items: readonly Uint8Array[]): number => items.reduce((sum, item) => sum + item.length + 1, 0);
    for (const leaf of output?.leaves ?? []) {
      const items = leaf.version === tapscriptLeafVersion ? this.#leaf(leaf.script, leaf.leafHash) : undefined;
      if (output === undefined || items === undefined) continue;
      const stack = [...items, leaf.script, controlBlock(output, leaf)];
      if (best === undefined || size(stack) < size(best)) best = stack;
    }
    return best === undefined ? nothing : { items: best, complete: true };
  }

  sign(): SignedInput {
    const script = this.#spent.scriptPubKey;
    const solution = solve(script);
    if (solution.type === 'scripthash') {
      const redeem = this.#known.script(solution.hash) ?? this.#options.earlier?.script(solution.hash);
      if (redeem === undefined) {
        this.#options.record?.missingScript('redeem', solution.hash);
        return { scriptSig: empty, witness: [], complete: false, segwit: false };
      }
      this.#options.record?.script('redeem', redeem);
      // Taproot is not taproot within P2SH.
      const witness = solve(redeem).type === 'witness_v1_taproot' ? undefined : this.#witness(redeem);
      if (witness !== undefined) return withWitness(buildScript(redeem), witness);
      const stack = this.#plain(redeem, 'legacy');
      return { scriptSig: pushes([...stack.items, redeem]), witness: [], complete: stack.complete, segwit: false };
    }
    const witness = this.#witness(script);
    if (witness !== undefined) return withWitness(empty, witness);
    const stack = this.#plain(script, 'legacy');
    return { scriptSig: pushes(stack.items), witness: [], complete: stack.complete, segwit: false };
  }
}

function withWitness(scriptSig: Uint8Array, stack: Stack): SignedInput {
  return { scriptSig, witness: stack.items, complete: stack.complete, segwit: stack !== unknownScript };
}

const pushes = (items: readonly Uint8Array[]): Uint8Array => buildScript(...items);

/**
 * Unlocks an input with the keys and scripts at hand.
 * @param precomputed the transaction with all outputs it spends.
 * @param spent the output that the input spends. Without all the others taproot is not signed.
 * @throws RangeError when the spent output is not known.
 */
export function signInput(
  precomputed: PrecomputedTransaction,
  index: number,
  known: SolvingData,
  options: SignOptions = {},
  spent = precomputed.spentOutputs?.[index],
): SignedInput {
  if (spent === undefined) throw new RangeError('the output that an input spends is not known');
  return new InputSigner(precomputed, index, spent, known, options).sign();
}

const nowhere = new PrecomputedTransaction({ version: 2, inputs: [], outputs: [], locktime: 0 });

/**
 * Records what it would take to spend an output.
 * @param known without private keys
 */
export function recordSpending(output: TxOut, known: SolvingData, record: SigningRecord): void {
  new InputSigner(nowhere, 0, output, known, { record }).sign();
}
