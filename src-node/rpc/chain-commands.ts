import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { difficulty } from '../../src-bitcoin/consensus/target.js';
import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall, RpcRequest } from '../../src-interfaces/rpc/command.js';
import type { BlockIndex, Chainstate } from '../kernel/types.js';
import { hex256, hex32, targetHex } from './block-json.js';
import type { RpcContext } from './context.js';

const category = 'blockchain';

/** The known block an argument names. @throws RpcFailure */
export function namedBlock(chainstate: Chainstate, hash: Uint8Array): BlockIndex {
  const index = chainstate.lookup(hash);
  if (index === undefined) throw rpcError('invalidAddressOrKey', 'Block not found');
  return index;
}

/** Last block that a block has in common with the active chain. */
function forkOf(chainstate: Chainstate, index: BlockIndex): BlockIndex {
  let fork = index;
  while (!chainstate.isActive(fork)) {
    if (fork.prev === undefined) return fork;
    fork = fork.prev;
  }
  return fork;
}

function tipStatus(chainstate: Chainstate, index: BlockIndex): string {
  if (chainstate.isActive(index)) return 'active';
  if (index.failed) return 'invalid';
  if (index.chainTxCount === 0) return 'headers-only';
  return index.validScripts ? 'valid-fork' : 'valid-headers';
}

function chainTips(chainstate: Chainstate): Jsonable {
  const tips = new Set([chainstate.tip, ...chainstate.tips().filter((index) => !chainstate.isActive(index))]);
  return [...tips]
    .sort((a, b) => b.height - a.height)
    .map((index) => ({
      height: index.height,
      hash: hashToHex(index.hash),
      branchlen: index.height - forkOf(chainstate, index).height,
      status: tipStatus(chainstate, index),
    }));
}

function blockchainInfo(context: RpcContext): Jsonable {
  const { chainstate } = context;
  const { tip, params } = chainstate;
  const challenge = params.chain === 'signet' ? params.consensus.signetChallenge : undefined;
  return {
    chain: params.chain,
    blocks: tip.height,
    headers: chainstate.bestHeader.height,
    bestblockhash: hashToHex(tip.hash),
    bits: hex32(tip.header.bits),
    target: targetHex(tip.header.bits),
    difficulty: difficulty(tip.header.bits),
    time: tip.header.time,
    mediantime: tip.medianTimePast(),
    verificationprogress: chainstate.verificationProgress(tip),
    initialblockdownload: chainstate.initialDownload,
    chainwork: hex256(tip.chainWork),
    size_on_disk: context.blocksOnDisk(),
    pruned: false,
    signet_challenge: challenge && toHex(challenge),
    warnings: context.warnings(),
  };
}

/**
 * Waits until the tip satisfies `wanted`.
 * @param timeout milliseconds, 0 for ever
 * @returns the tip then, or at the end of the time, or when the node stops or the caller has left.
 */
export function waitForTip({ chainstate, stopping }: Pick<RpcContext, 'chainstate' | 'stopping'>, { abandoned }: RpcRequest, timeout: number, wanted: (tip: BlockIndex) => boolean): Promise<Jsonable> {
  const answer = (): Jsonable => ({ hash: hashToHex(chainstate.tip.hash), height: chainstate.tip.height });
  if (timeout < 0) throw rpcError('misc', 'Negative timeout');
  if (wanted(chainstate.tip) || stopping.aborted || abandoned?.aborted === true) return Promise.resolve(answer());
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      unsubscribe();
      stopping.removeEventListener('abort', finish);
      abandoned?.removeEventListener('abort', finish);
      resolve(answer());
    };
    const timer = timeout === 0 ? undefined : setTimeout(finish, timeout);
    const unsubscribe = chainstate.subscribe({ tipChanged: ({ tip }) => wanted(tip) && finish() });
    stopping.addEventListener('abort', finish);
    abandoned?.addEventListener('abort', finish);
  });
}

const timeoutArgument = { names: 'timeout', kind: 'number', default: 0, help: 'Milliseconds to wait; 0 waits for ever.' } as const;
const blockArgument = { names: 'blockhash', kind: 'hex', required: true, help: 'The block hash' } as const;

