import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { hashFromHex, isHex } from '../../src-bitcoin/bytes/hex.js';
import type { Logger } from '../../src-interfaces/logging.js';
import type { OptionValues } from '../../src-interfaces/options/option-values.js';
import { openChainstate } from '../kernel/open-chainstate.js';
import type { NodeChainstate } from '../kernel/node-chainstate.js';
import { ScriptChecker, scriptThreads } from '../kernel/script-check/script-checker.js';
import { NodeMempool } from '../mempool/mempool.js';
import { NodeMiner } from '../mining/miner.js';
import type { PolicyOptions } from '../policy/limits.js';
import { StorageError } from '../storage/storage-error.js';
import type { DirectoryLock } from '../storage/directory-lock.js';
import { pathOption, type NodeConfiguration } from './configuration.js';
import { InitFailure } from './init-failure.js';
import { amountOption } from './option-interactions.js';
import type { ShutdownSteps } from './shutdown-steps.js';

const mebibyte = 1 << 20;
const minCacheSize = 4;

/** The parts of the node that exist without a network. */
export interface NodeServices {
  readonly chainstate: NodeChainstate;
  readonly mempool: NodeMempool;
  readonly miner: NodeMiner;
}

/** What {@link openServices} works with. */
export interface ServiceSurroundings {
  readonly configuration: NodeConfiguration;
  readonly log: Logger;
  readonly lock: DirectoryLock;
  readonly steps: ShutdownSteps;
  /** Seconds since 1970. */
  readonly now: () => number;
  /** The last blocks are being checked; from 0 to 100. */
  readonly onCheck: (percent: number) => void;
  /** The chain state can no longer be trusted: the node must end. */
  readonly onFault: (error: unknown) => void;
}

/** A hash an option gives, without or with leading `0x` and zeros left out. @throws InitFailure */
function hexOption(options: OptionValues, name: string): string | undefined {
  const text = options.text(name);
  if (text === undefined || text === '') return undefined;
  const digits = text.replace(/^0x/i, '').padStart(64, '0');
  if (digits.length > 64 || !isHex(digits)) {
    throw new InitFailure(`Invalid ${name} specified ('${text}'), must be up to 64 hex digits (or 0 to disable)`);
  }
  return digits;
}

/** What is relayed, as the options say. @throws InitFailure */
export function policyOf(options: OptionValues): Partial<PolicyOptions> {
  const incremental = amountOption(options, 'incrementalrelayfee');
  const minRelay = amountOption(options, 'minrelaytxfee');
  const dust = amountOption(options, 'dustrelayfee');
  const defaultMinRelay = 100n;
  // A replacement must pay more than the increment, so the least feerate is not below it.
  const raised = minRelay === undefined && incremental !== undefined && incremental > defaultMinRelay ? incremental : minRelay;
  const bytesPerSigOp = options.integer('bytespersigop');
  const clusterSize = options.integer('limitclustersize');
  const clusterCount = options.integer('limitclustercount');
  if ((clusterCount ?? 0) > 64) throw new InitFailure('limitclustercount must be less than or equal to 64');
  return {
    requireStandard: options.flag('acceptnonstdtxn') !== true,
    ...(raised === undefined ? {} : { minRelayFeeRate: raised }),
    ...(incremental === undefined ? {} : { incrementalFeeRate: incremental }),
    ...(dust === undefined ? {} : { dustRelayFeeRate: dust }),
    maxDataCarrierBytes: options.flag('datacarrier') === false ? undefined : (options.integer('datacarriersize') ?? 100_000),
    permitBareMultisig: options.flag('permitbaremultisig') ?? true,
    ...(bytesPerSigOp === undefined ? {} : { bytesPerSigOp }),
    maxMemory: (options.integer('maxmempool') ?? 300) * 1_000_000,
    expiry: (options.integer('mempoolexpiry') ?? 336) * 3600,
    ...(clusterCount === undefined ? {} : { clusterCount }),
    ...(clusterSize === undefined ? {} : { clusterSize: clusterSize * 1000 }),
  };
}

