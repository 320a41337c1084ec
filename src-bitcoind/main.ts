import { NodeProcess } from '../src-node/init/node-process.js';
import { runProgram } from '../src-node/init/run-program.js';
import { LocalWallets } from './local-wallets.js';

/** Node and wallets in one process. */
process.exitCode = await runProgram('bitcoind', process.argv.slice(2), () => {
  return new NodeProcess({ walletHost: (surroundings) => new LocalWallets(surroundings) });
});
