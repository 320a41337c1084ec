/** What the window shows of the three processes. */

export type CompartmentId = 'window' | 'node' | 'wallet';

/** An attempt to bring a program or a connection back that the window or the node makes by itself. */
export interface PlannedRetry {
  /** When it is due, in milliseconds since 1970. */
  readonly atMilliseconds: number;
  /** Counted from 1. */
  readonly attempt: number;
  /** How many there are at most; null when there is no end to them. */
  readonly of: number | null;
}

export type CompartmentState =
  | { readonly kind: 'starting'; readonly detail: string }
  | { readonly kind: 'running' }
  /** Node: syncing; wallet: scanning. `progress` 0 to 1. */
  | { readonly kind: 'syncing'; readonly progress: number }
  | {
      readonly kind: 'crashed';
      /** A sentence in plain words: "The node stopped with exit status 1: disk full." */
      readonly reason: string;
      readonly exitCode: number | null;
      readonly signal: string | null;
      readonly atMilliseconds: number;
      /** Last lines of its output, oldest first. */
      readonly lastLines: readonly string[];
      /** It was never there: it ended before the window could connect, or one that is attached to could not be reached. */
      readonly never?: 'started' | 'reached';
      /** It is started again; left out when it is not. */
      readonly retry?: PlannedRetry;
    }
  | { readonly kind: 'restarting' }
  /** It runs, but was waited for in vain. It may be busy, and answer yet. */
  | { readonly kind: 'silent' }
  /** It runs, or may run, but this window is not connected to it. */
  | {
      readonly kind: 'detached';
      /** What happened, as a sentence: "The connection to carol@example.org was lost." */
      readonly reason: string;
      /** Why the last attempt to be back failed, as a sentence; null before the first. */
      readonly failure: string | null;
      /** It was told to stop, or said that it does: its connection did not just end. */
      readonly hasStopped?: true;
      readonly retry?: PlannedRetry;
    }
  | { readonly kind: 'remote'; readonly host: string }
  /** The node that is attached to has no such part for other programs. Not a fault. */
  | { readonly kind: 'not-offered' }
  /** The node was started without it. Not a fault. */
  | { readonly kind: 'disabled' }
  | { readonly kind: 'stopped' };

export interface Compartment {
  readonly id: CompartmentId;
  readonly state: CompartmentState;
  readonly pid: number | null;
  /** Start time in milliseconds since 1970, for the uptime; null when not running. */
  readonly startedAtMilliseconds: number | null;
  /** Resident memory; kept fresh only while `compartments.watch` is on. */
  readonly memoryBytes: number | null;
  readonly version: string;
  /** Plain words: "started by this window", "socket /home/…/node.sock". */
  readonly connection: string;
  readonly logPath: string | null;
}
