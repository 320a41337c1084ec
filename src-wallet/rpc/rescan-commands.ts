import type { Jsonable } from '../../src-interfaces/json/json.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec, RpcCall } from '../../src-interfaces/rpc/command.js';
import { rescan } from '../sync/rescan.js';
import type { LoadedWallet } from '../wallet.js';
import type { WalletRegistry } from '../wallet-registry.js';
import { withScanReserved } from './scan-reservation.js';
import { ensureUnlocked, needsPassphrase, onWallet } from './wallet-command.js';

/** @throws RpcFailure that says why blocks of the range are not there */
async function ensureBlocks(wallet: LoadedWallet, start: number, stop: number | undefined): Promise<void> {
  const { chain } = wallet.context;
  if (await chain.hasBlocks(wallet.lastBlock.hash, start, stop)) return;
  if ((await chain.havePruned()) && ((await chain.getPruneHeight()) ?? -1) >= start) {
    throw rpcError('misc', "Can't rescan beyond pruned data. Use RPC call getblockchaininfo to determine your pruned height.");
  }
  throw rpcError(
    'misc',
    (await chain.hasAssumedValidChain())
      ? 'Failed to rescan unavailable blocks likely due to an in-progress assumeutxo background sync. Check logs or getchainstates RPC for assumeutxo background sync progress and try again later.'
      : 'Failed to rescan unavailable blocks, potentially caused by data corruption. If the issue persists you may want to reindex (see -reindex option).',
  );
}

function heightArgument(call: RpcCall, name: string, tip: number): number {
  const height = call.integer(name);
  if (height < 0 || height > tip) throw rpcError('invalidParameter', `Invalid ${name}`);
  return height;
}

async function rescanChain(wallet: LoadedWallet, call: RpcCall): Promise<Jsonable> {
  ensureUnlocked(wallet);
  const tip = wallet.lastBlock;
  const startHeight = heightArgument(call, 'start_height', tip.height);
  const stopHeight = call.has('stop_height') ? heightArgument(call, 'stop_height', tip.height) : undefined;
  if (stopHeight !== undefined && stopHeight < startHeight) {
    throw rpcError('invalidParameter', 'stop_height must be greater than start_height');
  }
  await ensureBlocks(wallet, startHeight, stopHeight);
  const { ancestor } = await wallet.context.chain.findAncestorByHeight(tip.hash, startHeight, { wantHash: true });
  if (ancestor.hash === undefined) throw rpcError('misc', 'Rescan failed. Potentially corrupted data files.');
  const outcome = await rescan(wallet, { start: ancestor.hash, startHeight, ...(stopHeight === undefined ? {} : { stopHeight }) });
  if (outcome.status === 'failure') throw rpcError('misc', 'Rescan failed. Potentially corrupted data files.');
  if (outcome.status === 'aborted') throw rpcError('misc', 'Rescan aborted.');
  return { start_height: startHeight, stop_height: outcome.last?.height ?? null };
}

/** Commands that look through old blocks again. */
export function rescanCommands(registry: WalletRegistry): readonly CommandSpec[] {
  return [
    onWallet(registry, {
      name: 'rescanblockchain',
      description: `Looks through old blocks for transactions of the wallet. getwalletinfo shows how far it is.${needsPassphrase}`,
      args: [
        { names: 'start_height', kind: 'number', default: 0, help: 'First block.' },
        { names: 'stop_height', kind: 'number', help: 'Last block; the tip when left out.' },
      ],
      result: '{                      (json object)\n  "start_height" : n,\n  "stop_height" : n    (numeric) Height of the last block looked at\n}',
      synced: true,
      run: (wallet, call) => withScanReserved(wallet, () => rescanChain(wallet, call)),
    }),
    onWallet(registry, {
      name: 'abortrescan',
      description: 'Stops a scan of old blocks.',
      args: [],
      result: 'true|false    (boolean) Whether there was one to stop',
      run: ({ scan }) => {
        if (scan === undefined || scan.abort) return false;
        scan.abort = true;
        return true;
      },
    }),
  ];
}
