import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { maxTimeWarp } from '../../src-bitcoin/consensus/limits.js';
import { blockMerkleRoot } from '../../src-bitcoin/consensus/merkle.js';
import { nextBits, retargetInterval } from '../../src-bitcoin/consensus/retarget.js';
import { blockSubsidy } from '../../src-bitcoin/consensus/subsidy.js';
import { blockVersion, DeploymentStates } from '../../src-bitcoin/consensus/versionbits.js';
import { commitmentScript, witnessCommitment } from '../../src-bitcoin/consensus/witness-commitment.js';
import type { ChainParams, ConsensusParams, Deployment } from '../../src-bitcoin/params/chain-params.js';
import { blockHash, type Block } from '../../src-bitcoin/primitives/block.js';
import { nullOutpoint, type Transaction, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { OP_0 } from '../../src-bitcoin/script/opcodes.js';
import { pushNumber } from '../../src-bitcoin/script/script.js';
import type { BlockIndex } from '../kernel/types.js';

/** Not final, so that the locktime counts. */
const coinbaseSequence = 0xfffffffe;
const reservedValue = new Uint8Array(32);

const statesOf = new WeakMap<Deployment, DeploymentStates>();

/** BIP9: the version signals for soft forks that are not decided yet. */
function versionAfter(prev: BlockIndex, params: ConsensusParams): number {
  const deployments = Object.values(params.deployments).map((deployment) => {
    let states = statesOf.get(deployment);
    if (states === undefined) {
      states = new DeploymentStates(deployment);
      statesOf.set(deployment, states);
    }
    return { deployment, states };
  });
  return blockVersion(prev, deployments);
}

/** The earliest time, in seconds, that a block after `prev` may have. */
export function earliestBlockTime(prev: BlockIndex, params: ConsensusParams): number {
  const afterMedian = prev.medianTimePast() + 1;
  // BIP94, kept on all networks so that none has to be told before it is a rule there.
  const startsPeriod = (prev.height + 1) % retargetInterval(params) === 0;
  return startsPeriod ? Math.max(afterMedian, prev.header.time - maxTimeWarp) : afterMedian;
}

function coinbaseTransaction(height: number, outputs: readonly TxOut[], witness: readonly Uint8Array[]): Transaction {
  // BIP34: the height comes first. The zero keeps scripts of low heights above the two bytes they need.
  const scriptSig = concatBytes(pushNumber(height), Uint8Array.of(OP_0));
  return {
    version: 2,
    inputs: [{ prevout: nullOutpoint, scriptSig, sequence: coinbaseSequence, witness }],
    outputs,
    locktime: height - 1,
  };
}

export interface AssemblyRequest {
  readonly prev: BlockIndex;
  readonly params: ChainParams;
  readonly transactions: readonly Transaction[];
  /** Satoshis the coinbase pays beyond the subsidy. */
  readonly fees: bigint;
  readonly scriptPubKey: Uint8Array;
  /** Seconds since 1970. */
  readonly now: number;
}

/** A block on `prev` that is complete but for its nonce. */
export function assembleBlock({ prev, params, transactions, fees, scriptPubKey, now }: AssemblyRequest): Block {
  const { consensus } = params;
  const height = prev.height + 1;
  const time = Math.max(now, earliestBlockTime(prev, consensus));
  const header = {
    version: versionAfter(prev, consensus),
    prevHash: blockHash(prev.header),
    merkleRoot: reservedValue,
    time,
    bits: nextBits(prev, time, consensus),
    nonce: 0,
  };
  const reward = { value: blockSubsidy(height, consensus.subsidyHalvingInterval) + fees, scriptPubKey };
  let coinbase = coinbaseTransaction(height, [reward], []);
  if (height >= consensus.segwitHeight) {
    // The commitment leaves the coinbase out, so any coinbase serves to compute it.
    const commitment = witnessCommitment({ header, transactions: [coinbase, ...transactions] }, reservedValue);
    coinbase = coinbaseTransaction(height, [reward, { value: 0n, scriptPubKey: commitmentScript(commitment) }], [reservedValue]);
  }
  const all = [coinbase, ...transactions];
  return { header: { ...header, merkleRoot: blockMerkleRoot({ header, transactions: all }).root }, transactions: all };
}

