import { concatBytes } from '../../../src-bitcoin/bytes/bytes.js';
import { hash160 } from '../../../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../../../src-bitcoin/crypto/secp256k1.js';
import { txidOf, type Outpoint, type Transaction, type TxOut } from '../../../src-bitcoin/primitives/transaction.js';
import { OP_CHECKSIG, OP_DUP, OP_EQUALVERIFY, OP_HASH160 } from '../../../src-bitcoin/script/opcodes.js';
import { PrecomputedTransaction } from '../../../src-bitcoin/script/precomputed-transaction.js';
import { buildScript } from '../../../src-bitcoin/script/script.js';
import { SIGHASH_ALL, signatureHashWitnessV0 } from '../../../src-bitcoin/script/sighash.js';

/** An output with where it is, to be spent. */
export interface Spendable {
  readonly outpoint: Outpoint;
  readonly output: TxOut;
}

export interface SpendOptions {
  readonly version?: number;
  readonly locktime?: number;
  readonly sequence?: number;
}

/** One output of a transaction. */
export function outputOf(tx: Transaction, index = 0): Spendable {
  const output = tx.outputs[index];
  if (output === undefined) throw new RangeError(`no output ${index}`);
  return { outpoint: { txid: txidOf(tx), index }, output };
}

/** A key that owns pay-to-witness-pubkey-hash outputs. */
export class TestKey {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly scriptPubKey: Uint8Array;
  readonly #scriptCode: Uint8Array;

  constructor(number: number) {
    this.secret = new Uint8Array(32).fill(number);
    this.publicKey = secp256k1.createPublicKey(this.secret);
    const hash = hash160(this.publicKey);
    this.scriptPubKey = buildScript(0, hash);
    this.#scriptCode = buildScript(OP_DUP, OP_HASH160, hash, OP_EQUALVERIFY, OP_CHECKSIG);
  }

  /** A signed transaction that spends outputs of this key. */
  spend(coins: readonly Spendable[], outputs: readonly TxOut[], options: SpendOptions = {}): Transaction {
    const unsigned: Transaction = {
      version: options.version ?? 2,
      inputs: coins.map(({ outpoint }) => ({
        prevout: outpoint,
        scriptSig: new Uint8Array(0),
        sequence: options.sequence ?? 0xfffffffd,
        witness: [],
      })),
      outputs,
      locktime: options.locktime ?? 0,
    };
    const precomputed = new PrecomputedTransaction(unsigned, coins.map(({ output }) => output));
    const inputs = unsigned.inputs.map((input, index) => {
      const hash = signatureHashWitnessV0(precomputed, index, this.#scriptCode, coins[index]?.output.value ?? 0n, SIGHASH_ALL);
      const signature = concatBytes(secp256k1.signEcdsa(hash, this.secret), Uint8Array.of(SIGHASH_ALL));
      return { ...input, witness: [signature, this.publicKey] };
    });
    return { ...unsigned, inputs };
  }

  /** Pays all of some coins back to this key, in `count` equal outputs, less a fee in satoshis. */
  split(coins: readonly Spendable[], fee: bigint, count = 1, options: SpendOptions = {}): Transaction {
    const total = coins.reduce((sum, { output }) => sum + output.value, 0n) - fee;
    const share = total / BigInt(count);
    const outputs = Array.from({ length: count }, (_, i) => ({
      value: i === 0 ? total - share * BigInt(count - 1) : share,
      scriptPubKey: this.scriptPubKey,
    }));
    return this.spend(coins, outputs, options);
  }
}
