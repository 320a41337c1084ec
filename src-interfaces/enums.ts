/** Numbers with names: the values of integer fields in the process interfaces. */

/** Kind of an address. */
export const OutputType = { legacy: 0, p2shSegwit: 1, bech32: 2, bech32m: 3, unknown: 4 } as const;

/** What an address book entry is for. */
export const AddressPurpose = { receive: 0, send: 1, refund: 2 } as const;

/** Outcome of signing a message. */
export const SigningResult = { ok: 0, privateKeyNotAvailable: 1, signingFailed: 2 } as const;

/** What happened to an entry. */
export const ChangeType = { new: 0, updated: 1, deleted: 2 } as const;

/** How careful a fee estimate is. */
export const FeeEstimateMode = { unset: 0, economical: 1, conservative: 2 } as const;

/** What a fee rests on. */
export const FeeReason = {
  none: 0,
  halfEstimate: 1,
  fullEstimate: 2,
  doubleEstimate: 3,
  conservative: 4,
  mempoolMin: 5,
  fallback: 6,
  required: 7,
} as const;

/** Outcome of work on a partially signed transaction. */
export const PSBTError = {
  missingInputs: 0,
  sighashMismatch: 1,
  externalSignerNotFound: 2,
  externalSignerFailed: 3,
  unsupported: 4,
  incomplete: 5,
  ok: 6,
} as const;

/** Outcome of submitting a transaction. */
export const TransactionError = {
  ok: 0,
  missingInputs: 1,
  alreadyInUtxoSet: 2,
  mempoolRejected: 3,
  mempoolError: 4,
  maxFeeExceeded: 5,
  maxBurnExceeded: 6,
  invalidPackage: 7,
} as const;

/** What to do with a submitted transaction. */
export const TxBroadcast = {
  mempoolAndBroadcast: 0,
  mempoolNoBroadcast: 1,
  noMempoolPrivateBroadcast: 2,
} as const;

/** Whether a transaction can be replaced (BIP125). */
export const RBFTransactionState = { unknown: 0, replaceable: 1, final: 2 } as const;

/** Why a transaction left the mempool. */
export const MemPoolRemovalReason = {
  expiry: 0,
  sizeLimit: 1,
  reorg: 2,
  block: 3,
  conflict: 4,
  replaced: 5,
} as const;

/** Whether a changed setting is written to settings.json. */
export const SettingsAction = { write: 0, skipWrite: 1 } as const;

/** Kind of a block filter (BIP157). */
export const BlockFilterType = { basic: 0, invalid: 255 } as const;

/** How far the node is. */
export const SynchronizationState = { initReindex: 0, initDownload: 1, postInit: 2 } as const;

/** Kind of network an address belongs to. */
export const Network = {
  unroutable: 0,
  ipv4: 1,
  ipv6: 2,
  onion: 3,
  i2p: 4,
  cjdns: 5,
  internal: 6,
} as const;

/** Which peers to count. */
export const ConnectionDirection = { none: 0, in: 1, out: 2, both: 3 } as const;

/** Purpose of a connection to a peer. */
export const ConnectionType = {
  inbound: 0,
  outboundFullRelay: 1,
  manual: 2,
  feeler: 3,
  blockRelay: 4,
  addrFetch: 5,
  privateBroadcast: 6,
} as const;

/** Transport protocol of a connection to a peer. */
export const TransportProtocolType = { detecting: 0, v1: 1, v2: 2 } as const;

/** What a JSON-RPC request wants. */
export const JSONRPCRequestMode = { execute: 0, getHelp: 1, getArgs: 2 } as const;

/** Version of JSON-RPC a request speaks. */
export const JSONRPCVersion = { legacy: 0, v2: 1 } as const;

/** How one of the node's own addresses was learnt. */
export const LocalAddressScore = { none: 0, interface: 1, bind: 2, mapped: 3, manual: 4 } as const;

/** Bits: what a peer may do. `forceRelay` includes `relay`, `noBan` includes `download`. */
export const NetPermissionFlags = {
  bloomFilter: 0x2,
  relay: 0x8,
  forceRelay: 0xc,
  download: 0x40,
  noBan: 0x50,
  mempool: 0x20,
  addr: 0x80,
  implicit: 0x80000000,
} as const;

/** Bits: what a peer offers. */
export const ServiceFlags = {
  network: 1n << 0n,
  bloom: 1n << 2n,
  witness: 1n << 3n,
  compactFilters: 1n << 6n,
  networkLimited: 1n << 10n,
  p2pV2: 1n << 11n,
} as const;

/** Bits: properties of a wallet. */
export const WalletFlags = {
  avoidReuse: 1n << 0n,
  keyOriginMetadata: 1n << 1n,
  lastHardenedXpubCached: 1n << 2n,
  disablePrivateKeys: 1n << 32n,
  blank: 1n << 33n,
  descriptors: 1n << 34n,
  externalSigner: 1n << 35n,
} as const;

/** Bits: icon, buttons and manner of a message to the user. No icon bit: information. */
export const MessageBoxFlags = {
  iconWarning: 0x1,
  iconError: 0x2,
  ok: 0x400,
  yes: 0x4000,
  no: 0x10000,
  abort: 0x40000,
  retry: 0x80000,
  ignore: 0x100000,
  close: 0x200000,
  cancel: 0x400000,
  discard: 0x800000,
  help: 0x1000000,
  apply: 0x2000000,
  reset: 0x4000000,
  modal: 0x10000000,
  /** The text must not be logged. */
  secure: 0x40000000,
} as const;
