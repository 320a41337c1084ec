import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { hashToHex } from '../../src-bitcoin/bytes/hex.js';
import { txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { decodeFeeEstimates, encodeFeeEstimates } from '../policy/fee-estimates-file.js';
import { FeeEstimator } from '../policy/fee-estimator.js';
import { decodeMempool, encodeMempool } from './mempool-file.js';

const golden = '../shared/golden';
const archive = join(golden, 'datadir-regtest.tar.xz');

/** A file of a data directory that Bitcoin Core wrote; undefined (and the test skipped) without it. */
function goldenFile(t: TestContext, name: string): Uint8Array | undefined {
  if (!existsSync(archive)) {
    t.skip(`skipped: no ${archive}`);
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-golden-'));
  t.after(() => rmSync(directory, { recursive: true }));
  execFileSync('tar', ['xf', archive, '-C', directory, `regtest/${name}`]);
  return new Uint8Array(readFileSync(join(directory, 'regtest', name)));
}

test('mempool.dat of Bitcoin Core is read, and written back byte for byte', (t) => {
  const file = goldenFile(t, 'mempool.dat');
  if (file === undefined) return;
  const saved = decodeMempool(file);
  const expected: { mempool: string[] } = JSON.parse(readFileSync(join(golden, 'datadir-regtest.expected.json'), 'utf8'));
  assert.deepEqual(saved.transactions.map(({ tx }) => hashToHex(txidOf(tx))), expected.mempool);
  assert.deepEqual(encodeMempool(saved, file.slice(9, 17)), file);
});

test('fee_estimates.dat of Bitcoin Core is read, and written back byte for byte', (t) => {
  const file = goldenFile(t, 'fee_estimates.dat');
  if (file === undefined) return;
  const estimator = new FeeEstimator();
  assert.equal(decodeFeeEstimates(file, estimator), true);
  assert.ok(estimator.bestHeight > 100);
  assert.deepEqual(encodeFeeEstimates(estimator), file);
});
