/** Facts about the node's and the wallet's process, from the node's `getprocessinfo` command. */
import fs from 'node:fs';
import type { Compartment, PlannedRetry } from '../../src-interfaces/facade.js';
import type { Node } from '../../src-interfaces/generated/node.js';

export interface ProcessFacts {
  readonly pid: number | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly memoryBytes: number | null;
  readonly version: string;
  readonly state: 'running' | 'stopped' | 'crashed' | 'disabled' | 'in-process';
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
  readonly wallet: ProcessFacts;
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

function facts(value: unknown): ProcessFacts {
  const from = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  return {
    pid: numberOrNull(from['pid']),
    startedAt: numberOrNull(from['started_at']),
    memoryBytes: numberOrNull(from['memory']),
    version: textOrNull(from['version']) ?? '',
    state: isState(from['state']) ? from['state'] : 'running',
    exitCode: numberOrNull(from['exit_code']),
    signal: textOrNull(from['signal']),
    endedAt: numberOrNull(from['ended_at']),
    logPath: textOrNull(from['log']),
    restart: plannedRestart(from['restart']),
  };
}

/** Undefined from a node that has no such command. */
export async function nodeProcesses(node: Node): Promise<NodeProcesses | undefined> {
  try {
    const value: unknown = JSON.parse(await node.executeRpc('getprocessinfo', '[]', ''));
    if (typeof value !== 'object' || value === null) return undefined;
    const { node: nodeFacts, wallet } = value as Readonly<Record<string, unknown>>;
    return { node: facts(nodeFacts), wallet: facts(wallet) };
  } catch {
    return undefined;
  }
}

/** True for a process that is not there and should be. */
export function hasEnded({ state }: ProcessFacts): boolean {
  return state === 'crashed' || state === 'stopped';
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
