import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable, JsonObject } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex, whetherWitness, witnessArgument } from '../../src-interfaces/rpc/decode-transaction.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import type { LoadedWallet } from '../wallet.js';
import { coinArguments, feeArguments, maxWeightArgument, olderFundingArguments, optionsArgument } from './funding-arguments.js';
import { fund } from './funding.js';
import { inputWeightsArgument } from './input-weights.js';
import { feePayers, optionsOf } from './recipients.js';
import type { WalletCommandSpec } from './wallet-command.js';

/** Options; formerly there was a truth value in their place, which says nothing any more. */
function fundingOptionsOf(call: RpcCall): JsonObject {
  const value = call.value('options');
  return typeof value === 'boolean' ? {} : optionsOf(value);
}

async function fundRaw(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const tx = decodeTransactionHex(call.string('hexstring'), whetherWitness(call));
  if (tx === undefined) throw rpcError('deserialization', 'TX decode failed');
  const options = fundingOptionsOf(call);
  // Outputs have no names here; a name would find the first.
  const names = tx.outputs.map(() => ['dummy', null] as const);
  const payers = feePayers(options['subtractFeeFromOutputs'] ?? null, names);
  const recipients = tx.outputs.map(({ scriptPubKey, value }, i) => ({ script: scriptPubKey, amount: value, subtractFee: payers.has(i) }));
  const inputs = tx.inputs.map(({ prevout, ...input }) => ({ outpoint: prevout, ...input }));
  const draft = { version: tx.version, lockTime: tx.locktime, inputs, recipients };
  return fund(wallet, draft, options, { addInputs: true, overrideFeeRate: true }, (built) => ({
    hex: toHex(serializeTransaction(built.tx)),
    fee: amountJson(built.fee),
    changepos: built.changePosition ?? -1,
  }));
}

export const fundRawTransactionCommand: WalletCommandSpec = {
  name: 'fundrawtransaction',
  category: 'rawtransactions',
  description:
    'Adds coins to a transaction until they pay for its outputs and the fee, and at most one change output. Outputs stay as they are,\nexcept that the fee can be taken from them. What is added is not signed, and what was signed may have to be signed again.\nCoins that are not the wallet\'s must be unspent and come with solving data or their weight.',
  synced: true,
  args: [
    { names: 'hexstring', kind: 'hex', required: true, help: 'The transaction.' },
    { ...optionsArgument([...coinArguments({ default: true }), ...olderFundingArguments, inputWeightsArgument, maxWeightArgument, ...feeArguments]), anyType: true },
    witnessArgument,
  ],
  result: `{
  "hex": "hex",     (string) The transaction
  "fee": n,         (numeric) The fee in BTC
  "changepos": n    (numeric) Index of the change output, -1 without
}`,
  run: fundRaw,
};
