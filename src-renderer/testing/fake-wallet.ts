/** The wallets of the fake bridge: histories, coins, requests and drafts in memory. */
import { bip21Uri } from '../logic/bip21-uri.js';
import type {
  AddressType,
  ArgumentsOf,
  Coin,
  Draft,
  FacadeError,
  facadeSchema,
  Network,
  ReceiveRequest,
  Result,
  TransactionDetails,
  TransactionPage,
  TransactionRow,
  WalletState,
} from '../../src-interfaces/facade.js';
import { Dice, fakeCoins, fakeHistory } from './fake-data.js';

type WalletCalls = (typeof facadeSchema)['calls']['wallet'];

export const good = <T>(value: T): Result<T, never> => ({ ok: true, value });
export function bad(code: FacadeError['code'], message: string, field?: string): { readonly ok: false; readonly error: FacadeError } {
  return { ok: false, error: field === undefined ? { code, message } : { code, message, field } };
}

const INPUT_VSIZE = 68;
const OUTPUT_VSIZE = 31;
const BASE_VSIZE = 11;
const DUST = 294n;

interface KeptDraft {
  readonly draft: Draft;
  readonly spent: readonly Coin[];
  readonly replaces: string | null;
}

export class FakeWallet {
  rows: TransactionRow[] = [];
  coins: Coin[] = [];
  requests: ReceiveRequest[] = [];
  passphrase = '';
  locked = false;
  scanProgress: number | null = null;
  /** Rewards: spendable from the given height on. */
  immature: { readonly matures: number; readonly coin: Coin }[] = [];
  private readonly drafts = new Map<string, KeptDraft>();
  private readonly labels = new Map<string, string>();
  private nextId = 1;

  constructor(
    readonly name: string,
    readonly network: Network,
    private readonly dice: Dice,
  ) {}

  fill(count: number, tip: number, now: number): void {
    this.rows = fakeHistory(this.dice, this.network, count, tip, now);
    this.coins = fakeCoins(this.dice, this.network, Math.min(12, count), tip);
    const first = this.request('bech32', now - 400_000);
    const paid = { ...this.request('bech32', now - 90_000), label: 'Invoice 2041', amount: 1_250_000n, received: 1_250_000n, message: 'Thank you' };
    this.requests = [this.request('bech32', now), paid, { ...first, label: 'Ada Lovelace', received: 30_000n }];
  }

  get state(): WalletState {
    const sum = (coins: readonly Coin[]): bigint => coins.reduce((total, coin) => total + coin.amount, 0n);
    const pending = this.rows.filter((row) => row.status === 'pending' && row.kind === 'received');
    return {
      name: this.name,
      title: this.name,
      encrypted: this.passphrase !== '',
      locked: this.locked,
      watchOnly: false,
      isApart: false,
      isSilent: false,
      balances: {
        spendable: sum(this.coins.filter((coin) => !coin.locked)),
        kept: sum(this.coins.filter((coin) => coin.locked)),
        pending: pending.reduce((total, row) => total + row.amount, 0n),
        immature: sum(this.immature.map((one) => one.coin)),
      },
      transactionCount: this.rows.length,
      scanProgress: this.scanProgress,
    };
  }

  request(type: AddressType, time: number): ReceiveRequest {
    const address = this.dice.address(this.network, type);
    return { id: String(this.nextId++), address, label: '', message: '', amount: null, time: Math.floor(time), uri: `bitcoin:${address}`, received: 0n };
  }

  change(id: string, part: Partial<ReceiveRequest>): ReceiveRequest | undefined {
    this.requests = this.requests.map((one) => {
      if (one.id !== id) return one;
      const next = { ...one, ...part };
      return { ...next, uri: bip21Uri(next) };
    });
    return this.requests.find((one) => one.id === id);
  }

  matching(filter: ArgumentsOf<WalletCalls['exportCsv']>): TransactionRow[] {
    const words = filter.search.toLowerCase().split(/\s+/).filter((word) => word !== '');
    return this.rows.filter((row) => {
      const text = `${row.label} ${row.address} ${row.txid}`.toLowerCase();
      return (
        words.every((word) => text.includes(word)) &&
        (filter.kinds.length === 0 || filter.kinds.includes(row.kind)) &&
        (filter.statuses.length === 0 || filter.statuses.includes(row.status)) &&
        (filter.since === undefined || row.time >= filter.since) &&
        (filter.until === undefined || row.time <= filter.until)
      );
    });
  }

  page(args: ArgumentsOf<WalletCalls['transactions']>, sequence: number): TransactionPage {
    const rows = this.matching(args);
    return { sequence, total: rows.length, offset: args.offset, rows: rows.slice(args.offset, args.offset + args.limit) };
  }

