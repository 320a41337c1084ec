/** Facts about the node's and the wallet's process, from the node's `getprocessinfo` command. */
import fs from 'node:fs';
import type { Compartment, PlannedRetry } from '../../src-interfaces/facade.js';
import { RpcFailure } from '../../src-interfaces/errors.js';
import { RpcErrorCode } from '../../src-interfaces/rpc/codes.js';
import type { Node } from '../../src-interfaces/generated/node.js';

export interface ProcessFacts {
  readonly pid: number | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly memoryBytes: number | null;
  readonly version: string;
  readonly state: 'running' | 'stopped' | 'crashed' | 'disabled' | 'in-process';
  /** False of a process that runs and was waited for in vain. */
  readonly answers: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Milliseconds since 1970 at which it ended. */
  readonly endedAt: number | null;
  readonly logPath: string | null;
  /** The attempt to start it again that is planned or under way. */
  readonly restart: PlannedRetry | null;
}

export interface NodeProcesses {
  readonly node: ProcessFacts;
  /** Undefined from a node that tells nothing of it. */
  readonly wallet: ProcessFacts | undefined;
}

const states: readonly unknown[] = ['running', 'stopped', 'crashed', 'disabled', 'in-process'];
const isState = (value: unknown): value is ProcessFacts['state'] => states.includes(value);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function plannedRestart(value: unknown): PlannedRetry | null {
  if (typeof value !== 'object' || value === null) return null;
  const { attempt, of, at } = value as Readonly<Record<string, unknown>>;
  if (typeof attempt !== 'number') return null;
  // Without a time it is under way.
  return { attempt, of: numberOrNull(of), atMilliseconds: numberOrNull(at) ?? Date.now() };
}

const from = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;

function facts(value: unknown): ProcessFacts {
  const told = from(value);
  return {
    pid: numberOrNull(told['pid']),
    startedAt: numberOrNull(told['started_at']),
    memoryBytes: numberOrNull(told['memory']),
    version: textOrNull(told['version']) ?? '',
    state: isState(told['state']) ? told['state'] : 'running',
    answers: told['answers'] !== false,
    exitCode: numberOrNull(told['exit_code']),
    signal: textOrNull(told['signal']),
    endedAt: numberOrNull(told['ended_at']),
    logPath: textOrNull(told['log']),
    restart: plannedRestart(told['restart']),
  };
}

/** Undefined from a node that tells nothing of its process. */
export async function nodeProcesses(node: Node): Promise<NodeProcesses | undefined> {
  try {
    const value: unknown = JSON.parse(await node.executeRpc('getprocessinfo', '[]', ''));
    if (typeof value !== 'object' || value === null) return undefined;
    const { node: nodeFacts, wallet } = value as Readonly<Record<string, unknown>>;
    return { node: facts(nodeFacts), wallet: facts(wallet) };
  } catch (error) {
    if (error instanceof RpcFailure && error.code === RpcErrorCode.methodNotFound) return coreProcesses(node).catch(() => undefined);
    return undefined;
  }
}

/** True for a process that is not there, be it that it should not be. */
export function isMissing({ state }: ProcessFacts): boolean {
  return state === 'crashed' || state === 'stopped' || state === 'disabled';
}

/** The facts that a compartment shows. */
export function shownFacts({ pid, startedAt, memoryBytes, version, logPath }: ProcessFacts): Pick<Compartment, 'pid' | 'startedAtMilliseconds' | 'memoryBytes' | 'version' | 'logPath'> {
  return { pid, startedAtMilliseconds: startedAt, memoryBytes, version, logPath };
}

/** True while a process runs. One that ended but was not reaped yet does not. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+[ZX]/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // Only Linux can tell.
    return process.platform !== 'linux';
  }
}

/** What Bitcoin Core's own commands tell of its process: not its id nor its memory. */
async function coreProcesses(node: Node): Promise<NodeProcesses> {
  const [uptime, log, network] = await Promise.all(['uptime', 'getrpcinfo', 'getnetworkinfo'].map(async (command): Promise<unknown> => JSON.parse(await node.executeRpc(command, '[]', ''))));
  const agent = textOrNull(from(network)['subversion']) ?? '';
  const told = {
    started_at: typeof uptime === 'number' ? Math.round(Date.now() / 1000 - uptime) * 1000 : undefined,
    version: agent.replace(/^\/Satoshi:([^/]*)\/$/, 'Bitcoin Core $1'),
    log: from(log)['logpath'],
  };
  return { node: facts(told), wallet: undefined };
}
