import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import { hardened } from '../../src-bitcoin/keys/path.js';
import { recordKey } from '../store/record-keys.js';
import { regtest } from '../testing/fixtures.js';
import { LegacyComposer, namedSecret } from '../testing/legacy-composer.js';
import { multisig, p2sh } from '../testing/legacy-wallets.js';
import { readLegacyRecords } from './legacy-records.js';
import { planMigration, type MigrationPlan, type PlannedDescriptor } from './migration-plan.js';
import { Pauses } from './pauses.js';

function planOf(composer: LegacyComposer): Promise<MigrationPlan> {
  const records = readLegacyRecords(composer.records());
  return planMigration(records, records.secrets, regtest, new Pauses(new AbortController().signal));
}

const textsOf = (planned: readonly PlannedDescriptor[]): readonly string[] => planned.map(({ descriptor }) => printDescriptor(descriptor, regtest).replace(/#.*/, ''));

test('where a key comes from is kept, also of keys that are only in scripts', async () => {
  const composer = new LegacyComposer();
  const own = composer.key(namedSecret('own'));
  const foreign = new LegacyComposer().key(namedSecret('foreign'));
  composer.metadata(foreign, 0, { seedId: new Uint8Array(20), path: [hardened(44), 1, 2], fingerprint: new Uint8Array(4).fill(9) });
  composer.script(multisig(1, own, foreign));
  const inner = `multi(1,${toHex(own)},[09090909/44h/1/2]${toHex(foreign)})`;
  const { owned, solvable } = await planOf(composer);
  assert.deepEqual(textsOf(owned), [`combo(${toHex(own)})`]);
  assert.deepEqual([...textsOf(solvable)].sort(), [`sh(${inner})`, `wsh(${inner})`]);
});

test('a watched taproot output keeps its private key, whichever point of the curve that has', async () => {
  const composer = new LegacyComposer();
  // Public keys of both parities.
  const keys = ['even', 'odd'].map((name) => composer.key(namedSecret(name)));
  assert.deepEqual(keys.map(([head]) => head).sort(), [2, 3]);
  for (const key of keys) composer.watch(scriptPubKeyOf({ kind: 'witness_v1_taproot', outputKey: key.slice(1) }));
  const { owned, watched } = await planOf(composer);
  assert.deepEqual(watched, []);
  const taproot = owned.filter(({ descriptor }) => descriptor.kind === 'rawtr');
  assert.deepEqual(taproot.map(({ secrets }) => [...secrets.keys()]).sort(), keys.map((key) => [toHex(key)]).sort());
});

test('what cannot be is refused: a seed without its key, far more keys than there are, keys of both kinds', async () => {
  const hdChain = (count: number, seedId: Uint8Array): Uint8Array => new ByteWriter(32).i32(2).u32(count).bytes(seedId).u32(0).finish();
  await assert.rejects(planOf(new LegacyComposer().put(recordKey('hdchain'), hdChain(1, new Uint8Array(20).fill(7)))), {
    name: 'LegacyRecordFault',
    message: `the HD seed ${'07'.repeat(20)} of the wallet is not among its keys`,
  });
  const composer = new LegacyComposer();
  composer.seed(namedSecret('seed'), { external: 2, internal: 2 }, 0);
  const records = readLegacyRecords(composer.records());
  assert.ok(records.hdChain);
  const vast = { ...records, hdChain: { ...records.hdChain, externalCount: 0xffffffff } };
  await assert.rejects(planMigration(vast, vast.secrets, regtest, new Pauses(new AbortController().signal)), /counts 4294967295 keys, of which most are missing/);
  assert.throws(() => readLegacyRecords([...composer.records(), ...composer.records('passphrase')]), /private keys that are encrypted and others that are not/);
});

test('a script that is behind a hash in itself is nobody’s', async () => {
  const composer = new LegacyComposer();
  const nested = p2sh(multisig(1, composer.key(namedSecret('own'))));
  composer.script(nested).watch(p2sh(nested));
  const { watched, solvable, unusable } = await planOf(composer);
  assert.deepEqual([watched.length, solvable.length, [...unusable]], [0, 0, [toHex(p2sh(nested))]]);
});
