/** Facts about the node's and the wallet's process, from the node's `getprocessinfo` command. */
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
}

export interface NodeProcesses {
  readonly node: ProcessFacts;
  readonly wallet: ProcessFacts;
}

const states: readonly unknown[] = ['running', 'stopped', 'crashed', 'disabled', 'in-process'];
const isState = (value: unknown): value is ProcessFacts['state'] => states.includes(value);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

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
