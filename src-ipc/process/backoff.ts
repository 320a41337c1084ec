import type { IpcErrorCode } from './ipc-error.js';

/** The first pause at its longest, in milliseconds. */
const FIRST = 500;
/** No pause is longer, in milliseconds. */
const LONGEST = 30_000;

/**
 * Milliseconds to wait before an attempt to connect again: twice as long each time up to half a minute, less a part
 * by chance so that several who lost the same node do not come back all at once.
 * @param attempt how many attempts have failed since the link was last up; 0 for the first
 * @param random a number from 0 up to but not including 1
 */
export function reconnectDelay(attempt: number, random: number): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 16));
  return Math.round(longest * (1 - random / 2));
}

/** Reasons that go away by themselves: a node or a network that is down for now. Others need the person. */
const PASSING: ReadonlySet<IpcErrorCode> = new Set(['refused', 'missing', 'unreachable', 'unknown-host', 'link-lost', 'timeout']);

/** Whether connecting again later may work without anybody doing anything about it. */
export function isPassing(code: IpcErrorCode): boolean {
  return PASSING.has(code);
}
