import type { Duplex } from 'node:stream';
import type { SshAttempt } from './ssh-attempt.js';
import type { SshProcess } from './ssh-program.js';

/** A stream to the socket on the other computer, and the ssh that carries it. */
export interface SshStream {
  readonly ssh: SshProcess;
  readonly stream: Duplex;
}

/** A way to get a stream out of ssh. */
export interface SshWay {
  /** Whether ssh still uses the directory of the attempt once the stream is there. */
  readonly keepsDirectory: boolean;
  /** Whether ssh ends by itself when the stream does. */
  readonly endsWithStream: boolean;
  /** Makes the program that ssh starts to ask a person something. @returns environment variables that name it */
  askpass(directory: string): Readonly<Record<string, string>>;
  /** Connects. What it starts, the attempt ends when this fails. @throws IpcError */
  open(attempt: SshAttempt): Promise<SshStream>;
}

/**
 * Options for a connection that lasts as long as the link: no terminal, nothing forwarded but the one socket, whatever
 * the configuration says, and a dead line noticed within a quarter of a minute. How the host is reached, who is who and
 * what is trusted stays as the person configured it.
 */
export const OWN_CONNECTION: readonly string[] = [
  ...['-T', '-x', '-a', '-vv'],
  ...['ControlPersist=no', 'ClearAllForwardings=yes', 'PermitLocalCommand=no', 'RemoteCommand=none', 'ForkAfterAuthentication=no'],
  ...['ServerAliveInterval=5', 'ServerAliveCountMax=3', 'TCPKeepAlive=yes', 'ConnectTimeout=30'],
].flatMap((word) => (word.startsWith('-') ? [word] : ['-o', word]));
