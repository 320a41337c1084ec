import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import type { RpcContext } from './context.js';

/** Longest target with estimates, blocks. */
const maxTarget = 1008;
const modes = ['unset', 'economical', 'conservative'];

async function estimateSmartFee(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const { mempool } = context;
  await context.notificationsDelivered();
  const target = call.integer('conf_target');
  if (target < 1 || target > maxTarget) {
    throw rpcError('invalidParameter', `Invalid conf_target, must be between 1 and ${maxTarget}`);
  }
  const mode = call.string('estimate_mode').toLowerCase();
  if (!modes.includes(mode)) {
    throw rpcError('invalidParameter', `Invalid estimate_mode parameter, must be one of: "${modes.join('", "')}"`);
  }
  const { feeRate, blocks } = mempool.estimateFeeRate(target, mode === 'conservative');
  if (feeRate === undefined) return { errors: ['Insufficient data or no feerate found'], blocks };
  const rates = [feeRate, mempool.minFeeRate, mempool.minRelayFeeRate];
  return { feerate: amountJson(rates.reduce((a, b) => (a > b ? a : b))), blocks };
}

/** Commands about fees. */
export function feeCommands(context: RpcContext): readonly CommandSpec[] {
  return [
    {
      name: 'estimatesmartfee',
      category: 'util',
      description: 'Estimates the feerate (BTC/kvB) at which a transaction confirms within some blocks.',
      args: [
        { names: 'conf_target', kind: 'number', required: true, help: `Blocks, 1 to ${maxTarget}` },
        {
          names: 'estimate_mode',
          kind: 'string',
          default: 'economical',
          help: "'economical', or 'conservative' to look further back and be slower to follow falling fees.",
        },
      ],
      run: (call) => estimateSmartFee(context, call),
    },
  ];
}
