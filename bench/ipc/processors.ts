/** Which processors processes run on. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Has a process, with all its threads, run on the first processor or on all of them. Where there is no taskset, nothing
 * is changed.
 */
export function useProcessors(pid: number, which: 'one' | 'all'): void {
  const list = which === 'one' ? '0' : `0-${availableParallelism() - 1}`;
  spawnSync('taskset', ['-a', '-p', '-c', list, String(pid)], { stdio: 'ignore' });
}
