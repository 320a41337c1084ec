import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FacadeEvent, Snapshot } from '../../src-interfaces/facade.js';
import { applyEvent, applySnapshot, initialBridgeState, type BridgeState } from './bridge-state.js';
import { followFacade } from './feed.js';

function snapshot(sequence: number): Snapshot {
  const wallet = {
    name: 'w',
    title: 'w',
    encrypted: false,
    locked: false,
    watchOnly: false,
    isApart: false,
    isSilent: false,
    balances: { spendable: 0n, kept: 0n, pending: 0n, immature: 0n },
    transactionCount: 0,
    scanProgress: null,
  };
  return {
    sequence,
    app: {
      phase: 'ready',
      version: '0',
      network: 'regtest',
      datadir: '/d',
      attachAddress: '',
      firstRun: null,
      question: null,
      settings: { theme: 'dark', unit: 'BTC', hideAmounts: false, keepRunning: true, page: '', wallet: '', columns: {} },
    },
    compartments: [],
    node: null,
    wallets: [wallet],
  };
}

function balance(sequence: number, spendable: bigint): FacadeEvent {
  const balances = { spendable, kept: 0n, pending: 0n, immature: 0n };
  return { sequence, name: 'wallets.balances', data: { wallet: 'w', balances } };
}

interface Bench {
  state: BridgeState;
  readonly applied: number[];
  readonly asked: () => number;
  readonly push: (event: FacadeEvent) => void;
  readonly answer: (sequence: number) => Promise<void>;
  readonly stop: () => void;
}

/** A bridge whose answers and events the test sends by hand. */
function bench(): Bench {
  const waiting: ((value: { ok: true; value: Snapshot }) => void)[] = [];
  const listeners: ((event: FacadeEvent) => void)[] = [];
  let asked = 0;
  const applied: number[] = [];
  const self: Bench = {
    state: initialBridgeState,
    applied,
    asked: () => asked,
    push: (event) => {
      for (const listener of listeners) listener(event);
    },
    answer: async (sequence) => {
      waiting.shift()?.({ ok: true, value: snapshot(sequence) });
      await new Promise((resolve) => setImmediate(resolve));
    },
    stop: () => stop(),
  };
  const stop = followFacade(
    {
      app: {
        snapshot: () => {
          asked++;
          return new Promise((resolve) => waiting.push(resolve));
        },
      },
      onEvent: (listener) => {
        listeners.push(listener);
        return () => void listeners.splice(listeners.indexOf(listener), 1);
      },
    },
    {
      onSnapshot: (value) => (self.state = applySnapshot(self.state, value)),
      onEvent: (event) => {
        applied.push(event.sequence);
        self.state = applyEvent(self.state, event);
      },
      onFailure: () => assert.fail('no failure expected'),
    },
  );
  return self;
}

test('events that arrive before the snapshot are applied after it, those it contains are not', async () => {
  const b = bench();
  b.push(balance(6, 6n));
  b.push(balance(7, 7n));
  b.push(balance(8, 8n));
  assert.deepEqual(b.applied, []);
  await b.answer(6);
  assert.deepEqual(b.applied, [7, 8]);
  assert.equal(b.state.wallets?.[0]?.balances.spendable, 8n);
  assert.equal(b.state.sequence, 8);
  assert.equal(b.asked(), 1);
});

test('a gap asks for one snapshot and goes on from it', async () => {
  const b = bench();
  await b.answer(1);
  b.push(balance(2, 2n));
  b.push(balance(5, 5n));
  b.push(balance(6, 6n));
  assert.deepEqual(b.applied, [2]);
  assert.equal(b.asked(), 2);
  await b.answer(5);
  assert.deepEqual(b.applied, [2, 6]);
  assert.equal(b.asked(), 2);
});

test('a second gap while catching up asks again', async () => {
  const b = bench();
  b.push(balance(2, 2n));
  b.push(balance(4, 4n));
  b.push(balance(5, 5n));
  await b.answer(1);
  assert.deepEqual(b.applied, [2]);
  assert.equal(b.asked(), 2);
  await b.answer(4);
  assert.deepEqual(b.applied, [2, 5]);
});

test('an idle bridge asks nothing, a stopped one delivers nothing', async () => {
  const b = bench();
  await b.answer(1);
  b.stop();
  b.push(balance(2, 2n));
  assert.deepEqual(b.applied, []);
  assert.equal(b.asked(), 1);
});

test('events change the part they name', () => {
  let state = applySnapshot(initialBridgeState, snapshot(0));
  state = applyEvent(state, { sequence: 1, name: 'app.progress', data: { id: 'a', title: 'Scanning', fraction: 0.5, done: false } });
  assert.equal(state.progress['a']?.fraction, 0.5);
  state = applyEvent(state, { sequence: 2, name: 'app.progress', data: { id: 'a', title: 'Scanning', fraction: 1, done: true } });
  assert.deepEqual(state.progress, {});
  state = applyEvent(state, { sequence: 3, name: 'node.warnings', data: ['x'] });
  assert.equal(state.node, null, 'no node yet: nothing to change');
  const node = {
    offers: { wallets: true, restartsWallet: true, commands: true },
    sync: { phase: 'synced', height: 2, headers: 2, tipHash: '', tipTime: 0, progress: 1, secondsLeft: null },
    network: { active: true, inbound: 0, outbound: 0, localAddresses: [], userAgent: '' },
    mempool: { count: 0, vsize: 0, usageBytes: 0, maxUsageBytes: 0, minFeeRate: 1, bands: [] },
    peers: [],
    bans: [],
    traffic: [],
    warnings: [],
    recentBlocks: [2, 1].map((height) => ({ height, hash: `old${height}`, time: 0 })),
  } as const;
  state = applyEvent(state, { sequence: 4, name: 'node.state', data: node });
  state = applyEvent(state, { sequence: 5, name: 'node.block', data: { height: 2, hash: 'new2', time: 1 } });
  assert.deepEqual(
    state.node?.recentBlocks.map((block) => block.hash),
    ['new2', 'old1'],
  );
  state = applyEvent(state, { sequence: 6, name: 'wallets.loaded', data: null });
  assert.equal(state.wallets, null);
});
