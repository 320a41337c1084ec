import { decodeAddress } from '../../src-bitcoin/address/address.js';
import { destinationOf } from '../../src-bitcoin/address/destination.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { amountJson, asAmount, asBoolean, asHash, asInteger, asObject, asString, checkMembers } from '../../src-interfaces/rpc/values.js';
import { availableCoins, type AvailableCoin, type CoinFilter } from '../coins/available.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { scriptBehind, solvingOf } from './address-info.js';
import { onWallet, parentDescriptors } from './wallet-command.js';

/** The output scripts of addresses to list, as hex; undefined for no choice. */
function scriptFilter(wallet: LoadedWallet, call: RpcCall): ReadonlySet<string> | undefined {
  const scripts = new Set<string>();
  for (const value of call.array('addresses')) {
    const address = asString(value);
    const decoded = decodeAddress(address, wallet.context.params);
    if (!decoded.ok) throw rpcError('invalidAddressOrKey', `Invalid Bitcoin address: ${address}`);
    const script = toHex(decoded.scriptPubKey);
    if (scripts.has(script)) throw rpcError('invalidParameter', `Invalid parameter, duplicated address: ${address}`);
    scripts.add(script);
  }
  return scripts.size === 0 ? undefined : scripts;
}

function queryOptions(call: RpcCall): CoinFilter {
  if (!call.has('query_options')) return {};
  const options = call.object('query_options');
  checkMembers(
    options,
    { minimumAmount: 'any', maximumAmount: 'any', minimumSumAmount: 'any', maximumCount: 'number', include_immature_coinbase: 'bool' },
    { allowNull: true, strict: true },
  );
  const member = <T>(name: string, read: (value: JsonValue) => T): T | undefined => {
    const value = options[name] ?? null;
    return value === null ? undefined : read(value);
  };
  const minAmount = member('minimumAmount', asAmount);
  const maxAmount = member('maximumAmount', asAmount);
  const minSum = member('minimumSumAmount', asAmount);
  return {
    ...(minAmount === undefined ? {} : { minAmount }),
    ...(maxAmount === undefined ? {} : { maxAmount }),
    ...(minSum === undefined ? {} : { minSum }),
    maxCount: member('maximumCount', (value) => asInteger(value, 0)) ?? 0,
    includeImmature: member('include_immature_coinbase', asBoolean) ?? false,
  };
}

/** The scripts behind the hashes of an output script, where the wallet knows them. */
function innerScripts(wallet: LoadedWallet, script: Uint8Array): Record<string, Jsonable> {
  const known = solvingOf(wallet, script);
  const destination = destinationOf(script);
  const inner = known && destination && scriptBehind(destination, known.solving);
  if (known === undefined || destination === undefined || inner === undefined) return {};
  if (destination.kind === 'witness_v0_scripthash') return { witnessScript: toHex(inner) };
  const innerDestination = destinationOf(inner);
  const witnessScript = innerDestination && scriptBehind(innerDestination, known.solving);
  return { redeemScript: toHex(inner), ...(witnessScript === undefined ? {} : { witnessScript: toHex(witnessScript) }) };
}

async function coinJson(wallet: LoadedWallet, coin: AvailableCoin): Promise<Jsonable> {
  const { outpoint, output, depth, safe } = coin;
  const script = output.scriptPubKey;
  const address = wallet.addressOf(script);
  const entry = address === undefined ? undefined : wallet.addressBook.get(address);
  const ancestry = depth === 0 ? await wallet.context.chain.getTransactionAncestry(outpoint.txid) : undefined;
  const descriptor = solvingOf(wallet, script)?.descriptor;
  return {
    txid: hashToHex(outpoint.txid),
    vout: outpoint.index,
    ...(address === undefined ? {} : { address }),
    ...(entry?.label === undefined ? {} : { label: entry.label }),
    ...(address === undefined ? {} : innerScripts(wallet, script)),
    scriptPubKey: toHex(script),
    amount: amountJson(output.value),
    confirmations: depth,
    ...(ancestry === undefined || ancestry.ancestors === 0n
      ? {}
      : { ancestorcount: ancestry.ancestors, ancestorsize: ancestry.ancestorsize, ancestorfees: ancestry.ancestorfees }),
    spendable: true,
    solvable: descriptor !== undefined,
    ...(descriptor === undefined ? {} : { desc: descriptor }),
    parent_descs: parentDescriptors(wallet, script),
    ...(wallet.hasFlag(WalletFlag.avoidReuse) ? { reused: wallet.isUsedScript(script) } : {}),
    safe,
  };
}

async function listUnspent(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const filter: CoinFilter = {
    minAmount: 0n,
    ...queryOptions(call),
    minDepth: call.integer('minconf'),
    maxDepth: call.integer('maxconf'),
    onlySafe: !call.boolean('include_unsafe'),
    locked: wallet.lockedOutputKeys,
  };
  const scripts = scriptFilter(wallet, call);
  const coins = availableCoins(wallet.coinContext, filter).filter(({ output }) => scripts?.has(toHex(output.scriptPubKey)) ?? true);
  return Promise.all(coins.map((coin) => coinJson(wallet, coin)));
}

/** An output named by `txid` and `vout`. @throws RpcFailure */
export function outpointArgument(value: JsonValue): Outpoint {
  const members = asObject(value);
  checkMembers(members, { txid: 'string', vout: 'number' });
  const txid = asHash(members['txid'] ?? null, 'txid');
  const index = asInteger(members['vout'] ?? null);
  if (index < 0) throw rpcError('invalidParameter', 'Invalid parameter, vout cannot be negative');
  return { txid, index };
}