  details(txid: string): TransactionDetails | undefined {
    const row = this.rows.find((one) => one.txid === txid);
    if (row === undefined) return undefined;
    const dice = new Dice(Number.parseInt(txid.slice(0, 7), 16));
    const out = row.kind === 'sent' || row.kind === 'self';
    const fee = row.fee ?? 0n;
    const paid = row.kind === 'sent' ? -row.amount - fee : row.kind === 'self' ? 800_000n : row.amount;
    const change = BigInt(1_000 + dice.below(9_000_000));
    const output = (index: number, amount: bigint, mine: boolean, isChange: boolean) => {
      const first = index === 0 && row.address !== '';
      return { index, address: first ? row.address : dice.address(this.network), script: `0014${dice.characters('0123456789abcdef', 40)}`, amount, mine, change: isChange, label: first ? row.label : '' };
    };
    const outputs = row.kind === 'mined' ? [output(0, paid, true, false)] : [output(0, paid, !out || row.kind === 'self', false), output(1, change, out, out)];
    const vsize = 141 + 31 * (row.addressCount - 1);
    return {
      row,
      blockHash: row.height === null ? null : dice.blockHash(),
      blockTime: row.height === null ? null : row.time,
      size: vsize + 81,
      vsize,
      weight: vsize * 4 - 2,
      version: 2,
      locktime: row.height ?? 0,
      inputs: [{ txid: dice.hash(), vout: dice.below(4), sequence: 0xffff_fffd, address: out ? dice.address(this.network) : null, amount: out ? paid + change + fee : null, mine: out }],
      outputs,
      fee: row.fee,
      feeRate: row.fee === null ? null : Number(row.fee) / vsize,
      hex: `02000000000101${dice.characters('0123456789abcdef', 360)}`,
      canBump: row.status === 'pending' && row.kind === 'sent',
      canAbandon: false,
      replaces: null,
      replacedBy: null,
    };
  }

  setLabel(address: string, label: string): TransactionRow[] {
    this.labels.set(address, label);
    const changed = this.rows.filter((row) => row.address === address).map((row) => ({ ...row, label }));
    this.rows = this.rows.map((row) => (row.address === address ? { ...row, label } : row));
    return changed;
  }

  prepare(args: ArgumentsOf<WalletCalls['prepare']>): Result<Draft, FacadeError> {
    const rate = args.feeRate ?? { 2: 14.2, 6: 6.1, 144: 1.2 }[args.feeTarget ?? 6] ?? 2;
    if (rate < 1) return bad('fee-too-low', 'The lowest rate the node accepts is 1 sat/vB.', 'feeRate');
    const wanted = args.recipients.reduce((total, one) => total + one.amount, 0n);
    for (const [index, one] of args.recipients.entries()) {
      if (one.amount < DUST) return bad('dust', 'Too small: spending it would cost more than it is worth. The least is 294 satoshis.', `recipients[${index}].amount`);
    }
    const chosen = args.coins?.map((outpoint) => this.coins.find((coin) => coin.txid === outpoint.txid && coin.vout === outpoint.vout)).filter((coin) => coin !== undefined);
    const candidates = chosen ?? [...this.coins].filter((coin) => !coin.locked).sort((a, b) => Number(b.amount - a.amount));
    const subtract = args.recipients.some((one) => one.subtractFee);
    const spent: Coin[] = [];
    let sum = 0n;
    let fee = 0n;
    for (const coin of candidates) {
      spent.push(coin);
      sum += coin.amount;
      fee = BigInt(Math.ceil((BASE_VSIZE + INPUT_VSIZE * spent.length + OUTPUT_VSIZE * (args.recipients.length + 1)) * rate));
      if (chosen === undefined && sum >= wanted + (subtract ? 0n : fee)) break;
    }
    if (sum < wanted + (subtract ? 0n : fee)) {
      return bad('insufficient-funds', sum < wanted ? 'This is more than can be spent.' : 'The amount fits, but not together with the fee. Take the fee from the amount, or send less.', 'recipients[0].amount');
    }
    let change = sum - wanted - (subtract ? 0n : fee);
    if (change < DUST) {
      fee += change;
      change = 0n;
    }
    const share = subtract ? fee / BigInt(args.recipients.filter((one) => one.subtractFee).length) : 0n;
    const outputs = args.recipients.map((one, index) => ({ index, address: one.address, script: '', amount: one.amount - (one.subtractFee ? share : 0n), mine: false, change: false, label: one.label }));
    if (change > 0n) outputs.push({ index: outputs.length, address: this.dice.address(this.network), script: '', amount: change, mine: true, change: true, label: '' });
    return good(this.keep(spent, outputs, fee, rate, null));
  }

