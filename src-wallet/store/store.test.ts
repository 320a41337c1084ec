import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { DescriptorCache } from '../../src-bitcoin/descriptor/derive-key.js';
import { chainParams } from '../../src-bitcoin/params/networks.js';
import { DatabaseFailure, WalletDatabase, type StoredRecord } from './database.js';
import { decodeDerPrivateKey, encodeDerPrivateKey } from './der-private-key.js';
import { parseLocator } from './locator.js';
import { bytesValue, RecordType, splitKey } from './record-keys.js';
import { parseTransactionRecord, serializeTransactionRecord } from './transaction-record.js';
import { readWalletRecords } from './wallet-records.js';
import { WalletWriter } from './wallet-writer.js';

const archive = new URL('../../../shared/golden/datadir-regtest.tar.xz', import.meta.url);
const skip = existsSync(archive) ? false : 'skipped: no ../shared/golden';
const regtest = chainParams('regtest');

function temporary(t: { after(fn: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-store-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function golden(t: { after(fn: () => void): void }): string {
  const directory = temporary(t);
  execFileSync('tar', ['xf', archive.pathname, '-C', directory]);
  return join(directory, 'regtest', 'wallets');
}

const asHex = (records: readonly StoredRecord[]): readonly string[] => records.map(({ key, value }) => `${toHex(key)} ${toHex(value)}`);

test('golden wallets: what is read and written again is the same, record by record', { skip }, (t) => {
  const wallets = golden(t);
  for (const [name, txs, descriptors] of [['plain', 119, 8], ['locked', 2, 16], ['watch', 112, 2]] as const) {
    const database = WalletDatabase.open(join(wallets, name, 'wallet.dat'), { magic: regtest.magic, create: false });
    t.after(() => database.close());
    const records = readWalletRecords(database);
    assert.equal(records.transactions.length, txs, name);
    if (name !== 'locked') assert.equal(records.descriptors.length, descriptors);
    assert.ok(records.bestBlock !== undefined && parseLocator(records.bestBlock).length > 10);
    const copy = WalletDatabase.open(join(wallets, name, 'copy.dat'), { magic: regtest.magic, create: true });
    t.after(() => copy.close());
    const writer = new WalletWriter(copy);
    writer.transaction(() => {
      writer.version(records.version ?? 0);
      writer.flags(records.flags ?? 0n);
      writer.bestBlock(records.bestBlock ?? new Uint8Array(0));
      writer.orderPositionNext(records.orderPositionNext);
      for (const descriptor of records.descriptors) {
        writer.descriptor(descriptor);
        writer.descriptorCache(descriptor.id, Object.assign(new DescriptorCache(), descriptor));
        for (const [pubkey, secret] of descriptor.secrets) writer.descriptorSecret(descriptor.id, pubkey, secret);
        for (const [pubkey, crypted] of descriptor.cryptedSecrets) writer.descriptorCryptedSecret(descriptor.id, pubkey, crypted);
      }
      for (const [type, id] of records.activeExternal) writer.activeDescriptor(type, false, id);
      for (const [type, id] of records.activeInternal) writer.activeDescriptor(type, true, id);
      for (const key of records.masterKeys) writer.masterKey(key);
      for (const [address, entry] of records.addressBook) {
        if (entry.label !== undefined) writer.label(address, entry.label);
        if (entry.purpose !== undefined) writer.purpose(address, entry.purpose);
        if (entry.used) writer.addressUsed(address, true);
        for (const [id, request] of entry.receiveRequests) writer.receiveRequest(address, id, request);
      }
      for (const outpoint of records.lockedOutputs) writer.lockedOutput(outpoint, true);
      for (const tx of records.transactions) writer.walletTransaction(tx);
    });
    assert.deepEqual(asHex(copy.records()), asHex(database.records()), name);
  }
});

test('private keys have the DER form of the reference', { skip }, (t) => {
  const database = WalletDatabase.open(join(golden(t), 'plain', 'wallet.dat'), { magic: regtest.magic, create: false });
  t.after(() => database.close());
  let seen = 0;
  for (const { key, value } of database.records()) {
    const { type, rest } = splitKey(key);
    if (type !== RecordType.descriptorKey) continue;
    rest.skip(32);
    const pubkey = rest.varBytes();
    const der = value.slice(1 + (value[0] === 0xfd ? 2 : 0), -32);
    const secret = decodeDerPrivateKey(der);
    assert.ok(secret);
    assert.deepEqual(secp256k1.createPublicKey(secret), pubkey);
    assert.deepEqual(encodeDerPrivateKey(secret, pubkey), der);
    const long = encodeDerPrivateKey(secret, secp256k1.createPublicKey(secret, false));
    assert.equal(long.length, 279);
    assert.deepEqual(decodeDerPrivateKey(long), secret);
    seen++;
  }
  assert.equal(seen, 8);
});

test('a wallet file has the header the reference looks for, and one user at a time', (t) => {
  const path = join(temporary(t), 'wallet.dat');
  const database = WalletDatabase.open(path, { magic: regtest.magic, create: true });
  database.put(Uint8Array.of(1), Uint8Array.of());
  assert.deepEqual(database.get(Uint8Array.of(1)), new Uint8Array(0));
  const failsWith = (kind: string, open: () => unknown): void => {
    assert.throws(open, (fault) => fault instanceof DatabaseFailure && fault.kind === kind);
  };
  failsWith('locked', () => WalletDatabase.open(path, { magic: regtest.magic, create: false }));
  database.close();
  failsWith('format', () => WalletDatabase.open(path, { magic: chainParams('main').magic, create: false }));
  const facts = execFileSync('sqlite3', [path, '.schema', 'pragma application_id', 'pragma user_version', 'pragma page_size', 'pragma journal_mode'], { encoding: 'utf8' });
  assert.deepEqual(facts.trim().split('\n'), ['CREATE TABLE main(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL);', '-88099366', '0', '4096', 'delete']);
  assert.ok(!existsSync(`${path}-journal`));
});

test('transactions happen entirely or not at all; prefixes find and delete', async (t) => {
  const directory = temporary(t);
  const database = WalletDatabase.open(join(directory, 'a.dat'), { magic: regtest.magic, create: true });
  t.after(() => database.close());
  const key = (text: string): Uint8Array => bytesValue(new TextEncoder().encode(text));
  assert.throws(() =>
    database.transaction(() => {
      database.put(key('x'), key('1'));
      throw new RangeError('stop');
    }),
  );
  assert.equal(database.records().length, 0);
  database.transaction(() => database.transaction(() => ['aa', 'ab', 'b'].forEach((each) => database.put(key(each), key(each)))));
  assert.equal(database.insert(key('b'), key('other')), false);
  const prefix = Uint8Array.of(2, 'a'.charCodeAt(0));
  assert.equal(database.records(prefix).length, 2);
  assert.equal(database.records(Uint8Array.of(0xff)).length, 0);
  await database.backup(join(directory, 'b.dat'));
  database.deletePrefix(prefix);
  assert.equal(database.records().length, 1);
  database.rewrite();
  const other = WalletDatabase.open(join(directory, 'b.dat'), { magic: regtest.magic, create: false });
  t.after(() => other.close());
  assert.equal(other.records().length, 3);
  cpSync(join(directory, 'b.dat'), join(directory, 'c.dat'));
});

test('transaction records keep what they do not know', { skip }, (t) => {
  const database = WalletDatabase.open(join(golden(t), 'plain', 'wallet.dat'), { magic: regtest.magic, create: false });
  t.after(() => database.close());
  const [first] = readWalletRecords(database).transactions;
  assert.ok(first);
  const odd = {
    ...first,
    state: { kind: 'unrecognized' as const, blockHash: new Uint8Array(32).fill(7), index: -5 },
    notes: new Map([['zz', 'last'], ['comment', 'é'], ['to', 'somebody']]),
    orderForm: [['Message', 'hello'] as const],
    timeSmart: 0,
    orderPosition: -1n,
  };
  assert.deepEqual(parseTransactionRecord(serializeTransactionRecord(odd)), odd);
});
