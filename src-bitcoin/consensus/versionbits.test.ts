import assert from 'node:assert/strict';
import test from 'node:test';
import type { Deployment } from '../params/chain-params.js';
import { chainParams } from '../params/networks.js';
import { alwaysActive, blockVersion, DeploymentStates, neverActive, signalsFor, type SignallingChain } from './versionbits.js';

const deployment: Deployment = { bit: 3, startTime: 1000n, timeout: 5000n, minActivationHeight: 0, period: 10, threshold: 8 };
const signal = 0x20000008;
const silent = 0x20000000;

class TestBlock implements SignallingChain {
  readonly height: number;
  readonly header;

  constructor(
    readonly prev: TestBlock | undefined,
    version: number,
    readonly time: number,
  ) {
    this.height = prev === undefined ? 0 : prev.height + 1;
    this.header = { version, prevHash: new Uint8Array(32), merkleRoot: new Uint8Array(32), time, bits: 0, nonce: 0 };
  }

  ancestor(height: number): TestBlock | undefined {
    let block: TestBlock | undefined = this;
    while (block !== undefined && block.height > height) block = block.prev;
    return height < 0 ? undefined : block;
  }

  medianTimePast(): number {
    return this.time;
  }
}

function extend(tip: TestBlock | undefined, count: number, version: number, time: number): TestBlock {
  let block = tip;
  for (let i = 0; i < count; i++) block = new TestBlock(block, version, time);
  assert.ok(block !== undefined);
  return block;
}

test('defined, started, locked in, active', () => {
  const states = new DeploymentStates(deployment);
  assert.equal(states.stateAfter(undefined), 'defined');
  const before = extend(undefined, 10, signal, 999);
  assert.equal(states.stateAfter(before), 'defined');
  assert.equal(states.sinceHeight(before), 0);
  const atStart = extend(before, 10, silent, 1000);
  assert.equal(states.stateAfter(atStart.prev), 'defined');
  assert.equal(states.stateAfter(atStart), 'started');
  assert.equal(states.sinceHeight(atStart), 20);
  // One signal too few, then enough.
  const few = extend(extend(atStart, 7, signal, 1100), 3, silent, 1100);
  assert.equal(states.stateAfter(few), 'started');
  assert.equal(states.sinceHeight(few), 20);
  const enough = extend(extend(few, 2, silent, 1200), 8, signal, 1200);
  assert.equal(states.stateAfter(enough.prev), 'started');
  assert.equal(states.stateAfter(enough), 'locked_in');
  const active = extend(enough, 10, silent, 1300);
  assert.equal(states.stateAfter(active.prev), 'locked_in');
  assert.equal(states.stateAfter(active), 'active');
  assert.equal(states.sinceHeight(extend(active, 35, silent, 9999)), 50);
  assert.equal(states.stateAfter(extend(active, 35, silent, 9999)), 'active');
  // Asked from the end first, without anything remembered, it is the same.
  assert.equal(new DeploymentStates(deployment).stateAfter(extend(active, 5, silent, 9999)), 'active');
});

test('failed at the timeout, unless it locks in with the same period', () => {
  const started = extend(undefined, 10, silent, 1000);
  const late = extend(started, 10, silent, 5000);
  assert.equal(new DeploymentStates(deployment).stateAfter(late), 'failed');
  assert.equal(new DeploymentStates(deployment).stateAfter(extend(late, 20, signal, 5000)), 'failed');
  assert.equal(new DeploymentStates(deployment).stateAfter(extend(started, 10, signal, 5000)), 'locked_in');
});

test('activation waits for its height', () => {
  const states = new DeploymentStates({ ...deployment, minActivationHeight: 40 });
  const locked = extend(extend(undefined, 10, silent, 1000), 10, signal, 1000);
  assert.equal(states.stateAfter(extend(locked, 10, silent, 1000)), 'locked_in');
  assert.equal(states.stateAfter(extend(locked, 20, silent, 1000)), 'active');
  assert.equal(states.sinceHeight(extend(locked, 20, silent, 1000)), 40);
});

test('statistics of the period', () => {
  const states = new DeploymentStates(deployment);
  const tip = extend(extend(extend(undefined, 10, silent, 1000), 2, signal, 1000), 2, silent, 1000);
  assert.deepEqual(states.statistics(tip), {
    period: 10,
    threshold: 8,
    elapsed: 4,
    count: 2,
    possible: true,
    signalling: [true, true, false, false],
  });
  assert.equal(states.statistics(extend(tip, 1, silent, 1000)).possible, false);
});

test('always and never, and what a version says', () => {
  const always = new DeploymentStates({ ...deployment, startTime: alwaysActive });
  const never = new DeploymentStates({ ...deployment, startTime: neverActive });
  assert.deepEqual([always.stateAfter(undefined), never.stateAfter(undefined)], ['active', 'failed']);
  assert.deepEqual([always.sinceHeight(undefined), never.sinceHeight(undefined)], [0, 0]);
  assert.deepEqual([signal, 8, 0x60000008, -8].map((version) => signalsFor(version, 3)), [true, false, false, false]);
});

test('the version of a block to be made', () => {
  const states = new DeploymentStates(deployment);
  const started = extend(undefined, 10, silent, 1000);
  assert.equal(blockVersion(started, [{ deployment, states }]), signal);
  assert.equal(blockVersion(started.prev, [{ deployment, states }]), silent);
  const { testdummy } = chainParams('regtest').consensus.deployments;
  assert.equal(blockVersion(undefined, [{ deployment: testdummy, states: new DeploymentStates(testdummy) }]), silent);
});
