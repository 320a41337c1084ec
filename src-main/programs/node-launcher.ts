/** Starts a node that outlives the window, and tells how it ended while the window watches. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SpawnTarget } from '../../src-ipc/process/index.js';
import type { Network } from '../../src-interfaces/facade.js';
import { networkFolder } from '../settings/first-run.js';

const networkOption: Readonly<Record<Network, readonly string[]>> = { main: [], testnet4: ['-testnet4'], signet: ['-signet'], regtest: ['-regtest'] };

/** How a node ended. */
export interface NodeEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last lines it wrote to its error output, oldest first. */
  readonly lastLines: readonly string[];
}

export interface RunningNodeProcess {
  readonly pid: number;
  readonly startedAt: number;
  readonly ended: Promise<NodeEnd>;
  kill(signal: NodeJS.Signals): void;
}

export interface NodeChoice {
  readonly network: Network;
  readonly datadir: string;
  /** Options of the command line that are the node's, passed on as they are. */
  readonly passedOn: readonly string[];
}

/** Folder of the chosen network below the data directory. */
export function networkDirectory(choice: Pick<NodeChoice, 'network' | 'datadir'>): string {
  return path.join(choice.datadir, networkFolder[choice.network]);
}

/** Address of the socket on which a node of this data directory listens for windows. */
export function nodeAddress(choice: Pick<NodeChoice, 'network' | 'datadir'>): string {
  return `unix:${path.join(networkDirectory(choice), 'node.sock')}`;
}

const keptLines = 12;

function lastLinesOf(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').trimEnd().split('\n').filter((line) => line !== '').slice(-keptLines);
  } catch {
    return [];
  }
}

/** Descriptors above 2 that a child would inherit: those without the close-on-exec flag. Linux only. */
function inheritedDescriptors(): number[] {
  const closeOnExec = 0o2000000;
  try {
    return fs.readdirSync('/proc/self/fdinfo').map(Number).filter((fd) => {
      try {
        const flags = /^flags:\s+([0-7]+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
        return fd > 2 && flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0;
      } catch {
        // The one that listed the folder is gone already.
        return false;
      }
    });
  } catch {
    return [];
  }
}

/**
 * Standard streams of the node, and nothing in place of every descriptor of the window: Chromium leaves some open
 * in children, and whoever waits for the window's streams to close would wait for the node.
 */
function ownStreams(errorOutput: number, nothing: number): (number | 'ignore')[] {
  const streams: (number | 'ignore')[] = ['ignore', 'ignore', errorOutput];
  const last = Math.max(2, ...inheritedDescriptors());
  for (let fd = 3; fd <= last; fd++) streams[fd] = nothing;
  return streams;
}

/**
 * Starts `bitcoin-node` so that it survives the window: detached, with a socket instead of an inherited
 * descriptor, and its error output in a file.
 */
export function launchNode(program: SpawnTarget, choice: NodeChoice): RunningNodeProcess {
  fs.mkdirSync(networkDirectory(choice), { recursive: true, mode: 0o700 });
  const errorFile = path.join(networkDirectory(choice), 'node-stderr.log');
  const errorOutput = fs.openSync(errorFile, 'w', 0o600);
  const nothing = fs.openSync(os.devNull, 'r+');
  // Where coins are worth nothing, a payment need not wait until the node has seen enough blocks to estimate fees.
  const fallbackFee = choice.network === 'main' || choice.passedOn.some((option) => /^--?fallbackfee=/.test(option)) ? [] : ['-fallbackfee=0.0001'];
  const args = [...networkOption[choice.network], `-datadir=${choice.datadir}`, '-ipcbind=unix', '-server=1', '-printtoconsole=0', ...fallbackFee, ...choice.passedOn];
  const startedAt = Date.now();
  let child: ChildProcess;
  try {
    const environment: NodeJS.ProcessEnv = { ...process.env };
    // Set for the target where it is wanted, never by accident.
    delete environment['ELECTRON_RUN_AS_NODE'];
    Object.assign(environment, program.env);
    child = spawn(program.command, [...(program.args ?? []), ...args], { detached: true, stdio: ownStreams(errorOutput, nothing), env: environment });
  } finally {
    fs.closeSync(errorOutput);
    fs.closeSync(nothing);
  }
  const ended = new Promise<NodeEnd>((resolve) => {
    child.once('error', (error) => resolve({ exitCode: null, signal: null, lastLines: [`${program.command} could not be started: ${error.message}`] }));
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal, lastLines: lastLinesOf(errorFile) }));
  });
  child.unref();
  return {
    pid: child.pid ?? -1,
    startedAt,
    ended,
    kill: (signal) => void child.kill(signal),
  };
}
