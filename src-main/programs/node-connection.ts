/** Finds the node: one that runs already is attached to, else one is started. */
import type { Init } from '../../src-interfaces/generated/init.js';
import { inTime, IpcError, type ConnectOptions, type SpawnTarget } from '../../src-ipc/process/index.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import { endReason } from '../session/compartments.js';
import { networkFolder } from '../settings/first-run.js';
import { launchNode, networkDirectory, nodeAddress, type NodeChoice, type NodeEnd, type RunningNodeProcess } from './node-launcher.js';

/** A connection to a node's Init object. */
export interface NodeLink {
  readonly init: Init;
  /** Where it was found: `unix` with its path. */
  readonly address: string;
  /** Resolves when the connection is gone, whoever ended it; with the reason, if one is known. */
  readonly closed: Promise<string | undefined>;
  close(): void;
}

export interface ConnectSurroundings extends ConnectOptions {
  /** Of the network in use, where `unix` without a path is looked for. */
  readonly directory: string;
  /** Of the network in use, below a data directory anywhere; empty for the main network. */
  readonly folder: string;
}

/** Connects to an address; undefined when nothing listens there. */
export type Connect = (address: string, surroundings: ConnectSurroundings) => Promise<NodeLink | undefined>;

/** What finding a node may need of the window. */
export interface FindOptions extends ConnectOptions {
  /** Gives up finding. A node that was started goes on. */
  readonly signal: AbortSignal;
  /** A node was started; nothing is connected to it yet. */
  launched(process: RunningNodeProcess): void;
}

export interface ConnectedNode {
  readonly link: NodeLink;
  readonly address: string;
  /** Set when this window started the node. */
  readonly process: RunningNodeProcess | undefined;
}

/** Milliseconds between attempts while a node is starting: its socket appears within a second or so. */
const retryEvery = 40;
/** Milliseconds that a process may take to end after its connection has. */
const endPatience = 3000;
/** Milliseconds after which a node without a socket is given up on. */
const patience = 60_000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** How a node that this window started has ended; undefined when it runs on, or was not started here. */
export async function endOf({ process }: ConnectedNode): Promise<NodeEnd | undefined> {
  return process === undefined ? undefined : inTime(endPatience, process.ended);
}

/** The host of an address on another computer, as a person wrote it; undefined for a socket of this one. */
export function remoteHost(attachAddress: string): string | undefined {
  return /^ssh:\/\/([^/]+)/i.exec(attachAddress)?.[1];
}

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

/** What to do about a computer that is not taken for the right one. */
const hostKeyAdvice = ' Nothing was sent to it. Ask its owner for the fingerprint of its key; if the key was changed on purpose, remove the old one from your known_hosts file and connect again.';

async function attach(connect: Connect, address: string, surroundings: ConnectSurroundings): Promise<ConnectedNode> {
  let link: NodeLink | undefined;
  try {
    link = await connect(address, surroundings);
  } catch (cause) {
    if (!(cause instanceof IpcError)) throw cause;
    // OpenSSH's own lines follow the first one; they are for the log.
    const [what = '', ...details] = cause.message.replace(/ ssh says:\n/, '\n').split('\n');
    const todo = cause.code === 'host-key' ? hostKeyAdvice : '';
    throw new FacadeFailure('disconnected', `${/[.!?]$/.test(what) ? what : `${what}.`}${todo}`, { field: 'attachAddress', details: details.join('\n'), cause });
  }
  if (link === undefined) {
    throw new FacadeFailure('disconnected', `No node answers at ${address}. Start it there with -ipcbind, or clear the attach address in Settings.`, { field: 'attachAddress' });
  }
  return { link, address: link.address, process: undefined };
}

/**
 * Attaches to the node at `attachAddress`, which must be there; or, when that is empty, to the node of
 * the chosen data directory, which is started when it is not running.
 */
export async function findNode(connect: Connect, attachAddress: string, choice: NodeChoice, program: SpawnTarget, options: FindOptions): Promise<ConnectedNode> {
  const { launched, ...connectOptions } = options;
  const surroundings: ConnectSurroundings = { ...connectOptions, directory: networkDirectory(choice), folder: networkFolder[choice.network] };
  if (attachAddress !== '') return attach(connect, attachAddress, surroundings);
  const address = nodeAddress(choice);
  const running = await connect(address, surroundings);
  if (running !== undefined) return { link: running, address, process: undefined };
  options.signal.throwIfAborted();
  const process = launchNode(program, choice);
  launched(process);
  let end: NodeEnd | undefined;
  void process.ended.then((how) => (end = how));
  for (let waited = 0; waited < patience; waited += retryEvery) {
    options.signal.throwIfAborted();
    const link = await connect(address, surroundings).catch(async (error: unknown) => {
      // It may have ended while it answered: then that is what there is to say.
      end = await inTime(endPatience, process.ended);
      if (end === undefined) throw error;
      return undefined;
    });
    if (link !== undefined) return { link, address, process };
    if (end !== undefined) throw new NodeStartFailure(end);
    await pause(retryEvery);
  }
  process.kill('SIGTERM');
  throw new FacadeFailure('disconnected', `The node did not open ${address} within ${patience / 1000} seconds.`);
}
