import { parseNodeCommandLine, readConfiguration } from './configuration.js';
import type { NodeDependencies } from './boot-surroundings.js';
import { InitFailure } from './init-failure.js';
import { NodeProcess } from './node-process.js';

/**
 * Starts a node in this process, as programs and tests compose it. End it with `shutdown`.
 * @param args as on the command line, -datadir included
 * @throws InitFailure when it cannot start.
 */
export async function createNode(args: readonly string[], dependencies: NodeDependencies = {}): Promise<NodeProcess> {
  const node = new NodeProcess(dependencies);
  try {
    node.configure(readConfiguration(parseNodeCommandLine(args)));
    if (await node.start()) return node;
  } catch (error) {
    await node.shutdown();
    throw error;
  }
  await node.shutdown();
  throw node.failure ?? new InitFailure('The node could not be started');
}
