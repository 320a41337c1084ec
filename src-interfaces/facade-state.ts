/**
 * What the window shows: the state main keeps and pushes, and the results of calls.
 *
 * Amounts are satoshis as bigint. Hashes and transaction ids are hex in display order (reversed).
 * Times are seconds since 1970 unless the name says milliseconds. Everything here survives the
 * structured clone between processes: plain objects, arrays, strings, numbers, booleans, bigint, null.
 */
export type * from './facade-application.js';
export type * from './facade-compartments.js';
export type * from './facade-node.js';
export type * from './facade-wallet.js';
