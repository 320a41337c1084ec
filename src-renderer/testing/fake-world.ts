import type {
  AppState,
  Compartment,
  CompartmentId,
  CompartmentState,
  ConnectionQuestion,
  EventData,
  FacadeEvent,
  FacadeEventName,
  Network,
  NodeState,
  Settings,
  Snapshot,
  WalletFile,
} from '../../src-interfaces/facade.js';
import { Dice, fakeNode } from './fake-data.js';
import { FakeWallet } from './fake-wallet.js';

export type Scenario = 'practice' | 'first-run' | 'new' | 'empty' | 'main' | 'syncing' | 'large' | 'locked';
export const SCENARIOS: readonly Scenario[] = ['practice', 'first-run', 'new', 'empty', 'main', 'syncing', 'large', 'locked'];

export interface FakeOptions {
  readonly scenario: Scenario;
  readonly settings?: Partial<Settings>;
  /** How long a call takes, in milliseconds. */
  readonly delay?: number;
}

const PIDS: Readonly<Record<CompartmentId, number>> = { window: 48_211, node: 48_230, wallet: 48_244 };
const MEMORY: Readonly<Record<CompartmentId, number>> = { window: 142_000_000, node: 611_000_000, wallet: 96_400_000 };
const DATADIR = '/home/ada/.bulkhead';
/** A wallet file of the old format. */
export const oldWallet = { name: 'wallet-2016', passphrase: 'correct horse' } as const;

/** Everything main would know, and the events it would push. */
export class FakeWorld {
  readonly dice = new Dice(20_240_419);
  readonly wallets = new Map<string, FakeWallet>();
  files: WalletFile[] = [];
  app: AppState;
  compartments: readonly Compartment[];
  node: NodeState | null;
  walletsGone = false;
  readonly answers: (string | boolean | null)[] = [];
  /** Calls received, by channel: a test reads it to see that an idle window asks nothing. */
  readonly calls: string[] = [];
  private sequence = 0;
  private readonly listeners = new Set<(event: FacadeEvent) => void>();

  constructor(readonly options: FakeOptions) {
    const { scenario } = options;
    const network: Network = scenario === 'main' || scenario === 'syncing' || scenario === 'large' ? 'main' : 'regtest';
    const firstRun = scenario === 'first-run';
    this.app = {
      phase: firstRun ? 'first-run' : 'ready',
      version: '0.1.0',
      network: firstRun ? null : network,
      datadir: firstRun ? null : DATADIR,
      attachAddress: '',
      firstRun: firstRun
        ? { defaultDatadir: DATADIR, freeBytes: 412_000_000_000, existing: [{ path: '/home/ada/.bitcoin', networks: ['main'], bytes: 694_000_000_000 }] }
        : null,
      question: null,
      settings: { theme: 'dark', unit: 'BTC', hideAmounts: false, keepRunning: true, page: 'overview', wallet: '', columns: {}, ...options.settings },
    };
    const syncing = scenario === 'syncing';
    const height = scenario === 'new' || scenario === 'empty' || firstRun ? 0 : network === 'regtest' ? 367 : syncing ? 512_431 : 912_345;
    this.node = firstRun ? null : fakeNode(this.dice, { network, height, peers: network === 'main' ? 11 : 0, progress: syncing ? 0.4312 : 1, now: this.now });
    if (height === 0 && this.node !== null) {
      this.node = { ...this.node, recentBlocks: [], mempool: { ...this.node.mempool, count: 0, vsize: 0, usageBytes: 0 } };
    }
    this.compartments = (['window', 'node', 'wallet'] as const).map((id) => this.compartment(id));
    if (syncing) this.compartments = this.compartments.map((one) => (one.id === 'node' ? { ...one, state: { kind: 'syncing', progress: 0.4312 } } : one));
    if (firstRun || scenario === 'new') return;
    const main = this.addWallet(scenario === 'empty' ? 'First wallet' : 'Savings');
    if (scenario === 'empty') return;
    main.fill(scenario === 'large' ? 100_000 : scenario === 'main' ? 3_000 : 64, height, this.now);
    if (network === 'regtest') {
      main.immature = [{ matures: height + 62, coin: { txid: this.dice.hash(), vout: 0, address: this.dice.address(network), label: '', amount: 5_000_000_000n, height: height - 38, locked: false, change: false } }];
    }
    const spending = this.addWallet('Everyday');
    spending.fill(9, height, this.now);
    spending.passphrase = 'correct horse';
    spending.locked = true;
    if (scenario === 'locked') {
      main.passphrase = 'correct horse';
      main.locked = true;
    }
    this.files = [...this.files, { name: 'Travel fund', format: 'sqlite', loaded: false }, { name: oldWallet.name, format: 'bdb', loaded: false }];
  }

  get now(): number {
    return Date.now() / 1000;
  }

  private compartment(id: CompartmentId): Compartment {
    return {
      id,
      state: { kind: 'running' },
      pid: PIDS[id],
      startedAtMilliseconds: Date.now() - 11_640_000,
      memoryBytes: MEMORY[id],
      version: '0.1.0',
      connection: id === 'window' ? 'this process' : id === 'node' ? 'socket node.sock' : 'started by the node',
      logPath: id === 'window' ? `${DATADIR}/gui.log` : `${DATADIR}/${id === 'node' ? 'debug.log' : 'wallet.log'}`,
    };
  }

  addWallet(name: string): FakeWallet {
    const wallet = new FakeWallet(name, this.app.network ?? 'regtest', this.dice);
    this.wallets.set(name, wallet);
    this.files = [...this.files.filter((file) => file.name !== name), { name, format: 'sqlite', loaded: true }];
    return wallet;
  }

