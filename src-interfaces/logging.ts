/** Severity of a log line. `trace` and `debug` lines are written only where their category is switched on. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error';

/** Debug categories and their bit numbers in a category mask, as Bitcoin Core has them. */
export const logCategoryBits = {
  net: 0,
  tor: 1,
  mempool: 2,
  http: 3,
  bench: 4,
  zmq: 5,
  walletdb: 6,
  rpc: 7,
  estimatefee: 8,
  addrman: 9,
  selectcoins: 10,
  reindex: 11,
  cmpctblock: 12,
  rand: 13,
  prune: 14,
  proxy: 15,
  mempoolrej: 16,
  libevent: 17,
  coindb: 18,
  qt: 19,
  leveldb: 20,
  validation: 21,
  i2p: 22,
  ipc: 23,
  blockstorage: 25,
  txreconciliation: 26,
  scan: 27,
  txpackages: 28,
  kernel: 29,
  privatebroadcast: 30,
} as const;

export type LogCategory = keyof typeof logCategoryBits;

/** Every category name, in alphabetical order. */
export const logCategories: readonly LogCategory[] = Object.keys(logCategoryBits)
  .filter((name): name is LogCategory => name in logCategoryBits)
  .sort();

/** The name when it is a category, else undefined. */
export function findLogCategory(name: string): LogCategory | undefined {
  return logCategories.find((category) => category === name);
}

/** What any part of a program needs to write to its log. Texts have no newline at the end. */
export interface Logger {
  /** @param amount `unlimited` for lines nobody else can provoke, as many as they may be; others are limited (-logratelimit) */
  info(text: string, amount?: 'unlimited'): void;
  warning(text: string): void;
  error(text: string): void;
  /** A function is called only when the line will be written. */
  debug(category: LogCategory, text: string | (() => string)): void;
  trace(category: LogCategory, text: string | (() => string)): void;
  willLog(category: LogCategory, level: 'trace' | 'debug'): boolean;
}

/** A log whose categories can be changed while the program runs, as the `logging` command does. */
export interface LogControl extends Logger {
  /** Bits of the categories that are on. */
  readonly categoryMask: bigint;
  /** The file written to, or undefined when there is none. */
  readonly path: string | undefined;
  /** `all`, `1` and the empty name mean every category. False when there is no such category. */
  enableCategory(name: string): boolean;
  disableCategory(name: string): boolean;
}

/** A log that writes nothing. */
export const silentLogger: Logger = {
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  debug: () => undefined,
  trace: () => undefined,
  willLog: () => false,
};
