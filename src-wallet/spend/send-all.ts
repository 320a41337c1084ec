import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { sequenceFinal, serializeOutpoint, type Transaction, type TxIn, type TxOut } from '../../src-bitcoin/primitives/transaction.js';
import { depthOf } from '../coins/trust.js';
import type { LoadedWallet } from '../wallet.js';
import { maxStandardWeight } from './build.js';
import type { CoinControl, SelectedInput } from './coin-control.js';
import { isDust } from './dust.js';
import { feeFor, readFeeRate, writeFeeRate, type FeeRate } from './fee-rate.js';
import { finalWeight } from './final-weight.js';
import { choosableCoins } from './gather.js';
import { ownUnlockSize, weighInput } from './groups.js';
import { obstacleToMixing, restrictedChildWeight, restrictedVersion, restrictedWeight } from './restricted.js';

/** Why not all can be sent, in words for people. */
export class SendAllFault extends Error {
  override readonly name = 'SendAllFault';

  constructor(
    readonly kind: 'parameter' | 'wallet' | 'funds',
    message: string,
  ) {
    super(message);
  }
}

/** An output; one without amount gets its share of what is left. */
export interface SharedOutput {
  readonly script: Uint8Array;
  /** Satoshis. */
  readonly amount: bigint | undefined;
  /** For messages. */
  readonly address: string;
}

export interface SendAllRequest {
  readonly control: CoinControl;
  readonly rate: FeeRate;
  readonly version: number;
  readonly lockTime: number;
  readonly replaceable: boolean;
  readonly outputs: readonly SharedOutput[];
  /** Exactly these coins; undefined for all. */
  readonly inputs: readonly SelectedInput[] | undefined;
  /** Leave out coins that cost more to spend than they are worth. */
  readonly sendMax: boolean;
}

interface Sweep {
  readonly inputs: readonly TxIn[];
  readonly spent: readonly TxOut[];
  /** Weight units that the transaction must not exceed. */
  readonly maxWeight: number;
}

const bare = (input: Pick<TxIn, 'prevout' | 'sequence'>): TxIn => ({ ...input, scriptSig: new Uint8Array(0), witness: [] });

function givenCoins(wallet: LoadedWallet, { version }: SendAllRequest, inputs: readonly SelectedInput[]): Sweep {
  const spent = inputs.map(({ outpoint }): TxOut => {
    const name = `UTXO (${hashToHex(outpoint.txid)}:${outpoint.index})`;
    if (wallet.history.isSpent(outpoint)) throw new SendAllFault('parameter', `Input not available. ${name} was already spent.`);
    const owned = wallet.history.owned(outpoint);
    if (owned === undefined) throw new SendAllFault('parameter', `Input not found. ${name} is not part of wallet.`);
    const obstacle = depthOf(owned.transaction, wallet.lastBlock.height) === 0 ? obstacleToMixing(owned.transaction.tx.version, version) : undefined;
    if (obstacle !== undefined) throw new SendAllFault('parameter', obstacle);
    return owned.output;
  });
  const maxWeight = version === restrictedVersion ? restrictedWeight : maxStandardWeight;
  return { inputs: inputs.map(({ outpoint, sequence }) => bare({ prevout: outpoint, sequence: sequence ?? sequenceFinal })), spent, maxWeight };
}

