import { spawn } from 'node:child_process';
import type { Logger } from '../../src-interfaces/logging.js';

/**
 * Runs a command of the operator's through the shell (-blocknotify and its like).
 * @returns when it has ended; failures are logged, never thrown.
 */
export function runNotifyCommand(command: string, log: Logger): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true, stdio: 'ignore' });
    child.on('error', (error) => {
      log.error(`runCommand error: could not run ${command}: ${error.message}`);
      resolve();
    });
    child.on('exit', (code) => {
      if (code !== 0) log.error(`runCommand error: system(${command}) returned ${code ?? 'a signal'}`);
      resolve();
    });
  });
}
