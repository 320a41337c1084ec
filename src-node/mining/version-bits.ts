import type { ConsensusParams, Deployment } from '../../src-bitcoin/params/chain-params.js';
import type { BlockIndex } from '../kernel/types.js';

/** BIP9 states of a soft fork. */
export type DeploymentState = 'defined' | 'started' | 'locked_in' | 'active' | 'failed';

const topBits = 0x20000000;
const topMask = 0xe0000000;
const alwaysActive = -1n;
const neverActive = -2n;

/** States at the last block of each period, which never change. */
const known = new WeakMap<Deployment, WeakMap<BlockIndex, DeploymentState>>();

function signals(version: number, bit: number): boolean {
  return (version & topMask) >>> 0 === topBits && (version & (1 << bit)) !== 0;
}

function countSignals(last: BlockIndex, deployment: Deployment): number {
  let count = 0;
  let block: BlockIndex | undefined = last;
  for (let i = 0; i < deployment.period && block !== undefined; i++) {
    if (signals(block.header.version, deployment.bit)) count++;
    block = block.prev;
  }
  return count;
}

function nextState(state: DeploymentState, last: BlockIndex, deployment: Deployment): DeploymentState {
  switch (state) {
    case 'defined':
      return BigInt(last.medianTimePast()) >= deployment.startTime ? 'started' : 'defined';
    case 'started':
      if (countSignals(last, deployment) >= deployment.threshold) return 'locked_in';
      return BigInt(last.medianTimePast()) >= deployment.timeout ? 'failed' : 'started';
    case 'locked_in':
      return last.height + 1 >= deployment.minActivationHeight ? 'active' : 'locked_in';
    case 'active':
    case 'failed':
      return state;
  }
}

/** The state that holds for the block after `prev`. */
export function deploymentState(prev: BlockIndex, deployment: Deployment): DeploymentState {
  if (deployment.startTime === alwaysActive) return 'active';
  if (deployment.startTime === neverActive) return 'failed';
  let states = known.get(deployment);
  if (states === undefined) {
    states = new WeakMap();
    known.set(deployment, states);
  }
  // States change with whole periods only: go back to one that is known, then forward again.
  const open: BlockIndex[] = [];
  let state: DeploymentState | undefined;
  let last = prev.ancestor(prev.height - ((prev.height + 1) % deployment.period));
  while (last !== undefined) {
    state = states.get(last);
    if (state !== undefined) break;
    open.push(last);
    last = last.ancestor(last.height - deployment.period);
  }
  let current: DeploymentState = state ?? 'defined';
  for (const boundary of open.reverse()) {
    current = nextState(current, boundary, deployment);
    states.set(boundary, current);
  }
  return current;
}

/** The version a new block after `prev` signals with. */
export function blockVersion(prev: BlockIndex, params: ConsensusParams): number {
  let version = topBits;
  for (const deployment of Object.values(params.deployments)) {
    const state = deploymentState(prev, deployment);
    if (state === 'started' || state === 'locked_in') version |= 1 << deployment.bit;
  }
  return version;
}
