import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { transactionJson } from '../../src-interfaces/rpc/transaction-json.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import { creditOf, debitOf, isChange, outputSum } from '../coins/amounts.js';
import { blocksToMaturity, depthOf } from '../coins/trust.js';
import type { WalletTransaction } from '../coins/wallet-transaction.js';
import { abandonTransaction } from '../spend/commit.js';
import { parseOwnBlock } from '../sync/blocks.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { labelOf } from './request.js';
import { amountContext, EntryWriter } from './transaction-entries.js';
import { lastProcessedBlock, onWallet, type WalletCommandSpec } from './wallet-command.js';

/** A transaction of the wallet. @throws RpcFailure */
export function transactionOf(wallet: LoadedWallet, txid: Uint8Array): WalletTransaction {
  const transaction = wallet.history.find(txid);
  if (transaction === undefined) throw rpcError('invalidAddressOrKey', 'Invalid or non-wallet transaction id');
  return transaction;
}

async function listTransactions(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const given = call.value('label');
  const label = given === null || given === '*' ? undefined : labelOf(given);
  if (label === '') throw rpcError('invalidParameter', 'Label argument must be a valid label name or "*".');
  const count = call.integer('count');
  const skip = call.integer('skip');
  if (count < 0) throw rpcError('invalidParameter', 'Negative count');
  if (skip < 0) throw rpcError('invalidParameter', 'Negative from');
  const writer = new EntryWriter(wallet);
  const found: Jsonable[] = [];
  for (const transaction of wallet.history.ordered().toReversed()) {
    found.push(...(await writer.entries(transaction, { long: true, ...(label === undefined ? {} : { label }) })));
    if (found.length >= count + skip) break;
  }
  // The newest come last.
  return found.slice(skip, skip + count).reverse();
}

/** Transactions of blocks between a block that left the chain and where it forked off. */
async function removedEntries(wallet: LoadedWallet, writer: EntryWriter, from: Uint8Array, count: number, options: Parameters<EntryWriter['entries']>[1]): Promise<readonly Jsonable[]> {
  const removed: Jsonable[] = [];
  let hash = from;
  for (let left = count; left > 0; left--) {
    const { block: found } = await wallet.context.chain.findBlock(hash, { wantData: true });
    const block = parseOwnBlock(found.data, hash);
    if (block === undefined) throw rpcError('internalError', "Can't read block from disk");
    for (const tx of block.transactions) {
      const transaction = wallet.history.find(txidOf(tx));
      if (transaction !== undefined) removed.push(...(await writer.entries(transaction, { ...options, minDepth: -100_000_000 })));
    }
    hash = block.header.prevHash;
  }
  return removed;
}

async function listSinceBlock(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const { chain } = wallet.context;
  const given = call.value('blockhash');
  const blockHash = given === null || given === '' ? undefined : call.hash('blockhash');
  let height: number | undefined;
  let ownHeight: number | undefined;
  if (blockHash !== undefined) {
    const found = await chain.findCommonAncestor(blockHash, wallet.lastBlock.hash, { wantHeight: true }, { wantHeight: true }, {});
    if (!found.result) throw rpcError('invalidAddressOrKey', 'Block not found');
    height = found.ancestor.height;
    ownHeight = found.block1.height;
  }
  const confirmations = call.integer('target_confirmations');
  if (confirmations < 1) throw rpcError('invalidParameter', 'Invalid parameter');
  const includeRemoved = call.boolean('include_removed');
  const label = call.has('label') ? labelOf(call.value('label')) : undefined;
  const options = { long: true, includeChange: call.boolean('include_change'), ...(label === undefined ? {} : { label }) };
  const tip = wallet.lastBlock.height;
  const depth = height === undefined ? undefined : tip + 1 - height;
  const writer = new EntryWriter(wallet);
  const transactions: Jsonable[] = [];
  for (const transaction of wallet.history.ordered()) {
    if (depth !== undefined && Math.abs(depthOf(transaction, tip)) >= depth) continue;
    transactions.push(...(await writer.entries(transaction, options)));
  }
  const gone = (ownHeight ?? 0) - (height ?? 0);
  const removed = includeRemoved && blockHash !== undefined ? await removedEntries(wallet, writer, blockHash, gone, options) : [];
  const lastHeight = tip + 1 - Math.min(confirmations, tip + 1);
  const last = await chain.findAncestorByHeight(wallet.lastBlock.hash, lastHeight, { wantHash: true });
  return {
    transactions,
    ...(includeRemoved ? { removed } : {}),
    lastblock: last.ancestor.hash === undefined ? '' : hashToHex(last.ancestor.hash),
  };
}

