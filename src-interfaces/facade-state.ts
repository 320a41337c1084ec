/**
 * What the window shows: the state main keeps and pushes, and the results of calls.
 *
 * Amounts are satoshis as bigint. Hashes and transaction ids are hex in display order (reversed).
 * Times are seconds since 1970 unless the name says milliseconds. Everything here survives the
 * structured clone between processes: plain objects, arrays, strings, numbers, booleans, bigint, null.
 */

export type Network = 'main' | 'testnet4' | 'signet' | 'regtest';
export type AddressType = 'legacy' | 'p2sh-segwit' | 'bech32' | 'bech32m';

/* ---- application ---- */

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

/* ---- compartments ---- */

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
      /** It was never there: no node was found, or it ended before the window could connect. */
      readonly neverStarted?: true;
      /** It is started again; left out when it is not. */
      readonly retry?: PlannedRetry;
    }
  | { readonly kind: 'restarting' }
  /** It runs, or may run, but this window is not connected to it. */
  | { readonly kind: 'detached'; readonly reason: string; readonly retry?: PlannedRetry }
  | { readonly kind: 'remote'; readonly host: string }
  /** The node that is attached to has no such part for other programs. Not a fault. */
  | { readonly kind: 'not-offered' }
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

/* ---- node ---- */

/** What the node lets this window do. What is not offered is shown as that, and never asked for. */
export interface NodeOffers {
  /** Wallets can be opened through it. */
  readonly wallets: boolean;
  /** It runs commands: console, peers, traffic, mempool. Without them only the tip is known. */
  readonly commands: boolean;
}

export interface SyncState {
  readonly phase:
    | 'loading' // opening databases, loading or reindexing blocks from disk
    | 'connecting' // looking for peers
    | 'headers'
    | 'blocks'
    | 'synced';
  readonly height: number;
  /** Height of the best known header. */
  readonly headers: number;
  readonly tipHash: string;
  readonly tipTime: number;
  /** Verification progress, 0 to 1. */
  readonly progress: number;
  readonly secondsLeft: number | null;
}

export interface NetworkState {
  readonly active: boolean;
  readonly inbound: number;
  readonly outbound: number;
  readonly localAddresses: readonly string[];
  readonly userAgent: string;
}

export interface MempoolState {
  readonly count: number;
  /** Virtual bytes of all transactions. */
  readonly vsize: number;
  readonly usageBytes: number;
  readonly maxUsageBytes: number;
  /** sat/vB a transaction must pay to enter. */
  readonly minFeeRate: number;
  /** Waiting virtual bytes by fee rate band, lowest first; empty when not known. */
  readonly bands: readonly { readonly fromRate: number; readonly vsize: number }[];
}

