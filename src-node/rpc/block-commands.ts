import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { parseBlock, serializeHeader } from '../../src-bitcoin/primitives/block.js';
import type { Jsonable, JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { scriptJson } from '../../src-interfaces/rpc/transaction-json.js';
import { amountJson, asHash, asInteger } from '../../src-interfaces/rpc/values.js';
import type { BlockIndex, Coin } from '../kernel/types.js';
import { blockJson, headerJson } from './block-json.js';
import { namedBlock } from './chain-commands.js';
import type { RpcContext } from './context.js';

const category = 'blockchain';

/** Height given to coins that only the mempool has. */
const mempoolHeight = 0x7fffffff;

/** A verbosity argument: a number, or a boolean where the command has taken one since early times. */
export function verbosityOf(value: JsonValue, byDefault: number, allowBoolean: boolean): number {
  if (value === null) return byDefault;
  if (typeof value !== 'boolean') return asInteger(value);
  if (!allowBoolean) throw rpcError('type', 'Verbosity was boolean but only integer allowed');
  return value ? 1 : 0;
}

function checkAvailable(index: BlockIndex): void {
  if (!index.haveData) throw rpcError('misc', 'Block not available (not fully downloaded)');
}

/** The bytes of a block that is on disk. @throws RpcFailure */
export async function readAvailableBlock(context: RpcContext, index: BlockIndex): Promise<Uint8Array> {
  checkAvailable(index);
  try {
    return await context.chainstate.readRawBlock(index);
  } catch (cause) {
    context.log.error(`Reading block ${hashToHex(index.hash)}: ${cause instanceof Error ? cause.message : String(cause)}`);
    throw rpcError('misc', 'Block not found on disk');
  }
}

async function getBlock(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const { chainstate } = context;
  const index = namedBlock(chainstate, call.hash('blockhash'));
  const verbosity = verbosityOf(call.value('verbosity'), 1, true);
  const raw = await readAvailableBlock(context, index);
  if (verbosity <= 0) return toHex(raw);
  const undo = verbosity >= 2 && index.haveUndo ? await chainstate.readUndo(index) : undefined;
  return blockJson(chainstate, index, parseBlock(raw), verbosity, undo, chainstate.params);
}

const hashTypes = ['hash_serialized_3', 'muhash', 'none'] as const;

async function txOutSetInfo(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const name = call.string('hash_type');
  const hashType = hashTypes.find((each) => each === name);
  if (hashType === undefined) throw rpcError('invalidParameter', `'${name}' is not a valid hash_type`);
  if (call.has('hash_or_height')) {
    throw rpcError('invalidParameter', 'Querying specific block heights requires coinstatsindex');
  }
  const statistics = await context.chainstate.utxoSetStatistics(hashType);
  const hash = statistics.hash && hashToHex(statistics.hash);
  return {
    height: statistics.height,
    bestblock: hashToHex(statistics.bestBlock),
    txouts: statistics.outputs,
    bogosize: statistics.bogoSize,
    ...(hash === undefined ? {} : { [hashType]: hash }),
    total_amount: amountJson(statistics.totalAmount),
    transactions: statistics.transactions,
    disk_size: statistics.diskSize,
  };
}

function txOut(context: RpcContext, call: RpcCall): Jsonable {
  const { chainstate, mempool } = context;
  const outpoint = { txid: call.hash('txid'), index: call.integer('n', 0, 0xffffffff) };
  const withMempool = call.boolean('include_mempool');
  const coin: Coin | undefined = withMempool ? mempool.getCoin(outpoint) : chainstate.coins.getCoin(outpoint);
  if (coin === undefined || (withMempool && mempool.spender(outpoint) !== undefined)) return null;
  return {
    bestblock: hashToHex(chainstate.tip.hash),
    confirmations: coin.height === mempoolHeight ? 0 : chainstate.tip.height - coin.height + 1,
    value: amountJson(coin.value),
    scriptPubKey: scriptJson(coin.scriptPubKey, chainstate.params),
    coinbase: coin.coinbase,
  };
}

/** Commands about single blocks and about the set of unspent outputs. */
export function blockCommands(context: RpcContext): readonly CommandSpec[] {
  const { chainstate } = context;
  return [
    {
      name: 'getblockheader',
      category,
      description: 'Returns the header of a block: as an object, or serialized in hex when verbose is false.',
      args: [
        { names: 'blockhash', kind: 'hex', required: true, help: 'The block hash' },
        { names: 'verbose', kind: 'boolean', default: true, help: 'true for an object, false for hex' },
      ],
      run: (call) => {
        const index = namedBlock(chainstate, asHash(call.value('blockhash'), 'hash'));
        return call.boolean('verbose') ? headerJson(chainstate, index) : toHex(serializeHeader(index.header));
      },
    },
    {
      name: 'getblock',
      category,
      description:
        'Returns a block: serialized in hex (verbosity 0), as an object with txids (1), with transactions (2), or with transactions and the outputs they spend (3).',
      args: [
        { names: 'blockhash', kind: 'hex', required: true, help: 'The block hash' },
        { names: 'verbosity|verbose', kind: 'number', default: 1, anyType: true, help: '0 to 3' },
      ],
      run: (call) => getBlock(context, call),
    },
    {
      name: 'gettxoutsetinfo',
      category,
      description: 'Returns statistics of the set of unspent outputs. Reads all of it.',
      args: [
        {
          names: 'hash_type',
          kind: 'string',
          default: 'hash_serialized_3',
          help: "The hash to calculate: 'hash_serialized_3' (the older one), 'muhash' or 'none'.",
        },
        {
          names: 'hash_or_height',
          kind: 'number',
          anyType: true,
          typeText: 'string or numeric',
          defaultHint: 'the current best block',
          help: 'The block to look at (needs an index this node does not keep).',
        },
        { names: 'use_index', kind: 'boolean', default: true, help: 'Use the index where there is one.' },
      ],
      run: (call) => txOutSetInfo(context, call),
    },
    {
      name: 'gettxout',
      category,
      description: 'Returns an unspent output, or null when it does not exist or is spent.',
      args: [
        { names: 'txid', kind: 'string', required: true, help: 'The transaction id' },
        { names: 'n', kind: 'number', required: true, help: 'Which output' },
        { names: 'include_mempool', kind: 'boolean', default: true, help: 'Look at unconfirmed transactions too' },
      ],
      run: (call) => txOut(context, call),
    },
  ];
}
