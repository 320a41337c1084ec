import { decodeAddress } from '../../src-bitcoin/address/address.js';
import { ByteReader } from '../../src-bitcoin/bytes/reader.js';
import { fromHex, hashFromHex, hashToHex, isHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { retargetInterval } from '../../src-bitcoin/consensus/retarget.js';
import { difficulty } from '../../src-bitcoin/consensus/target.js';
import { blockHash, headerSize, parseBlock, readHeader, serializeBlock, type Block } from '../../src-bitcoin/primitives/block.js';
import { isCoinbase, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { decodeTransactionHex } from '../../src-interfaces/rpc/decode-transaction.js';
import { amountJson, asString } from '../../src-interfaces/rpc/values.js';
import type { Chainstate } from '../kernel/types.js';
import { submitBlock as submitCompleteBlock } from '../mining/submission.js';
import { hex32, targetHex } from './block-json.js';
import { blockTemplateCommand } from './block-template-command.js';
import type { Miner, RpcContext } from './context.js';
import { scriptFromDescriptor } from './descriptor-script.js';
import { withReservedWitness } from './submitted-block.js';

const category = 'mining';
const defaultMaxTries = 1_000_000;

function requireMiner({ miner }: RpcContext): Miner {
  if (miner === undefined) throw rpcError('internalError', 'Block making is not available');
  return miner;
}

/** Hashes a second that the blocks before a height stand for. */
function networkHashesPerSecond(chainstate: Chainstate, lookup: number, height: number): number {
  if (lookup < -1 || lookup === 0) {
    throw rpcError('invalidParameter', 'Invalid nblocks. Must be a positive number or -1.');
  }
  const last = height === -1 ? chainstate.tip : chainstate.atHeight(height);
  if (height < -1 || last === undefined) throw rpcError('invalidParameter', 'Block does not exist at specified height');
  if (last.height === 0) return 0;
  const sinceRetarget = (last.height % retargetInterval(chainstate.params.consensus)) + 1;
  const count = Math.min(lookup === -1 ? sinceRetarget : lookup, last.height);
  let first = last;
  let earliest = last.header.time;
  let latest = last.header.time;
  for (let i = 0; i < count && first.prev !== undefined; i++) {
    first = first.prev;
    earliest = Math.min(earliest, first.header.time);
    latest = Math.max(latest, first.header.time);
  }
  return earliest === latest ? 0 : Number(last.chainWork - first.chainWork) / (latest - earliest);
}

function miningInfo(context: RpcContext): Jsonable {
  const { chainstate, mempool } = context;
  const { tip, params } = chainstate;
  const miner = requireMiner(context);
  const bits = miner.nextBits();
  const template = miner.lastTemplate;
  const challenge = params.chain === 'signet' ? params.consensus.signetChallenge : undefined;
  return {
    blocks: tip.height,
    currentblockweight: template?.weight,
    currentblocktx: template?.transactions,
    bits: hex32(tip.header.bits),
    difficulty: difficulty(tip.header.bits),
    target: targetHex(tip.header.bits),
    networkhashps: networkHashesPerSecond(chainstate, 120, -1),
    pooledtx: mempool.size,
    blockmintxfee: amountJson(miner.minFeeRate),
    chain: params.chain,
    next: { height: tip.height + 1, bits: hex32(bits), difficulty: difficulty(bits), target: targetHex(bits) },
    signet_challenge: challenge && toHex(challenge),
    warnings: context.warnings(),
  };
}

async function generate(context: RpcContext, scriptPubKey: Uint8Array, count: number, maxTries: number): Promise<Jsonable> {
  const hashes = await requireMiner(context).generate(scriptPubKey, count, maxTries);
  return hashes.map(hashToHex);
}

function blockTransactions(context: RpcContext, call: RpcCall): readonly Transaction[] {
  return call.array('transactions').map((value) => {
    const text = asString(value);
    if (text.length === 64 && isHex(text)) {
      const entry = context.mempool.get(hashFromHex(text));
      if (entry === undefined) throw rpcError('invalidAddressOrKey', `Transaction ${text} not in mempool.`);
      return entry.tx;
    }
    const tx = decodeTransactionHex(text);
    if (tx === undefined) {
      const message = `Transaction decode failed for ${text}. Make sure the tx has at least one input.`;
      throw rpcError('deserialization', message);
    }
    return tx;
  });
}

async function generateBlock(context: RpcContext, call: RpcCall): Promise<Jsonable> {
  const { chainstate } = context;
  const miner = requireMiner(context);
  const output = call.string('output');
  let script = scriptFromDescriptor(output, chainstate.params);
  if (!script.ok) {
    const decoded = decodeAddress(output, chainstate.params);
    if (!decoded.ok) throw rpcError('invalidAddressOrKey', 'Error: Invalid address or descriptor');
    script = { ok: true, script: decoded.scriptPubKey };
  }
  const transactions = blockTransactions(context, call);
  let block: Block;
  try {
    block = await miner.assemble(script.script, transactions);
  } catch (error) {
    throw rpcError('verify', error instanceof Error ? error.message : String(error));
  }
  const solved = miner.solve(block, defaultMaxTries);
  if (solved === undefined) throw rpcError('misc', 'Failed to make block.');
  const hash = hashToHex(blockHash(solved.header));
  if (!call.boolean('submit')) return { hash, hex: toHex(serializeBlock(solved)) };
  const outcome = await chainstate.processBlock(solved, { force: true });
  if (!outcome.accepted) throw rpcError('internalError', 'ProcessNewBlock, block not accepted');
  return { hash };
}

/** BIP22's answer to a submitted block: null when it was taken, else why not. */
async function submitBlock({ chainstate }: RpcContext, call: RpcCall): Promise<Jsonable> {
  const text = call.string('hexdata');
  let block: Block;
  try {
    block = parseBlock(fromHex(text));
  } catch {
    throw rpcError('deserialization', 'Block decode failed');
  }
  const coinbase = block.transactions[0];
  if (coinbase === undefined || !isCoinbase(coinbase)) {
    throw rpcError('deserialization', 'Block does not start with a coinbase');
  }
  const prev = chainstate.lookup(block.header.prevHash);
  const complete = prev === undefined ? block : withReservedWitness(block, prev.height + 1, chainstate.params);
  const { reason, result } = await submitCompleteBlock(chainstate, complete);
  return result ? null : reason;
}

async function submitHeader({ chainstate }: RpcContext, call: RpcCall): Promise<Jsonable> {
  const text = call.string('hexdata');
  if (text.length < 2 * headerSize || !isHex(text)) throw rpcError('deserialization', 'Block header decode failed');
  const header = readHeader(new ByteReader(fromHex(text)));
  if (chainstate.lookup(header.prevHash) === undefined) throw rpcError('verify', `Must submit previous header (${hashToHex(header.prevHash)}) first`);
  const outcome = await chainstate.acceptHeaders([header]);
  if (!outcome.accepted) throw rpcError('verify', outcome.failure.reason);
  return null;
}

const maxTriesArgument = {
  names: 'maxtries',
  kind: 'number',
  default: defaultMaxTries,
  help: 'How many nonces to try.',
} as const;

/** Commands about making blocks. */
export function miningCommands(context: RpcContext): readonly CommandSpec[] {
  const { chainstate } = context;
  return [
    {
      name: 'getmininginfo',
      category,
      description: 'Returns the state of block making.',
      args: [],
      run: () => miningInfo(context),
    },
    {
      name: 'getnetworkhashps',
      category,
      description: 'Returns an estimate of the hashes a second of all miners, from the blocks before a height.',
      args: [
        { names: 'nblocks', kind: 'number', default: 120, help: 'How many blocks; -1 for those since the difficulty changed' },
        { names: 'height', kind: 'number', default: -1, help: 'The height; -1 for the tip' },
      ],
      run: (call) => networkHashesPerSecond(chainstate, call.integer('nblocks'), call.integer('height')),
    },
    blockTemplateCommand(context, () => requireMiner(context)),
    {
      name: 'submitblock',
      category,
      description: 'Submits a block. Returns null when it became the tip, else in a word what became of it (BIP22).',
      args: [
        { names: 'hexdata', kind: 'hex', required: true, help: 'The serialized block' },
        { names: 'dummy', kind: 'string', defaultHint: 'ignored', help: 'Ignored; for compatibility with BIP22' },
      ],
      run: (call) => submitBlock(context, call),
    },
    {
      name: 'submitheader',
      category,
      description: 'Submits a block header, whose block may then be asked for. The header before it must be known.',
      args: [{ names: 'hexdata', kind: 'hex', required: true, help: 'The serialized header' }],
      result: 'null    (json null)',
      run: (call) => submitHeader(context, call),
    },
    {
      name: 'generatetoaddress',
      category: 'hidden',
      description: 'Makes blocks that pay an address, and returns their hashes.',
      args: [
        { names: 'nblocks', kind: 'number', required: true, help: 'How many blocks' },
        { names: 'address', kind: 'string', required: true, help: 'The address' },
        maxTriesArgument,
      ],
      run: (call) => {
        const count = call.integer('nblocks');
        const maxTries = call.integer('maxtries');
        const decoded = decodeAddress(call.string('address'), chainstate.params);
        if (!decoded.ok) throw rpcError('invalidAddressOrKey', 'Error: Invalid address');
        return generate(context, decoded.scriptPubKey, count, maxTries);
      },
    },
    {
      name: 'generatetodescriptor',
      category: 'hidden',
      description: 'Makes blocks that pay a descriptor, and returns their hashes.',
      args: [
        { names: 'num_blocks', kind: 'number', required: true, help: 'How many blocks' },
        { names: 'descriptor', kind: 'string', required: true, help: 'The descriptor' },
        maxTriesArgument,
      ],
      run: (call) => {
        const count = call.integer('num_blocks');
        const maxTries = call.integer('maxtries');
        const script = scriptFromDescriptor(call.string('descriptor'), chainstate.params);
        if (!script.ok) throw rpcError('invalidAddressOrKey', script.error);
        return generate(context, script.script, count, maxTries);
      },
    },
    {
      name: 'generateblock',
      category: 'hidden',
      description: 'Makes a block with exactly these transactions, in this order, and returns its hash.',
      args: [
        { names: 'output', kind: 'string', required: true, help: 'Address or descriptor to pay' },
        {
          names: 'transactions',
          kind: 'array',
          required: true,
          help: 'Txids of the mempool, or serialized transactions',
          inner: [{ names: 'rawtx/txid', kind: 'hex', help: '' }],
        },
        { names: 'submit', kind: 'boolean', default: true, help: 'Submit the block; otherwise it is returned in hex.' },
      ],
      run: (call) => generateBlock(context, call),
    },
    {
      name: 'generate',
      category: 'hidden',
      description: 'Has been replaced by the -generate option of bitcoin-cli.',
      args: [],
      run: () => {
        throw rpcError('methodNotFound', 'generate\n\nhas been replaced by the -generate cli option. Refer to -help for more information.\n');
      },
    },
  ];
}
