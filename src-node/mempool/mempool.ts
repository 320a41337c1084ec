import { randomBytes } from 'node:crypto';
import type { Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { BlockIndex } from '../kernel/types.js';
import { ScriptChecker } from '../kernel/script-check/script-checker.js';
import { loadFeeEstimates, saveFeeEstimates } from '../policy/fee-estimates-file.js';
import { FeeEstimator } from '../policy/fee-estimator.js';
import { defaultPolicy, type PolicyOptions } from '../policy/limits.js';
import { checkAcceptance, type Accepted } from './acceptance.js';
import { ChainFollower } from './chain-follower.js';
import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import { hashOfKey } from './hash-of-key.js';
import { MempoolListeners } from './mempool-events.js';
import { readMempoolFile, writeMempoolFile } from './mempool-file.js';
import { restore, snapshotOf } from './mempool-persistence.js';
import { MempoolView } from './mempool-view.js';
import { MinimumFeeRate } from './minimum-feerate.js';
import type { PoolEntry } from './pool-entry.js';
import { Rejection } from './rejection.js';
import { invalidAtTip, overfullClusterEntries } from './reorganisation.js';
import { SizeLimit } from './size-limit.js';
import type { MempoolScriptChecker } from './transaction-rules.js';
import { ancestorsOf, descendantsOf } from './transaction-pool.js';
import type { AcceptOutcome, Mempool, MempoolChain, MempoolEvents, RemovalReason } from './types.js';

export interface MempoolConfiguration {
  readonly chainstate: MempoolChain;
  readonly policy?: Partial<PolicyOptions>;
  /** Seconds since 1970. */
  now(): number;
  /** Where mempool.dat is; undefined keeps nothing. */
  readonly path?: string;
  /** Start empty, whatever the file holds. */
  readonly ignoresFile?: boolean;
  /** Where fee_estimates.dat is; undefined keeps nothing. */
  readonly estimatesPath?: string;
  /** The chain's, so that blocks need not check again what was checked here. */
  readonly scriptChecker?: MempoolScriptChecker;
}

/** The node's mempool. All changes happen within one turn of the event loop each. */
export class NodeMempool extends MempoolView implements Mempool {
  readonly estimator = new FeeEstimator();
  readonly #chainstate: MempoolChain;
  readonly #now: () => number;
  readonly #path: string | undefined;
  readonly #ignoresFile: boolean;
  readonly #estimatesPath: string | undefined;
  readonly #scripts: MempoolScriptChecker;
  readonly #listeners = new MempoolListeners();
  readonly #minimum: MinimumFeeRate;
  readonly #limit: SizeLimit;
  readonly #follower: ChainFollower;
  readonly #unbroadcast = new Set<string>();
  #confirmed: Transaction[] = [];
  #sequence = 1n;
  /** The last time it was written: one after the other, since all write the same file. */
  #saved: Promise<unknown> = Promise.resolve();
  #loaded = false;

  constructor({ chainstate, policy, now, path, ignoresFile = false, estimatesPath, scriptChecker }: MempoolConfiguration) {
    super(chainstate, { ...defaultPolicy, ...policy });
    this.#chainstate = chainstate;
    this.#now = now;
    this.#path = path;
    this.#ignoresFile = ignoresFile;
    this.#estimatesPath = estimatesPath;
    this.#scripts = scriptChecker ?? new ScriptChecker({ threads: 1 });
    this.#minimum = new MinimumFeeRate(this.policy.incrementalFeeRate, this.policy.maxMemory, now());
    this.#limit = new SizeLimit(this.pool, this.policy, this.#minimum);
    this.#follower = new ChainFollower(this.pool, chainstate, {
      removeWithDescendants: (entry, reason) => this.#removeWithDescendants(entry, reason),
      removeConfirmed: (entry) => this.#removeConfirmed(entry),
      readmit: (tx) => this.#readmit(tx),
      reviewAfterReorganisation: () => this.#review(),
      afterBlock: (index, confirmed) => this.#afterBlock(index, confirmed),
      afterBatch: () => this.#announceConfirmed(),
    });
  }

  get evictionFeeRate(): bigint {
    return this.#minimum.current(this.#now(), this.pool.memoryUsage);
  }

  get minFeeRate(): bigint {
    const { evictionFeeRate } = this;
    return evictionFeeRate > this.policy.minRelayFeeRate ? evictionFeeRate : this.policy.minRelayFeeRate;
  }

  get sequence(): bigint {
    return this.#sequence;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  async accept(tx: Transaction, options: { test?: boolean; bypassLimits?: boolean } = {}): Promise<AcceptOutcome> {
    await this.#follower.settle();
    return this.#acceptNow(tx, this.#now(), options.bypassLimits ?? false, options.test ?? false);
  }

  #acceptNow(tx: Transaction, time: number, bypassLimits: boolean, test: boolean): AcceptOutcome {
    let checked: Accepted;
    try {
      checked = checkAcceptance(tx, time, bypassLimits, {
        pool: this.pool,
        chainstate: this.#chainstate,
        options: this.policy,
        scripts: this.#scripts,
        minFeeRate: () => this.evictionFeeRate,
        sequence: this.#sequence,
      });
    } catch (fault) {
      if (fault instanceof Rejection) return fault.toOutcome();
      throw fault;
    }
    const { entry, replaced } = checked;
    const outcome: AcceptOutcome = { accepted: true, entry, replaced: [...replaced].map((gone) => gone.tx) };
    if (test) return outcome;
    for (const gone of replaced) this.#remove(gone, 'replaced');
    this.#add(entry, bypassLimits);
    if (!bypassLimits) {
      this.#enforceLimits();
      if (this.pool.get(entry.txid) !== entry) return new Rejection('policy', 'mempool full', '', true).toOutcome();
    }
    this.#sequence++;
    this.#listeners.added({ entry });
    return outcome;
  }

  #add(entry: PoolEntry, readmitted: boolean): void {
    this.pool.add(entry);
    this.#limit.noteAdded(entry);
    const current = !readmitted && !this.#chainstate.initialDownload && entry.parents.size === 0;
    this.estimator.transactionAdded(entry, current);
  }

  #remove(entry: PoolEntry, reason: RemovalReason): void {
    this.pool.remove(entry);
    this.#unbroadcast.delete(entry.key);
    this.estimator.transactionRemoved(entry.key);
    this.#sequence++;
    this.#listeners.removed({ tx: entry.tx, reason });
  }

  #removeWithDescendants(entry: PoolEntry, reason: RemovalReason): void {
    // Children first, so that nobody is told of a child whose parent is unknown.
    const family = [entry, ...descendantsOf(entry)].sort((a, b) => ancestorsOf(b).size - ancestorsOf(a).size);
    for (const member of family) this.#remove(member, reason);
  }

  #removeConfirmed(entry: PoolEntry): void {
    this.pool.remove(entry);
    this.#unbroadcast.delete(entry.key);
    this.#confirmed.push(entry.tx);
  }

  #afterBlock(index: BlockIndex, confirmed: readonly PoolEntry[]): void {
    this.#minimum.blockConnected(this.#now());
    this.estimator.blockConnected(index.height, confirmed);
  }

  #announceConfirmed(): void {
    const confirmed = this.#confirmed;
    this.#confirmed = [];
    for (const tx of confirmed) this.#listeners.removed({ tx, reason: 'block' });
  }

  #readmit(tx: Transaction): boolean {
    return this.#acceptNow(tx, this.#now(), true, false).accepted;
  }

  #review(): void {
    for (const entry of invalidAtTip(this.pool, this.#chainstate)) {
      if (this.pool.get(entry.txid) === entry) this.#removeWithDescendants(entry, 'reorg');
    }
    for (const entry of overfullClusterEntries(this.pool, this.policy)) {
      if (this.pool.get(entry.txid) === entry) this.#removeWithDescendants(entry, 'sizelimit');
    }
    this.#enforceLimits();
  }

  #enforceLimits(): void {
    this.#limit.enforce(this.#now(), (entry, reason) => this.#removeWithDescendants(entry, reason));
  }

  estimateFeeRate(target: number, conservative: boolean): { feeRate: bigint | undefined; blocks: number } {
    return this.estimator.estimate(target, conservative);
  }

  prioritise(txid: Uint8Array, delta: bigint): void {
    this.pool.prioritise(txid, delta);
    this.#sequence++;
  }

  priorities(): readonly { txid: Uint8Array; feeDelta: bigint }[] {
    return [...this.pool.deltas].map(([key, feeDelta]) => ({ txid: hashOfKey(key), feeDelta }));
  }

  get unbroadcastCount(): number {
    return this.#unbroadcast.size;
  }

  isUnbroadcast(txid: Uint8Array): boolean {
    return this.#unbroadcast.has(hashKey(txid));
  }

  unbroadcast(): readonly Uint8Array[] {
    return [...this.#unbroadcast].map(hashOfKey);
  }

  setUnbroadcast(txid: Uint8Array, waiting: boolean): void {
    const key = hashKey(txid);
    if (!waiting) this.#unbroadcast.delete(key);
    else if (this.pool.getByKey(key) !== undefined) this.#unbroadcast.add(key);
  }

  subscribe(events: Partial<MempoolEvents>): () => void {
    return this.#listeners.subscribe(events);
  }

  async load(): Promise<void> {
    try {
      const saved = this.#path === undefined || this.#ignoresFile ? undefined : await readMempoolFile(this.#path);
      if (saved === undefined) return;
      const oldest = this.#now() - this.policy.expiry;
      await restore(this, saved, oldest, (tx, time) => this.#acceptNow(tx, time, false, false));
    } finally {
      this.#loaded = true;
    }
  }

  save(): Promise<string | undefined> {
    const saved = this.#saved.then(() => this.#write());
    this.#saved = saved.catch(() => undefined);
    return saved;
  }

  async #write(): Promise<string | undefined> {
    if (!this.#loaded || this.#path === undefined) return undefined;
    await writeMempoolFile(this.#path, snapshotOf(this), randomBytes(8));
    return this.#path;
  }

  settle(): Promise<void> {
    return this.#follower.settle();
  }

  /**
   * Reads the saved fee estimates. Call before transactions come in.
   * @throws DecodeError when the file is damaged; estimates then start anew.
   */
  async loadEstimates(): Promise<void> {
    if (this.#estimatesPath !== undefined) await loadFeeEstimates(this.#estimatesPath, this.estimator, this.#now());
  }

  async saveEstimates(): Promise<void> {
    if (this.#estimatesPath !== undefined) await saveFeeEstimates(this.#estimatesPath, this.estimator);
  }

  close(): void {
    this.#follower.close();
  }
}
