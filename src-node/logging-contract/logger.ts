/** What a line is about: the names `-debug=` takes, or `all` for lines that are always written. */
export type LogCategory =
  | 'all'
  | 'net'
  | 'mempool'
  | 'http'
  | 'bench'
  | 'rpc'
  | 'estimatefee'
  | 'addrman'
  | 'reindex'
  | 'cmpctblock'
  | 'prune'
  | 'proxy'
  | 'mempoolrej'
  | 'coindb'
  | 'leveldb'
  | 'validation'
  | 'ipc'
  | 'blockstorage'
  | 'txpackages'
  | 'tor'
  | 'i2p'
  | 'zmq'
  | 'walletdb'
  | 'kernel';

/** `debug` and `trace` lines are written only when their category is switched on. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warning' | 'error';

/** Where a part of the node writes its log. `text` is one line without its end. */
export interface Logger {
  log(category: LogCategory, level: LogLevel, text: string): void;
}

/** A logger that forgets everything, for tests and tools. */
export const silentLogger: Logger = { log: () => undefined };