/** Totals since the node started, sampled by main once a second while `node.watch` is on. */
export interface TrafficSample {
  readonly timeMilliseconds: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export interface Peer {
  readonly id: number;
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  /** Core's connection type: `outbound-full-relay`, `block-relay-only`, `inbound`, `manual`, … */
  readonly connectionType: string;
  readonly transport: 'v1' | 'v2' | 'detecting';
  /** ipv4, ipv6, onion, i2p, cjdns, not_publicly_routable */
  readonly network: string;
  readonly userAgent: string;
  readonly version: number;
  readonly services: readonly string[];
  readonly connectedAt: number;
  readonly pingMilliseconds: number | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly startingHeight: number;
  readonly syncedBlocks: number;
  readonly relaysTransactions: boolean;
}

export interface Ban {
  readonly subnet: string;
  readonly until: number;
}

export interface BlockSummary {
  readonly height: number;
  readonly hash: string;
  readonly time: number;
}

export interface NodeState {
  readonly offers: NodeOffers;
  readonly sync: SyncState;
  readonly network: NetworkState;
  readonly mempool: MempoolState;
  /** Kept fresh only while `node.watch` is on. */
  readonly peers: readonly Peer[];
  readonly bans: readonly Ban[];
  /** Oldest first, at most 600; grows only while `node.watch` is on. */
  readonly traffic: readonly TrafficSample[];
  readonly warnings: readonly string[];
  /** Newest first, at most 200; at least those seen since the window opened. */
  readonly recentBlocks: readonly BlockSummary[];
}

/** JSON text as the server wrote it: parsing would lose digits of large numbers. */
export interface ConsoleReply {
  readonly json: string;
}

/* ---- wallets ---- */

export interface Balances {
  readonly spendable: bigint;
  /** In coins that the person set aside; not part of `spendable`. */
  readonly kept: bigint;
  /** Received, not confirmed and not trusted yet. */
  readonly pending: bigint;
  /** Mined, fewer than 100 blocks deep. */
  readonly immature: bigint;
}

export interface WalletState {
  readonly name: string;
  readonly encrypted: boolean;
  readonly locked: boolean;
  /** No private keys: it can watch but not sign. */
  readonly watchOnly: boolean;
  readonly balances: Balances;
  readonly transactionCount: number;
  /** 0 to 1 while the wallet scans the chain, else null. */
  readonly scanProgress: number | null;
}

export interface WalletFile {
  readonly name: string;
  /** `sqlite` can be opened; `bdb` is the old format that must be migrated first. */
  readonly format: 'sqlite' | 'bdb';
  readonly loaded: boolean;
}

export type TransactionKind = 'received' | 'sent' | 'self' | 'mined';
/** `confirmed` when `height` is set. `pending` is in the mempool or waits to be. */
export type TransactionStatus = 'pending' | 'confirmed' | 'conflicted' | 'abandoned';

/** One line of the history: one transaction, its effect on this wallet. */
export interface TransactionRow {
  readonly txid: string;
  readonly time: number;
  readonly kind: TransactionKind;
  readonly status: TransactionStatus;
  /** Block height, null when not in a block. Confirmations are tip − height + 1: no event per block. */
  readonly height: number | null;
  /** Change of the wallet's balance, fee included: negative when sent. */
  readonly amount: bigint;
  /** Fee paid by this wallet, null when others paid it. */
  readonly fee: bigint | null;
  /** The first other party's address (or our own for received), '' when there is none. */
  readonly address: string;
  readonly label: string;
  /** How many addresses were paid or were paid to. */
  readonly addressCount: number;
}

export interface TransactionPage {
  /** Events up to this sequence number are in the page. */
  readonly sequence: number;
  /** Rows that match the filter. */
  readonly total: number;
  readonly offset: number;
  /** Newest first. */
  readonly rows: readonly TransactionRow[];
}

export interface TransactionInput {
  readonly txid: string;
  readonly vout: number;
  readonly sequence: number;
  /** Null when the spent output is not known to the wallet. */
  readonly address: string | null;
  readonly amount: bigint | null;
  readonly mine: boolean;
}

export interface TransactionOutput {
  readonly index: number;
  readonly address: string | null;
  readonly script: string;
  readonly amount: bigint;
  readonly mine: boolean;
  readonly change: boolean;
  readonly label: string;
}

export interface TransactionDetails {
  readonly row: TransactionRow;
  readonly blockHash: string | null;
  readonly blockTime: number | null;
  readonly size: number;
  readonly vsize: number;
  readonly weight: number;
  readonly version: number;
  readonly locktime: number;
  readonly inputs: readonly TransactionInput[];
  readonly outputs: readonly TransactionOutput[];
  readonly fee: bigint | null;
  /** sat/vB */
  readonly feeRate: number | null;
  readonly hex: string;
  readonly canBump: boolean;
  readonly canAbandon: boolean;
  readonly replaces: string | null;
  readonly replacedBy: string | null;
}

export interface ReceiveRequest {
  readonly id: string;
  readonly address: string;
  readonly label: string;
  readonly message: string;
  /** Null when any amount will do. */
  readonly amount: bigint | null;
  readonly time: number;
  /** BIP21 URI for the QR code. */
  readonly uri: string;
  /** Paid to the address so far, unconfirmed included. */
  readonly received: bigint;
}

export interface Coin {
  readonly txid: string;
  readonly vout: number;
  readonly address: string;
  readonly label: string;
  readonly amount: bigint;
  readonly height: number | null;
  /** Kept out of automatic selection. */
  readonly locked: boolean;
  readonly change: boolean;
}

export interface AddressEntry {
  readonly address: string;
  readonly label: string;
  readonly purpose: 'receive' | 'send';
}

/** What a pasted text means as a recipient. */
export interface ParsedRecipient {
  readonly address: string;
  readonly amount: bigint | null;
  readonly label: string;
  readonly message: string;
  /** The address belongs to this wallet. */
  readonly mine: boolean;
}

export interface FeeEstimate {
  /** Confirmation target in blocks. */
  readonly blocks: number;
  /** sat/vB */
  readonly rate: number;
  /** `fallback` when the node has not seen enough blocks to estimate. */
  readonly source: 'estimate' | 'minimum' | 'fallback';
}

/** A transaction ready for review; nothing has left the wallet. */
export interface Draft {
  readonly id: string;
  readonly inputs: readonly TransactionInput[];
  /** In transaction order, change included and marked. */
  readonly outputs: readonly TransactionOutput[];
  readonly fee: bigint;
  /** sat/vB */
  readonly feeRate: number;
  readonly vsize: number;
  /** What leaves the wallet: payments to others plus the fee. */
  readonly leaves: bigint;
  /** The passphrase is needed to confirm. */
  readonly locked: boolean;
  /** Fee of the transaction this one replaces, null for a new payment. */
  readonly replacedFee: bigint | null;
  /** Plain words, shown on review: address reuse, unusually high fee. */
  readonly warnings: readonly string[];
}
