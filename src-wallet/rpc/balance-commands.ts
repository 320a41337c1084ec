import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { avoidReuseOf } from './request.js';
import { lastProcessedBlock, onWallet, type WalletCommandSpec } from './wallet-command.js';

function getBalances(wallet: LoadedWallet): Jsonable {
  const mine = wallet.balances({ avoidUsed: true });
  const result = { trusted: amountJson(mine.trusted), untrusted_pending: amountJson(mine.untrustedPending), immature: amountJson(mine.immature) };
  const lastprocessedblock = lastProcessedBlock(wallet);
  if (!wallet.hasFlag(WalletFlag.avoidReuse)) return { mine: result, lastprocessedblock };
  const all = wallet.balances();
  const used = all.trusted + all.untrustedPending - mine.trusted - mine.untrustedPending;
  return { mine: { ...result, used: amountJson(used) }, lastprocessedblock };
}

function getBalance(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const dummy = call.value('dummy');
  if (dummy !== null && dummy !== '*') throw rpcError('methodDeprecated', 'dummy first argument must be excluded or set to "*".');
  const minDepth = call.integer('minconf');
  return amountJson(wallet.balances({ minDepth, avoidUsed: avoidReuseOf(wallet, call.request.params[3] ?? null) }).trusted);
}

/** Commands about how much the wallet holds. */
export function balanceCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'getbalances',
      description: 'Tells all balances, in BTC.',
      args: [],
      run: getBalances,
    },
    {
      name: 'getbalance',
      description: 'Tells how much the wallet can spend, in BTC: what is confirmed, and its own unconfirmed change.',
      args: [
        { names: 'dummy', kind: 'string', help: 'Left from old versions: leave it out, or set it to "*".' },
        { names: 'minconf', kind: 'number', help: 'Only transactions with at least so many confirmations.', default: 0 },
        { names: 'include_watchonly', kind: 'boolean', help: 'Has no effect.', default: false },
        { names: 'avoid_reuse', kind: 'boolean', help: 'Leave out coins of addresses that were spent from (only wallets with that feature).', defaultHint: 'true' },
      ],
      result: 'n    (numeric) The amount in BTC',
      run: getBalance,
    },
  ];
  return specs.map((spec) => onWallet(registry, { ...spec, synced: true }));
}
