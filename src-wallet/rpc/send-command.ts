import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction, txidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { JsonNumber, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { RpcCall } from '../../src-interfaces/rpc/command.js';
import { asArray, asBigInt, asBoolean, asHash, asInteger, asObject, asString, checkMembers, type MemberTypes } from '../../src-interfaces/rpc/values.js';
import { parseOutputType } from '../keys/output-types.js';
import { buildTransaction, maxStandardWeight, type BuiltTransaction } from '../spend/build.js';
import type { CoinControl, SelectedInput } from '../spend/coin-control.js';
import { commitTransaction } from '../spend/commit.js';
import { psbtOf } from '../spend/psbt.js';
import { signTransaction } from '../spend/sign.js';
import { coinsOf, unspentCoinsAt } from '../spend/spent-coins.js';
import type { LoadedWallet } from '../wallet.js';
import { confirmTargetArgument, estimateModeArgument, feeControl, feeRateArgument, replaceableArgument } from './fee-arguments.js';
import { feePayers, optionsOf, outputInner, outputPairs, recipientsOf } from './output-arguments.js';
import { solvingDataArgument, solvingDataOf } from './solving-data.js';
import { needsPassphrase, type WalletCommandSpec } from './wallet-command.js';

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const leastInputWeight = 165;
const maxSequence = 0xffffffff;

/** Names of options that older commands use, and what they are called here. */
const outdated: readonly (readonly [old: string, text: string])[] = [
  ['feeRate', 'Use fee_rate (sat/vB) instead of feeRate'],
  ['changeAddress', 'Use change_address instead of changeAddress'],
  ['changePosition', 'Use change_position instead of changePosition'],
  ['lockUnspents', 'Use lock_unspents instead of lockUnspents'],
  ['subtractFeeFromOutputs', 'Use subtract_fee_from_outputs instead of subtractFeeFromOutputs'],
];

function weightOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  const weight = asInteger(value);
  if (weight < leastInputWeight) {
    throw rpcError(
      'invalidParameter',
      'Invalid parameter, weight cannot be less than 165 (41 bytes (size of outpoint + sequence + empty scriptSig) * 4 (witness scaling factor)) + 1 (empty witness)',
    );
  }
  if (weight > maxStandardWeight) {
    throw rpcError('invalidParameter', `Invalid parameter, weight cannot be greater than the maximum standard tx weight of ${maxStandardWeight}`);
  }
  return weight;
}

function selectedInput(value: JsonValue): SelectedInput {
  const input = asObject(value);
  const txid = asHash(input['txid'] ?? null, 'txid');
  const vout = input['vout'];
  if (!(vout instanceof JsonNumber)) throw rpcError('invalidParameter', 'Invalid parameter, missing vout key');
  const index = asInteger(vout);
  if (index < 0) throw rpcError('invalidParameter', 'Invalid parameter, vout cannot be negative');
  const sequence = input['sequence'] instanceof JsonNumber ? asBigInt(input['sequence']) : undefined;
  if (sequence !== undefined && (sequence < 0n || sequence > BigInt(maxSequence))) {
    throw rpcError('invalidParameter', 'Invalid parameter, sequence number is out of range');
  }
  const weight = weightOf(input['weight']);
  return {
    outpoint: { txid, index },
    ...(sequence === undefined ? {} : { sequence: Number(sequence) }),
    ...(weight === undefined ? {} : { weight }),
  };
}

const optionTypes: MemberTypes = {
  add_inputs: 'bool',
  include_unsafe: 'bool',
  add_to_wallet: 'bool',
  change_address: 'string',
  change_position: 'number',
  change_type: 'string',
  includeWatching: 'bool',
  include_watching: 'bool',
  inputs: 'array',
  lock_unspents: 'bool',
  locktime: 'number',
  fee_rate: 'any',
  psbt: 'bool',
  solving_data: 'object',
  subtract_fee_from_outputs: 'array',
  replaceable: 'bool',
  conf_target: 'number',
  estimate_mode: 'string',
  minconf: 'number',
  maxconf: 'number',
  input_weights: 'array',
  max_tx_weight: 'number',
};

