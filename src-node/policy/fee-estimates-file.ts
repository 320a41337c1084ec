import { open, readFile, rename, stat } from 'node:fs/promises';
import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import type { ConfirmationStatistics } from './confirmation-statistics.js';
import type { FeeEstimator } from './fee-estimator.js';

const fileVersion = 309_900;
/** Seconds after which a file says too little about today's fees. */
const maxAge = 60 * 60 * 60;
const maxBuckets = 1000;

const doubleView = new DataView(new ArrayBuffer(8));

function writeDouble(writer: ByteWriter, value: number): void {
  doubleView.setFloat64(0, value);
  writer.u64(doubleView.getBigUint64(0));
}

function readDouble(reader: ByteReader): number {
  doubleView.setBigUint64(0, reader.u64());
  return doubleView.getFloat64(0);
}

function writeDoubles(writer: ByteWriter, values: readonly number[]): void {
  writer.compactSize(values.length);
  for (const value of values) writeDouble(writer, value);
}

/** As many finite, non-negative numbers as there should be. */
function readDoubles(reader: ByteReader, count: number, what: string): number[] {
  const length = reader.compactSize();
  if (length !== count || length > maxBuckets) throw new DecodeError(`${length} ${what}, not ${count}`);
  return Array.from({ length }, () => {
    const value = readDouble(reader);
    if (!Number.isFinite(value) || value < 0) throw new DecodeError(`${value} among ${what}`);
    return value;
  });
}

function writeStatistics(writer: ByteWriter, statistics: ConfirmationStatistics): void {
  writeDouble(writer, statistics.horizon.decay);
  writer.u32(statistics.horizon.scale);
  writeDoubles(writer, statistics.feeRates);
  writeDoubles(writer, statistics.counts);
  for (const rows of [statistics.confirmed, statistics.failed]) {
    writer.compactSize(rows.length);
    for (const row of rows) writeDoubles(writer, row);
  }
}

type SavedStatistics = Pick<ConfirmationStatistics, 'feeRates' | 'counts' | 'confirmed' | 'failed'>;

function readStatistics(reader: ByteReader, { horizon, counts }: ConfirmationStatistics): SavedStatistics {
  const decay = readDouble(reader);
  const scale = reader.u32();
  if (decay !== horizon.decay || scale !== horizon.scale) throw new DecodeError(`decay ${decay} and scale ${scale} of fee estimates`);
  const row = (): number[] => readDoubles(reader, counts.length, 'fee buckets');
  const rows = (): number[][] => {
    const length = reader.compactSize();
    if (length !== horizon.periods) throw new DecodeError(`${length} periods of fee estimates, not ${horizon.periods}`);
    return Array.from({ length }, row);
  };
  return { feeRates: row(), counts: row(), confirmed: rows(), failed: rows() };
}

/** The bytes of fee_estimates.dat. */
export function encodeFeeEstimates(estimator: FeeEstimator): Uint8Array {
  const writer = new ByteWriter(1 << 18);
  const { first, best } = estimator.recordedHeights();
  writer.i32(fileVersion).u32(estimator.bestHeight).u32(first).u32(best);
  writeDoubles(writer, estimator.bounds);
  for (const statistics of [estimator.medium, estimator.short, estimator.long]) writeStatistics(writer, statistics);
  return writer.finish();
}

/**
 * Gives an estimator what a file says.
 * @returns false when the file is of an earlier version and says nothing.
 * @throws DecodeError when it is damaged or of a later version; the estimator stays as it was.
 */
export function decodeFeeEstimates(bytes: Uint8Array, estimator: FeeEstimator): boolean {
  const reader = new ByteReader(bytes);
  const version = reader.i32();
  if (version > fileVersion) throw new DecodeError(`fee_estimates.dat has version ${version}, at most ${fileVersion} is known`);
  if (version < fileVersion) return false;
  const bestHeight = reader.u32();
  const history = { first: reader.u32(), best: reader.u32() };
  if (history.first > history.best || history.best > bestHeight) throw new DecodeError('the heights of fee estimates are in no order');
  const bounds = readDoubles(reader, estimator.bounds.length, 'bounds of fee buckets');
  if (bounds.some((bound, i) => bound !== estimator.bounds[i])) throw new DecodeError('the bounds of fee buckets are others');
  const all = [estimator.medium, estimator.short, estimator.long];
  const saved = all.map((statistics) => readStatistics(reader, statistics));
  all.forEach((statistics, i) => Object.assign(statistics, saved[i]));
  estimator.bestHeight = bestHeight;
  estimator.history = history;
  return true;
}

/**
 * Reads the file at `path`. Nothing happens when there is none or it is too old.
 * @param now seconds since 1970
 * @throws DecodeError when it is damaged
 */
export async function loadFeeEstimates(path: string, estimator: FeeEstimator, now: number): Promise<void> {
  let bytes: Uint8Array;
  try {
    const { mtimeMs } = await stat(path);
    if (mtimeMs / 1000 < now - maxAge) return;
    bytes = new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return;
    throw cause;
  }
  decodeFeeEstimates(bytes, estimator);
}

/** Replaces the file as a whole. What still waits counts as failed from then on, so save when stopping. */
export async function saveFeeEstimates(path: string, estimator: FeeEstimator): Promise<void> {
  estimator.flushWaiting();
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(encodeFeeEstimates(estimator));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
