import type { Deployment } from '../params/chain-params.js';
import type { BlockHeader } from '../primitives/block.js';

/** BIP9 states, named as in RPC results. */
export type DeploymentState = 'defined' | 'started' | 'locked_in' | 'active' | 'failed';

/** What the rules ask of the blocks of a chain. Entries are compared by identity. */
export interface SignallingChain {
  readonly header: BlockHeader;
  readonly height: number;
  readonly prev: SignallingChain | undefined;
  ancestor(height: number): SignallingChain | undefined;
  /** Seconds. */
  medianTimePast(): number;
}

/** `startTime` of a deployment that holds from the first block on. */
export const alwaysActive = -1n;
/** `startTime` of a deployment that never holds. */
export const neverActive = -2n;

/** Top three bits of a block version that says anything by BIP9. */
export const versionBitsTop = 0x20000000;
const versionBitsTopMask = 0xe0000000;

/** Signalling in the period a block is in, up to that block. */
export interface SignallingStatistics {
  readonly period: number;
  readonly threshold: number;
  readonly elapsed: number;
  readonly count: number;
  /** Whether the threshold can still be reached. */
  readonly possible: boolean;
  /** Per block of the period so far, first to last. */
  readonly signalling: readonly boolean[];
}

/** Whether a block version signals for a bit. */
export function signalsFor(version: number, bit: number): boolean {
  return ((version & versionBitsTopMask) >>> 0) === versionBitsTop && (version & (1 << bit)) !== 0;
}

/** The states of one deployment along all chains, remembered per period. */
export class DeploymentStates {
  readonly #deployment: Deployment;
  readonly #known = new WeakMap<SignallingChain, DeploymentState>();

  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /** Last block of the period before the one that the block after `prev` is in. */
  #periodEnd(prev: SignallingChain): SignallingChain | undefined {
    const height = prev.height - ((prev.height + 1) % this.#deployment.period);
    return height < 0 ? undefined : prev.ancestor(height);
  }

  #ancestorPeriod(end: SignallingChain): SignallingChain | undefined {
    const height = end.height - this.#deployment.period;
    return height < 0 ? undefined : end.ancestor(height);
  }

  /** State for the block after `prev`; undefined stands for the block before the first. */
  stateAfter(prev: SignallingChain | undefined): DeploymentState {
    const { startTime } = this.#deployment;
    if (startTime === alwaysActive) return 'active';
    if (startTime === neverActive) return 'failed';
    const unknown: SignallingChain[] = [];
    let state: DeploymentState = 'defined';
    for (let end = prev && this.#periodEnd(prev); end !== undefined; end = this.#ancestorPeriod(end)) {
      const known = this.#known.get(end);
      if (known !== undefined) {
        state = known;
        break;
      }
      // Before the start there is nothing to find further down.
      if (BigInt(end.medianTimePast()) < startTime) {
        this.#known.set(end, 'defined');
        break;
      }
      unknown.push(end);
    }
    for (const end of unknown.reverse()) {
      state = this.#next(state, end);
      this.#known.set(end, state);
    }
    return state;
  }

  #next(state: DeploymentState, end: SignallingChain): DeploymentState {
    const { startTime, timeout, threshold, minActivationHeight } = this.#deployment;
    switch (state) {
      case 'defined':
        return BigInt(end.medianTimePast()) >= startTime ? 'started' : 'defined';
      case 'started':
        if (this.#signals(end).filter(Boolean).length >= threshold) return 'locked_in';
        return BigInt(end.medianTimePast()) >= timeout ? 'failed' : 'started';
      case 'locked_in':
        return end.height + 1 >= minActivationHeight ? 'active' : 'locked_in';
      default:
        return state;
    }
  }

  /** Which blocks signal, from the first of the period that `block` is in up to it. */
  #signals(block: SignallingChain): boolean[] {
    const { period, bit } = this.#deployment;
    const signals: boolean[] = [];
    let current: SignallingChain | undefined = block;
    for (let left = 1 + (block.height % period); left > 0 && current !== undefined; left--) {
      signals.push(signalsFor(current.header.version, bit));
      current = current.prev;
    }
    return signals.reverse();
  }

  /** Height of the first block in the state that the block after `prev` has. */
  sinceHeight(prev: SignallingChain | undefined): number {
    const { startTime } = this.#deployment;
    if (startTime === alwaysActive || startTime === neverActive || prev === undefined) return 0;
    const state = this.stateAfter(prev);
    if (state === 'defined') return 0;
    let end = this.#periodEnd(prev);
    let earlier = end && this.#ancestorPeriod(end);
    while (earlier !== undefined && this.stateAfter(earlier) === state) {
      end = earlier;
      earlier = this.#ancestorPeriod(end);
    }
    return end === undefined ? 0 : end.height + 1;
  }

  /** Signalling in the period that `block` is in, up to it. */
  statistics(block: SignallingChain): SignallingStatistics {
    const { period, threshold } = this.#deployment;
    const signalling = this.#signals(block);
    const elapsed = signalling.length;
    const count = signalling.filter(Boolean).length;
    return { period, threshold, elapsed, count, possible: period - threshold >= elapsed - count, signalling };
  }
}

/** The version a block after `prev` has: top bits, and the bit of each deployment that wants signals. */
export function blockVersion(
  prev: SignallingChain | undefined,
  deployments: readonly { readonly deployment: Deployment; readonly states: DeploymentStates }[],
): number {
  let version = versionBitsTop;
  for (const { deployment, states } of deployments) {
    const state = states.stateAfter(prev);
    if (state === 'started' || state === 'locked_in') version |= 1 << deployment.bit;
  }
  return version;
}
