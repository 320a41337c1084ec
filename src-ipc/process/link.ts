import type { Duplex } from 'node:stream';
import type { IpcError } from './ipc-error.js';
import type { AskPerson } from './question.js';

/** A stream to a process that was connected to. */
export interface IpcLink {
  /** Carries the calls. Destroying it ends the link. */
  readonly socket: Duplex;
  /** `unix:` and the full path, or the whole `ssh://` address, as messages show it. */
  readonly address: string;
  /**
   * Fulfilled when the socket has closed and nothing that carried it is left (the ssh process, its directory): with the
   * reason when the connection to another computer was lost, else with undefined. Never rejected.
   */
  readonly ended: Promise<IpcError | undefined>;
}

/** How the stream comes out of ssh: at a socket that it listens at and forwards, or as its standard input and output. */
export type SshStreamKind = 'socket' | 'stdio';

/** How to connect. All of it concerns other computers only. */
export interface ConnectOptions {
  /** Puts OpenSSH's questions to the person; without it OpenSSH asks in the terminal, if there is one. */
  readonly askPerson?: AskPerson;
  /** Gives up connecting; `connectTo` then rejects with an IpcError `cancelled`. A link that is up stays up. */
  readonly signal?: AbortSignal;
  /** Takes lines for the debug log, category ipc. */
  readonly log?: (line: string) => void;
  /** The one that this system's OpenSSH can do by default. */
  readonly sshStream?: SshStreamKind;
}