/** Puts what was given by position in the options. @throws RpcFailure when something is given in both ways */
function withPositional(call: RpcCall, options: JsonObject): JsonObject {
  for (const [old, text] of outdated) if (options[old] !== undefined) throw rpcError('invalidParameter', text);
  checkMembers(options, optionTypes, { allowNull: true, strict: true });
  const merged: Record<string, JsonValue> = { ...options };
  const [target, mode, rate] = [call.value('conf_target'), call.request.params[2] ?? null, call.value('fee_rate')];
  if (options['conf_target'] !== undefined || options['estimate_mode'] !== undefined) {
    if (target !== null || mode !== null) {
      throw rpcError('invalidParameter', 'Pass conf_target and estimate_mode either as arguments or in the options object, but not both');
    }
  } else {
    merged['conf_target'] = target;
    merged['estimate_mode'] = mode;
  }
  if (options['fee_rate'] === undefined) merged['fee_rate'] = rate;
  else if (rate !== null) throw rpcError('invalidParameter', 'Pass the fee_rate either as an argument, or in the options object, but not both');
  const chosenMode = merged['estimate_mode'] ?? null;
  if ((merged['conf_target'] ?? null) !== null && (chosenMode === null || chosenMode === 'unset')) throw rpcError('invalidParameter', 'Specify estimate_mode');
  return merged;
}

