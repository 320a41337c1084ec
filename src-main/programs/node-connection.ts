/** Finds the node: one that runs already is attached to, else one is started. */
import type { Init } from '../../src-interfaces/generated/init.js';
import type { SpawnTarget } from '../../src-ipc/process/index.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import { endReason } from '../session/compartments.js';
import { launchNode, networkDirectory, nodeAddress, type NodeChoice, type NodeEnd, type RunningNodeProcess } from './node-launcher.js';

/** A connection to a node's Init object. */
export interface NodeLink {
  readonly init: Init;
  /** Resolves when the connection is gone, whoever ended it. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Connects to an address, relative to the directory of the network in use; undefined when nothing listens there. */
export type Connect = (address: string, directory: string) => Promise<NodeLink | undefined>;

export interface ConnectedNode {
  readonly link: NodeLink;
  readonly address: string;
  /** Set when this window started the node. */
  readonly process: RunningNodeProcess | undefined;
}

/** Milliseconds between attempts while a node is starting: its socket appears within a second or so. */
const retryEvery = 40;
/** Milliseconds after which a node without a socket is given up on. */
const patience = 60_000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The words for a directory that another node works in: it would have been found, had it listened for windows. */
function inUse(lastLines: readonly string[]): string | undefined {
  const directory = lastLines.map((line) => /Cannot obtain a lock on (?:data )?directory (.+?)\. .*running/.exec(line)?.[1]).find((found) => found !== undefined);
  return directory === undefined
    ? undefined
    : `The data directory ${directory} is in use by another node, and that one does not listen for windows. Stop it and try again, or start it with -ipcbind=unix and this window attaches to it.`;
}

/** Thrown when the node that was started ended before it could be connected to. */
export class NodeStartFailure extends FacadeFailure {
  readonly end: NodeEnd;

  constructor(end: NodeEnd) {
    super('disconnected', inUse(end.lastLines) ?? endReason('node', end.exitCode, end.signal, end.lastLines), { details: end.lastLines.join('\n') });
    this.end = end;
  }
}

/**
 * Attaches to the node at `attachAddress`, which must be there; or, when that is empty, to the node of
 * the chosen data directory, which is started when it is not running.
 */
export async function findNode(connect: Connect, attachAddress: string, choice: NodeChoice, program: SpawnTarget): Promise<ConnectedNode> {
  if (attachAddress !== '') {
    const link = await connect(attachAddress, networkDirectory(choice));
    if (link === undefined) {
      throw new FacadeFailure('disconnected', `No node answers at ${attachAddress}. Start it there with -ipcbind, or clear the attach address in Settings.`, { field: 'attachAddress' });
    }
    return { link, address: attachAddress, process: undefined };
  }
  const address = nodeAddress(choice);
  const running = await connect(address, networkDirectory(choice));
  if (running !== undefined) return { link: running, address, process: undefined };
  const process = launchNode(program, choice);
  let end: NodeEnd | undefined;
  void process.ended.then((how) => (end = how));
  for (let waited = 0; waited < patience; waited += retryEvery) {
    const link = await connect(address, networkDirectory(choice));
    if (link !== undefined) return { link, address, process };
    if (end !== undefined) throw new NodeStartFailure(end);
    await pause(retryEvery);
  }
  process.kill('SIGTERM');
  throw new FacadeFailure('disconnected', `The node did not open ${address} within ${patience / 1000} seconds.`);
}
