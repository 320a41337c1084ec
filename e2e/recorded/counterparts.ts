/** What stands in a process for the keys of a recording, and for all that is made of keys: addresses, scripts, transactions. */
import { decodeAddress, encodeAddress } from '../../src-bitcoin/address/address.js';
import { destinationOf } from '../../src-bitcoin/address/destination.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { parseBlock, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { outpointKey, parseTransaction, serializeOutpoint, serializeTransaction, txidOf, wtxidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { Outpoint, Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { standardScriptFlags } from '../../src-bitcoin/script/flags.js';
import { PrecomputedTransaction } from '../../src-bitcoin/script/precomputed-transaction.js';
import { verifyInput } from '../../src-bitcoin/script/verify.js';
import { outputOrder } from './canonical.js';
import type { Meaning } from './meaning.js';

const network = chainParams('regtest');

export class Counterparts {
  /** Where a counterpart is not of the kind of what it stands for. */
  readonly differences: string[] = [];
  readonly #scripts = new Map<string, Uint8Array>();
  readonly #outpoints = new Map<string, Outpoint>();
  /** By the recorded id. */
  readonly #transactions = new Map<string, Transaction>();
  /** By their own id. */
  readonly #live = new Map<string, Transaction>();

  /** @param meaning is told under which names values go here */
  constructor(private readonly meaning: Meaning) {}

  /** An address that the process has given out. */
  address(recorded: string, live: string): void {
    const [from, to] = [recorded, live].map((text) => decodeAddress(text, network));
    if (from?.ok === true && to?.ok === true) this.#script(from.scriptPubKey, to.scriptPubKey);
    else this.differences.push(`${live} is no address as ${recorded} is`);
  }

  /** A serialized transaction that the process has made and signed. Outputs are told apart by their values. */
  transaction(recorded: Uint8Array, live: Uint8Array): void {
    const [from, to] = [parseTransaction(recorded), parseTransaction(live)];
    this.#checkSignatures(to);
    const order = outputOrder(to);
    this.#pair(
      from,
      to,
      outputOrder(from).map((index, i) => [index, order[i] ?? 0]),
    );
  }

  /** A recorded block as the process is told of it: with its keys, and under the hash of the recorded one. */
  block(recorded: Uint8Array): Uint8Array {
    const { header, transactions } = parseBlock(recorded);
    const block = serializeBlock({ header, transactions: transactions.map((tx) => this.#rewritten(tx)) });
    this.meaning.rename(toHex(recorded), toHex(block));
    return block;
  }

  #checkSignatures(live: Transaction): void {
    const spent = live.inputs.map(({ prevout }) => this.#live.get(hashToHex(prevout.txid))?.outputs[prevout.index]);
    const known = spent.filter((output) => output !== undefined);
    const precomputed = known.length < spent.length ? undefined : new PrecomputedTransaction(live, known);
    live.inputs.forEach((_, i) => {
      const fault = precomputed === undefined ? 'unknown coin' : verifyInput(precomputed, i, standardScriptFlags);
      if (fault !== undefined) this.differences.push(`input ${i} of ${hashToHex(txidOf(live))}: ${fault}`);
    });
  }

  #rewritten(recorded: Transaction): Transaction {
    const known = this.#transactions.get(hashToHex(txidOf(recorded)));
    if (known !== undefined) return known;
    const live: Transaction = {
      ...recorded,
      inputs: recorded.inputs.map((input) => ({ ...input, prevout: this.#outpoints.get(outpointKey(input.prevout)) ?? input.prevout })),
      outputs: recorded.outputs.map((output) => ({ ...output, scriptPubKey: this.#scripts.get(toHex(output.scriptPubKey)) ?? output.scriptPubKey })),
    };
    this.#pair(
      recorded,
      live,
      recorded.outputs.map((_, index) => [index, index]),
    );
    return live;
  }

  #pair(recorded: Transaction, live: Transaction, outputs: readonly (readonly [number, number])[]): void {
    this.#transactions.set(hashToHex(txidOf(recorded)), live);
    this.#live.set(hashToHex(txidOf(live)), live);
    for (const idOf of [txidOf, wtxidOf]) {
      this.meaning.rename(toHex(idOf(recorded)), toHex(idOf(live)));
      this.meaning.rename(hashToHex(idOf(recorded)), hashToHex(idOf(live)));
    }
    this.meaning.rename(toHex(serializeTransaction(recorded)), toHex(serializeTransaction(live)));
    for (const [from, to] of outputs) this.#output(recorded, from, live, to);
  }

  #output(recorded: Transaction, from: number, live: Transaction, to: number): void {
    const [before, after] = [recorded.outputs[from], live.outputs[to]];
    if (before === undefined || after === undefined) {
      this.differences.push(`${hashToHex(txidOf(live))} has no output for ${from} of ${hashToHex(txidOf(recorded))}`);
      return;
    }
    this.#script(before.scriptPubKey, after.scriptPubKey);
    const outpoint = { txid: txidOf(live), index: to };
    const recordedOutpoint = { txid: txidOf(recorded), index: from };
    this.#outpoints.set(outpointKey(recordedOutpoint), outpoint);
    this.meaning.renameOutput(recordedOutpoint, outpoint);
    this.meaning.rename(toHex(serializeOutpoint(recordedOutpoint)), toHex(serializeOutpoint(outpoint)));
  }

  #script(recorded: Uint8Array, live: Uint8Array): void {
    const kind = destinationOf(recorded)?.kind;
    const known = this.#scripts.get(toHex(recorded));
    if (known === undefined ? kind !== destinationOf(live)?.kind : toHex(known) !== toHex(live)) {
      this.differences.push(`${toHex(live)} stands for ${toHex(recorded)}, a ${String(kind)}${known === undefined ? '' : `, for which ${toHex(known)} does`}`);
      return;
    }
    if (known !== undefined || kind === undefined) return;
    this.#scripts.set(toHex(recorded), live);
    this.meaning.rename(toHex(recorded), toHex(live));
    const addresses = [recorded, live].map((script) => encodeAddress(script, network));
    if (addresses[0] !== undefined && addresses[1] !== undefined) this.meaning.rename(addresses[0], addresses[1]);
  }
}
