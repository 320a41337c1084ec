import { encodeAddress } from '../../src-bitcoin/address/address.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { inferDescriptor } from '../../src-bitcoin/descriptor/infer.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import {
  isCoinbase,
  serializeTransaction,
  totalSize,
  transactionWeight,
  txidOf,
  virtualSize,
  wtxidOf,
  type Transaction,
  type TxIn,
} from '../../src-bitcoin/primitives/transaction.js';
import { scriptToAsm } from '../../src-bitcoin/script/asm.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import type { Jsonable } from '../json/json.js';
import { amountJson } from './values.js';

const nothingKnown = new SolvingData();

/** An output script in JSON, as all commands show it. */
export function scriptJson(script: Uint8Array, params: ChainParams): Record<string, Jsonable> {
  const type = solve(script).type;
  // A bare public key has no address: the one of its hash would be another output script.
  const address = type === 'pubkey' ? undefined : encodeAddress(script, params);
  return {
    asm: scriptToAsm(script),
    desc: printDescriptor(inferDescriptor(script, nothingKnown), params),
    hex: toHex(script),
    ...(address === undefined ? {} : { address }),
    type,
  };
}

/** An output that an input spends. */
export interface SpentOutput {
  readonly value: bigint;
  readonly scriptPubKey: Uint8Array;
  readonly height: number;
  readonly coinbase: boolean;
}

export interface TransactionJsonOptions {
  /** The outputs spent, per input, where they are known: they give the fee. */
  readonly spent?: readonly SpentOutput[] | undefined;
  /** Show the outputs spent. */
  readonly prevouts?: boolean;
  /** The block it is in. */
  readonly blockHash?: Uint8Array | undefined;
  /** Show the serialized transaction too. */
  readonly hex?: boolean;
}

function inputJson(tx: Transaction, input: TxIn, spent: SpentOutput | undefined, params: ChainParams): Jsonable {
  const prevout = spent && {
    generated: spent.coinbase,
    height: spent.height,
    value: amountJson(spent.value),
    scriptPubKey: scriptJson(spent.scriptPubKey, params),
  };
  return {
    ...(isCoinbase(tx)
      ? { coinbase: toHex(input.scriptSig) }
      : {
          txid: hashToHex(input.prevout.txid),
          vout: input.prevout.index,
          scriptSig: { asm: scriptToAsm(input.scriptSig, true), hex: toHex(input.scriptSig) },
        }),
    ...(input.witness.length > 0 ? { txinwitness: input.witness.map(toHex) } : {}),
    prevout,
    sequence: input.sequence,
  };
}

/** A transaction in JSON, as all commands show it. */
export function transactionJson(
  tx: Transaction,
  params: ChainParams,
  { spent, prevouts = false, blockHash, hex = true }: TransactionJsonOptions = {},
): Record<string, Jsonable | undefined> {
  const paid = tx.outputs.reduce((sum, output) => sum + output.value, 0n);
  const fee = spent && spent.reduce((sum, coin) => sum + coin.value, 0n) - paid;
  return {
    txid: hashToHex(txidOf(tx)),
    hash: hashToHex(wtxidOf(tx)),
    version: tx.version >>> 0,
    size: totalSize(tx),
    vsize: virtualSize(tx),
    weight: transactionWeight(tx),
    locktime: tx.locktime,
    vin: tx.inputs.map((input, i) => inputJson(tx, input, prevouts ? spent?.[i] : undefined, params)),
    vout: tx.outputs.map((output, n) => ({
      value: amountJson(output.value),
      n,
      scriptPubKey: scriptJson(output.scriptPubKey, params),
    })),
    ...(fee === undefined ? {} : { fee: amountJson(fee) }),
    ...(blockHash === undefined ? {} : { blockhash: hashToHex(blockHash) }),
    ...(hex ? { hex: toHex(serializeTransaction(tx)) } : {}),
  };
}
