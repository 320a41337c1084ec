import { randomInt } from 'node:crypto';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { outputPairs } from '../../src-interfaces/rpc/output-arguments.js';
import { buildTransaction } from '../spend/build.js';
import type { CoinControl, Recipient } from '../spend/coin-control.js';
import { commitTransaction } from '../spend/commit.js';
import { feeReasonText } from '../spend/fee-policy.js';
import type { WalletRegistry } from '../wallet-registry.js';
import type { LoadedWallet } from '../wallet.js';
import { confirmTargetArgument, estimateModeArgument, feeControl, feeRateArgument, replaceableArgument } from './fee-arguments.js';
import { fundRawTransactionCommand } from './fund-command.js';
import { feePayers, recipientsOf } from './recipients.js';
import { avoidReuseOf } from './request.js';
import { sendCommand } from './send-command.js';
import { sendAllCommand } from './sendall-command.js';
import { ensureUnlocked, needsPassphrase, onWallet, type WalletCommandSpec } from './wallet-command.js';

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, place: randomInt(0x1000000) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Pays, at once. @returns the txid, or with `verbose` also what the fee rests on */
async function pay(wallet: LoadedWallet, recipients: readonly Recipient[], control: CoinControl, notes: ReadonlyMap<string, string>, verbose: boolean): Promise<Jsonable> {
  ensureUnlocked(wallet);
  if (!wallet.canSign) throw rpcError('wallet', 'Error: Private keys are disabled for this wallet');
  return wallet.spendTurns.run(async () => {
    const outcome = await buildTransaction(wallet, shuffled(recipients), control, { sign: true });
    if (!outcome.ok) throw rpcError('walletInsufficientFunds', outcome.error);
    const { transaction } = await commitTransaction(wallet, outcome.built.tx, { notes });
    const { txid } = transaction;
    return verbose ? { txid, fee_reason: feeReasonText(outcome.built.feeCalculation.reason) } : txid;
  });
}

function notesOf(call: RpcCall, names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  for (const [argument, name] of Object.entries(names)) {
    if (call.has(argument) && call.string(argument) !== '') notes.set(name, call.string(argument));
  }
  return notes;
}

async function controlOf(wallet: LoadedWallet, call: RpcCall): Promise<CoinControl> {
  const wishes = { confirmTarget: call.value('conf_target'), estimateMode: call.value('estimate_mode'), feeRate: call.value('fee_rate') };
  return feeControl(wallet, wishes, call.has('replaceable') ? call.boolean('replaceable') : undefined);
}

async function sendToAddress(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const avoidUsed = avoidReuseOf(wallet, call.request.params[8] ?? null);
  const control = { ...(await controlOf(wallet, call)), avoidUsed, ...(avoidUsed ? { avoidPartialSpends: true } : {}) };
  ensureUnlocked(wallet);
  const pairs = [[call.string('address'), call.value('amount')]] as const;
  const recipients = recipientsOf(wallet, pairs, new Set(call.boolean('subtractfeefromamount') ? [0] : []));
  return pay(wallet, recipients, control, notesOf(call, { comment: 'comment', comment_to: 'to' }), call.boolean('verbose'));
}

async function sendMany(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  if (call.string('dummy') !== '') throw rpcError('invalidParameter', 'Dummy value must be set to ""');
  const pairs = outputPairs(call.object('amounts'));
  const control = await controlOf(wallet, call);
  const recipients = recipientsOf(wallet, pairs, feePayers(call.value('subtractfeefrom'), pairs));
  return pay(wallet, recipients, control, notesOf(call, { comment: 'comment' }), call.boolean('verbose'));
}

const verboseArgument = { names: 'verbose', kind: 'boolean', default: false, help: 'Also tell what the fee rests on.' } as const;
const commentArgument = { names: 'comment', kind: 'string', help: 'A note for yourself. It stays in the wallet.' } as const;
const sendResult = '"hex"    (string) The txid\n\nWith verbose:\n{ "txid": "hex", "fee_reason": "str" }';

/** Commands that pay. */
export function sendCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'sendtoaddress',
      description: `Pays an amount to an address.${needsPassphrase}`,
      synced: true,
      args: [
        { names: 'address', kind: 'string', required: true, help: 'The address to pay to.' },
        { names: 'amount', kind: 'amount', required: true, help: 'The amount in BTC, for example 0.1.' },
        commentArgument,
        { names: 'comment_to', kind: 'string', help: 'A note about who is paid. It stays in the wallet.' },
        { names: 'subtractfeefromamount', kind: 'boolean', default: false, help: 'Take the fee out of the amount: the recipient gets less.' },
        replaceableArgument,
        confirmTargetArgument,
        estimateModeArgument,
        { names: 'avoid_reuse', kind: 'boolean', default: true, help: 'Spend no coins of addresses that were spent from (only wallets with that feature).' },
        feeRateArgument,
        verboseArgument,
      ],
      result: sendResult,
      run: sendToAddress,
    },
    {
      name: 'sendmany',
      description: `Pays to several addresses with one transaction.${needsPassphrase}`,
      synced: true,
      args: [
        { names: 'dummy', kind: 'string', default: '', oneLine: '""', help: 'Must be "".' },
        {
          names: 'amounts',
          kind: 'user-keys',
          required: true,
          help: 'Addresses and amounts.',
          inner: [{ names: 'address', kind: 'amount', required: true, help: 'The address, and the amount in BTC.' }],
        },
        { names: 'minconf', kind: 'number', help: 'Has no effect.' },
        commentArgument,
        {
          names: 'subtractfeefrom',
          kind: 'array',
          help: 'Addresses that get less because the fee is taken from them, in equal parts.',
          inner: [{ names: 'address', kind: 'string', help: 'One of the addresses above.' }],
        },
        replaceableArgument,
        confirmTargetArgument,
        estimateModeArgument,
        feeRateArgument,
        verboseArgument,
      ],
      result: sendResult,
      run: sendMany,
    },
    sendCommand,
    sendAllCommand,
    fundRawTransactionCommand,
  ];
  return specs.map((spec) => onWallet(registry, spec));
}
