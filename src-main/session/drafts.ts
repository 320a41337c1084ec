/** Payments being prepared: built by the wallet, reviewed by the person, then signed and sent, or dropped. */
import { randomUUID } from 'node:crypto';
import { serializeFeeRate } from '../../src-bitcoin/feerate.js';
import { hashFromHex, hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { destinationOf } from '../../src-bitcoin/address/destination.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { hasWitness, parseTransaction, serializeOutpoint, serializeTxOut, transactionWeight, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { FeeEstimateMode } from '../../src-interfaces/enums.js';
import type { Draft } from '../../src-interfaces/facade.js';
import type { BilingualStr } from '../../src-interfaces/generated/common.js';
import type { CoinControl, Recipient, Wallet } from '../../src-interfaces/generated/wallet.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import { destinationOfAddress } from './destinations.js';
import { transactionInputs, transactionOutputs } from './history.js';
import { createPayment } from './spendable-coins.js';
import type { TransactionCache } from './transaction-cache.js';
import { words } from './words.js';

export interface PaymentRequest {
  readonly recipients: readonly { readonly address: string; readonly amount: bigint; readonly label: string; readonly subtractFee: boolean }[];
  /** Blocks within which it should confirm; or `feeRate` in sat/vB. */
  readonly feeTarget?: number;
  readonly feeRate?: number;
  readonly coins?: readonly { readonly txid: string; readonly vout: number }[];
}

interface KeptDraft {
  readonly shown: Draft;
  readonly tx: Uint8Array;
  readonly labels: readonly { readonly address: string; readonly label: string }[];
  /** Txid of the payment that this one replaces. */
  readonly replaces: string | undefined;
}

/** Drafts nobody confirmed: the oldest are dropped beyond this number. */
const mostDrafts = 20;
/** A fee above a tenth of what is paid deserves a word. */
const highFeeDivisor = 10n;
const highFeeFloor = 10_000n;

/** Weight units that signatures add to an unsigned input, by what it spends (a signature of 72 bytes). */
const signatureWeight = { pubkeyhash: 4 * 107, scripthash: 4 * 23 + 108, witness_v0_keyhash: 108, witness_v1_taproot: 66 } as const;

/** The wallet's refusal in the window's terms, at the field that can be changed. */
function refusalOf(error: BilingualStr): FacadeFailure {
  const text = words(error);
  const { original } = error;
  if (/insufficient funds|exceeds your balance|total exceeds/i.test(original)) return new FacadeFailure('insufficient-funds', 'Your spendable coins do not cover this amount and its fee. Send less, or wait until more of your coins are confirmed.', { field: 'recipients[0].amount' });
  if (/dust|too small/i.test(original)) return new FacadeFailure('dust', text, { field: 'recipients[0].amount' });
  if (/exceeds maximum|maxtxfee/i.test(original)) return new FacadeFailure('fee-too-high', text, { field: 'feeRate' });
  if (/insufficient total fee.*must be/i.test(original)) {
    return new FacadeFailure('fee-too-low', 'A replacement has to pay more than the payment it replaces. Choose a higher rate.', { field: 'feeRate', details: text });
  }
  if (/fee ?rate .*lower|minimum fee|min relay|total fee|at least/i.test(original)) {
    return new FacadeFailure('fee-too-low', 'This fee is too low for the node to take the payment. Choose a higher rate.', { field: 'feeRate', details: text });
  }
  if (/unlock|passphrase/i.test(original)) return new FacadeFailure('wallet-locked', text);
  return new FacadeFailure('rejected', text);
}

/** A fee choice and coin choice in the wallet interface's terms. */
export function coinControl(request: Omit<PaymentRequest, 'recipients'>): CoinControl {
  const { feeTarget, feeRate, coins } = request;
  return {
    destChange: {},
    includeUnsafeInputs: false,
    allowOtherInputs: coins === undefined,
    overrideFeeRate: feeRate !== undefined,
    ...(feeRate === undefined ? {} : { feeRate: serializeFeeRate(BigInt(Math.round(feeRate * 1000))) }),
    ...(feeTarget === undefined ? {} : { confirmTarget: feeTarget }),
    signalRbf: true,
    avoidPartialSpends: false,
    avoidAddressReuse: false,
    feeMode: feeTarget === undefined ? FeeEstimateMode.unset : FeeEstimateMode.economical,
    minDepth: 0,
    maxDepth: 9_999_999,
    setSelected: (coins ?? []).map(({ txid, vout }) => serializeOutpoint({ txid: hashFromHex(txid), index: vout })),
  };
}

export class Drafts {
  readonly #wallet: Wallet;
  readonly #params: ChainParams;
  readonly #cache: TransactionCache;
  readonly #labelOf: (address: string) => string;
  readonly #drafts = new Map<string, KeptDraft>();

  constructor(wallet: Wallet, params: ChainParams, cache: TransactionCache, labelOf: (address: string) => string) {
    this.#wallet = wallet;
    this.#params = params;
    this.#cache = cache;
    this.#labelOf = labelOf;
  }

  /** Keeps the drafts of an earlier session with the same wallet. */
  takeOver(earlier: Drafts): void {
    for (const [id, draft] of earlier.#drafts) this.#drafts.set(id, draft);
  }

  async #isLocked(): Promise<boolean> {
    return (await this.#wallet.isCrypted()) && (await this.#wallet.isLocked());
  }

  async prepare(request: PaymentRequest): Promise<Draft> {
    if (request.recipients.length === 0) throw new FacadeFailure('invalid-argument', 'Add at least one recipient.', { field: 'recipients' });
    if ((request.feeRate === undefined) === (request.feeTarget === undefined)) {
      throw new FacadeFailure('invalid-argument', 'Choose either a speed or a fee rate.', { field: 'feeRate' });
    }
    const recipients = request.recipients.map(({ address, amount, subtractFee }, i): Recipient => {
      if (amount === 0n) throw new FacadeFailure('invalid-argument', 'The amount must be more than zero.', { field: `recipients[${i}].amount` });
      return { dest: destinationOfAddress(address, this.#params, `recipients[${i}].address`), amount, subtractFeeFromAmount: subtractFee };
    });
    const locked = await this.#isLocked();
    const created = await createPayment(this.#wallet, recipients, coinControl(request), !locked);
    if (created.error !== undefined) throw refusalOf(created.error);
    const { tx, fee } = created.value;
    const labels = request.recipients.map(({ address, label }) => ({ address: address.trim(), label }));
    return this.#keep(tx, fee, locked, labels, undefined);
  }

  /** Prepares the replacement of an unconfirmed payment at a higher fee. */
  async prepareBump(txid: string, feeRate: number | undefined): Promise<Draft> {
    const locked = await this.#isLocked();
    const bump = await this.#wallet.createBumpTransaction(hashFromHex(txid), coinControl(feeRate === undefined ? {} : { feeRate }));
    const [error] = bump.errors;
    if (!bump.result) throw error === undefined ? new FacadeFailure('rejected', 'The wallet could not raise the fee of this payment.') : refusalOf(error);
    return this.#keep(bump.mtx, bump.newFee, locked, [], { txid, fee: bump.oldFee });
  }

  async #keep(
    bytes: Uint8Array,
    fee: bigint,
    locked: boolean,
    labels: KeptDraft['labels'],
    replaced: { readonly txid: string; readonly fee: bigint } | undefined,
  ): Promise<Draft> {
    const tx = parseTransaction(bytes);
    const own = await Promise.all(tx.outputs.map((output) => this.#wallet.txoutIsMine(serializeTxOut(output))));
    const reused = replaced === undefined ? undefined : this.#cache.entry(replaced.txid);
    const paid = new Set(labels.map(({ address }) => address));
    const given = new Map(labels.filter(({ label }) => label !== '').map(({ address, label }) => [address, label]));
    const labelOf = (address: string): string => given.get(address) ?? this.#labelOf(address);
    const outputs = transactionOutputs(tx, own, own, this.#params, labelOf).map((output) => {
      // Change is an output of ours that nobody asked for.
      const change = output.mine && !paid.has(output.address ?? '') && reused?.txoutIsChange[output.index] !== false;
      return { ...output, change };
    });
    const inputs = transactionInputs(tx, tx.inputs.map(() => true), (txid) => this.#cache.transaction(txid), this.#params);
    const payments = outputs.filter((output) => !output.mine).reduce((sum, output) => sum + output.amount, 0n);
    const vsize = this.#signedSize(tx);
    const warnings: string[] = [];
    if (fee > highFeeFloor && payments > 0n && fee * highFeeDivisor > payments) warnings.push('The fee is more than a tenth of what is paid.');
    // A replacement pays whom it paid before by its nature.
    for (const output of replaced === undefined ? outputs : []) {
      if (!output.mine && output.address !== null && this.#cache.rows().some((row) => row.kind === 'sent' && (row.status === 'pending' || row.status === 'confirmed') && row.address === output.address)) {
        warnings.push(`You have paid to ${output.address} before. A new address for each payment keeps both of you more private.`);
      }
    }
    const shown: Draft = {
      id: randomUUID(),
      inputs,
      outputs,
      fee,
      feeRate: Number(fee) / vsize,
      vsize,
      leaves: payments + fee,
      locked,
      replacedFee: replaced?.fee ?? null,
      warnings,
    };
    this.#drafts.set(shown.id, { shown, tx: bytes, labels, replaces: replaced?.txid });
    const [oldest] = this.#drafts.keys();
    if (this.#drafts.size > mostDrafts && oldest !== undefined) this.#drafts.delete(oldest);
    return shown;
  }


  /** Virtual size once signed: measured when it is signed already, else from what the inputs spend. */
  #signedSize(tx: Transaction): number {
    let weight = transactionWeight(tx);
    const signed = tx.inputs.every((input) => input.witness.length > 0 || input.scriptSig.length > 0);
    if (!signed) {
      if (!hasWitness(tx)) weight += 2;
      for (const { prevout } of tx.inputs) {
        const spent = this.#cache.transaction(hashToHex(prevout.txid))?.outputs[prevout.index];
        const kind = spent === undefined ? undefined : destinationOf(spent.scriptPubKey)?.kind;
        weight += kind !== undefined && kind in signatureWeight ? signatureWeight[kind as keyof typeof signatureWeight] : signatureWeight.witness_v0_keyhash;
      }
    }
    return Math.ceil(weight / 4);
  }

  discard(id: string): void {
    this.#drafts.delete(id);
  }

  /** Signs and sends. A passphrase unlocks the wallet for this payment only. */
  async confirm(id: string, passphrase: string | undefined): Promise<string> {
    const draft = this.#drafts.get(id);
    if (draft === undefined) throw new FacadeFailure('expired', 'This payment was prepared too long ago. Go back and review it again.');
    const unlockedHere = await this.#isLocked();
    if (unlockedHere) {
      if (passphrase === undefined || passphrase === '') throw new FacadeFailure('wallet-locked', 'Enter the passphrase of the wallet to send.', { field: 'passphrase' });
      if (!(await this.#wallet.unlock(new TextEncoder().encode(passphrase)))) {
        throw new FacadeFailure('wrong-passphrase', 'The passphrase is wrong. Nothing was sent.', { field: 'passphrase' });
      }
    }
    try {
      const txid = draft.replaces === undefined ? await this.#send(draft) : await this.#replace(draft, draft.replaces);
      this.#drafts.delete(id);
      return txid;
    } finally {
      if (unlockedHere) await this.#wallet.lock();
    }
  }

  async #sign(bytes: Uint8Array): Promise<Uint8Array> {
    const signed = await this.#wallet.signBumpTransaction(bytes);
    if (!signed.result) throw new FacadeFailure('rejected', 'The wallet could not sign this payment. Nothing was sent.');
    return signed.mtx;
  }

  async #send(draft: KeptDraft): Promise<string> {
    const unsigned = parseTransaction(draft.tx);
    const complete = unsigned.inputs.every((input) => input.witness.length > 0 || input.scriptSig.length > 0);
    const bytes = complete ? draft.tx : await this.#sign(draft.tx);
    await this.#wallet.commitTransaction(bytes, [], []);
    for (const { address, label } of draft.labels) {
      if (label !== '') await this.#wallet.setAddressBook(destinationOfAddress(address, this.#params, 'recipients'), label, 1);
    }
    return hashToHex(txidOf(parseTransaction(bytes)));
  }

  async #replace(draft: KeptDraft, replaced: string): Promise<string> {
    const bytes = await this.#sign(draft.tx);
    const outcome = await this.#wallet.commitBumpTransaction(hashFromHex(replaced), bytes);
    const [error] = outcome.errors;
    if (!outcome.result) throw error === undefined ? new FacadeFailure('rejected', 'The replacement was refused.') : refusalOf(error);
    return hashToHex(outcome.bumpedTxid);
  }
}
