import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { serializeTransaction, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { amountJson, asBoolean, asDouble, asHash, asInteger, asObject, checkMembers } from '../../src-interfaces/rpc/values.js';
import type { Mempool, MempoolEntry } from '../mempool/types.js';
import type { RpcContext } from './context.js';

const category = 'blockchain';
/** BIP125: an input with a sequence below this signals that the transaction may be replaced. */
const firstFinalSequence = 0xfffffffe;

function signalsReplacement(tx: Transaction): boolean {
  return tx.inputs.some((input) => input.sequence < firstFinalSequence);
}

function entryJson(mempool: Mempool, entry: MempoolEntry): Jsonable {
  const ancestors = mempool.ancestorPackage(entry);
  const descendants = mempool.descendantPackage(entry);
  const chunk = mempool.clusterChunks(entry).find(({ entries }) => entries.includes(entry));
  const replaceable = signalsReplacement(entry.tx) || [...mempool.ancestors(entry)].some(({ tx }) => signalsReplacement(tx));
  return {
    vsize: entry.virtualSize,
    weight: entry.weight,
    time: entry.time,
    height: entry.height,
    descendantcount: descendants.count,
    descendantsize: descendants.size,
    ancestorcount: ancestors.count,
    ancestorsize: ancestors.size,
    wtxid: hashToHex(entry.wtxid),
    chunkweight: chunk?.size ?? entry.weight,
    fees: {
      base: amountJson(entry.fee),
      modified: amountJson(entry.modifiedFee),
      ancestor: amountJson(ancestors.fees),
      descendant: amountJson(descendants.fees),
      chunk: amountJson(chunk?.fee ?? entry.modifiedFee),
    },
    depends: [...entry.parents].map(({ txid }) => hashToHex(txid)).sort(),
    spentby: [...entry.children].map(({ txid }) => hashToHex(txid)),
    'bip125-replaceable': replaceable,
    unbroadcast: mempool.isUnbroadcast(entry.txid),
  };
}

function entriesJson(mempool: Mempool, entries: Iterable<MempoolEntry>, verbose: boolean): Jsonable {
  if (!verbose) return [...entries].map(({ txid }) => hashToHex(txid));
  return Object.fromEntries([...entries].map((entry) => [hashToHex(entry.txid), entryJson(mempool, entry)]));
}

function mempoolInfo({ mempool }: RpcContext): Jsonable {
  const { policy } = mempool;
  return {
    loaded: mempool.loaded,
    size: mempool.size,
    bytes: mempool.totalVirtualSize,
    usage: Math.round(mempool.memoryUsage),
    total_fee: amountJson(mempool.totalFee),
    maxmempool: mempool.maxMemory,
    mempoolminfee: amountJson(mempool.minFeeRate > mempool.minRelayFeeRate ? mempool.minFeeRate : mempool.minRelayFeeRate),
    minrelaytxfee: amountJson(mempool.minRelayFeeRate),
    incrementalrelayfee: amountJson(mempool.incrementalFeeRate),
    unbroadcastcount: mempool.unbroadcastCount,
    fullrbf: true,
    permitbaremultisig: policy.permitBareMultisig,
    maxdatacarriersize: policy.maxDataCarrierBytes ?? 0,
    limitclustercount: policy.clusterCount,
    limitclustersize: policy.clusterSize,
    optimal: true,
  };
}

function namedEntry(mempool: Mempool, call: RpcCall): MempoolEntry {
  const entry = mempool.get(call.hash('txid'));
  if (entry === undefined) throw rpcError('invalidAddressOrKey', 'Transaction not in mempool');
  return entry;
}

function spendingPrevouts({ mempool }: RpcContext, call: RpcCall): Jsonable {
  const outputs = call.array('outputs');
  if (outputs.length === 0) throw rpcError('invalidParameter', 'Invalid parameter, outputs are missing');
  const options = call.has('options') ? call.object('options') : {};
  checkMembers(options, { mempool_only: 'bool', return_spending_tx: 'bool' }, { allowNull: true, strict: true });
  const mempoolOnly = options['mempool_only'] === undefined || asBoolean(options['mempool_only']);
  const withTransaction = options['return_spending_tx'] !== undefined && asBoolean(options['return_spending_tx']);
  const prevouts = outputs.map((output) => {
    const object = asObject(output);
    checkMembers(object, { txid: 'string', vout: 'number' }, { strict: true });
    const txid = asHash(object['txid'] ?? null, 'txid');
    const index = asInteger(object['vout'] ?? null);
    if (index < 0) throw rpcError('invalidParameter', 'Invalid parameter, vout cannot be negative');
    return { txid, index };
  });
  const spenders = prevouts.map((prevout) => mempool.spender(prevout));
  return prevouts.map(({ txid, index }, i) => {
    const spender = spenders[i];
    const shown = { txid: hashToHex(txid), vout: index };
    if (spender !== undefined) return { ...shown, spendingtxid: hashToHex(spender.txid), ...(withTransaction ? { spendingtx: toHex(serializeTransaction(spender.tx)) } : {}) };
    if (mempoolOnly) return shown;
    throw rpcError('misc', `No spending tx for the outpoint ${shown.txid}:${index} in mempool, and txospenderindex is unavailable.`);
  });
}

const txidArgument = { names: 'txid', kind: 'hex', required: true, help: 'The transaction id; must be in the mempool' } as const;
const verboseArgument = { names: 'verbose', kind: 'boolean', default: false, help: 'true for objects, false for txids' } as const;

/** Commands about the mempool. */
export function mempoolCommands(context: RpcContext): readonly CommandSpec[] {
  const { mempool } = context;
  return [
    {
      name: 'getmempoolinfo',
      category,
      description: 'Returns the state of the mempool.',
      args: [],
      run: () => mempoolInfo(context),
    },
    {
      name: 'getrawmempool',
      category,
      description: 'Returns the transactions of the mempool.',
      args: [
        verboseArgument,
        { names: 'mempool_sequence', kind: 'boolean', default: false, help: 'With txids, return the mempool’s sequence number too.' },
      ],
      run: (call) => {
        const verbose = call.boolean('verbose');
        const withSequence = call.boolean('mempool_sequence');
        if (verbose && withSequence) {
          throw rpcError('invalidParameter', 'Verbose results cannot contain mempool sequence values.');
        }
        const listed = entriesJson(mempool, mempool.entries(), verbose);
        return withSequence ? { txids: listed, mempool_sequence: mempool.sequence } : listed;
      },
    },
    {
      name: 'getmempoolentry',
      category,
      description: 'Returns what the mempool knows of a transaction.',
      args: [txidArgument],
      run: (call) => entryJson(mempool, namedEntry(mempool, call)),
    },
    {
      name: 'getmempoolancestors',
      category,
      description: 'Returns the unconfirmed transactions that a transaction of the mempool depends on.',
      args: [txidArgument, verboseArgument],
      run: (call) => {
        const entry = namedEntry(mempool, call);
        const others = [...mempool.ancestors(entry)].filter((other) => other !== entry);
        return entriesJson(mempool, others, call.boolean('verbose'));
      },
    },
    {
      name: 'getmempooldescendants',
      category,
      description: 'Returns the transactions of the mempool that depend on one of it.',
      args: [txidArgument, verboseArgument],
      run: (call) => {
        const entry = namedEntry(mempool, call);
        const others = [...mempool.descendants(entry)].filter((other) => other !== entry);
        return entriesJson(mempool, others, call.boolean('verbose'));
      },
    },
    {
      name: 'gettxspendingprevout',
      category,
      description: 'Tells which transactions of the mempool spend outputs.',
      args: [
        {
          names: 'outputs',
          kind: 'array',
          required: true,
          help: 'The outputs',
          inner: [
            {
              names: '',
              kind: 'object',
              help: '',
              inner: [
                { names: 'txid', kind: 'hex', required: true, help: 'The transaction id' },
                { names: 'vout', kind: 'number', required: true, help: 'Which output' },
              ],
            },
          ],
        },
        {
          names: 'options',
          kind: 'named-options',
          help: '',
          inner: [
            { names: 'mempool_only', kind: 'boolean', default: true, help: 'Do not look for spending transactions in blocks (which needs an index this node does not keep).' },
            { names: 'return_spending_tx', kind: 'boolean', default: false, help: 'Also return the spending transaction.' },
          ],
        },
      ],
      run: (call) => spendingPrevouts(context, call),
    },
    {
      name: 'savemempool',
      category,
      description: 'Writes the mempool to its file.',
      args: [],
      result: `{
  "filename": "str"    (string) Where the file is
}`,
      run: async () => {
        const filename = await mempool.save();
        if (filename === undefined) throw rpcError('misc', 'The mempool was not loaded yet');
        return { filename };
      },
    },
    {
      name: 'prioritisetransaction',
      category: 'mining',
      description: 'Changes what the fee of a transaction counts as when blocks are made.',
      args: [
        { names: 'txid', kind: 'hex', required: true, help: 'The transaction id' },
        { names: 'dummy', kind: 'number', help: 'Zero or null' },
        { names: 'fee_delta', kind: 'number', required: true, help: 'Satoshis to add, or to take away when negative' },
      ],
      run: (call) => {
        if (call.has('dummy') && asDouble(call.value('dummy')) !== 0) {
          throw rpcError('invalidParameter', 'Priority is no longer supported, dummy argument to prioritisetransaction must be 0.');
        }
        mempool.prioritise(call.hash('txid'), call.bigint('fee_delta'));
        return true;
      },
    },
    {
      name: 'getprioritisedtransactions',
      category: 'mining',
      description: 'Returns what prioritisetransaction changed.',
      args: [],
      run: () =>
        Object.fromEntries(
          mempool.priorities().map(({ txid, feeDelta }) => {
            const entry = mempool.get(txid);
            return [hashToHex(txid), { fee_delta: feeDelta, in_mempool: entry !== undefined, modified_fee: entry?.modifiedFee }];
          }),
        ),
    },
  ];
}
