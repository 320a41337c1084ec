import { destinationOf } from '../../src-bitcoin/address/destination.js';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction, wtxidOf } from '../../src-bitcoin/primitives/transaction.js';
import { RBFTransactionState } from '../../src-interfaces/enums.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import { debitOf, isChange, outputSum, type AmountContext } from '../coins/amounts.js';
import { blocksToMaturity, depthOf, TrustJudge } from '../coins/trust.js';
import { isGenerated, transactionTime, type WalletTransaction } from '../coins/wallet-transaction.js';
import type { LoadedWallet } from '../wallet.js';
import { parentDescriptors } from './wallet-command.js';

type Entry = Record<string, Jsonable | undefined>;

export function amountContext(wallet: LoadedWallet): AmountContext {
  return {
    history: wallet.history,
    isMine: (script) => wallet.keyring.isMine(script),
    isChangeScript: (script) => wallet.isChangeScript(script),
  };
}

/** What one answer about many transactions looks up only once. */
export class EntryWriter {
  readonly #wallet: LoadedWallet;
  readonly #judge: TrustJudge;
  readonly #blockTimes = new Map<string, Promise<bigint | undefined>>();

  constructor(wallet: LoadedWallet) {
    this.#wallet = wallet;
    this.#judge = new TrustJudge(wallet.coinContext);
  }

  #blockTime(hash: Uint8Array): Promise<bigint | undefined> {
    const key = hashToHex(hash);
    let time = this.#blockTimes.get(key);
    if (time === undefined) {
      time = this.#wallet.context.chain.findBlock(hash, { wantTime: true }).then(({ block }) => block.time);
      this.#blockTimes.set(key, time);
    }
    return time;
  }

  async #replaceable(transaction: WalletTransaction, depth: number): Promise<string> {
    if (depth > 0) return 'no';
    const state = await this.#wallet.context.chain.isRBFOptIn(serializeTransaction(transaction.tx));
    return state === RBFTransactionState.unknown ? 'unknown' : state === RBFTransactionState.replaceable ? 'yes' : 'no';
  }

  /** What is the same for all entries of a transaction. */
  async common(transaction: WalletTransaction): Promise<Entry> {
    const { state } = transaction;
    const depth = depthOf(transaction, this.#wallet.lastBlock.height);
    const entry: Entry = { confirmations: depth };
    if (isGenerated(transaction)) entry['generated'] = true;
    if (state.kind === 'confirmed') {
      entry['blockhash'] = hashToHex(state.blockHash);
      entry['blockheight'] = state.height;
      entry['blockindex'] = state.index;
      entry['blocktime'] = await this.#blockTime(state.blockHash);
    } else {
      entry['trusted'] = this.#judge.trusts(transaction);
    }
    entry['txid'] = transaction.txid;
    entry['wtxid'] = hashToHex(wtxidOf(transaction.tx));
    entry['walletconflicts'] = [...this.#wallet.history.conflictsOf(transaction)].map(({ txid }) => txid);
    entry['mempoolconflicts'] = [...transaction.mempoolConflicts];
    entry['time'] = transactionTime(transaction);
    entry['timereceived'] = transaction.timeReceived;
    entry['bip125-replaceable'] = await this.#replaceable(transaction, depth);
    for (const [name, text] of transaction.notes) entry[name] = text;
    return entry;
  }

  #address(script: Uint8Array): Entry {
    const destination = destinationOf(script);
    const address = destination === undefined ? undefined : this.#wallet.addressOf(script);
    return address === undefined ? {} : { address };
  }

  #label(script: Uint8Array): string | undefined {
    const address = this.#wallet.addressOf(script);
    return address === undefined ? undefined : this.#wallet.addressBook.get(address)?.label;
  }

  #receiveCategory(transaction: WalletTransaction): string {
    if (!isGenerated(transaction)) return 'receive';
    const { height } = this.#wallet.lastBlock;
    if (depthOf(transaction, height) < 1) return 'orphan';
    return blocksToMaturity(transaction, height) > 0 ? 'immature' : 'generate';
  }

  /**
   * Entries of a transaction: one for each output it sends, then one for each it receives.
   * @param long with what `common` tells
   * @param label only what was received under this label
   */
  async entries(
    transaction: WalletTransaction,
    options: { readonly long: boolean; readonly minDepth?: number; readonly label?: string; readonly includeChange?: boolean },
  ): Promise<readonly Entry[]> {
    const { tx, state } = transaction;
    const context = amountContext(this.#wallet);
    const debit = debitOf(tx, context);
    const fee = debit > 0n ? debit - outputSum(tx) : 0n;
    const abandoned = state.kind === 'inactive' && state.abandoned;
    const common = options.long ? await this.common(transaction) : {};
    const listed = tx.outputs.flatMap((output, vout) => {
      const mine = this.#wallet.keyring.isMine(output.scriptPubKey);
      if (debit > 0n ? options.includeChange !== true && isChange(output, context) : !mine) return [];
      return [{ output, vout, mine }];
    });
    const result: Entry[] = [];
    if (debit > 0n && options.label === undefined) {
      for (const { output, vout } of listed) {
        const label = this.#label(output.scriptPubKey);
        result.push({
          ...this.#address(output.scriptPubKey),
          category: 'send',
          amount: amountJson(-output.value),
          ...(label === undefined ? {} : { label }),
          vout,
          fee: amountJson(-fee),
          ...common,
          abandoned,
        });
      }
    }
    if (depthOf(transaction, this.#wallet.lastBlock.height) < (options.minDepth ?? 0)) return result;
    for (const { output, vout } of listed.filter(({ mine }) => mine)) {
      const label = this.#label(output.scriptPubKey);
      if (options.label !== undefined && (label ?? '') !== options.label) continue;
      result.push({
        ...this.#address(output.scriptPubKey),
        parent_descs: parentDescriptors(this.#wallet, output.scriptPubKey),
        category: this.#receiveCategory(transaction),
        amount: amountJson(output.value),
        ...(label === undefined ? {} : { label }),
        vout,
        abandoned,
        ...common,
      });
    }
    return result;
  }
}
