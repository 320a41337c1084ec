import { FeeReason } from '../../src-interfaces/enums.js';
import { JsonNumber, type Jsonable, type JsonObject, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { RpcCall } from '../../src-interfaces/rpc/command.js';
import { checkedVersion, inputsOf, lockTimeOf, refuseContradiction } from '../../src-interfaces/rpc/draft-arguments.js';
import { outputPairs } from '../../src-interfaces/rpc/output-arguments.js';
import { asBoolean, asInteger } from '../../src-interfaces/rpc/values.js';
import type { CoinControl } from '../spend/coin-control.js';
import { chooseRate } from '../spend/fee-policy.js';
import { compareRates, formatSatPerVirtualByte, type FeeRate } from '../spend/fee-rate.js';
import { buildSendAll, SendAllFault, type SendAllRequest, type SharedOutput } from '../spend/send-all.js';
import type { LoadedWallet } from '../wallet.js';
import { feeControl } from './fee-arguments.js';
import { finishPayment, withPositionalFee } from './finish-payment.js';
import { addToWalletArgument, feeArguments, maximumConfirmations, minimumConfirmations, optionsArgument, paymentResult, positionalFeeArguments, sendingArguments, versionArgument } from './funding-arguments.js';
import { optionsOf, recipientsOf } from './recipients.js';
import { needsPassphrase, type WalletCommandSpec } from './wallet-command.js';

const faultNames = { parameter: 'invalidParameter', wallet: 'wallet', funds: 'walletInsufficientFunds' } as const;

function depthOptions(options: JsonObject): CoinControl {
  const minDepth = options['minconf'] === undefined ? 0 : asInteger(options['minconf']);
  if (minDepth < 0) throw rpcError('invalidParameter', `Invalid minconf (minconf cannot be negative): ${minDepth}`);
  if (options['maxconf'] === undefined) return { minDepth };
  const maxDepth = asInteger(options['maxconf']);
  if (maxDepth < minDepth) throw rpcError('invalidParameter', `maxconf can't be lower than minconf: ${maxDepth} < ${minDepth}`);
  return { minDepth, maxDepth };
}

async function rateOf(wallet: LoadedWallet, control: CoinControl): Promise<FeeRate> {
  const { rate, reason } = await chooseRate(wallet.context, control);
  if (control.feeRate !== undefined && compareRates(rate, control.feeRate) > 0) {
    throw rpcError(
      'invalidParameter',
      `Fee rate (${formatSatPerVirtualByte(control.feeRate)}) is lower than the minimum fee rate setting (${formatSatPerVirtualByte(rate)})`,
    );
  }
  if (reason === FeeReason.fallback && wallet.context.settings.fallbackFee === 0n) {
    throw rpcError('wallet', 'Fee estimation failed. Fallbackfee is disabled. Wait a few blocks or enable -fallbackfee.');
  }
  return rate;
}

function refuseCombinations(options: JsonObject): void {
  if (options['inputs'] === undefined) return;
  if (options['send_max'] !== undefined) throw rpcError('invalidParameter', 'Cannot combine send_max with specific inputs.');
  if (options['minconf'] !== undefined || options['maxconf'] !== undefined) {
    throw rpcError('invalidParameter', 'Cannot combine minconf or maxconf with specific inputs.');
  }
}

/** Reads recipients: addresses, which share what is left, and objects of address and amount. @throws RpcFailure */
function outputsOf(wallet: LoadedWallet, values: readonly JsonValue[], sharing: ReadonlySet<string>): readonly SharedOutput[] {
  const pairs = outputPairs(values.map((each) => (typeof each === 'string' ? { [each]: new JsonNumber('0') } : each)));
  return recipientsOf(wallet, pairs, new Set()).map(({ script, amount }) => {
    const address = wallet.addressOf(script) ?? '';
    return { script, amount: sharing.has(address) ? undefined : amount, address };
  });
}

async function requestOf(wallet: LoadedWallet, call: RpcCall, options: JsonObject): Promise<SendAllRequest> {
  const values = call.array('recipients');
  const sharing = new Set(values.filter((each) => typeof each === 'string'));
  if (sharing.size === 0) throw rpcError('invalidParameter', 'Must provide at least one address without a specified amount');
  const wishes = { confirmTarget: options['conf_target'] ?? null, estimateMode: options['estimate_mode'] ?? null, feeRate: options['fee_rate'] ?? null };
  const fee = await feeControl(wallet, wishes, undefined);
  const depth = depthOptions(options);
  const version = options['version'] === undefined ? 2 : asInteger(options['version'], 0);
  const replaceable = options['replaceable'] === undefined ? wallet.context.settings.signalRbf : asBoolean(options['replaceable']);
  const control = { ...fee, ...depth, version };
  const rate = await rateOf(wallet, control);
  const lockTime = lockTimeOf(options['locktime'] ?? null);
  checkedVersion(version);
  const inputs = inputsOf(options['inputs'] ?? null, lockTime, replaceable);
  const outputs = outputsOf(wallet, values, sharing);
  refuseContradiction(inputs, replaceable);
  const sendMax = options['send_max'] !== undefined && asBoolean(options['send_max']);
  refuseCombinations(options);
  return { control, rate, version, lockTime, replaceable, outputs, sendMax, inputs: options['inputs'] === undefined ? undefined : inputs };
}

async function sendAll(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const options = withPositionalFee(call, optionsOf(call.value('options')));
  const request = await requestOf(wallet, call, options);
  return wallet.spendTurns.run(async () => {
    try {
      const tx = await buildSendAll(wallet, request);
      const lock = options['lock_unspents'] !== undefined && asBoolean(options['lock_unspents']);
      if (lock) for (const { prevout } of tx.inputs) wallet.lockOutput(prevout, false);
      return await finishPayment(wallet, tx, options);
    } catch (fault) {
      if (fault instanceof SendAllFault) throw rpcError(faultNames[fault.kind], fault.message);
      throw fault;
    }
  });
}

export const sendAllCommand: WalletCommandSpec = {
  name: 'sendall',
  description: `Spends all coins of the wallet, or exactly given ones, without change. Unconfirmed coins that others sent, and locked ones, stay.\nMany small coins can cost more than they are worth: send_max leaves such out.${needsPassphrase}`,
  synced: true,
  args: [
    {
      names: 'recipients',
      kind: 'array',
      required: true,
      help: 'Addresses, each once. Those without an amount share what is left equally; there must be one at least.',
      inner: [
        { names: 'address', kind: 'string', required: true, help: 'An address that gets an equal share of what is left.' },
        {
          names: '',
          kind: 'user-keys',
          help: '',
          inner: [{ names: 'address', kind: 'amount', required: true, help: 'An address and how much to pay to it, in BTC.' }],
        },
      ],
    },
    ...positionalFeeArguments,
    optionsArgument([
      addToWalletArgument,
      ...sendingArguments('Exactly the coins to spend. Not together with send_max, minconf or maxconf.'),
      { names: 'send_max', kind: 'boolean', default: false, help: 'Leave out coins that cost more to spend than they are worth.' },
      minimumConfirmations,
      maximumConfirmations,
      versionArgument,
      ...feeArguments,
    ]),
  ],
  result: paymentResult,
  run: sendAll,
};