function waitCommands(context: RpcContext): readonly CommandSpec[] {
  const timeoutOf = (call: RpcCall): number => call.integer('timeout');
  return [
    {
      name: 'waitfornewblock',
      category,
      description: 'Waits until the tip of the chain changes, and returns it. Returns the tip as it is when the time is over or the node stops.',
      args: [timeoutArgument, { names: 'current_tip', kind: 'hex', help: 'Wait for a tip other than this.' }],
      run: (call) => {
        const old = call.has('current_tip') ? hashToHex(call.hash('current_tip')) : hashToHex(context.chainstate.tip.hash);
        return waitForTip(context, call.request, timeoutOf(call), (tip) => hashToHex(tip.hash) !== old);
      },
    },
    {
      name: 'waitforblock',
      category,
      description: 'Waits until a block is the tip of the chain. Returns the tip as it is when the time is over or the node stops.',
      args: [blockArgument, timeoutArgument],
      run: (call) => {
        const wanted = hashToHex(call.hash('blockhash'));
        return waitForTip(context, call.request, timeoutOf(call), (tip) => hashToHex(tip.hash) === wanted);
      },
    },
    {
      name: 'waitforblockheight',
      category,
      description: 'Waits until the chain has at least a height. Returns the tip as it is when the time is over or the node stops.',
      args: [{ names: 'height', kind: 'number', required: true, help: 'The height to wait for' }, timeoutArgument],
      run: (call) => {
        const height = call.integer('height');
        return waitForTip(context, call.request, timeoutOf(call), (tip) => tip.height >= height);
      },
    },
  ];
}

/** Commands about the chain as a whole. */
export function chainCommands(context: RpcContext): readonly CommandSpec[] {
  const { chainstate } = context;
  return [
    {
      name: 'getblockchaininfo',
      category,
      description: 'Returns the state of the block chain and of its verification.',
      args: [],
      run: () => blockchainInfo(context),
    },
    {
      name: 'getblockcount',
      category,
      description: 'Returns the height of the valid chain with most work. The genesis block has height 0.',
      args: [],
      run: () => chainstate.tip.height,
    },
    {
      name: 'getbestblockhash',
      category,
      description: 'Returns the hash of the tip of the valid chain with most work.',
      args: [],
      run: () => hashToHex(chainstate.tip.hash),
    },
    {
      name: 'getblockhash',
      category,
      description: 'Returns the hash of the block of the chain at a height.',
      args: [{ names: 'height', kind: 'number', required: true, help: 'The height' }],
      run: (call) => {
        const height = call.integer('height');
        const index = height < 0 ? undefined : chainstate.atHeight(height);
        if (index === undefined) throw rpcError('invalidParameter', 'Block height out of range');
        return hashToHex(index.hash);
      },
    },
    {
      name: 'getdifficulty',
      category,
      description: 'Returns the difficulty of the tip, as a multiple of the least.',
      args: [],
      run: () => difficulty(chainstate.tip.header.bits),
    },
    {
      name: 'getchaintips',
      category,
      description:
        'Returns all tips of the block tree: that of the chain, and those of branches. The status is active, valid-fork (verified once), valid-headers (all blocks there, not verified), headers-only or invalid.',
      args: [],
      run: () => chainTips(chainstate),
    },
    ...waitCommands(context),
    {
      name: 'invalidateblock',
      category: 'hidden',
      description: 'Marks a block as invalid, as if it broke a rule. Lasts until it is taken back with reconsiderblock.',
      args: [blockArgument],
      run: async (call) => {
        await chainstate.invalidateBlock(namedBlock(chainstate, call.hash('blockhash')));
        return null;
      },
    },
    {
      name: 'reconsiderblock',
      category: 'hidden',
      description: 'Takes back that a block, its ancestors and descendants are invalid, and looks at them again.',
      args: [blockArgument],
      run: async (call) => {
        await chainstate.reconsiderBlock(namedBlock(chainstate, call.hash('blockhash')));
        return null;
      },
    },
  ];
}
