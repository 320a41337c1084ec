import { OptionError } from '../../src-interfaces/options/option-values.js';
import { productName } from '../../src-interfaces/product.js';
import { inTime, within } from '../../src-ipc/process/index.js';
import { NodeChain, type CommandRegistry } from '../interfaces/chain.js';
import { NodeMining } from '../interfaces/mining.js';
import type { StartedNode } from '../interfaces/node-program.js';
import { NodeTracing } from '../interfaces/tracing.js';
import { WalletNotifications } from '../interfaces/notifications.js';
import type { WalletProcess } from '../interfaces/wallet-process.js';
import type { RpcContext } from '../rpc/context.js';
import { RpcHttpServer } from '../rpc/http-server.js';
import { nodeCommands } from '../rpc/node-commands.js';
import { lockDirectory, type DirectoryLock } from '../storage/directory-lock.js';
import { StorageError } from '../storage/storage-error.js';
import type { BootedNode, BootSurroundings } from './boot-surroundings.js';
import { pathOption } from './configuration.js';
import { importBlocks, isQuicklyActivated } from './import-blocks.js';
import { InitFailure } from './init-failure.js';
import { openServices } from './node-services.js';
import { followTip, followWarnings } from './operator-commands.js';
import { silence, windowPatience } from './patience.js';
import { writePidFile } from './pid-file.js';
import { processCommands } from './process-commands.js';
import { startNetwork } from './start-network.js';
import { Wallets } from './wallets.js';

/** Tells how far the check of the last blocks is. */
function tellOfCheck(boot: BootSurroundings, percent: number): void {
  const title = 'Verifying blocks…';
  if (percent === 0) boot.userInterface.initMessage(title);
  boot.userInterface.showProgress(percent === 100 ? '' : title, percent, false);
}

function takeLock({ configuration, steps }: BootSurroundings): DirectoryLock {
  try {
    const lock = lockDirectory(configuration.netDirectory, productName);
    steps.add('lock', () => lock.release());
    return lock;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new InitFailure(error.message, { cause: error });
  }
}

async function startRpc(boot: BootSurroundings): Promise<(() => Promise<void>) | undefined> {
  const { configuration, log, jsonRpc, steps } = boot;
  const { options, netDirectory, params } = configuration;
  if (options.flag('server') !== true) return undefined;
  let server: RpcHttpServer;
  try {
    server = new RpcHttpServer({ options, netDirectory, defaultPort: params.rpcPort, log }, jsonRpc);
    await server.start();
  } catch (cause) {
    if (cause instanceof OptionError) throw new InitFailure(cause.message, { cause });
    throw new InitFailure('Unable to start HTTP server. See debug log for details.', { cause });
  }
  const stop = (): Promise<void> => server.stop();
  // In case the start fails before the node is whole.
  steps.add('JSON-RPC server', stop);
  return stop;
}

/**
 * Starts everything from the lock of the data directory to the network, in this order; `steps` takes
 * what undoes it.
 * @throws InitFailure
 */
