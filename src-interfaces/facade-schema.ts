/** Every call of the window and every event main pushes; `facade.ts` derives the rest. */
import {
  amount,
  choice,
  decimal,
  dictionary,
  flag,
  hex,
  integer,
  list,
  optional,
  record,
  text,
  type Fields,
} from './facade-shape.js';
import type {
  AddressEntry,
  AppState,
  Ban,
  Balances,
  BlockSummary,
  Coin,
  Compartment,
  ConsoleReply,
  Draft,
  FeeEstimate,
  MempoolState,
  MigratedWallet,
  NetworkState,
  NodeState,
  Notice,
  ParsedRecipient,
  Peer,
  Progress,
  ReceiveRequest,
  RestoredWallet,
  SyncState,
  TrafficSample,
  TransactionDetails,
  TransactionPage,
  TransactionRow,
  WalletFile,
  WalletState,
} from './facade-state.js';

/** A call: the shapes of its argument object, and its result type (`returns` never exists at run time). */
export interface Call<A extends Fields, R> {
  readonly args: A;
  readonly returns?: R;
}
/** An event; `carries` never exists at run time. */
export interface EventOf<T> {
  readonly event: true;
  readonly carries?: T;
}

const call =
  <R>() =>
  <A extends Fields>(args: A): Call<A, R> => ({ args });
const event = <T>(): EventOf<T> => ({ event: true });

const network = choice('main', 'testnet4', 'signet', 'regtest');
const addressType = choice('legacy', 'p2sh-segwit', 'bech32', 'bech32m');
const compartment = choice('window', 'node', 'wallet');
/** A wallet is named by its path below the wallet directory, perhaps with that directory; '' is the default wallet. */
const wallet = text(4500);
const address = text(128);
const label = text(1000);
const passphrase = text(1024);
const txid = hex(32);
const outpoint = record({ txid, vout: integer(0, 0xffff_ffff) });
const path = text(4096);
/** sat/vB */
const feeRate = decimal(0, 1_000_000);

const transactionFilter = {
  wallet,
  /** Words that must all occur in label, address or txid; '' for all. */
  search: text(200),
  kinds: list(choice('received', 'sent', 'self', 'mined'), 4),
  statuses: list(choice('pending', 'confirmed', 'conflicted', 'abandoned'), 4),
  /** Seconds since 1970, inclusive. */
  since: optional(integer(0, 0xffff_ffff)),
  until: optional(integer(0, 0xffff_ffff)),
  /** Smallest absolute amount. */
  minimum: optional(amount),
};

/** Everything the window shows, at one sequence number. */
export interface Snapshot {
  readonly sequence: number;
  readonly app: AppState;
  /** Always window, node, wallet. */
  readonly compartments: readonly Compartment[];
  /** Null until the node answered once. */
  readonly node: NodeState | null;
  /** Loaded wallets; null until the wallet process answered once. */
  readonly wallets: readonly WalletState[] | null;
}

