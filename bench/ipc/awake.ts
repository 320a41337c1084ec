/** Keeps processors from sleeping. */
import { spawn } from 'node:child_process';
import { availableParallelism, constants, setPriority } from 'node:os';

/**
 * Loads every processor with work that gives way to any other. A processor that sleeps between a call and its answer
 * takes longer to wake, on a virtual machine, than the call takes, or not, as it happens.
 * @returns ends it
 */
export function keepAwake(): () => void {
  const idlers = Array.from({ length: availableParallelism() }, () => {
    const idler = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    if (idler.pid !== undefined) setPriority(idler.pid, constants.priority.PRIORITY_LOW);
    // Whatever ends this process ends it too.
    process.once('exit', () => idler.kill());
    idler.unref();
    return idler;
  });
  return () => {
    for (const idler of idlers) idler.kill();
  };
}
