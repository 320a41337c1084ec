import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction } from '../../src-bitcoin/primitives/transaction.js';
import { psbtToText } from '../../src-bitcoin/psbt/psbt-text.js';
import { createPsbt, extractTransaction } from '../../src-bitcoin/psbt/psbt.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { checkedVersion, inputArguments, inputsOf, lockTimeOf, refuseContradiction } from '../../src-interfaces/rpc/draft-arguments.js';
import { hashTypeArgument, hashTypeOf } from '../../src-interfaces/rpc/hash-type.js';
import { outputPairs, outputsArgument } from '../../src-interfaces/rpc/output-arguments.js';
import { psbtArgument, psbtOf } from '../../src-interfaces/rpc/psbt-argument.js';
import { amountJson, asBoolean } from '../../src-interfaces/rpc/values.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { LoadedWallet } from '../wallet.js';
import { fillOrRefuse } from './fill-or-refuse.js';
import { coinArguments, feeArguments, maxWeightArgument, olderFundingArguments, optionsArgument, versionArgument } from './funding-arguments.js';
import { fund, withInputWeights } from './funding.js';
import { inputsWithWeight, weightArgument } from './input-weights.js';
import { feePayers, optionsOf, recipientsOf } from './recipients.js';
import { ensureUnlocked, needsPassphrase, onWallet, type WalletCommandSpec } from './wallet-command.js';

function processPsbt(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const psbt = psbtOf(call.string('psbt'));
  const hashType = hashTypeOf(call.value('sighashtype'));
  const sign = call.boolean('sign');
  if (sign) ensureUnlocked(wallet);
  const complete = fillOrRefuse(wallet, psbt, {
    sign,
    derivations: call.boolean('bip32derivs'),
    finish: call.boolean('finalize'),
    ...(hashType === undefined ? {} : { hashType }),
  });
  const result = { psbt: psbtToText(psbt), complete };
  return complete ? { ...result, hex: toHex(serializeTransaction(extractTransaction(psbt))) } : result;
}

async function createFundedPsbt(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const options = optionsOf(call.value('options'));
  const wish = options['replaceable'] ?? null;
  const replaceable = wish === null ? wallet.context.settings.signalRbf : asBoolean(wish);
  const lockTime = lockTimeOf(call.value('locktime'));
  const version = checkedVersion(call.integer('version'));
  const given = call.value('inputs');
  const inputs = inputsOf(given, lockTime, replaceable);
  const pairs = outputPairs(call.value('outputs'));
  const payments = recipientsOf(wallet, pairs, new Set());
  refuseContradiction(inputs, replaceable);
  const payers = feePayers(options['subtractFeeFromOutputs'] ?? null, pairs);
  const recipients = payments.map((payment, i) => ({ ...payment, subtractFee: payers.has(i) }));
  const weighed = withInputWeights(options, inputsWithWeight(given));
  const rules = { addInputs: inputs.length === 0, overrideFeeRate: true };
  const derivations = call.boolean('bip32derivs');
  return fund(wallet, { version, lockTime, inputs, recipients }, weighed, rules, ({ tx, fee, changePosition }) => {
    const psbt = createPsbt(tx);
    fillOrRefuse(wallet, psbt, { sign: false, derivations, finish: true });
    return { psbt: psbtToText(psbt), fee: amountJson(fee), changepos: changePosition ?? -1 };
  });
}

const derivationsArgument: Argument = { names: 'bip32derivs', kind: 'boolean', default: true, help: 'Say which BIP32 paths public keys come from, where known.' };

const processCommand: WalletCommandSpec = {
  name: 'walletprocesspsbt',
  description: `Fills a PSBT with what the wallet knows of its inputs and outputs, and signs what it has keys for.${needsPassphrase}`,
  synced: true,
  args: [
    psbtArgument,
    { names: 'sign', kind: 'boolean', default: true, help: 'Also sign.' },
    hashTypeArgument,
    derivationsArgument,
    { names: 'finalize', kind: 'boolean', default: true, help: 'Finish inputs that have all their signatures.' },
  ],
  result: `{
  "psbt": "str",       (string) The PSBT in Base64
  "complete": bool,    (boolean) Whether all inputs are finished
  "hex": "hex"         (string, optional) The transaction, when they are
}`,
  run: processPsbt,
};

const createCommand: WalletCommandSpec = {
  name: 'walletcreatefundedpsbt',
  description:
    'Prepares a payment as PSBT: adds coins, change and what the wallet knows of both. It is not signed.\nCoins that are not the wallet\'s must be unspent and come with solving data or their weight.',
  synced: true,
  args: [
    { names: 'inputs', kind: 'array', help: 'Coins to spend. Without any the wallet chooses.', inner: inputArguments("'locktime' and 'options.replaceable'", weightArgument) },
    outputsArgument,
    { names: 'locktime', kind: 'number', default: 0, help: 'Block height or time before which it cannot confirm.' },
    optionsArgument([
      ...coinArguments({ defaultHint: 'false when "inputs" are specified, true otherwise' }),
      ...olderFundingArguments,
      maxWeightArgument,
      ...feeArguments,
    ]),
    derivationsArgument,
    versionArgument,
  ],
  result: `{
  "psbt": "str",    (string) The PSBT in Base64
  "fee": n,         (numeric) The fee in BTC
  "changepos": n    (numeric) Index of the change output, -1 without
}`,
  run: createFundedPsbt,
};

/** Commands about partially signed transactions. */
export function psbtCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [processCommand, createCommand].map((spec) => onWallet(registry, spec));
}
