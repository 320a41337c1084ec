import { initBootstrap } from '../src-ipc/serve.js';
import { ipcLog } from '../src-ipc/logging/ipc-log.js';
import { IpcError, parseSpawnArguments, serveParent } from '../src-ipc/process/index.js';
import { listenForProcesses } from './init/ipc-listeners.js';
import { NodeInit } from './init/node-init.js';
import { NodeProcess } from './init/node-process.js';
import { runProgram } from './init/run-program.js';
import { SpawnedWallet } from './init/spawned-wallet.js';
import { walletTarget } from './init/wallet-target.js';

const name = 'bitcoin-node';

/** A node whose wallets live in a process of their own, and that other processes can connect to. */
function makeNode(): NodeProcess {
  const node: NodeProcess = new NodeProcess({
    walletHost: ({ globalArgs, log }) => new SpawnedWallet(walletTarget(), globalArgs, log),
    listen: () => listenForProcesses(node.configuration, (caller) => new NodeInit(node, caller), node.log),
  });
  return node;
}

/** Milliseconds that a parent has, after a SIGTERM has stopped this node, to ask how it ended and to hang up. */
const farewell = 3000;

/** Serves the process that started this one until it hangs up, or somebody ends this process. */
async function runSpawned(fd: number): Promise<number> {
  const node = makeNode();
  const bootstrap = initBootstrap(new NodeInit(node), { processName: name, log: ipcLog(node.log) });
  const parent = serveParent(name, fd, bootstrap);
  const terminated = new Promise<void>((resolve) => process.on('SIGTERM', resolve));
  await Promise.race([parent.closed, terminated]);
  await node.shutdown();
  const hangUp = setTimeout(() => parent.connection.close(), farewell);
  await parent.closed;
  clearTimeout(hangUp);
  return node.exitStatus;
}

try {
  const args = process.argv.slice(2);
  const fd = parseSpawnArguments(args);
  process.exitCode = fd === undefined ? await runProgram(name, args, makeNode) : await runSpawned(fd);
} catch (error) {
  if (!(error instanceof IpcError)) throw error;
  process.stderr.write(`Error: ${error.message}\n`);
  process.exitCode = 1;
}