function checkLock(wallet: LoadedWallet, outpoint: Outpoint, unlock: boolean, persistent: boolean): void {
  const refuse = (text: string): never => {
    throw rpcError('invalidParameter', `Invalid parameter, ${text}`);
  };
  const transaction = wallet.history.find(outpoint.txid);
  if (transaction === undefined) refuse('unknown transaction');
  else if (outpoint.index >= transaction.tx.outputs.length) refuse('vout index out of bounds');
  if (wallet.history.isSpent(outpoint)) refuse('expected unspent output');
  const locked = wallet.isLockedOutput(outpoint);
  if (unlock && !locked) refuse('expected locked output');
  if (!unlock && locked && !persistent) refuse('output already locked');
}

function lockUnspent(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const unlock = call.boolean('unlock');
  const persistent = call.boolean('persistent');
  if ((call.request.params[1] ?? null) === null) {
    if (unlock) for (const outpoint of wallet.lockedOutputs) wallet.unlockOutput(outpoint);
    return true;
  }
  const outpoints = call.array('transactions').map(outpointArgument);
  // All are looked at before any is changed.
  for (const outpoint of outpoints) checkLock(wallet, outpoint, unlock, persistent);
  wallet.change(() => {
    for (const outpoint of outpoints) {
      if (unlock) wallet.unlockOutput(outpoint);
      else wallet.lockOutput(outpoint, persistent);
    }
  });
  return true;
}

/** Commands about unspent outputs. */
export function coinCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'listunspent',
      description: 'Returns the unspent outputs with between minconf and maxconf confirmations, all or those of some addresses.',
      args: [
        { names: 'minconf', kind: 'number', default: 1, help: 'Fewest confirmations.' },
        { names: 'maxconf', kind: 'number', default: 9999999, help: 'Most confirmations.' },
        { names: 'addresses', kind: 'array', default: [], help: 'Addresses to choose.', inner: [{ names: 'address', kind: 'string', help: 'An address' }] },
        { names: 'include_unsafe', kind: 'boolean', default: true, help: 'Also unconfirmed payments by others and replacements.' },
        {
          names: 'query_options',
          kind: 'named-options',
          help: '',
          oneLine: 'query_options',
          inner: [
            { names: 'minimumAmount', kind: 'amount', default: '0.00', help: 'Least value of each output in BTC' },
            { names: 'maximumAmount', kind: 'amount', defaultHint: 'unlimited', help: 'Largest value of each output in BTC' },
            { names: 'maximumCount', kind: 'number', defaultHint: 'unlimited', help: 'Most outputs' },
            { names: 'minimumSumAmount', kind: 'amount', defaultHint: 'unlimited', help: 'Stop once their sum in BTC is reached' },
            { names: 'include_immature_coinbase', kind: 'boolean', default: false, help: 'Also mined coins that cannot be spent yet' },
          ],
        },
      ],
      result: `[                               (json array)
  {                             (json object)
    "txid" : "hex",
    "vout" : n,
    "address" : "str",          (string, optional)
    "label" : "str",            (string, optional)
    "scriptPubKey" : "hex",
    "amount" : n,               (numeric) BTC
    "confirmations" : n,
    "ancestorcount" : n,        (numeric, optional) Transactions in the mempool it builds on, itself included
    "ancestorsize" : n,         (numeric, optional) Their virtual size
    "ancestorfees" : n,         (numeric, optional) Their fees, in satoshis
    "redeemScript" : "hex",     (string, optional)
    "witnessScript" : "hex",    (string, optional)
    "spendable" : bool,
    "solvable" : bool,
    "reused" : bool,            (boolean, optional)
    "desc" : "str",             (string, optional)
    "parent_descs" : [ "str", ... ],
    "safe" : bool
  },
  ...
]`,
      synced: true,
      run: listUnspent,
    }),
    onWallet(registry, {
      name: 'lockunspent',
      description:
        'Keeps outputs from being chosen for payments (unlock=false), or lets them be chosen again (unlock=true). Without outputs, unlock=true unlocks all. Locks are forgotten when the wallet is unloaded unless persistent.',
      args: [
        { names: 'unlock', kind: 'boolean', required: true, help: 'Unlock (true) or lock (false).' },
        {
          names: 'transactions',
          kind: 'array',
          default: [],
          help: 'The outputs.',
          inner: [
            {
              names: '',
              kind: 'object',
              help: '',
              inner: [
                { names: 'txid', kind: 'hex', required: true, help: 'The transaction' },
                { names: 'vout', kind: 'number', required: true, help: 'Index of the output' },
              ],
            },
          ],
        },
        { names: 'persistent', kind: 'boolean', default: false, help: 'Keep the lock in the wallet file. Without effect on unlocking.' },
      ],
      result: 'true|false    (boolean) Whether it succeeded',
      synced: true,
      run: lockUnspent,
    }),
    onWallet(registry, {
      name: 'listlockunspent',
      description: 'Returns the outputs that lockunspent keeps from being spent.',
      args: [],
      result: '[                      (json array)\n  {\n    "txid" : "hex",\n    "vout" : n\n  },\n  ...\n]',
      run: (wallet) => wallet.lockedOutputs.map(({ txid, index }) => ({ txid: hashToHex(txid), vout: index })),
    }),
  ];
}
