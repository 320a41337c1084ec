/** A node as a window that owns it starts it: `bitcoin-node -ipcfd N`, configured over its socket. */
import { parseCommandLine } from '../../src-interfaces/options/command-line.js';
import { toGlobalArgs } from '../../src-interfaces/options/global-args.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { nodeOptionTable } from '../../src-interfaces/options/tables.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import { connectInit } from '../../src-ipc/connect.js';
import { spawnProcess, type SpawnedProcess } from '../../src-ipc/process/index.js';
import { program } from './programs.js';

export class SpawnedNode {
  private constructor(
    readonly process: SpawnedProcess,
    readonly node: Node,
    /** Ends the connection, as the end of this process would. */
    readonly hangUp: () => void,
  ) {}

  /** Starts a regtest node and waits until it has started. */
  static async start(datadir: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<SpawnedNode> {
    const parsed = parseCommandLine(['-regtest', `-datadir=${datadir}`, '-listen=0', '-connect=0', '-printtoconsole=0', ...args], nodeOptionTable);
    if (!parsed.ok) throw new Error(parsed.error);
    const child = await spawnProcess({ command: program('bitcoin-node'), env }, { name: 'bitcoin-node', standardStreams: 'ignore' });
    const { init, close } = await connectInit(child.socket, { processName: 'test' });
    const node = await init.makeNode();
    if (node === undefined) throw new Error('no Node');
    const settings = { ...emptySettings(), commandLine: parsed.options };
    if (!(await node.baseInitialize(toGlobalArgs(settings, '')))) throw new Error('baseInitialize failed');
    if (!(await node.appInitMain()).result) throw new Error('appInitMain failed');
    return new SpawnedNode(child, node, close);
  }

  async rpc(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return JSON.parse(await this.node.executeRpc(method, JSON.stringify(params), ''));
  }
}
