import { randomBytes } from 'node:crypto';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { serializeTransaction, serializeTxOut } from '../../src-bitcoin/primitives/transaction.js';
import { inputField } from '../../src-bitcoin/psbt/fields.js';
import { isFinished, type Psbt } from '../../src-bitcoin/psbt/psbt.js';
import { describeOutput, dropPreviousTransactions, PsbtSigner } from '../../src-bitcoin/psbt/sign-psbt.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import { witnessProgram } from '../../src-bitcoin/script/script.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { RpcContext } from './context.js';

const empty = new Uint8Array(0);

/** Whether an output is spent by a witness, so that its amount and script are all that a signer needs. */
function needsWitness(script: Uint8Array, known: SolvingData): boolean {
  if (witnessProgram(script) !== undefined) return true;
  const solution = solve(script);
  const redeem = solution.type === 'scripthash' ? known.script(solution.hash) : undefined;
  return redeem !== undefined && witnessProgram(redeem) !== undefined;
}

/** Puts in what mempool and chain know of the outputs that are spent. */
function addSpentOutputs({ mempool, chainstate }: RpcContext, psbt: Psbt, known: SolvingData): void {
  psbt.tx.inputs.forEach(({ prevout }, i) => {
    const map = psbt.inputs[i];
    if (map === undefined || map.has(inputField.nonWitnessUtxo)) return;
    const previous = mempool.get(prevout.txid)?.tx;
    if (previous !== undefined) {
      // An output that it does not have would be a PSBT that nobody reads.
      if (prevout.index < previous.outputs.length) map.set(inputField.nonWitnessUtxo, empty, serializeTransaction(previous, false));
      return;
    }
    const coin = chainstate.coins.getCoin(prevout);
    if (coin !== undefined && needsWitness(coin.scriptPubKey, known)) map.set(inputField.witnessUtxo, empty, serializeTxOut(coin));
  });
}

export interface UpdateOptions {
  /** What descriptors tell of scripts, without private keys. */
  readonly known: SolvingData;
  /** The same with private keys, if inputs are to be signed. */
  readonly signing?: SolvingData;
  /** What the signatures cover; see `PsbtSignOptions`. */
  readonly hashType?: number;
  /** Say where keys come from. */
  readonly origins: boolean;
  /** Put what unlocks an input in place of its signatures, once there are enough. */
  readonly finish: boolean;
}

/**
 * Fills a PSBT with what the node knows of the outputs it spends and descriptors tell of its scripts, and signs
 * what the descriptors have keys for.
 * @throws RpcFailure when an input wants another hash type
 */
export function updatePsbt(context: RpcContext, psbt: Psbt, { known, signing = known, hashType, origins, finish }: UpdateOptions): void {
  addSpentOutputs(context, psbt, known);
  const signer = new PsbtSigner(psbt);
  psbt.inputs.forEach((map, i) => {
    if (isFinished(map)) return;
    const { result } = signer.sign(i, signing, { origins, finish, aux: new Uint8Array(randomBytes(32)), ...(hashType === undefined ? {} : { hashType }) });
    if (result === 'hash-type-mismatch') throw rpcError('deserialization', 'Specified sighash value does not match value stored in PSBT');
  });
  psbt.outputs.forEach((_map, i) => describeOutput(psbt, i, known, { origins }));
  dropPreviousTransactions(psbt);
}
