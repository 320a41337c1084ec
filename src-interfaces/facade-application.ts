/** What the window shows of itself: what is chosen, what is asked, what is going on. */

export type Network = 'main' | 'testnet4' | 'signet' | 'regtest';

export type AppPhase =
  /** Nothing chosen yet: show the first-run window. */
  | 'first-run'
  /** Programs are starting; `compartments` say how far they are. */
  | 'starting'
  | 'ready'
  /** Quitting completely; the window closes when the others have stopped. */
  | 'stopping';

/** A directory Bitcoin Core left on this machine; offered, never touched without being chosen. */
export interface ExistingDatadir {
  readonly path: string;
  /** Networks that have block data there. */
  readonly networks: readonly Network[];
  readonly bytes: number | null;
}

export interface FirstRun {
  readonly defaultDatadir: string;
  /** Free space on the volume of the default directory; null when unknown. */
  readonly freeBytes: number | null;
  readonly existing: readonly ExistingDatadir[];
}

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly unit: 'BTC' | 'sats';
  readonly hideAmounts: boolean;
  /** Node and wallet go on running when the window closes. */
  readonly keepRunning: boolean;
  /** Last page shown, e.g. `overview`. */
  readonly page: string;
  /** Name of the wallet shown last; '' for none. */
  readonly wallet: string;
  /** Widths of table columns in CSS pixels, by `table.column`. */
  readonly columns: Readonly<Record<string, number>>;
}

export interface AppState {
  readonly phase: AppPhase;
  readonly version: string;
  /** Null until chosen. */
  readonly network: Network | null;
  readonly datadir: string | null;
  /** Address of a node to attach to instead of starting one (`unix:/path`, `ssh://host`); '' starts our own. */
  readonly attachAddress: string;
  /** Set while `phase` is `first-run`. */
  readonly firstRun: FirstRun | null;
  /** What connecting to another computer waits for; answered with `app.answer`. */
  readonly question: ConnectionQuestion | null;
  readonly settings: Settings;
}

/** A question of OpenSSH. Everything in it is plain text, some of it in the other computer's words. */
export interface ConnectionQuestion {
  readonly id: string;
  /** `host-key` and `confirmation` want yes or no, the others a secret. */
  readonly kind: 'host-key' | 'passphrase' | 'password' | 'confirmation' | 'other';
  /** OpenSSH's own words. */
  readonly prompt: string;
  /** As the address names it: `carol@example.org:2222`. */
  readonly host: string;
  /** `SHA256:…` of a host's key. */
  readonly fingerprint: string | null;
  /** Kind of a host's key: `ED25519`. */
  readonly keyType: string | null;
  /** File of the key that a passphrase is for. */
  readonly keyFile: string | null;
  /** Answers given before that were not right. */
  readonly attempt: number;
}

/** Something long that is going on: rescan, encryption, closing a wallet, loading blocks. */
export interface Progress {
  readonly id: string;
  /** Plain words: "Scanning the chain for payments". */
  readonly title: string;
  /** 0 to 1; null when it cannot be told. */
  readonly fraction: number | null;
  readonly done: boolean;
}

/** A message of one of the programs. `what` happened, `why`, and what `todo`, in plain words. */
export interface Notice {
  readonly level: 'info' | 'warning' | 'error';
  readonly what: string;
  readonly why: string;
  readonly todo: string;
}