  snapshot(): Snapshot {
    const wallets = this.walletsGone || this.app.phase === 'first-run' ? null : [...this.wallets.values()].map((wallet) => wallet.state);
    return { sequence: this.sequence, app: this.app, compartments: this.compartments, node: this.node, wallets };
  }

  subscribe(listener: (event: FacadeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  push<N extends FacadeEventName>(name: N, data: EventData<N>): void {
    this.sequence++;
    // The compiler cannot see that name and data stay a pair through the type parameter.
    const event = { sequence: this.sequence, name, data } as FacadeEvent;
    for (const listener of [...this.listeners]) listener(event);
  }

  setApp(change: Partial<AppState>): void {
    this.app = { ...this.app, ...change };
    this.push('app.state', this.app);
  }

  setCompartment(id: CompartmentId, change: Partial<Compartment>): void {
    this.compartments = this.compartments.map((one) => (one.id === id ? { ...one, ...change } : one));
    const changed = this.compartments.find((one) => one.id === id);
    if (changed !== undefined) this.push('compartments.state', changed);
  }

  pushWallets(): void {
    this.push('wallets.loaded', this.walletsGone ? null : [...this.wallets.values()].map((wallet) => wallet.state));
  }

  /** Mines; the reward goes to `rewarded`. */
  mine(count: number, rewarded: string | null): string[] {
    const hashes: string[] = [];
    for (let index = 0; index < count && this.node !== null; index++) {
      const height = this.node.sync.height + 1;
      const hash = this.dice.blockHash();
      hashes.push(hash);
      const block = { height, hash, time: Math.floor(this.now) };
      this.node = {
        ...this.node,
        sync: { ...this.node.sync, height, headers: height, tipHash: hash, tipTime: block.time },
        recentBlocks: [block, ...this.node.recentBlocks],
      };
      this.push('node.block', block);
      this.push('node.sync', this.node.sync);
      for (const wallet of this.wallets.values()) {
        const rows = wallet.block(height, this.now, wallet.name === rewarded);
        if (rows.length > 0) this.push('wallet.transactions', { wallet: wallet.name, rows, removed: [] });
      }
    }
    for (const wallet of this.wallets.values()) {
      this.push('wallets.state', wallet.state);
      this.push('wallet.coins', { wallet: wallet.name });
    }
    return hashes;
  }

  /** What a program or a connection that is brought back by itself looks like. */
  retry(id: CompartmentId, kind: 'crashed' | 'detached', attempt: number, seconds: number): void {
    const retry = { atMilliseconds: Date.now() + seconds * 1000, attempt, of: kind === 'crashed' ? 5 : null };
    const state: CompartmentState =
      kind === 'crashed'
        ? { kind, reason: `The ${id} was killed from outside (SIGKILL).`, exitCode: null, signal: 'SIGKILL', atMilliseconds: Date.now(), lastLines: [], retry }
        : { kind, reason: 'The connection to the node was lost.', failure: attempt === 1 ? null : 'No node answers at unix:/home/ada/.bitcoin/node.sock.', retry };
    this.setCompartment(id, { state, pid: null, startedAtMilliseconds: null, memoryBytes: null });
  }

  /** It is being brought back, and cannot be asked. */
  isAway(id: CompartmentId): boolean {
    const state = this.compartments.find((one) => one.id === id)?.state;
    return (state?.kind === 'crashed' || state?.kind === 'detached') && state.retry !== undefined;
  }

  /** What OpenSSH asks; the answers are kept for the test to see. */
  ask(question: Omit<ConnectionQuestion, 'id'>): void {
    this.setApp({ question: { ...question, id: `question-${this.answers.length + 1}` } });
  }

  /** What a node of Bitcoin Core looks like: no wallets; before version 31, no commands either. */
  attachCore(commands: boolean): void {
    if (this.node === null) return;
    this.wallets.clear();
    this.pushWallets();
    this.setCompartment('wallet', { state: { kind: 'not-offered' }, pid: null, startedAtMilliseconds: null, memoryBytes: null, version: '', connection: '', logPath: null });
    this.setCompartment('node', { pid: null, memoryBytes: null, version: 'Bitcoin Core 31.0.0', connection: 'attached by socket /home/ada/.bitcoin/node.sock' });
    this.node = { ...this.node, offers: { wallets: false, restartsWallet: false, commands } };
    this.push('node.state', this.node);
  }

  /** What a `kill -9` looks like from the window. */
  crash(id: CompartmentId): void {
    const lastLines = ['2026-08-21T10:12:01Z UpdateTip: new best', '2026-08-21T10:12:04Z wallet: rescan done'];
    this.setCompartment(id, {
      state: { kind: 'crashed', reason: `The ${id} was killed from outside (SIGKILL).`, exitCode: null, signal: 'SIGKILL', atMilliseconds: Date.now(), lastLines },
      pid: null,
      startedAtMilliseconds: null,
      memoryBytes: null,
    });
    if (id === 'wallet') {
      this.walletsGone = true;
      this.pushWallets();
    }
    if (id === 'node') this.push('node.state', null);
  }

  restart(id: CompartmentId, delay: number): void {
    this.setCompartment(id, { state: { kind: 'restarting' } });
    setTimeout(() => {
      this.setCompartment(id, { ...this.compartment(id), pid: PIDS[id] + 1000, startedAtMilliseconds: Date.now() });
      if (id === 'wallet') {
        this.walletsGone = false;
        this.pushWallets();
      }
      if (id === 'node') this.push('node.state', this.node);
    }, delay);
  }
}
