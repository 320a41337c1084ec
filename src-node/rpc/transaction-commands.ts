import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { isCoinbase, serializeTransaction, txidOf, virtualSize, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { isUnspendable } from '../../src-bitcoin/script/script.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex, hasValidOperations, whetherWitness, witnessArgument } from '../../src-interfaces/rpc/decode-transaction.js';
import { transactionJson } from '../../src-interfaces/rpc/transaction-json.js';
import { amountJson, asAmount, asHash, asString } from '../../src-interfaces/rpc/values.js';
import type { BlockIndex } from '../kernel/types.js';
import { verbosityOf } from './block-commands.js';
import { broadcastTransaction, rejectText } from './broadcast.js';
import type { RpcContext } from './context.js';
import { decodeScriptCommand } from './decode-script.js';

const category = 'rawtransactions';
const coin = 100_000_000n;
/** Default of `maxfeerate`: 0.10 BTC per 1000 vbytes. */
const defaultMaxFeeRate = '0.10';
const maxPackageCount = 25;

/** The fee of a size at a feerate, rounded up. Both per 1000 vbytes. */
function feeOf(feeRate: bigint, size: number): bigint {
  return (feeRate * BigInt(size) + 999n) / 1000n;
}

function maxFeeRateOf(call: RpcCall): bigint {
  const rate = asAmount(call.value('maxfeerate'));
  if (rate >= coin) {
    throw rpcError('invalidParameter', 'Fee rates larger than or equal to 1BTC/kvB are not accepted');
  }
  return rate;
}

const maxFeeRateArgument = {
  names: 'maxfeerate',
  kind: 'amount',
  default: defaultMaxFeeRate,
  help: 'Refuse transactions that pay more than this feerate, BTC/kvB. 0 takes any.',
} as const;

async function sendRawTransaction(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const maxBurn = asAmount(call.value('maxburnamount'));
  const tx = decodeTransactionHex(call.string('hexstring'));
  if (tx === undefined) {
    throw rpcError('deserialization', 'TX decode failed. Make sure the tx has at least one input.');
  }
  const burns = tx.outputs.some(
    ({ scriptPubKey, value }) => value > maxBurn && (isUnspendable(scriptPubKey) || !hasValidOperations(scriptPubKey)),
  );
  if (burns) {
    throw rpcError('verify', 'Unspendable output exceeds maximum configured by user (maxburnamount)');
  }
  await broadcastTransaction(context, tx, feeOf(maxFeeRateOf(call), virtualSize(tx)));
  return hashToHex(txidOf(tx));
}

async function testMempoolAccept(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const texts = call.array('rawtxs').map(asString);
  if (texts.length < 1 || texts.length > maxPackageCount) {
    throw rpcError('invalidParameter', `Array must contain between 1 and ${maxPackageCount} transactions.`);
  }
  const maxFeeRate = maxFeeRateOf(call);
  const transactions = texts.map((text) => {
    const tx = decodeTransactionHex(text);
    if (tx === undefined) {
      throw rpcError('deserialization', `TX decode failed: ${text} Make sure the tx has at least one input.`);
    }
    return tx;
  });
  const results: Jsonable[] = [];
  let stopped = false;
  for (const tx of transactions) {
    const ids = { txid: hashToHex(txidOf(tx)), wtxid: hashToHex(wtxidOf(tx)) };
    // What follows a transaction that would not be sent is not worth looking at.
    if (stopped) {
      results.push(ids);
      continue;
    }
    const outcome = await context.mempool.accept(tx, { test: true });
    if (!outcome.accepted) {
      const missing = outcome.kind === 'missing-inputs';
      const reason = missing ? 'missing-inputs' : outcome.reason;
      results.push({ ...ids, allowed: false, 'reject-reason': reason, 'reject-details': missing ? undefined : rejectText(outcome) });
      continue;
    }
    const { fee, virtualSize: size } = outcome.entry;
    const limit = feeOf(maxFeeRate, size);
    if (limit > 0n && fee > limit) {
      stopped = true;
      results.push({ ...ids, allowed: false, 'reject-reason': 'max-fee-exceeded' });
      continue;
    }
    const fees = {
      base: amountJson(fee),
      'effective-feerate': amountJson((outcome.entry.modifiedFee * 1000n) / BigInt(size)),
      'effective-includes': [ids.wtxid],
    };
    results.push({ ...ids, allowed: true, vsize: size, fees });
  }
  return results;
}

interface Found {
  readonly tx: Transaction;
  /** The block it is in. */
  readonly index: BlockIndex | undefined;
}

async function findTransaction(context: RpcContext, txid: Uint8Array, index: BlockIndex | undefined): Promise<Found> {
  const { chainstate, mempool } = context;
  const hint = '. Use gettransaction for wallet transactions.';
  if (index === undefined) {
    const entry = mempool.get(txid);
    if (entry !== undefined) return { tx: entry.tx, index: undefined };
    const message = 'No such mempool transaction. Use -txindex or provide a block hash to enable blockchain transaction queries';
    throw rpcError('invalidAddressOrKey', message + hint);
  }
  if (!index.haveData) throw rpcError('misc', 'Block not available');
  const block = await chainstate.readBlock(index);
  const tx = block.transactions.find((each) => equalBytes(txidOf(each), txid));
  if (tx === undefined) {
    throw rpcError('invalidAddressOrKey', `No such transaction found in the provided block${hint}`);
  }
  return { tx, index };
}

async function getRawTransaction(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const { chainstate } = context;
  const txid = asHash(call.value('txid'), 'parameter 1');
  if (equalBytes(txid, chainstate.params.genesis.header.merkleRoot)) {
    const message = 'The genesis block coinbase is not considered an ordinary transaction and cannot be retrieved';
    throw rpcError('invalidAddressOrKey', message);
  }
  const verbosity = verbosityOf(call.value('verbosity'), 0, true);
  const named = call.has('blockhash') ? chainstate.lookup(asHash(call.value('blockhash'), 'parameter 3')) : undefined;
  if (call.has('blockhash') && named === undefined) throw rpcError('invalidAddressOrKey', 'Block hash not found');
  const { tx, index } = await findTransaction(context, txid, named);
  if (verbosity <= 0) return toHex(serializeTransaction(tx));
  const active = index !== undefined && chainstate.isActive(index);
  let spent;
  if (verbosity >= 2 && index?.haveUndo === true && !isCoinbase(tx)) {
    const block = await chainstate.readBlock(index);
    const position = block.transactions.findIndex((each) => equalBytes(txidOf(each), txid));
    spent = (await chainstate.readUndo(index))[position - 1];
  }
  return {
    ...(named === undefined ? {} : { in_active_chain: active }),
    ...transactionJson(tx, chainstate.params, { spent, prevouts: true }),
    ...(index === undefined ? {} : { blockhash: hashToHex(index.hash) }),
    ...(index === undefined ? {} : active
      ? { confirmations: chainstate.tip.height - index.height + 1, time: index.header.time, blocktime: index.header.time }
      : { confirmations: 0 }),
  };
}

/** Commands about single transactions. */
export function transactionCommands(context: RpcContext): readonly CommandSpec[] {
  const { params } = context.chainstate;
  return [
    {
      name: 'sendrawtransaction',
      category,
      description: 'Puts a transaction into the mempool and sends it to all peers. Returns its txid.',
      args: [
        { names: 'hexstring', kind: 'hex', required: true, help: 'The serialized transaction' },
        maxFeeRateArgument,
        {
          names: 'maxburnamount',
          kind: 'amount',
          default: '0.00',
          help: 'Refuse transactions with an unspendable output of more than this, BTC.',
        },
      ],
      run: (call) => sendRawTransaction(context, call),
    },
    {
      name: 'testmempoolaccept',
      category,
      description: 'Tells whether the mempool would take transactions, without adding them.',
      args: [
        {
          names: 'rawtxs',
          kind: 'array',
          required: true,
          help: 'Serialized transactions',
          inner: [{ names: 'rawtx', kind: 'hex', help: '' }],
        },
        maxFeeRateArgument,
      ],
      run: (call) => testMempoolAccept(context, call),
    },
    {
      name: 'getrawtransaction',
      category,
      description:
        'Returns a transaction of the mempool, or of the block whose hash is given: serialized in hex (verbosity 0), as an object (1), or with its fee and the outputs it spends (2).',
      args: [
        { names: 'txid', kind: 'hex', required: true, help: 'The transaction id' },
        { names: 'verbosity|verbose', kind: 'number', default: 0, anyType: true, help: '0 to 2' },
        { names: 'blockhash', kind: 'hex', help: 'The block to look in' },
      ],
      run: (call) => getRawTransaction(context, call),
    },
    {
      name: 'decoderawtransaction',
      category,
      description: 'Returns a serialized transaction as an object.',
      args: [
        { names: 'hexstring', kind: 'hex', required: true, help: 'The serialized transaction' },
        witnessArgument,
      ],
      run: (call) => {
        const tx = decodeTransactionHex(call.string('hexstring'), whetherWitness(call));
        if (tx === undefined) throw rpcError('deserialization', 'TX decode failed');
        return transactionJson(tx, params, { hex: false });
      },
    },
    decodeScriptCommand(params),
  ];
}
