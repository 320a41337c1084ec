import { hashKey } from '../../src-bitcoin/bytes/hash-key.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { maxBlockWeight, witnessScaleFactor } from '../../src-bitcoin/consensus/limits.js';
import { merkleBlockOf, serializeMerkleBlock, shownTransactions } from '../../src-bitcoin/consensus/merkle-block.js';
import { blockHash, parseBlock } from '../../src-bitcoin/primitives/block.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { txOutProofOf } from '../../src-interfaces/rpc/tx-out-proof.js';
import { asHash, asString } from '../../src-interfaces/rpc/values.js';
import type { BlockIndex } from '../kernel/types.js';
import { readAvailableBlock } from './block-commands.js';
import { namedBlock } from './chain-commands.js';
import type { RpcContext } from './context.js';
import { Turns } from './turns.js';

const category = 'blockchain';
/** Bytes of an output with an empty script. */
const smallestOutput = 9;
const mostOutputs = Math.floor(maxBlockWeight / (smallestOutput * witnessScaleFactor));

/** The block of a transaction, as an unspent output of it tells. */
async function blockWithCoinOf({ chainstate }: RpcContext, txid: Uint8Array, turns: Turns): Promise<BlockIndex | undefined> {
  for (let index = 0; index < mostOutputs; index++) {
    const coin = chainstate.coins.getCoin({ txid, index });
    if (coin !== undefined) return chainstate.atHeight(coin.height);
    await turns.pause();
  }
  return undefined;
}

/** Txids in internal byte order, by their keys; each once. */
function txidsOf(call: RpcCall): ReadonlyMap<string, Uint8Array> {
  const txids = new Map<string, Uint8Array>();
  for (const value of call.array('txids')) {
    const txid = asHash(value, 'txid');
    if (txids.has(hashKey(txid))) throw rpcError('invalidParameter', `Invalid parameter, duplicated txid: ${asString(value)}`);
    txids.set(hashKey(txid), txid);
  }
  if (txids.size === 0) throw rpcError('invalidParameter', "Parameter 'txids' cannot be empty");
  return txids;
}

async function getProof(context: RpcContext, call: RpcCall): Promise<string> {
  const txids = txidsOf(call);
  let index = call.has('blockhash') ? namedBlock(context.chainstate, call.hash('blockhash')) : undefined;
  const turns = new Turns(context.stopping);
  for (const txid of txids.values()) index ??= await blockWithCoinOf(context, txid, turns);
  if (index === undefined) throw rpcError('invalidAddressOrKey', 'Transaction not yet in block');
  const block = parseBlock(await readAvailableBlock(context, index));
  if (block.transactions.filter((tx) => txids.has(hashKey(txidOf(tx)))).length !== txids.size) {
    throw rpcError('invalidAddressOrKey', 'Not all transactions found in specified or retrieved block');
  }
  return toHex(serializeMerkleBlock(merkleBlockOf(block, (txid) => txids.has(hashKey(txid)))));
}

function verifyProof({ chainstate }: RpcContext, call: RpcCall): Jsonable {
  const proof = txOutProofOf(call.value('proof'));
  const shown = shownTransactions(proof);
  if (shown === undefined) return [];
  const index = chainstate.lookup(blockHash(proof.header));
  if (index === undefined || !chainstate.isActive(index) || index.txCount === 0) throw rpcError('invalidAddressOrKey', 'Block not found in chain');
  return index.txCount === proof.transactionCount ? shown.map(({ txid }) => hashToHex(txid)) : [];
}

/** Commands that prove to others that a transaction is in a block. */
export function proofCommands(context: RpcContext): readonly CommandSpec[] {
  return [
    {
      name: 'gettxoutproof',
      category,
      description: 'Returns a proof that transactions are in a block. Without the block hash the block is found by an unspent output of one of them.',
      args: [
        { names: 'txids', kind: 'array', required: true, help: 'The transactions', inner: [{ names: 'txid', kind: 'hex', help: 'A transaction id' }] },
        { names: 'blockhash', kind: 'hex', help: 'The block they are in' },
      ],
      result: '"hex"    (string) The proof',
      run: (call) => getProof(context, call),
    },
    {
      name: 'verifytxoutproof',
      category,
      description: 'Returns the transactions that a proof shows to be in a block of the chain; none when it proves nothing.',
      args: [{ names: 'proof', kind: 'hex', required: true, help: 'What gettxoutproof returned' }],
      result: `[  (json array)
  "hex",  (string) A transaction id
  ...
]`,
      run: (call) => verifyProof(context, call),
    },
  ];
}
