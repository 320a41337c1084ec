import { spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { productName } from '../../src-interfaces/product.js';

/** Tells the process in the background that it is, and over which descriptor it reports. */
const marker = 'BULKHEAD_DAEMON_FD';
const reportFd = 3;

/** Ends what the process in the background says, once it has started. */
const ready = '\0';

/** Whether this process is the one in the background. */
export function isBackgroundProcess(): boolean {
  return process.env[marker] !== undefined;
}

/**
 * Starts this program again in the background.
 * @param wait until it has started, passing on what it says to people meanwhile
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
    if (report === null || report === undefined || !('setEncoding' in report)) return resolve(false);
    report.setEncoding('utf8');
    report.on('data', (text: string) => {
      process.stderr.write(text.replace(ready, ''));
      if (text.endsWith(ready)) resolve(true);
    });
    report.on('close', () => resolve(false));
  });
  child.unref();
  if (report !== null && report !== undefined && 'destroy' in report) report.destroy();
  if (started) return 0;
  process.stderr.write('Error during initialization - check debug.log for details\n');
  return 1;
}

/** The process in the foreground, while it waits for this one. */
export interface Foreground {
  /** Has it say something to people, as long as it waits. */
  say(text: string): void;
  /** Tells it, once, how the start went. */
  release(started: boolean): void;
}

/**
 * The process that started this one in the background; for a process in the foreground, nobody. The mark is taken out
 * of the environment, so that children do not inherit it.
 */
export function takeForeground(): Foreground {
  const marked = process.env[marker];
  delete process.env[marker];
  // Once it is closed, its number is that of another file.
  let fd = marked === undefined ? undefined : Number(marked);
  const unlessGone = (act: (fd: number) => void): void => {
    try {
      if (fd !== undefined) act(fd);
    } catch {
      // Nobody waits any more.
    }
  };
  return {
    say: (text) => unlessGone((to) => writeSync(to, text)),
    release(started) {
      if (started) this.say(ready);
      unlessGone(closeSync);
      fd = undefined;
    },
  };
}
