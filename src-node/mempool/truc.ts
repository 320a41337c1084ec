import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { txidOf, wtxidOf, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import type { PoolEntry } from './pool-entry.js';
import { ancestorsOf, descendantsOf } from './transaction-pool.js';

/** BIP431: transactions with this version are topologically restricted until confirmed. */
const trucVersion = 3;
/** A parent and a child, no more. */
const maxGenerations = 2;
/** Vbytes, for any of them and for a child. */
const maxSize = 10_000;
const maxChildSize = 1000;

export interface TrucViolation {
  readonly message: string;
  /** The one other child, which may be replaced although it spends different outputs. */
  readonly sibling: PoolEntry | undefined;
}

const name = (tx: Transaction): string => `tx ${hashToHex(txidOf(tx))} (wtxid=${hashToHex(wtxidOf(tx))})`;

/** Checks a transaction that is about to come in against the rules of BIP431. */
export function trucViolation(
  tx: Transaction,
  virtualSize: number,
  parents: ReadonlySet<PoolEntry>,
  conflicts: ReadonlySet<PoolEntry>,
): TrucViolation | undefined {
  const violation = (message: string, sibling?: PoolEntry): TrucViolation => ({ message, sibling });
  const restricted = tx.version === trucVersion;
  for (const parent of parents) {
    const parentRestricted = parent.tx.version === trucVersion;
    if (!restricted && parentRestricted) {
      return violation(`non-version=3 ${name(tx)} cannot spend from version=3 ${name(parent.tx)}`);
    }
    if (restricted && !parentRestricted) {
      return violation(`version=3 ${name(tx)} cannot spend from non-version=3 ${name(parent.tx)}`);
    }
  }
  if (!restricted) return undefined;
  if (virtualSize > maxSize) return violation(`version=3 ${name(tx)} is too big: ${virtualSize} > ${maxSize} virtual bytes`);
  if (parents.size + 1 > maxGenerations) return violation(`${name(tx)} would have too many ancestors`);
  const [parent] = parents;
  if (parent === undefined) return undefined;
  if (ancestorsOf(parent).size + 2 > maxGenerations) return violation(`${name(tx)} would have too many ancestors`);
  if (virtualSize > maxChildSize) {
    return violation(`version=3 child ${name(tx)} is too big: ${virtualSize} > ${maxChildSize} virtual bytes`);
  }
  const others = descendantsOf(parent);
  const [sibling] = others;
  if (sibling === undefined || [...others].some((other) => conflicts.has(other))) return undefined;
  const replaceable = others.size === 1 && ancestorsOf(sibling).size === 1;
  return violation(`${name(parent.tx)} would exceed descendant count limit`, replaceable ? sibling : undefined);
}
