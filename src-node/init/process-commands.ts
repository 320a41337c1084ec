import type { Jsonable } from '../../src-interfaces/json/json.js';
import { productVersion } from '../../src-interfaces/product.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import type { CommandSpec } from '../../src-interfaces/rpc/command.js';
import type { AttachedLoaders } from '../interfaces/attached-loaders.js';
import type { RpcContext } from '../rpc/context.js';
import { residentMemory } from './process-memory.js';
import type { Wallets } from './wallets.js';

/** The attempt to bring the wallet process back: planned, or under way when its time has passed. */
function restartJson({ restart }: Wallets): Jsonable {
  if (restart.kind !== 'waiting' && restart.kind !== 'trying') return null;
  return { attempt: restart.attempt, of: restart.of, at: restart.kind === 'waiting' ? restart.at : null, reason: restart.reason };
}

async function walletJson(wallets: Wallets, nodeLog: string | undefined): Promise<Jsonable> {
  const answers = await wallets.answers();
  const { state, pid, startedAt, exitCode, signal, endedAt } = wallets.state;
  return {
    state,
    answers: state === 'running' ? answers : null,
    pid: pid ?? null,
    started_at: startedAt ?? null,
    memory: pid === undefined ? null : (residentMemory(pid) ?? null),
    version: productVersion,
    exit_code: exitCode ?? null,
    signal: signal ?? null,
    ended_at: endedAt ?? null,
    restart: restartJson(wallets),
    log: nodeLog === undefined || state === 'disabled' || state === 'in-process' ? null : `${nodeLog}.wallet`,
  };
}

/** Of processes that attached: each is waited for once, as the node's own is. */
async function attachedJson(attached: AttachedLoaders): Promise<Jsonable> {
  await attached.look();
  return attached.list().map(({ process }) => ({ wallets: process.wallets, wallet_directory: process.place, answers: !process.isSilent }));
}

/** Commands about the processes the node consists of. */
export function processCommands(context: RpcContext, wallets: Wallets, attached: AttachedLoaders): readonly CommandSpec[] {
  return [
    {
      name: 'getprocessinfo',
      category: 'control',
      description:
        'Returns how the processes of node and wallet are: state (running, stopped, crashed, disabled or in-process), process id, start and end (milliseconds since 1970), memory in bytes, version, whether the wallet answers (which is waited for, 5 seconds at most), how it ended, and the attempt (which one of how many, and when) to start it again, if one is planned or under way; of wallet processes that attached to the node their wallets, the directory of these, and whether they answer.',
      args: [],
      run: async () => {
        const [wallet, others] = await Promise.all([walletJson(wallets, context.log.path), attachedJson(attached)]);
        const node = {
          state: 'running',
          pid: process.pid,
          started_at: context.startedAt,
          memory: process.memoryUsage.rss(),
          version: productVersion,
          exit_code: null,
          signal: null,
          ended_at: null,
          log: context.log.path ?? null,
        };
        return { node, wallet, attached: others };
      },
    },
    {
      name: 'restartwallet',
      category: 'control',
      description: 'Starts the wallet process again after it has ended, at once, and loads its wallets. After a crash the node also does so by itself. One that runs is left alone, unless it is to be killed.',
      args: [{ names: 'kill', kind: 'boolean', default: false, help: 'End a wallet process that runs, without asking it: for one that does not answer' }],
      run: async (call) => {
        const { state } = wallets.state;
        if (state === 'disabled') throw rpcError('wallet', 'The wallet is disabled');
        const kill = call.boolean('kill');
        if (kill && state === 'in-process') throw rpcError('wallet', 'The wallet is in the process of the node, which would end as well');
        await (kill ? wallets.replace() : wallets.start());
        return null;
      },
    },
  ];
}
