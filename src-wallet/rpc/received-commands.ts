import { decodeAddress } from '../../src-bitcoin/address/address.js';
import { destinationOf } from '../../src-bitcoin/address/destination.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import type { Argument } from '../../src-interfaces/rpc/argument.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import { blocksToMaturity, depthOf } from '../coins/trust.js';
import { isGenerated, type WalletTransaction } from '../coins/wallet-transaction.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { checkedLabel, onWallet } from './wallet-command.js';

interface Received {
  amount: bigint;
  /** Fewest of its payments. */
  confirmations: number;
  readonly txids: string[];
}

/** Transactions that count as received, with their depth. */
function* countedTransactions(wallet: LoadedWallet, call: RpcCall): Iterable<readonly [WalletTransaction, number]> {
  const minDepth = call.integer('minconf');
  const immature = call.boolean('include_immature_coinbase');
  const tip = wallet.lastBlock.height;
  for (const transaction of wallet.history.all()) {
    const depth = depthOf(transaction, tip);
    if (depth < minDepth) continue;
    // A mined transaction whose block left the chain pays nobody.
    if (isGenerated(transaction) && (depth < 1 || (blocksToMaturity(transaction, tip) > 0 && !immature))) continue;
    yield [transaction, depth];
  }
}

function scriptsOf(wallet: LoadedWallet, call: RpcCall): readonly Uint8Array[] {
  if (call.request.method !== 'getreceivedbylabel') {
    const decoded = decodeAddress(call.string('address'), wallet.context.params);
    if (!decoded.ok) throw rpcError('invalidAddressOrKey', 'Invalid Bitcoin address');
    return [decoded.scriptPubKey];
  }
  const label = checkedLabel(call.string('label'));
  const found = wallet.addressBook.entries().filter(([, entry]) => entry.label === label);
  if (found.length === 0) throw rpcError('wallet', 'Label not found in wallet');
  return found.flatMap(([address]) => {
    const decoded = decodeAddress(address, wallet.context.params);
    return decoded.ok ? [decoded.scriptPubKey] : [];
  });
}

function received(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const own = new Set(scriptsOf(wallet, call).filter((script) => wallet.keyring.isMine(script)).map(toHex));
  if (own.size === 0) throw rpcError('wallet', 'Address not found in wallet');
  let sum = 0n;
  for (const [{ tx }] of countedTransactions(wallet, call)) {
    for (const output of tx.outputs) if (own.has(toHex(output.scriptPubKey))) sum += output.value;
  }
  return amountJson(sum);
}

function tally(wallet: LoadedWallet, call: RpcCall): ReadonlyMap<string, Received> {
  const byAddress = new Map<string, Received>();
  for (const [transaction, depth] of countedTransactions(wallet, call)) {
    for (const { scriptPubKey, value } of transaction.tx.outputs) {
      if (destinationOf(scriptPubKey) === undefined || !wallet.keyring.isMine(scriptPubKey)) continue;
      const address = wallet.addressOf(scriptPubKey);
      if (address === undefined) continue;
      const item = byAddress.get(address) ?? { amount: 0n, confirmations: depth, txids: [] };
      item.amount += value;
      item.confirmations = Math.min(item.confirmations, depth);
      item.txids.push(transaction.txid);
      byAddress.set(address, item);
    }
  }
  return byAddress;
}

function listByAddress(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const filter = call.has('address_filter') ? call.string('address_filter') : '';
  const decoded = decodeAddress(filter, wallet.context.params);
  if (filter !== '' && !decoded.ok) throw rpcError('wallet', 'address_filter parameter was invalid');
  const only = decoded.ok ? wallet.addressOf(decoded.scriptPubKey) : undefined;
  const tallied = tally(wallet, call);
  return wallet.addressBook.entries().flatMap(([address, { label = '' }]) => {
    if (filter !== '' && address !== only) return [];
    const item = tallied.get(address);
    if (item === undefined && !call.boolean('include_empty')) return [];
    return [{ address, amount: amountJson(item?.amount ?? 0n), confirmations: item?.confirmations ?? 0, label, txids: item?.txids ?? [] }];
  });
}

function listByLabel(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const tallied = tally(wallet, call);
  const labels = new Map<string, { amount: bigint; confirmations: number | undefined }>();
  for (const [address, { label = '' }] of wallet.addressBook.entries()) {
    const item = tallied.get(address);
    if (item === undefined && !call.boolean('include_empty')) continue;
    const sum = labels.get(label) ?? { amount: 0n, confirmations: undefined };
    sum.amount += item?.amount ?? 0n;
    if (item !== undefined) sum.confirmations = Math.min(sum.confirmations ?? item.confirmations, item.confirmations);
    labels.set(label, sum);
  }
  return [...labels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, { amount, confirmations }]) => ({ amount: amountJson(amount), confirmations: confirmations ?? 0, label }));
}

/** Commands about what addresses were paid. */
export function receivedCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const minconf: Argument = { names: 'minconf', kind: 'number', default: 1, help: 'Fewest confirmations of payments that count.' };
  const immature: Argument = { names: 'include_immature_coinbase', kind: 'boolean', default: false, help: 'Count mined coins that cannot be spent yet.' };
  const includeEmpty: Argument = { names: 'include_empty', kind: 'boolean', default: false, help: 'Also show what was never paid.' };
  const watchOnly: Argument = { names: 'include_watchonly', kind: 'boolean', default: false, help: 'No longer used.' };
  const amount = 'n    (numeric) Amount in BTC';
  return [
    onWallet(registry, {
      name: 'getreceivedbyaddress',
      description: 'Returns how much an address was paid in all.',
      args: [{ names: 'address', kind: 'string', required: true, help: 'The address.' }, minconf, immature],
      result: amount,
      synced: true,
      run: received,
    }),
    onWallet(registry, {
      name: 'getreceivedbylabel',
      description: 'Returns how much the addresses with a label were paid in all.',
      args: [{ names: 'label', kind: 'string', required: true, help: 'The label; may be "".' }, minconf, immature],
      result: amount,
      synced: true,
      run: received,
    }),
    onWallet(registry, {
      name: 'listreceivedbyaddress',
      description: 'Returns how much each address was paid.',
      args: [minconf, includeEmpty, watchOnly, { names: 'address_filter', kind: 'string', help: 'Only this address.' }, immature],
      result: `[                           (json array)
  {
    "address" : "str",
    "amount" : n,           (numeric) BTC
    "confirmations" : n,    (numeric) Of the latest payment that counts
    "label" : "str",
    "txids" : [ "hex", ... ]
  },
  ...
]`,
      synced: true,
      run: listByAddress,
    }),
    onWallet(registry, {
      name: 'listreceivedbylabel',
      description: 'Returns how much the addresses of each label were paid.',
      args: [minconf, includeEmpty, watchOnly, immature],
      result: '[\n  {\n    "amount" : n,           (numeric) BTC\n    "confirmations" : n,    (numeric) Of the latest payment that counts\n    "label" : "str"\n  },\n  ...\n]',
      synced: true,
      run: listByLabel,
    }),
  ];
}
