import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { inputArguments } from '../../src-interfaces/rpc/draft-arguments.js';
import { maxStandardWeight } from '../spend/build.js';
import { confirmTargetArgument, estimateModeArgument, feeRateArgument, replaceableArgument } from './fee-arguments.js';
import { solvingDataArgument } from './solving-data.js';

const lockHelp = 'Lock the coins it spends.';

/** Choices that can also be given by their names. */
export const optionsArgument = (inner: readonly Argument[]): Argument => ({ names: 'options', kind: 'named-options', help: '', oneLine: 'options', inner });

/** What can be said about the fee by position. */
export const positionalFeeArguments: readonly Argument[] = [confirmTargetArgument, estimateModeArgument, feeRateArgument];

export const versionArgument: Argument = { names: 'version', kind: 'number', default: 2, help: 'Version of the transaction.' };

export const addToWalletArgument: Argument = { names: 'add_to_wallet', kind: 'boolean', default: true, help: 'Record and send it; otherwise only return it.' };

/** Options of commands that send at once, unless told otherwise. @param weight what else can be said of each coin */
export const sendingArguments = (inputsHelp: string, ...weight: readonly Argument[]): readonly Argument[] => [
  feeRateArgument,
  { names: 'include_watching', kind: 'boolean', default: false, help: '(DEPRECATED) Has no effect.' },
  { names: 'inputs', kind: 'array', default: [], help: inputsHelp, inner: inputArguments("'replaceable' and 'locktime'", ...weight) },
  { names: 'locktime', kind: 'number', defaultHint: 'locktime close to block height to prevent fee sniping', help: 'Block height or time before which it cannot confirm.' },
  { names: 'lock_unspents', kind: 'boolean', default: false, help: lockHelp },
  { names: 'psbt', kind: 'boolean', defaultHint: 'automatic', help: 'Return a PSBT, and do not send.' },
];

export const minimumConfirmations: Argument = { names: 'minconf', kind: 'number', default: 0, help: 'Fewest confirmations of coins to choose.' };
export const maximumConfirmations: Argument = { names: 'maxconf', kind: 'number', help: 'Most confirmations of coins to choose.' };

/** Which coins to choose. @param addInputs default of adding coins to chosen ones */
export const coinArguments = (addInputs: Pick<Argument, 'default' | 'defaultHint'>): readonly Argument[] => [
  { names: 'add_inputs', kind: 'boolean', ...addInputs, help: 'Also spend coins that were not selected.' },
  { names: 'include_unsafe', kind: 'boolean', default: false, help: 'Also spend unconfirmed coins that others sent.' },
  minimumConfirmations,
  maximumConfirmations,
];

export const changeArguments = (names: { readonly changeAddress: string; readonly changePosition: string }): readonly Argument[] => [
  { names: names.changeAddress, kind: 'string', defaultHint: 'automatic', help: 'Where the change goes.' },
  { names: names.changePosition, kind: 'number', defaultHint: 'random', help: 'Index of the change output.' },
  { names: 'change_type', kind: 'string', defaultHint: 'set by -changetype', help: 'Kind of change address, where none is given.' },
];

export const subtractFeeArgument = (names: string): Argument => ({
  names,
  kind: 'array',
  default: [],
  help: 'Outputs that get less because the fee is taken from them, in equal parts.',
  inner: [{ names: 'vout_index', kind: 'number', help: 'Index of the output, before change is added.' }],
});

export const maxWeightArgument: Argument = { names: 'max_tx_weight', kind: 'number', default: maxStandardWeight, help: 'Most weight of the transaction.' };

/** What the fee is told by. */
export const feeArguments: readonly Argument[] = [confirmTargetArgument, estimateModeArgument, replaceableArgument, solvingDataArgument];

/** Options that the older commands have in common after those about coins. */
export const olderFundingArguments: readonly Argument[] = [
  ...changeArguments({ changeAddress: 'changeAddress', changePosition: 'changePosition' }),
  { names: 'includeWatching', kind: 'boolean', default: false, help: '(DEPRECATED) Has no effect.' },
  { names: 'lockUnspents', kind: 'boolean', default: false, help: lockHelp },
  feeRateArgument,
  { names: 'feeRate', kind: 'amount', defaultHint: 'not set, fall back to wallet fee estimation', help: 'The fee rate in BTC/kvB.' },
  subtractFeeArgument('subtractFeeFromOutputs'),
];

/** What commands that pay, or prepare to, give back. */
export const paymentResult = `{
  "complete": bool,    (boolean) Whether all signatures are there
  "txid": "hex",       (string, optional) The txid, when they are
  "hex": "hex",        (string, optional) The transaction, when it was not sent
  "psbt": "str"        (string, optional) The transaction as PSBT, when it was not sent or signatures are missing
}`;
