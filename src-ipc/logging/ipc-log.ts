import type { Logger } from '../../src-interfaces/logging.js';
import type { IpcLog } from '../session-options.js';

/** Reports the traffic of connections to a program's log, category ipc, in the reference's words. */
export function ipcLog(log: Logger): IpcLog {
  return {
    debug: (line) => log.debug('ipc', line),
    trace: (line) => log.trace('ipc', line),
    info: (line) => log.info(`ipc: ${line}`),
    warn: (line) => log.warning(`ipc: ${line}`),
    error: (line) => log.error(`ipc: ${line}`),
  };
}