  prepareBump(row: TransactionRow, rate: number): Result<Draft, FacadeError> {
    const details = this.details(row.txid);
    if (details === undefined) return bad('not-found', 'This transaction is not in the wallet.');
    if (rate <= (details.feeRate ?? 0)) return bad('fee-too-low', `The new rate must be above ${(details.feeRate ?? 0).toFixed(2)} sat/vB.`, 'feeRate');
    const fee = BigInt(Math.ceil(rate * details.vsize));
    const outputs = details.outputs.map((output) => (output.change ? { ...output, amount: output.amount - (fee - (details.fee ?? 0n)) } : output));
    return good(this.keep([], outputs, fee, rate, row.txid, details.inputs, details.fee));
  }

  private keep(spent: readonly Coin[], outputs: Draft['outputs'], fee: bigint, rate: number, replaces: string | null, inputs?: Draft['inputs'], replacedFee: bigint | null = null): Draft {
    const paid = outputs.filter((output) => !output.mine).reduce((total, output) => total + output.amount, 0n);
    const draft: Draft = {
      id: `draft-${this.nextId++}`,
      inputs: inputs ?? spent.map((coin) => ({ txid: coin.txid, vout: coin.vout, sequence: 0xffff_fffd, address: coin.address, amount: coin.amount, mine: true })),
      outputs,
      fee,
      feeRate: rate,
      vsize: Math.round(Number(fee) / rate),
      leaves: paid + fee,
      locked: this.locked,
      replacedFee,
      warnings: fee > 100_000n ? ['The fee is unusually high.'] : [],
    };
    this.drafts.set(draft.id, { draft, spent, replaces });
    return draft;
  }

  discard(id: string): void {
    this.drafts.delete(id);
  }

  confirm(id: string, passphrase: string | undefined, now: number): Result<TransactionRow, FacadeError> {
    const kept = this.drafts.get(id);
    if (kept === undefined) return bad('expired', 'This payment was prepared too long ago. Review it again.');
    if (this.locked && passphrase !== this.passphrase) return bad('wrong-passphrase', 'This is not the passphrase of the wallet.', 'passphrase');
    this.drafts.delete(id);
    const payment = kept.draft.outputs.find((output) => !output.change);
    const row: TransactionRow = {
      txid: this.dice.hash(),
      time: Math.floor(now),
      kind: 'sent',
      status: 'pending',
      height: null,
      amount: -kept.draft.leaves,
      fee: kept.draft.fee,
      address: payment?.address ?? '',
      label: payment?.label ?? '',
      addressCount: kept.draft.outputs.filter((output) => !output.change).length,
    };
    this.coins = this.coins.filter((coin) => !kept.spent.includes(coin));
    for (const output of kept.draft.outputs) {
      if (output.change) this.coins.push({ txid: row.txid, vout: output.index, address: output.address ?? '', label: '', amount: output.amount, height: null, locked: false, change: true });
    }
    if (kept.replaces !== null) this.rows = this.rows.map((one) => (one.txid === kept.replaces ? { ...one, status: 'conflicted' } : one));
    this.rows = [row, ...this.rows];
    return good(row);
  }

  /** A block at `height`: pending payments get in, a reward may come, older rewards mature. */
  block(height: number, now: number, reward: boolean): TransactionRow[] {
    const changed: TransactionRow[] = [];
    this.rows = this.rows.map((row) => {
      if (row.status !== 'pending') return row;
      const confirmed: TransactionRow = { ...row, status: 'confirmed', height };
      changed.push(confirmed);
      if (row.kind === 'received') this.coins.push({ txid: row.txid, vout: 0, address: row.address, label: row.label, amount: row.amount, height, locked: false, change: false });
      return confirmed;
    });
    this.coins = this.coins.map((coin) => (coin.height === null ? { ...coin, height } : coin));
    this.coins.push(...this.immature.filter((one) => one.matures <= height).map((one) => one.coin));
    this.immature = this.immature.filter((one) => one.matures > height);
    if (reward) {
      const row: TransactionRow = { txid: this.dice.hash(), time: Math.floor(now), kind: 'mined', status: 'confirmed', height, amount: 5_000_000_000n, fee: null, address: this.dice.address(this.network), label: '', addressCount: 1 };
      this.immature.push({ matures: height + 100, coin: { txid: row.txid, vout: 0, address: row.address, label: '', amount: row.amount, height, locked: false, change: false } });
      this.rows = [row, ...this.rows];
      changed.push(row);
    }
    return changed;
  }
}
