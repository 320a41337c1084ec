/** A program like bitcoin-node, but serving what a current Bitcoin Core node serves: `CORE_GENERATION` says which. */
import { listenForProcesses } from '../../src-node/init/ipc-listeners.js';
import { NodeProcess } from '../../src-node/init/node-process.js';
import { runProgram } from '../../src-node/init/run-program.js';
import { CoreLikeInit } from './core-like-init.js';

const generation = process.env['CORE_GENERATION'] === 'mining' ? 'mining' : 'mining-and-rpc';

process.exitCode = await runProgram('bitcoin-node', process.argv.slice(2), () => {
  const node: NodeProcess = new NodeProcess({ listen: () => listenForProcesses(node.configuration, () => new CoreLikeInit(node, generation), node.log) });
  return node;
});
