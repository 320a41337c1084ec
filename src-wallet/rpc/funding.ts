import { parseOutputType } from '../../src-bitcoin/descriptor/output-types.js';
import { outpointKey, outpointOfKey } from '../../src-bitcoin/primitives/transaction.js';
import type { JsonObject, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { asAmount, asArray, asBoolean, asInteger, asString, checkMembers, type MemberTypes } from '../../src-interfaces/rpc/values.js';
import { buildTransaction, type BuiltTransaction } from '../spend/build.js';
import type { CoinControl, Recipient, SelectedInput } from '../spend/coin-control.js';
import { perKilobyte } from '../spend/fee-rate.js';
import { restrictedVersion, restrictedWeight } from '../spend/restricted.js';
import { unspentCoinsAt } from '../spend/spent-coins.js';
import type { LoadedWallet } from '../wallet.js';
import { feeControl } from './fee-arguments.js';
import { inputWeightsOf } from './input-weights.js';
import { solvingDataOf } from './solving-data.js';

/** What a payment is to be like, whatever coins the wallet adds. */
export interface Draft {
  readonly version: number;
  readonly lockTime: number;
  readonly inputs: readonly SelectedInput[];
  readonly recipients: readonly Recipient[];
}

export interface FundingRules {
  /** Without a word about it, add coins to those the draft has. */
  readonly addInputs: boolean;
  /** Take a fee rate even if it is below the wallet's minimum. */
  readonly overrideFeeRate: boolean;
}

const optionTypes: MemberTypes = {
  add_inputs: 'bool',
  include_unsafe: 'bool',
  add_to_wallet: 'bool',
  changeAddress: 'string',
  change_address: 'string',
  changePosition: 'number',
  change_position: 'number',
  change_type: 'string',
  includeWatching: 'bool',
  include_watching: 'bool',
  inputs: 'array',
  lockUnspents: 'bool',
  lock_unspents: 'bool',
  locktime: 'number',
  fee_rate: 'any',
  feeRate: 'any',
  psbt: 'bool',
  solving_data: 'object',
  subtractFeeFromOutputs: 'array',
  subtract_fee_from_outputs: 'array',
  replaceable: 'bool',
  conf_target: 'number',
  estimate_mode: 'string',
  minconf: 'number',
  maxconf: 'number',
  input_weights: 'array',
  max_tx_weight: 'number',
};

function changeOptions(wallet: LoadedWallet, options: JsonObject): CoinControl {
  const address = options['change_address'] ?? options['changeAddress'];
  const type = options['change_type'];
  if (address !== undefined) {
    const decoded = wallet.decode(asString(address));
    if (!decoded.ok) throw rpcError('invalidAddressOrKey', 'Change address must be a valid bitcoin address');
    if (type !== undefined) throw rpcError('invalidParameter', 'Cannot specify both change address and address type options');
    return { changeScript: decoded.scriptPubKey };
  }
  if (type === undefined) return {};
  const changeType = parseOutputType(asString(type));
  if (changeType === undefined) throw rpcError('invalidAddressOrKey', `Unknown change type '${asString(type)}'`);
  return { changeType };
}

function depthOptions(options: JsonObject): CoinControl {
  const minDepth = options['minconf'] === undefined ? 0 : asInteger(options['minconf']);
  if (minDepth < 0) throw rpcError('invalidParameter', 'Negative minconf');
  if (options['maxconf'] === undefined) return { minDepth };
  const maxDepth = asInteger(options['maxconf']);
  if (maxDepth < minDepth) throw rpcError('invalidParameter', `maxconf can't be lower than minconf: ${maxDepth} < ${minDepth}`);
  return { minDepth, maxDepth };
}

/** A rate in BTC/kvB. */
function oldFeeRate(options: JsonObject): CoinControl {
  const rate = options['feeRate'];
  if (rate === undefined) return {};
  const refuse = (text: string): never => {
    throw rpcError('invalidParameter', text);
  };
  if (options['fee_rate'] !== undefined) refuse('Cannot specify both fee_rate (sat/vB) and feeRate (BTC/kvB)');
  if (options['conf_target'] !== undefined) {
    refuse('Cannot specify both conf_target and feeRate. Please provide either a confirmation target in blocks for automatic fee estimation, or an explicit fee rate.');
  }
  if (options['estimate_mode'] !== undefined) refuse('Cannot specify both estimate_mode and feeRate');
  return { feeRate: perKilobyte(asAmount(rate)), overrideFeeRate: true };
}

function changePositionOf(options: JsonObject, outputs: number): number | undefined {
  const value = options['change_position'] ?? options['changePosition'];
  if (value === undefined) return undefined;
  const position = asInteger(value);
  if (position < 0 || position > outputs) throw rpcError('invalidParameter', 'changePosition out of bounds');
  return position;
}

function maxWeightOf(options: JsonObject, version: number): CoinControl {
  const asked = options['max_tx_weight'] === undefined ? undefined : asInteger(options['max_tx_weight']);
  const maxWeight = version === restrictedVersion ? Math.min(asked ?? restrictedWeight, restrictedWeight) : asked;
  return maxWeight === undefined ? {} : { maxWeight };
}

/** Adds the outputs of inputs that are not the wallet's. @throws RpcFailure when the node does not have them unspent */
async function withOutputs(wallet: LoadedWallet, inputs: readonly SelectedInput[]): Promise<readonly SelectedInput[]> {
  const foreign = inputs.filter(({ outpoint }) => wallet.history.owned(outpoint) === undefined);
  if (foreign.length === 0) return inputs;
  const outputs = await unspentCoinsAt(
    wallet,
    foreign.map(({ outpoint }) => outpoint),
  );
  return inputs.map((input) => {
    const place = foreign.indexOf(input);
    if (place === -1) return input;
    const output = outputs[place];
    if (output === undefined) throw rpcError('wallet', 'Unable to find UTXO for external input');
    return { ...input, output };
  });
}

interface Funding {
  readonly control: CoinControl;
  /** Coins that were given a weight, without being in the draft. They are spent, too. */
  readonly weighedOnly: readonly SelectedInput[];
  readonly changePosition: number | undefined;
  readonly lockUnspents: boolean;
}

async function fundingOf(wallet: LoadedWallet, draft: Draft, options: JsonObject, rules: FundingRules): Promise<Funding> {
  checkMembers(options, optionTypes, { allowNull: true, strict: true });
  const flag = (name: string, otherwise: boolean): boolean => (options[name] === undefined ? otherwise : asBoolean(options[name]));
  const allowOtherInputs = flag('add_inputs', rules.addInputs);
  const changePosition = changePositionOf(options, draft.recipients.length);
  const change = changeOptions(wallet, options);
  const lockUnspents = flag('lock_unspents', flag('lockUnspents', false));
  const includeUnsafe = flag('include_unsafe', false);
  const oldRate = oldFeeRate(options);
  const replaceable = options['replaceable'] === undefined ? undefined : asBoolean(options['replaceable']);
  const depth = depthOptions(options);
  const wishes = { confirmTarget: options['conf_target'] ?? null, estimateMode: options['estimate_mode'] ?? null, feeRate: options['fee_rate'] ?? null };
  const fee = await feeControl(wallet, wishes, replaceable);
  const { solving_data: solving, input_weights: weights } = options;
  const known = solving === undefined ? {} : { solving: solvingDataOf(solving, wallet.context.params) };
  const weightOf = weights === undefined ? new Map<string, number>() : inputWeightsOf(asArray(weights));
  const maxWeight = maxWeightOf(options, draft.version);
  const control: CoinControl = {
    ...change,
    ...oldRate,
    ...fee,
    ...(fee.feeRate !== undefined && rules.overrideFeeRate ? { overrideFeeRate: true } : {}),
    ...depth,
    ...known,
    ...maxWeight,
    version: draft.version,
    lockTime: draft.lockTime,
    includeUnsafe,
    allowOtherInputs,
    selected: draft.inputs.map((input) => {
      const weight = weightOf.get(outpointKey(input.outpoint));
      return weight === undefined ? input : { ...input, weight };
    }),
  };
  const inDraft = new Set(draft.inputs.map(({ outpoint }) => outpointKey(outpoint)));
  const weighedOnly = [...weightOf].filter(([key]) => !inDraft.has(key)).map(([key, weight]) => ({ outpoint: outpointOfKey(key), weight }));
  return { control, weighedOnly, changePosition, lockUnspents };
}

/**
 * Adds to a draft what pays for it: coins, change, fee. The result is not signed, and its change address
 * counts as used.
 * @param use gets the result while no other payment can take the same coins
 * @throws RpcFailure
 */
export async function fund<T>(
  wallet: LoadedWallet,
  draft: Draft,
  options: JsonObject,
  rules: FundingRules,
  use: (built: BuiltTransaction) => T | Promise<T>,
): Promise<T> {
  const { control, weighedOnly, changePosition, lockUnspents } = await fundingOf(wallet, draft, options, rules);
  if (draft.recipients.length === 0) throw rpcError('invalidParameter', 'TX must have at least one output');
  return wallet.spendTurns.run(async () => {
    const selected = [...(await withOutputs(wallet, control.selected ?? [])), ...weighedOnly];
    const position = changePosition === undefined ? {} : { changePosition };
    const outcome = await buildTransaction(wallet, draft.recipients, { ...control, selected }, { sign: false, ...position });
    if (!outcome.ok) throw rpcError('wallet', outcome.error);
    if (lockUnspents) for (const { prevout } of outcome.built.tx.inputs) wallet.lockOutput(prevout, false);
    return use(outcome.built);
  });
}

/** Options with the weights that inputs come with. @throws RpcFailure when there are some already */
export function withInputWeights(options: JsonObject, weights: readonly JsonValue[]): JsonObject {
  if (options['input_weights'] !== undefined) throw rpcError('invalidParameter', 'Input weights should be specified in inputs rather than in options.');
  return weights.length === 0 ? options : { ...options, input_weights: weights };
}
