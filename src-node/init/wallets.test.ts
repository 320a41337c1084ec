import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { CallFailure } from '../../src-interfaces/errors.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { toGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { FileLog } from '../../src-ipc/logging/file-log.js';
import { ManualClock } from '../../src-ipc/process/testing-clock.js';
import { NodeChain } from '../interfaces/chain.js';
import { UserInterface } from '../interfaces/user-interface.js';
import { SpawnedWallet } from './spawned-wallet.js';
import type { WalletHost, WalletProcessState } from './wallet-host.js';
import { Wallets } from './wallets.js';

const gone: WalletProcessState = { state: 'crashed', pid: undefined, startedAt: undefined, exitCode: undefined, signal: 'SIGSEGV', endedAt: 0 };
const here: WalletProcessState = { ...gone, state: 'running', pid: 1, signal: undefined, endedAt: undefined };

/** A wallet process that does what the test says. */
class PretendedHost implements WalletHost {
  state: WalletProcessState = gone;
  starts = 0;
  /** How starting it goes. */
  start = async (): Promise<WalletLoader> => this.works();
  #ended: (how: string) => void = () => undefined;

  works(loads = true): WalletLoader {
    this.starts += 1;
    this.state = here;
    const done = async (): Promise<undefined> => undefined;
    // Of a loader, what starting and stopping use.
    return { registerRpcs: done, verify: async () => true, load: async () => loads, start: done, stop: done, destroy: done } as unknown as WalletLoader;
  }

  onEnded(ended: (how: string) => void): void {
    this.#ended = ended;
  }

  crash(): void {
    this.state = gone;
    this.#ended('was ended by SIGSEGV');
  }

  async answers(): Promise<boolean> {
    return true;
  }

  async kill(): Promise<void> {
    this.crash();
  }

  async stop(): Promise<void> {
    this.state = { ...gone, state: 'stopped' };
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function makeWallets(t: TestContext, host: WalletHost) {
  const log = new FileLog();
  const logFile = join(mkdtempSync(join(tmpdir(), 'nd-')), 'debug.log');
  log.open({ path: logFile, console: false, shrink: false, timestamps: false, microseconds: false, threadNames: false, sourceLocations: false, alwaysLevel: false, rateLimit: false });
  t.after(() => log.close());
  const userInterface = new UserInterface(log);
  const clock = new ManualClock();
  // A chain nobody asks anything.
  const wallets = new Wallets(host, () => new NodeChain({} as unknown as ConstructorParameters<typeof NodeChain>[0]), userInterface, log, clock);
  return { wallets, userInterface, clock, logged: () => readFileSync(logFile, 'utf8') };
}

test('a wallet process that keeps crashing is given up, and has all attempts again once somebody asked for it', async (t) => {
  const host = new PretendedHost();
  const { wallets, userInterface, clock, logged } = makeWallets(t, host);
  await wallets.start();
  assert.equal(wallets.absence, undefined);
  for (const [attempt, pause] of [1000, 4000, 16_000, 30_000, 30_000].entries()) {
    host.crash();
    await settled();
    assert.equal(wallets.absence, `The wallet process has ended; restarting in ${pause / 1000} s (attempt ${attempt + 1} of 5)`);
    await clock.move(pause - 1);
    assert.equal(host.starts, attempt + 1);
    await clock.move(1);
    assert.equal(host.starts, attempt + 2);
    assert.deepEqual([wallets.absence, userInterface.warnings], [undefined, []]);
  }
  host.crash();
  await settled();
  assert.deepEqual([wallets.restart.kind, clock.planned], ['given-up', 0]);
  assert.equal(wallets.absence, 'The wallet process has ended; restartwallet starts it again');
  assert.match(userInterface.warnings.join(), /ended by SIGSEGV\. It is not started again by itself; restartwallet does it\./);
  assert.match(logged(), /restarting in 16 s \(attempt 3 of 5\)/);
  await wallets.start();
  assert.deepEqual([host.starts, userInterface.warnings], [7, []]);
  host.crash();
  await settled();
  assert.match(wallets.absence ?? '', /in 1 s \(attempt 1 of 5\)/);
  await wallets.stop();
  assert.equal(clock.planned, 0, 'a node that ends starts no wallet');
});

test('a restart that fails counts as an attempt; wallets that cannot be loaded end the attempts', async (t) => {
  const host = new PretendedHost();
  const { wallets, clock, userInterface } = makeWallets(t, host);
  await wallets.start();
  host.start = () => Promise.reject(new CallFailure('disconnected', 'ended at once'));
  host.crash();
  await settled();
  await clock.move(1000);
  assert.match(wallets.absence ?? '', /in 4 s \(attempt 2 of 5\)/);
  host.start = async () => host.works(false);
  await clock.move(4000);
  assert.deepEqual([wallets.restart.kind, clock.planned], ['given-up', 0]);
  assert.match(userInterface.warnings.join(), /could not be loaded/);
});

test('whoever comes meanwhile does not wait, and there is one start for all', async (t) => {
  const host = new PretendedHost();
  const { wallets, clock } = makeWallets(t, host);
  await wallets.start();
  host.crash();
  await settled();
  const [one, other] = await Promise.all([wallets.loaderNow(), wallets.loaderNow()]);
  assert.ok(one !== undefined && one === other);
  assert.deepEqual([host.starts, clock.planned], [2, 0]);
});

test('a window is told of the loader, and can have it, before wallets are loaded', async (t) => {
  const host = new PretendedHost();
  const { wallets } = makeWallets(t, host);
  const events: string[] = [];
  let late: Promise<unknown> = Promise.resolve();
  const load = async (): Promise<boolean> => {
    late = wallets.loaderNow().then(() => events.push('given late'));
    await settled();
    events.push('load');
    return true;
  };
  const loader: WalletLoader = { ...host.works(), load };
  host.start = async () => loader;
  wallets.onLoader(async () => {
    events.push(`told ${(await wallets.loaderNow()) === loader}`);
    await settled();
    events.push('ready', String(wallets.absence));
  });
  await wallets.start();
  await late;
  wallets.onLoader(async () => void events.push('told late'));
  assert.deepEqual(events, ['told true', 'ready', 'The wallet process is being started again', 'load', 'given late', 'told late']);
});

test('a program that cannot be run, or ends at once, is said and leaves nothing behind', async (t) => {
  for (const [target, message] of [
    [{ command: '/nonexistent/bitcoin-wallet' }, /could not be started: Unable to start bitcoin-wallet: No such file or directory/],
    [{ command: process.execPath, args: ['-e', 'process.exit(3)', '--'] }, /could not be started: /],
  ] as const) {
    const log = new FileLog();
    const host = new SpawnedWallet(target, () => toGlobalArgs(emptySettings(), ''), log);
    const { wallets, clock } = makeWallets(t, host);
    await assert.rejects(wallets.start(), message);
    assert.deepEqual([wallets.restart.kind, host.state.pid, clock.planned], ['given-up', undefined, 0]);
    if ('args' in target) assert.deepEqual([host.state.state, host.state.exitCode], ['crashed', 3]);
    await wallets.stop();
  }
});

test('a wallet process that is replaced was not lost: nothing is said of a crash, and no attempt is planned', async (t) => {
  const host = new PretendedHost();
  const { wallets, clock, userInterface, logged } = makeWallets(t, host);
  await wallets.start();
  await wallets.replace();
  await settled();
  assert.deepEqual([host.starts, clock.planned, wallets.absence, userInterface.warnings], [2, 0, undefined, []]);
  assert.doesNotMatch(logged(), /restarting in/);
});
