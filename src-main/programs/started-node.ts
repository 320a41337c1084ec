/** Tells a node that a window started from one that somebody else did. */

/** The node that a window started last. */
export interface StartedNode {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Milliseconds between a process's start as its parent and as it itself sees it. Process ids are used again, but not that soon. */
const startTolerance = 60_000;

/**
 * Whether the running node is the one that was started.
 * @param pid of the running node, and the time it started at in milliseconds since 1970; null when it does not tell
 */
export function wasStartedByWindow(started: StartedNode | null, pid: number | null, startedAt: number | null): boolean {
  return started !== null && startedAt !== null && started.pid === pid && Math.abs(started.startedAt - startedAt) <= startTolerance;
}
