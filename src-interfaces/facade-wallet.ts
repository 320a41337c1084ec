/** What the window shows of wallets, and the results of asking one. */

export type AddressType = 'legacy' | 'p2sh-segwit' | 'bech32' | 'bech32m';

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
  /** Tells it from the others, as long as it is open: what it was called when it was opened. */
  readonly name: string;
  /** What it is called: its name, and while a wallet of another process has the same name, where it is. */
  readonly title: string;
  /** Its process runs, but was waited for in vain. */
  readonly isSilent: boolean;
  /** It is there without the node's own wallet process: another one, which attached to the node, has it. */
  readonly isApart: boolean;
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

export interface RestoredWallet {
  readonly name: string;
  readonly warnings: readonly string[];
  /** It is of the old format: in its place, but to be migrated before it can be opened. */
  readonly isOld: boolean;
}

/** What a wallet of the old format has become. */
export interface MigratedWallet {
  /** The wallet that took over; the one that watches if nothing of the old one could be spent. */
  readonly name: string;
  /** Wallet with what was only watched. */
  readonly watchonly: string | null;
  /** Wallet with what was not watched, but can be helped to sign. */
  readonly solvables: string | null;
  /** Path of the copy of the old file. */
  readonly backup: string;
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
  /** Satoshis; null when any amount will do. */
  readonly amount: bigint | null;
  /** Seconds since 1970. */
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
  /** `fallback` when the node has not seen enough blocks to estimate; `none`, with a rate of 0, when the wallet has no other rate for that. */
  readonly source: 'estimate' | 'minimum' | 'fallback' | 'none';
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