async function getTransaction(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  const transaction = transactionOf(wallet, call.hash('txid'));
  const { tx } = transaction;
  const context = amountContext(wallet);
  const immature = blocksToMaturity(transaction, wallet.lastBlock.height) > 0;
  const credit = immature ? 0n : creditOf(tx, context);
  const debit = debitOf(tx, context);
  const fee = debit > 0n ? outputSum(tx) - debit : 0n;
  const writer = new EntryWriter(wallet);
  return {
    amount: amountJson(credit - debit - fee),
    ...(debit > 0n ? { fee: amountJson(fee) } : {}),
    ...(await writer.common(transaction)),
    details: await writer.entries(transaction, { long: false }),
    hex: toHex(serializeTransaction(tx)),
    ...(call.boolean('verbose') ? { decoded: decoded(wallet, transaction) } : {}),
    lastprocessedblock: lastProcessedBlock(wallet),
  };
}

function decoded(wallet: LoadedWallet, { tx }: WalletTransaction): Jsonable {
  const context = amountContext(wallet);
  const json = transactionJson(tx, wallet.context.params, { hex: false });
  const outputs = json['vout'];
  if (!Array.isArray(outputs)) return json;
  const marked = outputs.map((entry: Jsonable, n): Jsonable => {
    const output = tx.outputs[n];
    return output !== undefined && isChange(output, context) && typeof entry === 'object' && entry !== null ? { ...entry, ischange: true } : entry;
  });
  return { ...json, vout: marked };
}

function abandon(wallet: LoadedWallet, call: RpcCall): Jsonable {
  const transaction = transactionOf(wallet, call.hash('txid'));
  if (!abandonTransaction(wallet, transaction)) throw rpcError('invalidAddressOrKey', 'Transaction not eligible for abandonment');
  return null;
}

const ignoredWatchOnly = { names: 'include_watchonly', kind: 'boolean', help: '(DEPRECATED) Has no effect.', default: false } as const;

/** Commands about the wallet's transactions. */
export function historyCommands(registry: WalletRegistry): readonly CommandSpec[] {
  const specs: readonly WalletCommandSpec[] = [
    {
      name: 'listtransactions',
      description: 'Lists what the newest transactions sent and received, the newest last.',
      args: [
        { names: 'label', kind: 'string', help: 'Only what was received under this label; "*" for everything.' },
        { names: 'count', kind: 'number', help: 'How many entries.', default: 10 },
        { names: 'skip', kind: 'number', help: 'How many of the newest to leave out.', default: 0 },
        ignoredWatchOnly,
      ],
      run: listTransactions,
    },
    {
      name: 'listsinceblock',
      description: 'Lists all transactions that were not confirmed yet at a block, or all without one.',
      args: [
        { names: 'blockhash', kind: 'string', help: 'The block. Left out: all transactions.' },
        { names: 'target_confirmations', kind: 'number', help: 'The returned lastblock is the one with so many confirmations.', default: 1 },
        ignoredWatchOnly,
        { names: 'include_removed', kind: 'boolean', help: 'Also list, under "removed", what was in blocks that left the chain (not guaranteed to work on pruned nodes).', default: true },
        { names: 'include_change', kind: 'boolean', help: 'Also list change.', default: false },
        { names: 'label', kind: 'string', help: 'Only what was received under this label.' },
      ],
      run: listSinceBlock,
    },
    {
      name: 'gettransaction',
      description: 'Tells everything about a transaction of the wallet.',
      args: [
        { names: 'txid', kind: 'string', required: true, help: 'The transaction.' },
        ignoredWatchOnly,
        { names: 'verbose', kind: 'boolean', help: 'Also show the transaction taken apart, under "decoded".', default: false },
      ],
      run: getTransaction,
    },
    {
      name: 'abandontransaction',
      description: 'Gives up an unconfirmed transaction that is not in the mempool, and all that build on it, so that its inputs can be spent otherwise.',
      args: [{ names: 'txid', kind: 'hex', required: true, help: 'The transaction.' }],
      run: abandon,
    },
  ];
  return specs.map((spec) => onWallet(registry, { ...spec, synced: true }));
}