function allCoins(wallet: LoadedWallet, { control, rate, version, replaceable, sendMax }: SendAllRequest): Sweep {
  const coins = choosableCoins(wallet, control, { minAmount: 0n }).filter(({ output }) => {
    const unlock = sendMax ? ownUnlockSize(wallet, output.scriptPubKey) : undefined;
    return unlock === undefined || feeFor(rate, Math.ceil(weighInput(unlock).weight / 4)) <= output.value;
  });
  const sequence = replaceable ? 0xfffffffd : sequenceFinal;
  const builds = coins.some(({ depth }) => depth === 0);
  const maxWeight = version !== restrictedVersion ? maxStandardWeight : builds ? restrictedChildWeight : restrictedWeight;
  return { inputs: coins.map(({ outpoint }) => bare({ prevout: outpoint, sequence })), spent: coins.map(({ output }) => output), maxWeight };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** Satoshis left for outputs after the fee. */
async function valueAfterFee(wallet: LoadedWallet, sweep: Sweep, draft: Transaction, { rate, sendMax }: SendAllRequest): Promise<bigint> {
  const { chain, settings } = wallet.context;
  const weighed = sweep.spent.flatMap(({ scriptPubKey }) => {
    const unlock = ownUnlockSize(wallet, scriptPubKey);
    return unlock === undefined ? [] : [weighInput(unlock)];
  });
  if (weighed.length < sweep.spent.length) {
    throw new SendAllFault('wallet', 'Unable to determine the size of the transaction, the wallet contains unsolvable descriptors');
  }
  const weight = finalWeight(draft, weighed);
  const fee = feeFor(rate, Math.ceil(weight / 4));
  const bump = await chain.calculateCombinedBumpFee(sweep.inputs.map(({ prevout }) => serializeOutpoint(prevout)), writeFeeRate(rate));
  const value = sum(sweep.spent.map((output) => output.value)) - fee - (bump ?? 0n);
  if (fee > settings.maxFee) throw new SendAllFault('wallet', 'Fee exceeds maximum configured by user (e.g. -maxtxfee, maxfeerate)');
  if (value <= 0n) {
    const advice = sendMax ? ', try using lower feerate.' : ". Try using lower feerate or excluding uneconomic UTXOs with 'send_max' option.";
    throw new SendAllFault('funds', `Total value of UTXO pool too low to pay for transaction${advice}`);
  }
  if (weight > sweep.maxWeight) throw new SendAllFault('wallet', 'Transaction too large.');
  return value;
}

/** Outputs with their amounts: what is left is shared equally, and the first gets the remainder. */
function shareOut(outputs: readonly SharedOutput[], left: bigint, dustRate: FeeRate): readonly TxOut[] {
  const sharers = outputs.filter(({ amount }) => amount === undefined);
  const count = BigInt(sharers.length);
  return outputs.map((each): TxOut => {
    const remainder = each === sharers[0] ? left % count : 0n;
    const output = { value: each.amount ?? left / count + remainder, scriptPubKey: each.script };
    if (!isDust(output, dustRate)) return output;
    throw each.amount === undefined
      ? new SendAllFault('funds', 'Dynamically assigned remainder results in dust output.')
      : new SendAllFault('parameter', `Specified output amount to ${each.address} is below dust threshold.`);
  });
}

/**
 * A transaction that spends all coins of the wallet, or exactly given ones, and leaves no change. It is not signed.
 * @throws SendAllFault
 */
export async function buildSendAll(wallet: LoadedWallet, request: SendAllRequest): Promise<Transaction> {
  const sweep = request.inputs === undefined ? allCoins(wallet, request) : givenCoins(wallet, request, request.inputs);
  const { version, lockTime, outputs } = request;
  const claimed = sum(outputs.map(({ amount }) => amount ?? 0n));
  const draft: Transaction = {
    version,
    inputs: sweep.inputs,
    outputs: outputs.map(({ script, amount }) => ({ value: amount ?? 0n, scriptPubKey: script })),
    locktime: lockTime,
  };
  const value = await valueAfterFee(wallet, sweep, draft, request);
  if (claimed > sum(sweep.spent.map((output) => output.value))) throw new SendAllFault('funds', 'Assigned more value to outputs than available funds.');
  if (claimed > value) throw new SendAllFault('funds', 'Insufficient funds for fees after creating specified outputs.');
  const dustRate = readFeeRate(await wallet.context.chain.relayDustFee());
  return { ...draft, outputs: shareOut(outputs, value - claimed, dustRate) };
}
