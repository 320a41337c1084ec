import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { productName } from '../../src-interfaces/product.js';

/** Tells the process in the background that it is, and over which descriptor it reports. */
const marker = 'BULKHEAD_DAEMON_FD';
const reportFd = 3;
const ready = 1;

/** Whether this process is the one in the background. */
export function isBackgroundProcess(): boolean {
  return process.env[marker] !== undefined;
}

/**
 * Starts this program again in the background.
 * @param wait until it has started
 * @returns the exit status for this process.
 */
export async function startInBackground(wait: boolean): Promise<number> {
  process.stdout.write(`${productName} starting\n`);
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, [marker]: String(reportFd) },
  });
  const report = child.stdio[reportFd];
  const started = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    if (!wait) child.once('spawn', () => resolve(true));
    if (report === null || report === undefined || !('on' in report)) return resolve(false);
    report.on('data', (chunk: Buffer) => resolve(chunk[0] === ready));
    report.on('close', () => resolve(false));
  });
  child.unref();
  if (report !== null && report !== undefined && 'destroy' in report) report.destroy();
  if (started) return 0;
  process.stderr.write('Error during initialization - check debug.log for details\n');
  return 1;
}

/**
 * What a process in the background calls once, to tell the one that started it how the start went. The
 * mark is taken out of the environment, so that children do not inherit it.
 */
export function foregroundReport(): (started: boolean) => void {
  const fd = process.env[marker];
  if (fd === undefined) return () => undefined;
  delete process.env[marker];
  return (started) => {
    try {
      writeSync(Number(fd), Uint8Array.of(started ? ready : 0));
      closeSync(Number(fd));
    } catch {
      // Nobody waits any more.
    }
  };
}