export const facadeSchema = {
  calls: {
    app: {
      snapshot: call<Snapshot>()({}),
      /**
       * Chooses network, data directory, whether the node outlives the window, and where to attach
       * ('' starts our own node). Saves it and (re)starts the programs. First run and Settings use it.
       */
      configure: call<null>()({ network, datadir: path, keepRunning: flag, attachAddress: path }),
      /** Native directory dialog; null when cancelled. */
      pickDirectory: call<{ readonly path: string; readonly freeBytes: number | null } | null>()({}),
      /** Fields left out stay as they are. The new state comes back as an `app.state` event. */
      setSettings: call<null>()({
        theme: optional(choice('system', 'light', 'dark')),
        unit: optional(choice('BTC', 'sats')),
        hideAmounts: optional(flag),
        keepRunning: optional(flag),
        page: optional(text(64)),
        wallet: optional(wallet),
        columns: optional(dictionary(integer(0, 10_000))),
      }),
      /** Answers `AppState.question`: yes or no, or a text. Neither cancels connecting. */
      answer: call<null>()({ question: text(64), accept: optional(flag), text: optional(text(4096)) }),
      /** Opens the log of a compartment in the system's viewer. */
      openLog: call<null>()({ compartment }),
      /** Stops wallet, node and window, in that order. */
      quit: call<null>()({}),
    },
    compartments: {
      /**
       * Starts it again, or makes a planned attempt to reach it, at once. A node that is attached to is never stopped,
       * and a wallet process that runs is not either: they are only connected to anew. With `kill`, a wallet process
       * that runs is ended without being asked.
       */
      restart: call<null>()({ compartment, kill: optional(flag) }),
      /** While on, `compartments.state` events keep memory fresh. Off again when the window hides. */
      watch: call<null>()({ on: flag }),
    },
    node: {
      /** While on, `node.peers`, `node.bans` and `node.traffic` are pushed. */
      watch: call<null>()({ on: flag }),
      /** Practice network only: mines to a new address of `wallet`. Returns block hashes, oldest first. */
      mine: call<{ readonly hashes: readonly string[] }>()({ wallet, blocks: integer(1, 1000) }),
      setNetworkActive: call<null>()({ active: flag }),
      disconnect: call<null>()({ peer: integer(0, Number.MAX_SAFE_INTEGER) }),
      /** Bans the peer's address and disconnects it. */
      ban: call<null>()({ address: text(256), seconds: integer(1, 100 * 365 * 86_400) }),
      unban: call<null>()({ subnet: text(256) }),
      /** One line of the console: `getblock 00… 1`, nested calls as the reference's console has them. */
      execute: call<ConsoleReply>()({ line: text(1_000_000), wallet: optional(wallet) }),
      commands: call<readonly string[]>()({}),
    },
    wallets: {
      /** Wallet files in the wallet directory, loaded ones included. */
      directory: call<readonly WalletFile[]>()({}),
      /** `passphrase` '' makes an unencrypted wallet. */
      create: call<{ readonly name: string; readonly warnings: readonly string[] }>()({ name: text(255), passphrase }),
      open: call<{ readonly name: string; readonly warnings: readonly string[] }>()({ name: wallet }),
      /** Whether a wallet file, loaded or not, has a passphrase. */
      isEncrypted: call<boolean>()({ name: wallet }),
      /** Makes a wallet of the old format one that can be opened, and opens it. `passphrase` '' for one without. */
      migrate: call<MigratedWallet>()({ name: wallet, passphrase }),
      close: call<null>()({ name: wallet }),
      encrypt: call<null>()({ name: wallet, passphrase }),
      /** Locks itself again after `seconds`. */
      unlock: call<null>()({ name: wallet, passphrase, seconds: integer(1, 100_000_000) }),
      lock: call<null>()({ name: wallet }),
      changePassphrase: call<null>()({ name: wallet, old: passphrase, new: passphrase }),
      /** Native save dialog; null when cancelled. */
      backup: call<{ readonly path: string } | null>()({ name: wallet }),
      /** Native open dialog, then restores under `name`; null when cancelled. */
      restore: call<RestoredWallet | null>()({ name: text(255) }),
    },
    wallet: {
      transactions: call<TransactionPage>()({
        ...transactionFilter,
        offset: integer(0, 100_000_000),
        limit: integer(1, 1000),
      }),
      transaction: call<TransactionDetails>()({ wallet, txid }),
      /** Native save dialog, then writes the matching rows as CSV; null when cancelled. */
      exportCsv: call<{ readonly path: string; readonly rows: number } | null>()(transactionFilter),
      setLabel: call<null>()({ wallet, address, label }),
      addresses: call<readonly AddressEntry[]>()({ wallet }),

      /** The newest unpaid request without label, amount or message; made when there is none. */
      freshRequest: call<ReceiveRequest>()({ wallet }),
      /** Newest first. */
      requests: call<readonly ReceiveRequest[]>()({ wallet }),
      createRequest: call<ReceiveRequest>()({ wallet, type: addressType, label, message: label, amount: optional(amount) }),
      /** Replaces label, message and amount of a request; an amount left out means any amount. */
      updateRequest: call<ReceiveRequest>()({ wallet, id: text(128), label, message: label, amount: optional(amount) }),
      removeRequest: call<null>()({ wallet, id: text(128) }),

      /** Understands an address, a `bitcoin:` URI, or text around one. */
      parseRecipient: call<ParsedRecipient>()({ wallet, text: text(4096) }),
      feeEstimates: call<readonly FeeEstimate[]>()({ wallet, targets: list(integer(1, 1008), 10) }),
      coins: call<readonly Coin[]>()({ wallet }),
      lockCoin: call<null>()({ wallet, txid, vout: integer(0, 0xffff_ffff), locked: flag }),
      /** Exactly one of `feeTarget` (blocks) and `feeRate` (sat/vB). `coins` left out: chosen by the wallet. */
      prepare: call<Draft>()({
        wallet,
        recipients: list(record({ address, amount, label, subtractFee: flag }), 500),
        feeTarget: optional(integer(1, 1008)),
        feeRate: optional(feeRate),
        coins: optional(list(outpoint, 10_000)),
      }),
      /** Prepares the replacement of an unconfirmed payment; without a rate the wallet chooses one. */
      prepareBump: call<Draft>()({ wallet, txid, feeRate: optional(feeRate) }),
      /** Signs and sends a draft. `passphrase` is used for this payment only, when the wallet is locked. */
      confirm: call<{ readonly txid: string }>()({ wallet, draft: text(128), passphrase: optional(passphrase) }),
      discard: call<null>()({ wallet, draft: text(128) }),
      abandon: call<null>()({ wallet, txid }),
    },
  },
  events: {
    'app.state': event<AppState>(),
    'app.progress': event<Progress>(),
    'app.notice': event<Notice>(),
    /** A `bitcoin:` link was opened: show it on Send. */
    'app.openUri': event<{ readonly uri: string }>(),
    /** The application menu or tray asks for a page, e.g. `settings`. */
    'app.showPage': event<{ readonly page: string }>(),
    'compartments.state': event<Compartment>(),
    /** The node answered for the first time, or again after a restart; null when it is gone. */
    'node.state': event<NodeState | null>(),
    'node.sync': event<SyncState>(),
    'node.block': event<BlockSummary>(),
    'node.network': event<NetworkState>(),
    'node.mempool': event<MempoolState>(),
    'node.peers': event<readonly Peer[]>(),
    'node.bans': event<readonly Ban[]>(),
    'node.traffic': event<TrafficSample>(),
    'node.warnings': event<readonly string[]>(),
    /** The set of loaded wallets changed; null when the wallet process is gone. */
    'wallets.loaded': event<readonly WalletState[] | null>(),
    /** One loaded wallet changed: lock, balances, count, scan. */
    'wallets.state': event<WalletState>(),
    'wallets.balances': event<{ readonly wallet: string; readonly balances: Balances }>(),
    /** Rows added or changed; `removed` are gone. `rows` may be cut at 500: the views ask again anyway. */
    'wallet.transactions': event<{
      readonly wallet: string;
      readonly rows: readonly TransactionRow[];
      readonly removed: readonly string[];
    }>(),
    /** Coins changed (spent, arrived, locked): views that show them ask again. */
    'wallet.coins': event<{ readonly wallet: string }>(),
    'wallet.requests': event<{ readonly wallet: string; readonly requests: readonly ReceiveRequest[] }>(),
  },
} as const;
