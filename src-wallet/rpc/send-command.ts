import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { RpcCall } from '../../src-interfaces/rpc/command.js';
import { checkedVersion, inputsOf, lockTimeOf, refuseContradiction } from '../../src-interfaces/rpc/draft-arguments.js';
import { outputPairs, outputsArgument } from '../../src-interfaces/rpc/output-arguments.js';
import { asBoolean } from '../../src-interfaces/rpc/values.js';
import type { LoadedWallet } from '../wallet.js';
import { finishPayment, withPositionalFee } from './finish-payment.js';
import {
  addToWalletArgument,
  changeArguments,
  coinArguments,
  feeArguments,
  maxWeightArgument,
  optionsArgument,
  paymentResult,
  positionalFeeArguments,
  sendingArguments,
  subtractFeeArgument,
  versionArgument,
} from './funding-arguments.js';
import { fund, withInputWeights } from './funding.js';
import { inputsWithWeight, weightArgument } from './input-weights.js';
import { feePayers, optionsOf, recipientsOf } from './recipients.js';
import { needsPassphrase, type WalletCommandSpec } from './wallet-command.js';

async function send(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const options = withPositionalFee(call, optionsOf(call.value('options')));
  const replaceable = options['replaceable'] === undefined ? wallet.context.settings.signalRbf : asBoolean(options['replaceable']);
  const pairs = outputPairs(call.value('outputs'));
  const recipients = recipientsOf(wallet, pairs, feePayers(options['subtract_fee_from_outputs'] ?? null, pairs));
  const lockTime = lockTimeOf(options['locktime'] ?? null);
  const version = checkedVersion(call.integer('version'));
  const given = options['inputs'] ?? null;
  const inputs = inputsOf(given, lockTime, replaceable);
  refuseContradiction(inputs, replaceable);
  const weighed = withInputWeights(options, inputsWithWeight(given));
  const rules = { addInputs: inputs.length === 0, overrideFeeRate: false };
  return fund(wallet, { version, lockTime, inputs, recipients }, weighed, rules, ({ tx }) => finishPayment(wallet, tx, options));
}

export const sendCommand: WalletCommandSpec = {
  name: 'send',
  description: `Pays, with many choices. What it cannot sign comes back as a PSBT.${needsPassphrase}`,
  synced: true,
  args: [
    outputsArgument,
    ...positionalFeeArguments,
    optionsArgument([
      ...coinArguments({ defaultHint: 'false when "inputs" are specified, true otherwise' }),
      addToWalletArgument,
      ...changeArguments({ changeAddress: 'change_address', changePosition: 'change_position' }),
      ...sendingArguments('Coins to spend.', weightArgument),
      subtractFeeArgument('subtract_fee_from_outputs'),
      maxWeightArgument,
      ...feeArguments,
    ]),
    versionArgument,
  ],
  result: paymentResult,
  run: send,
};