export async function bootNode(boot: BootSurroundings): Promise<BootedNode> {
  const { configuration, log, clock, commands, userInterface, steps, stopping, dependencies } = boot;
  const { options } = configuration;
  // What start-up is doing, a wallet that is being loaded included, is what JSON-RPC answers with until it is done.
  userInterface.initMessages.add(async (message) => commands.setWarmupStatus(message));

  // 4: the data directory is ours
  const lock = takeLock(boot);
  const pidPath = pathOption(configuration, 'pid', 'bitcoind.pid');
  if (pidPath !== undefined) steps.add('pid file', writePidFile(pidPath, log));

  // 5: other processes may ask, and are told to wait
  if (dependencies.listen === undefined && options.list('ipcbind').length > 0) {
    throw new InitFailure('-ipcbind: this program is one process and lets no other connect. Use bitcoin-node.');
  }
  const closeListeners = await dependencies.listen?.();
  if (closeListeners !== undefined) steps.add('connections of other processes', closeListeners);
  const stopRpc = await startRpc(boot);

  // 6: chain state and mempool
  userInterface.initMessage('Loading block index…');
  const services = await openServices({
    configuration,
    log,
    lock,
    steps,
    now: clock.now,
    onCheck: (percent) => tellOfCheck(boot, percent),
    onFault: (error) => boot.onFault(error),
  });
  const { chainstate, mempool, miner } = services;
  const notifications = new WalletNotifications(chainstate, mempool, log, async (work) => (await inTime(silence, work.then(() => true))) ?? false);
  followTip(boot, services);
  followWarnings(boot);

  // 7: the network is there, but nobody comes in or out
  let importing = true;
  userInterface.initMessage('Loading P2P addresses…');
  const { network, bans, portMapper } = await startNetwork(boot, services);

  // 8: commands
  const context: RpcContext = {
    chainstate,
    mempool,
    network,
    bans,
    miner,
    clock,
    log,
    options,
    startedAt: boot.startedAt,
    blocksOnDisk: () => chainstate.blockFilesSize,
    warnings: () => userInterface.warnings,
    requestShutdown: () => boot.requestShutdown(),
    notificationsDelivered: () => notifications.drained(),
    stopping,
  };
  commands.add(nodeCommands(context, commands));

  // 9: the best chain of what is stored
  userInterface.initMessage('Activating best chain…');
  const quick = isQuicklyActivated(chainstate);
  const activated = chainstate.start();
  // What fails is reported by whoever waits for it below.
  activated.catch(() => undefined);
  if (quick) await activated;

  // 10: wallets
  const chainFor = (registry: CommandRegistry, bringsCommands?: () => void): NodeChain =>
    new NodeChain(
      {
        chainstate,
        mempool,
        network: () => network,
        settings: boot.settings,
        commands: registry,
        userInterface,
        notifications,
        log,
        shutdownRequested: () => stopping.aborted,
      },
      bringsCommands,
    );
  const makeChain = (process: WalletProcess, bringsCommands?: () => void): NodeChain => chainFor(commands.commandsOf(process), bringsCommands);
  const noWallet = options.flag('disablewallet') === true || dependencies.walletHost === undefined;
  if (noWallet) log.info('Wallet disabled!');
  const host = noWallet ? undefined : dependencies.walletHost?.({ globalArgs: boot.globalArgs, log });
  const wallets: Wallets = new Wallets(host, () => chainFor(commands.commandsOf(wallets.process, true)), userInterface, log);
  commands.add(processCommands(context, wallets, boot.attachedLoaders));
  commands.explainAbsence(() => wallets.absence);
  steps.add('wallets', () => wallets.stop());
  stopping.addEventListener('abort', () => wallets.hurry());
  steps.add('mock time of wallets', clock.onMockTime((seconds) => void wallets.setMockTime(seconds)));
  const node: StartedNode = {
    chainstate,
    mempool,
    network,
    bans,
    portMapper,
    loadingBlocks: () => importing,
  };
  const makeMining = (): NodeMining => new NodeMining({ chainstate, mempool, miner, now: clock.now, stopping });
  const makeTracing = (): NodeTracing => new NodeTracing(chainstate, log);
  const booted: BootedNode = { node, wallets, makeChain, makeMining, makeTracing };
  boot.onStarted(booted);
  if (!noWallet) {
    userInterface.initMessage('Loading wallet…');
    await wallets.start();
  }

  // 11: blocks from files and the saved mempool, while commands are answered already
  const imported = importBlocks({ activated, chainstate, mempool, files: options.list('loadblock'), log, stopping })
    .then(() => {
      importing = false;
      userInterface.alertsChanged();
      if (options.flag('stopafterblockimport') === true) boot.requestShutdown();
    })
    .catch((error: unknown) => {
      if (stopping.aborted) return;
      log.error(`Importing blocks: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      boot.onFault(error);
    });
  steps.add('block import', () => imported);

  // 12: the network connects
  userInterface.initMessage('Starting network threads…');
  if (!stopping.aborted && (options.flag('natpmp') ?? true)) await portMapper.setEnabled(true);
  if (!stopping.aborted) network.setActive(options.flag('networkactive') ?? true);
  if (stopRpc !== undefined) steps.add('JSON-RPC server', stopRpc);
  commands.finishWarmup();
  userInterface.initMessage('Done loading');
  await within(windowPatience, userInterface.initMessages.told(), 'no answer').catch(() => log.warning('A window does not answer'));
  return booted;
}
