import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { JsonNumber, type Jsonable, type JsonValue } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { asHash, asInteger, asString } from '../../src-interfaces/rpc/values.js';
import type { BlockIndex, Chainstate } from '../kernel/types.js';
import { blockStatistics } from './block-statistics.js';
import { namedBlock } from './chain-commands.js';
import type { RpcContext } from './context.js';

const category = 'blockchain';
const monthInSeconds = 30 * 24 * 60 * 60;

function hashOrHeight(chainstate: Chainstate, value: JsonValue): BlockIndex {
  if (!(value instanceof JsonNumber)) return namedBlock(chainstate, asHash(value, 'hash_or_height'));
  const height = asInteger(value);
  if (height < 0) throw rpcError('invalidParameter', `Target block height ${height} is negative`);
  const index = chainstate.atHeight(height);
  if (index === undefined) {
    throw rpcError('invalidParameter', `Target block height ${height} after current tip ${chainstate.tip.height}`);
  }
  return index;
}

async function blockStats({ chainstate }: RpcContext, call: RpcCall): Promise<Jsonable> {
  const index = hashOrHeight(chainstate, call.value('hash_or_height'));
  const wanted = call.has('stats') ? call.array('stats').map(asString) : [];
  if (!index.haveData) throw rpcError('misc', 'Block not available (not fully downloaded)');
  if (index.height > 0 && !index.haveUndo) throw rpcError('misc', 'Undo data not available');
  const block = await chainstate.readBlock(index);
  const undo = index.height > 0 ? await chainstate.readUndo(index) : [];
  const all = blockStatistics(index, block, undo, chainstate.params);
  if (wanted.length === 0) return all;
  const selected: Record<string, Jsonable> = {};
  for (const name of [...new Set(wanted)].sort()) {
    const value = Object.hasOwn(all, name) ? all[name] : undefined;
    if (value === undefined) throw rpcError('invalidParameter', `Invalid selected statistic '${name}'`);
    selected[name] = value;
  }
  return selected;
}

function chainTxStats({ chainstate }: RpcContext, call: RpcCall): Jsonable {
  const last = call.has('blockhash') ? namedBlock(chainstate, call.hash('blockhash')) : chainstate.tip;
  if (!chainstate.isActive(last)) throw rpcError('invalidParameter', 'Block is not in main chain');
  const month = Math.floor(monthInSeconds / chainstate.params.consensus.powTargetSpacing);
  const count = call.has('nblocks') ? call.integer('nblocks') : Math.max(0, Math.min(month, last.height - 1));
  if (count < 0 || (count > 0 && count >= last.height)) {
    throw rpcError('invalidParameter', "Invalid block count: should be between 0 and the block's height - 1");
  }
  const first = last.ancestor(last.height - count) ?? last;
  const interval = last.medianTimePast() - first.medianTimePast();
  const transactions = last.chainTxCount !== 0 && first.chainTxCount !== 0 ? last.chainTxCount - first.chainTxCount : undefined;
  return {
    time: last.header.time,
    txcount: last.chainTxCount === 0 ? undefined : last.chainTxCount,
    window_final_block_hash: hashToHex(last.hash),
    window_final_block_height: last.height,
    window_block_count: count,
    ...(count === 0
      ? {}
      : {
          window_interval: interval,
          window_tx_count: transactions,
          txrate: transactions !== undefined && interval > 0 ? transactions / interval : undefined,
        }),
  };
}

/** Commands that count. */
export function statisticsCommands(context: RpcContext): readonly CommandSpec[] {
  return [
    {
      name: 'getblockstats',
      category,
      description: 'Returns statistics of a block. Amounts are in satoshis; the coinbase counts for outputs only.',
      args: [
        {
          names: 'hash_or_height',
          kind: 'number',
          required: true,
          anyType: true,
          typeText: 'string or numeric',
          help: 'The block',
        },
        {
          names: 'stats',
          kind: 'array',
          defaultHint: 'all values',
          help: 'Which of them',
          inner: [
            { names: 'height', kind: 'string', help: 'One of the names in the result' },
            { names: 'time', kind: 'string', help: 'Another' },
          ],
          oneLine: 'stats',
        },
      ],
      run: (call) => blockStats(context, call),
    },
    {
      name: 'getchaintxstats',
      category,
      description: 'Returns how many transactions there are, and how many came in a span of blocks.',
      args: [
        { names: 'nblocks', kind: 'number', defaultHint: 'one month', help: 'Length of the span' },
        { names: 'blockhash', kind: 'hex', defaultHint: 'chain tip', help: 'The block that ends it' },
      ],
      run: (call) => chainTxStats(context, call),
    },
  ];
}
