import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { seededRandom } from '../../src-ipc/testing/random.js';
import type { StoredRecord } from '../store/database.js';
import { RecordType, splitKey } from '../store/record-keys.js';
import { temporaryDirectory } from '../testing/fixtures.js';
import { skipBerkeley, writeBerkeleyFile } from '../testing/legacy-composer.js';
import { legacyTestdata, testdataFile } from '../testing/legacy-wallets.js';
import { parseBerkeleyFile, readBerkeleyFile } from './berkeley-file.js';
import { BerkeleyFault, PageType, type BerkeleyFaultKind } from './berkeley-page.js';
import { LegacyRecordFault, readLegacyRecords } from './legacy-records.js';

/** Records in key order; some keys and values do not fit a page. */
function someRecords(count: number): readonly StoredRecord[] {
  const random = seededRandom(count);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.below(256));
  return Array.from({ length: count }, (_, i) => {
    const key = Uint8Array.of(i >> 8, i & 0xff, ...bytes(i % 40 === 7 ? 900 : i % 20));
    return { key, value: bytes(i % 25 === 3 ? 5000 + i : i % 90) };
  });
}

const asHex = (records: readonly StoredRecord[]): readonly string[] => records.map(({ key, value }) => `${toHex(key)} ${toHex(value)}`);
const testdata = (name: string): Uint8Array => new Uint8Array(readFileSync(testdataFile(name)));
const pageSize = 512;

test('every record of a file is read: several levels, long keys and values, both byte orders', { skip: skipBerkeley }, (t) => {
  const directory = temporaryDirectory(t);
  for (const [i, form] of [{}, { pageSize: 512 }, { pageSize: 512, bigEndian: true }, { pageSize: 65536 }].entries()) {
    for (const count of [0, 1, 700]) {
      const file = join(directory, `${i}-${count}.dat`);
      const records = someRecords(count);
      writeBerkeleyFile(file, records, form);
      assert.deepEqual(asHex(readBerkeleyFile(file)), asHex(records));
    }
  }
});

test('the files kept as test data hold what is composed', () => {
  // The key that encrypts the others is encrypted itself, with fresh randomness.
  const steady = (records: readonly StoredRecord[]): readonly StoredRecord[] => records.filter(({ key }) => splitKey(key).type !== RecordType.masterKey);
  for (const [name, { records }] of Object.entries(legacyTestdata)) {
    assert.deepEqual(asHex(steady(readBerkeleyFile(testdataFile(name)))), asHex(steady(records())), name);
  }
});

test('a file that cannot be read is refused by its name, with what is wrong', () => {
  const refused = (kind: BerkeleyFaultKind, reason: RegExp, change: (bytes: Uint8Array, view: DataView) => Uint8Array | void): void => {
    const bytes = testdata('plain.dat');
    const changed = change(bytes, new DataView(bytes.buffer)) ?? bytes;
    assert.throws(() => parseBerkeleyFile(changed, '/w/old.dat'), (fault) => {
      assert.ok(fault instanceof BerkeleyFault, String(fault));
      assert.equal(fault.kind, kind, fault.message);
      assert.ok(fault.message.startsWith('/w/old.dat: '), fault.message);
      assert.match(fault.message, reason);
      return true;
    });
  };
  const internal = (bytes: Uint8Array): number => {
    const found = Array.from({ length: bytes.length / pageSize }, (_, page) => page).find((page) => page > 2 && bytes[page * pageSize + 25] === PageType.internal);
    assert.ok(found !== undefined);
    return found * pageSize;
  };
  refused('not-berkeley', /Not a BDB file/, (bytes) => bytes.fill(0, 12, 16));
  refused('unsupported', /version number 8, only 9/, (_bytes, view) => view.setUint32(16, 8, true));
  refused('damaged', /Bad page size 1000/, (_bytes, view) => view.setUint32(20, 1000, true));
  refused('encrypted', /encryption is not supported/, (bytes) => void (bytes[24] = 1));
  refused('checksummed', /checksums are not supported/, (bytes) => void (bytes[26] = 1));
  refused('unsupported', /database flags/, (_bytes, view) => view.setUint32(48, 0x21, true));
  refused('not-flushed', /LSNs are not reset/, (_bytes, view) => view.setUint32(3 * pageSize + 4, 77, true));
  refused('truncated', /the last, but the file has \d+ pages/, (bytes) => bytes.slice(0, -pageSize));
  refused('truncated', /ends within/, (bytes) => bytes.slice(0, 300));
  refused('damaged', /Page number mismatch \(page 3\)/, (_bytes, view) => view.setUint32(3 * pageSize + 8, 4, true));
  refused('damaged', /page \d+ is used twice/, (bytes, view) => {
    const page = internal(bytes);
    const item = page + view.getUint16(page + 26, true);
    view.setUint32(item + 4, page / pageSize, true);
  });
  refused('damaged', /Page number 4294967295 is greater/, (bytes, view) => {
    const page = internal(bytes);
    view.setUint32(page + view.getUint16(page + 26, true) + 4, 0xffffffff, true);
  });
  assert.throws(() => readBerkeleyFile('/nowhere/wallet.dat'), { name: 'BerkeleyFault', kind: 'unreadable', message: /^\/nowhere\/wallet\.dat: the file cannot be read: ENOENT/ });
});

test('deleted items are left out, whichever of a pair is marked', () => {
  for (const part of ['key', 'value']) {
    const bytes = testdata('plain.dat');
    const isWanted = ({ key }: StoredRecord): boolean => splitKey(key).type === 'novelty';
    const found = parseBerkeleyFile(bytes, 'f').find(isWanted);
    assert.ok(found);
    // The byte before an item's data is its kind and mark.
    const kind = (part === 'key' ? found.key : found.value).byteOffset - 1;
    bytes[kind] = (bytes[kind] ?? 0) | 0x80;
    assert.equal(parseBerkeleyFile(bytes, 'f').some(isWanted), false, part);
  }
});

test('whatever is flipped in a file, it is read or refused, without fault and without delay', () => {
  const outcomes = { read: 0, refused: 0 };
  for (const name of Object.keys(legacyTestdata)) {
    const whole = testdata(name);
    const random = seededRandom(name.length);
    for (let round = 0; round < 3000; round++) {
      const bytes = round % 10 === 0 ? whole.slice(0, random.below(whole.length)) : whole.slice();
      for (let flips = 1 + random.below(6); flips > 0 && bytes.length > 0; flips--) {
        // Pages' heads decide about most; the rest of them is hit, too.
        const at = random.below(3) === 0 ? random.below(bytes.length) : Math.min(bytes.length - 1, random.below(Math.ceil(bytes.length / pageSize)) * pageSize + random.below(60));
        bytes[at] = random.below(2) === 0 ? random.below(256) : (bytes[at] ?? 0) ^ (1 << random.below(8));
      }
      try {
        readLegacyRecords(parseBerkeleyFile(bytes, name));
        outcomes.read++;
      } catch (fault) {
        assert.ok(fault instanceof BerkeleyFault || fault instanceof LegacyRecordFault, `round ${round}: ${String(fault)}`);
        outcomes.refused++;
      }
    }
  }
  assert.ok(outcomes.read > 500 && outcomes.refused > 2000, JSON.stringify(outcomes));
});
