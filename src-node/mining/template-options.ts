import { maxBlockSigOpsCost, maxBlockWeight } from '../../src-bitcoin/consensus/limits.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import {
  defaultBlockReservedWeight,
  defaultCoinbaseOutputMaxAdditionalSigops,
  type BlockCreateOptions,
} from '../../src-interfaces/generated/mining.js';
import type { TemplateOptions } from './miner.js';

/** Room that header, transaction count and a small coinbase need, weight units. */
const minReservedWeight = 2000;

function above(name: string, value: bigint, limit: number, what: string): CallFailure | undefined {
  return value > BigInt(limit) ? new CallFailure('failed', `${name} (${value}) exceeds ${what} (${limit})`) : undefined;
}

/**
 * The options of a template, as the miner takes them.
 * @param maxWeight weight units of the whole block, as configured
 * @throws CallFailure naming the option that is out of its range
 */
export function templateOptions(options: BlockCreateOptions, maxWeight: number): Required<TemplateOptions> {
  const { useMempool = true } = options;
  const weight = options.blockReservedWeight ?? defaultBlockReservedWeight;
  const sigOps = options.coinbaseOutputMaxAdditionalSigops ?? defaultCoinbaseOutputMaxAdditionalSigops;
  if (weight < BigInt(minReservedWeight)) {
    throw new CallFailure('failed', `block_reserved_weight (${weight}) is lower than minimum safety value of (${minReservedWeight})`);
  }
  const failure =
    above('block_reserved_weight', weight, maxBlockWeight, 'consensus maximum block weight') ??
    above('block_reserved_weight', weight, maxWeight, 'block_max_weight') ??
    above('coinbase_output_max_additional_sigops', sigOps, maxBlockSigOpsCost, 'consensus maximum block sigops cost');
  if (failure !== undefined) throw failure;
  return { useMempool, reservedWeight: Number(weight), reservedSigOps: Number(sigOps) };
}
