import { IpcError } from './ipc-error.js';
import type { SshAttempt } from './ssh-attempt.js';
import type { SshProcess } from './ssh-program.js';

/** Milliseconds that each step may take once the other computer has let us in. */
export const STEP_LIMIT = 20_000;

/**
 * Fulfilled when somebody took the stream at the other end. The stream itself says nothing yet; what ssh writes about
 * its channels does.
 * @param path of the socket there
 * @param announcement of the channel; what comes before may be another ssh's, which goes to a jump host for this one
 * @throws IpcError `refused`, `forwarding-refused`, `timeout`, or why ssh has ended
 */
export function channelOpened(attempt: SshAttempt, ssh: SshProcess, path: string, announcement: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let isAnnounced = false;
    let channel: string | undefined;
    const look = (line: string): void => {
      isAnnounced ||= announcement.test(line);
      if (!isAnnounced) return;
      channel ??= /channel (\d+): new /.exec(line)?.[1];
      const [, number, outcome, reason = ''] = /channel (\d+): open (confirm|failed)(.*)/.exec(line) ?? [];
      if (number === undefined || number !== channel) return;
      settle(() => (outcome === 'confirm' ? resolve() : reject(notOpened(attempt.host, path, reason))));
    };
    const timer = setTimeout(() => settle(() => reject(new IpcError('timeout', `${attempt.host} does not open ${path}`))), STEP_LIMIT);
    const stopListening = ssh.onLine(look);
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      stopListening();
      how();
    };
    void ssh.ended.then(() => settle(() => reject(attempt.failure(ssh.lines))));
    ssh.lines.forEach(look);
  });
}

function notOpened(host: string, path: string, reason: string): IpcError {
  const isForbidden = /prohibited/.test(reason);
  const why = isForbidden ? `does not let you use ${path}` : `has nobody listening at ${path}, or does not let you use it`;
  return new IpcError(isForbidden ? 'forwarding-refused' : 'refused', `${host} ${why}. Start the node there with -ipcbind=unix`);
}

/** A path as OpenSSH reads it in a forwarding: some letters mean something there. */
export function forwardedPath(path: string): string {
  return path.replace(/[\\:]/g, '\\$&');
}
