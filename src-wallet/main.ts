import { FileLog } from '../src-ipc/logging/file-log.js';
import { ipcLog } from '../src-ipc/logging/ipc-log.js';
import { IpcError, parseSpawnArguments, serveParent } from '../src-ipc/process/index.js';
import { initBootstrap } from '../src-ipc/serve.js';
import { isAttaching, runAttached } from './init/attach-program.js';
import { answerArguments } from './init/program-arguments.js';
import { WalletInit } from './init/wallet-init.js';

const name = 'bitcoin-wallet';

/** Serves the node that started this process until it hangs up, or somebody ends this process. */
async function serveNode(fd: number): Promise<void> {
  // Wallets and logs are for this user only.
  process.umask(0o077);
  const log = new FileLog({ mockTime: () => 0, threadName: 'main', isToldLevelsLater: true });
  const init = new WalletInit(log);
  const parent = serveParent(name, fd, initBootstrap(init, { processName: name, log: ipcLog(log) }));
  // As in the node: the file was moved away.
  process.on('SIGHUP', () => log.reopen());
  // Stays on: a second signal must not cut the end short.
  const terminated = new Promise<void>((resolve) => process.on('SIGTERM', () => resolve()));
  await Promise.race([parent.closed, terminated]);
  await init.close();
  parent.connection.close();
  log.info('Shutdown: done');
  log.close();
}

try {
  const args = process.argv.slice(2);
  const fd = parseSpawnArguments(args);
  if (fd === undefined && isAttaching(args)) {
    process.exit(await runAttached(args));
  } else if (fd === undefined) {
    const { status, output, error } = answerArguments(name, args);
    process.stdout.write(output);
    process.stderr.write(error);
    process.exitCode = status;
  } else {
    await serveNode(fd);
    // What still waits for an answer of the node will not get one.
    process.exit(0);
  }
} catch (error) {
  if (!(error instanceof IpcError)) throw error;
  process.stderr.write(`Error: ${error.message}\n`);
  process.exitCode = 1;
}