/** -minimumchainwork; undefined for the network's own. @throws InitFailure */
export function minimumChainWorkOf(options: OptionValues): bigint | undefined {
  const digits = hexOption(options, 'minimumchainwork');
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}

async function openKernel(surroundings: ServiceSurroundings, scriptChecker: ScriptChecker): Promise<NodeChainstate> {
  const { configuration, log, lock, now, onCheck, onFault } = surroundings;
  const { options, params, netDirectory, blocksDirectory } = configuration;
  const assumeValid = hexOption(options, 'assumevalid');
  const minimumChainWork = minimumChainWorkOf(options);
  const maxTipAge = options.integer('maxtipage');
  const checkBlocks = options.integer('checkblocks');
  const batchSize = options.integer('dbbatchsize');
  const blocksXor = options.flag('blocksxor');
  try {
    return await openChainstate({
      params,
      dataDirectory: netDirectory,
      blocksDirectory,
      logger: log,
      now,
      scriptChecker,
      lock,
      onCheck,
      onFault,
      cacheSize: Math.max(options.integer('dbcache') ?? 450, minCacheSize) * mebibyte,
      ...(assumeValid === undefined ? {} : { assumeValid: /^0+$/.test(assumeValid) ? ('none' as const) : hashFromHex(assumeValid) }),
      ...(minimumChainWork === undefined ? {} : { minimumChainWork }),
      ...(maxTipAge === undefined ? {} : { maxTipAge }),
      ...(checkBlocks === undefined ? {} : { checkBlocks }),
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(blocksXor === undefined ? {} : { blocksXor }),
      reindex: options.flag('reindex') === true,
      reindexChainstate: options.flag('reindex-chainstate') === true,
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const hint = error.code === 'corrupt' || error.code === 'corrupt-chainstate' ? ' Please restart with -reindex or -reindex-chainstate to recover.' : '';
    throw new InitFailure(error.message + hint, { cause: error });
  }
}

/** Opens chain state and mempool. @throws InitFailure */
export async function openServices(surroundings: ServiceSurroundings): Promise<NodeServices> {
  const { configuration, log, steps, now } = surroundings;
  const { options, netDirectory } = configuration;
  const policy = policyOf(options);
  const threads = scriptThreads(options.integer('par') ?? 0, availableParallelism());
  log.info(`Script verification uses ${threads} threads`);
  const scriptChecker = new ScriptChecker({ threads });
  steps.add('script checks', () => scriptChecker.close());
  const chainstate = await openKernel(surroundings, scriptChecker);
  steps.add('chain state', () => chainstate.close());
  const persist = options.flag('persistmempool') ?? true;
  const mempool = new NodeMempool({
    chainstate,
    policy,
    now,
    scriptChecker,
    estimatesPath: join(netDirectory, 'fee_estimates.dat'),
    path: join(netDirectory, 'mempool.dat'),
    ignoresFile: !persist,
  });
  try {
    await mempool.loadEstimates();
  } catch (error) {
    log.warning(`fee_estimates.dat cannot be read and is made anew: ${error instanceof Error ? error.message : String(error)}`);
  }
  steps.add('mempool', async () => {
    if (persist) await mempool.save();
    await mempool.saveEstimates();
    mempool.close();
  });
  const reservedWeight = options.integer('blockreservedweight');
  const maxWeight = options.integer('blockmaxweight');
  const minFeeRate = amountOption(options, 'blockmintxfee');
  const miner = new NodeMiner({
    chainstate,
    mempool,
    now,
    limits: {
      ...(reservedWeight === undefined ? {} : { reservedWeight }),
      ...(maxWeight === undefined ? {} : { maxWeight }),
      ...(minFeeRate === undefined ? {} : { minFeeRate }),
    },
  });
  return { chainstate, mempool, miner };
}

/** Where settings.json is, or undefined with -nosettings. */
export function settingsPath(configuration: NodeConfiguration): string | undefined {
  return pathOption(configuration, 'settings', 'settings.json');
}
