import { hashFromHex, hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { outpointKey, parseTransaction, serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { fromTxDestination } from '../../src-interfaces/destination.js';
import { SigningResult } from '../../src-interfaces/enums.js';
import type { BilingualStr, Pair, Result } from '../../src-interfaces/generated/common.js';
import type * as Contract from '../../src-interfaces/generated/wallet.js';
import { unimplemented } from '../../src-interfaces/unimplemented.js';
import { availableCoins } from '../coins/available.js';
import { buildTransaction } from '../spend/build.js';
import { canBump, commitBump, createBump, signBump } from '../spend/bump.js';
import { abandonTransaction, canAbandon, commitTransaction } from '../spend/commit.js';
import { chooseRate, requiredFee } from '../spend/fee-policy.js';
import { feeFor } from '../spend/fee-rate.js';
import { signWithKeyOf } from '../spend/sign-message.js';
import { fromWireCoinControl } from './coin-control.js';
import { bilingual } from './messages.js';
import { WalletQueries } from './wallet-queries.js';

/** Version number that stands for no change in the wire's form, which cannot say so. */
const noChange = 0xffffffff;

const pairsOf = (pairs: readonly Pair<string, string>[]): readonly (readonly [string, string])[] => pairs.map(({ key, value }) => [key, value] as const);

/** A wallet as the node and, through it, the window see it. Each method says in the schema what it answers. */
export class WalletInterface extends WalletQueries implements Contract.Wallet {
  async signMessage(message: string, pkhash: Uint8Array): Promise<{ readonly signature: string; readonly result: number }> {
    const signature = signWithKeyOf(this.wallet, pkhash, message);
    return { signature: signature ?? '', result: signature === undefined ? SigningResult.privateKeyNotAvailable : SigningResult.ok };
  }

  createTransaction(
    recipients: readonly Contract.Recipient[],
    coinControl: Contract.CoinControl,
    sign: boolean,
    changePos: number | undefined,
  ): Promise<Result<Contract.CreatedTransactionResult>> {
    return this.wallet.spendTurns.run(async () => {
      const payments = [];
      for (const { dest, amount, subtractFeeFromAmount } of recipients) {
        const destination = fromTxDestination(dest);
        if (destination === undefined) return { error: bilingual('A recipient has no address') };
        payments.push({ script: scriptPubKeyOf(destination), amount, subtractFee: subtractFeeFromAmount });
      }
      const options = changePos === undefined ? { sign } : { sign, changePosition: changePos };
      const outcome = await buildTransaction(this.wallet, payments, fromWireCoinControl(coinControl), options);
      if (!outcome.ok) return { error: bilingual(outcome.error) };
      const { tx, fee, feeCalculation, changePosition } = outcome.built;
      return { value: { tx: serializeTransaction(tx), fee, feeCalc: feeCalculation, changePos: changePosition ?? noChange } };
    });
  }

  /** @throws CallFailure with the node's words when it did not take the transaction: the wallet keeps it and tries again */
  async commitTransaction(tx: Uint8Array, valueMap: readonly Pair<string, string>[], orderForm: readonly Pair<string, string>[]): Promise<void> {
    await this.wallet.spendTurns.run(() => commitTransaction(this.wallet, parseTransaction(tx), { notes: new Map(pairsOf(valueMap)), orderForm: pairsOf(orderForm) }));
  }

  async transactionCanBeAbandoned(txid: Uint8Array): Promise<boolean> {
    const transaction = this.wallet.history.find(txid);
    return transaction !== undefined && canAbandon(this.wallet, transaction);
  }

  async abandonTransaction(txid: Uint8Array): Promise<boolean> {
    const transaction = this.wallet.history.find(txid);
    return transaction !== undefined && abandonTransaction(this.wallet, transaction);
  }

  async transactionCanBeBumped(txid: Uint8Array): Promise<boolean> {
    const transaction = this.wallet.history.find(txid);
    return transaction !== undefined && this.wallet.canSign && (await canBump(this.wallet, transaction));
  }

  createBumpTransaction(txid: Uint8Array, coinControl: Contract.CoinControl): ReturnType<Contract.Wallet['createBumpTransaction']> {
    return this.wallet.spendTurns.run(async () => {
      const outcome = await createBump(this.wallet, hashToHex(txid), fromWireCoinControl(coinControl), { requireMine: true });
      if (!outcome.ok) return { errors: outcome.errors.map(bilingual), oldFee: 0n, newFee: 0n, mtx: noTransaction, result: false };
      return { errors: [], oldFee: outcome.oldFee, newFee: outcome.newFee, mtx: serializeTransaction(outcome.tx), result: true };
    });
  }

  async signBumpTransaction(mtx: Uint8Array): Promise<{ readonly mtx: Uint8Array; readonly result: boolean }> {
    const signed = await signBump(this.wallet, parseTransaction(mtx));
    return { mtx: signed === undefined ? mtx : serializeTransaction(signed), result: signed !== undefined };
  }

  commitBumpTransaction(
    txid: Uint8Array,
    mtx: Uint8Array,
  ): Promise<{ readonly errors: readonly BilingualStr[]; readonly bumpedTxid: Uint8Array; readonly result: boolean }> {
    return this.wallet.spendTurns.run(async () => {
      const outcome = await commitBump(this.wallet, hashToHex(txid), parseTransaction(mtx));
      if (!outcome.ok) return { errors: outcome.errors.map(bilingual), bumpedTxid: new Uint8Array(32), result: false };
      return { errors: outcome.errors.map(bilingual), bumpedTxid: hashFromHex(outcome.txid), result: true };
    });
  }

  async fillPSBT(): ReturnType<Contract.Wallet['fillPSBT']> {
    throw unimplemented('Wallet', 'fillPSBT');
  }

  async getAvailableBalance(coinControl: Contract.CoinControl): Promise<bigint> {
    const control = fromWireCoinControl(coinControl);
    const selected = control.selected ?? [];
    if (selected.length > 0 && control.allowOtherInputs === false) {
      return selected.reduce((sum, { outpoint }) => sum + (this.wallet.history.owned(outpoint)?.output.value ?? 0n), 0n);
    }
    const chosen = new Set(selected.map(({ outpoint }) => outpointKey(outpoint)));
    const locked = new Set([...this.wallet.lockedOutputKeys].filter((key) => !chosen.has(key)));
    const coins = availableCoins(this.wallet.coinContext, { onlySafe: control.includeUnsafe !== true, minDepth: control.minDepth ?? 0, locked });
    return coins.reduce((sum, { output }) => sum + output.value, 0n);
  }

  async getRequiredFee(txBytes: number): Promise<bigint> {
    return requiredFee(this.wallet.context, txBytes);
  }

  async getMinimumFee(
    txBytes: number,
    coinControl: Contract.CoinControl,
  ): Promise<{ readonly returnedTarget: number; readonly reason: number; readonly result: bigint }> {
    const { rate, reason, calculation } = await chooseRate(this.wallet.context, fromWireCoinControl(coinControl));
    return { returnedTarget: calculation.returnedTarget, reason, result: feeFor(rate, txBytes) };
  }
}

/** A transaction without inputs and outputs: what the reference answers where there is none. */
const noTransaction = serializeTransaction({ version: 2, inputs: [], outputs: [], locktime: 0 });