function changeOptions(wallet: LoadedWallet, options: JsonObject): CoinControl {
  const address = options['change_address'];
  const type = options['change_type'];
  if (address !== undefined && type !== undefined) throw rpcError('invalidParameter', 'Cannot specify both change address and address type options');
  if (address !== undefined) {
    const decoded = wallet.decode(asString(address));
    if (!decoded.ok) throw rpcError('invalidAddressOrKey', 'Change address must be a valid bitcoin address');
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

function lockTimeOption(options: JsonObject): CoinControl {
  const value = options['locktime'] ?? null;
  if (value === null) return {};
  const lockTime = asBigInt(value);
  if (lockTime < 0n || lockTime > 0xffffffffn) throw rpcError('invalidParameter', 'Invalid parameter, locktime out of range');
  return { lockTime: Number(lockTime) };
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

async function coinControlOf(wallet: LoadedWallet, call: RpcCall, options: JsonObject): Promise<CoinControl> {
  const version = call.integer('version');
  if (version < 1 || version > 3) throw rpcError('invalidParameter', 'Invalid parameter, version out of range(1~3)');
  const selected = options['inputs'] === undefined || options['inputs'] === null ? [] : asArray(options['inputs']).map(selectedInput);
  const allowOtherInputs = options['add_inputs'] === undefined ? selected.length === 0 : asBoolean(options['add_inputs']);
  const wishes = { confirmTarget: options['conf_target'] ?? null, estimateMode: options['estimate_mode'] ?? null, feeRate: options['fee_rate'] ?? null };
  const replaceable = options['replaceable'] === undefined ? undefined : asBoolean(options['replaceable']);
  const includeUnsafe = options['include_unsafe'] !== undefined && asBoolean(options['include_unsafe']);
  return {
    ...(await feeControl(wallet, wishes, replaceable)),
    ...changeOptions(wallet, options),
    ...depthOptions(options),
    ...lockTimeOption(options),
    ...(options['max_tx_weight'] === undefined ? {} : { maxWeight: asInteger(options['max_tx_weight']) }),
    ...((options['solving_data'] ?? null) === null ? {} : { solving: solvingDataOf(options['solving_data'] ?? null, wallet.context.params) }),
    version,
    selected: await withOutputs(wallet, selected),
    allowOtherInputs,
    includeUnsafe,
  };
}

function changePositionOf(options: JsonObject, outputs: number): { readonly changePosition?: number } {
  if (options['change_position'] === undefined) return {};
  const changePosition = asInteger(options['change_position']);
  if (changePosition < 0 || changePosition > outputs) throw rpcError('invalidParameter', 'changePosition out of bounds');
  return { changePosition };
}

async function finish(wallet: LoadedWallet, built: BuiltTransaction, options: JsonObject): Promise<Jsonable> {
  const asPsbt = options['psbt'] !== undefined && asBoolean(options['psbt']);
  const addToWallet = options['add_to_wallet'] === undefined || asBoolean(options['add_to_wallet']);
  const spent = await coinsOf(wallet, built.tx);
  const signed = wallet.canSign && !wallet.keyring.vault.locked ? signTransaction(wallet, built.tx, spent) : { tx: built.tx, complete: false };
  const complete: Transaction | undefined = signed.complete ? signed.tx : undefined;
  const psbt = asPsbt || complete === undefined || !addToWallet ? { psbt: toBase64(psbtOf(wallet, signed.tx, spent)) } : {};
  if (complete === undefined) return { ...psbt, complete: false };
  const txid = hashToHex(txidOf(complete));
  if (!addToWallet || asPsbt) return { ...psbt, txid, hex: toHex(serializeTransaction(complete)), complete: true };
  await commitTransaction(wallet, complete);
  return { txid, complete: true };
}

async function send(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const options = withPositional(call, optionsOf(call.value('options')));
  const pairs = outputPairs(call.value('outputs'));
  const recipients = recipientsOf(wallet, pairs, feePayers(options['subtract_fee_from_outputs'] ?? null, pairs));
  const control = await coinControlOf(wallet, call, options);
  if (recipients.length === 0) throw rpcError('invalidParameter', 'TX must have at least one output');
  return wallet.spendTurns.run(async () => {
    const outcome = await buildTransaction(wallet, recipients, control, { sign: false, ...changePositionOf(options, recipients.length) });
    if (!outcome.ok) throw rpcError('wallet', outcome.error);
    if (options['lock_unspents'] !== undefined && asBoolean(options['lock_unspents'])) {
      for (const { prevout } of outcome.built.tx.inputs) wallet.lockOutput(prevout, false);
    }
    return finish(wallet, outcome.built, options);
  });
}

export const sendCommand: WalletCommandSpec = {
  name: 'send',
  description: `Pays, with many choices. What it cannot sign comes back as a PSBT.${needsPassphrase}`,
  synced: true,
  args: [
    { names: 'outputs', kind: 'array', required: true, anyType: true, help: 'Whom to pay how much. Each address once.', inner: outputInner },
    confirmTargetArgument,
    estimateModeArgument,
    feeRateArgument,
    {
      names: 'options',
      kind: 'named-options',
      help: '',
      oneLine: 'options',
      inner: [
        { names: 'add_inputs', kind: 'boolean', defaultHint: 'false when "inputs" are specified, true otherwise', help: 'Also spend coins that were not selected.' },
        { names: 'include_unsafe', kind: 'boolean', default: false, help: 'Also spend unconfirmed coins that others sent.' },
        { names: 'minconf', kind: 'number', default: 0, help: 'Fewest confirmations of coins to choose.' },
        { names: 'maxconf', kind: 'number', help: 'Most confirmations of coins to choose.' },
        { names: 'add_to_wallet', kind: 'boolean', default: true, help: 'Record and send it; otherwise only return it.' },
        { names: 'change_address', kind: 'string', defaultHint: 'automatic', help: 'Where the change goes.' },
        { names: 'change_position', kind: 'number', defaultHint: 'random', help: 'Index of the change output.' },
        { names: 'change_type', kind: 'string', defaultHint: 'set by -changetype', help: 'Kind of change address, where none is given.' },
        feeRateArgument,
        { names: 'include_watching', kind: 'boolean', default: false, help: '(DEPRECATED) Has no effect.' },
        {
          names: 'inputs',
          kind: 'array',
          default: [],
          help: 'Coins to spend.',
          inner: [
            {
              names: '',
              kind: 'object',
              help: '',
              inner: [
                { names: 'txid', kind: 'hex', required: true, help: 'The transaction.' },
                { names: 'vout', kind: 'number', required: true, help: 'The output.' },
                { names: 'sequence', kind: 'number', defaultHint: "depends on the value of the 'replaceable' and 'locktime' arguments", help: 'The sequence number.' },
                { names: 'weight', kind: 'number', defaultHint: 'Calculated from wallet and solving data', help: 'Most weight of the input with what unlocks it.' },
              ],
            },
          ],
        },
        { names: 'locktime', kind: 'number', defaultHint: 'locktime close to block height to prevent fee sniping', help: 'Block height or time before which it cannot confirm.' },
        { names: 'lock_unspents', kind: 'boolean', default: false, help: 'Lock the coins it spends.' },
        { names: 'psbt', kind: 'boolean', defaultHint: 'automatic', help: 'Return a PSBT, and do not send.' },
        {
          names: 'subtract_fee_from_outputs',
          kind: 'array',
          default: [],
          help: 'Outputs that get less because the fee is taken from them, in equal parts.',
          inner: [{ names: 'vout_index', kind: 'number', help: 'Index of the output, before change is added.' }],
        },
        { names: 'max_tx_weight', kind: 'number', default: maxStandardWeight, help: 'Most weight of the transaction.' },
        confirmTargetArgument,
        estimateModeArgument,
        replaceableArgument,
        solvingDataArgument,
      ],
    },
    { names: 'version', kind: 'number', default: 2, help: 'Version of the transaction.' },
  ],
  run: send,
};
