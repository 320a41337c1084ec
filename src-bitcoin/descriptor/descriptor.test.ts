import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hashToHex, toHex } from '../bytes/hex.js';
import { chainParams } from '../params/networks.js';
import { descriptorChecksum, withChecksum } from './checksum.js';
import { DescriptorCache } from './derive-key.js';
import { isRanged, outputTypeOf } from './descriptor.js';
import { addPrivateKeys, cacheDescriptor, expandDescriptor } from './expand.js';
import { inferDescriptor } from './infer.js';
import { parseDescriptor } from './parse.js';
import { descriptorId, printDescriptor, printNormalizedDescriptor, printPrivateDescriptor } from './print.js';
import { SolvingData } from './solving.js';

interface Vectors {
  readonly valid: readonly {
    readonly private: string;
    readonly public: string;
    readonly normalized: string;
    readonly scripts: readonly (readonly string[])[];
    readonly type: string | null;
    readonly id: string | null;
  }[];
  readonly invalid: readonly { readonly private: string; readonly public: string; readonly error: string }[];
}

const vectors = JSON.parse(readFileSync(new URL('descriptor.vectors.json', import.meta.url), 'utf8')) as Vectors;
const main = chainParams('main');
const strip = (text: string): string => text.split('#')[0] ?? '';

test('valid descriptors: scripts, texts, ids, caches', () => {
  assert.ok(vectors.valid.length > 25);
  for (const vector of vectors.valid) {
    const withSecrets = parseDescriptor(vector.private, main);
    const parsed = parseDescriptor(vector.public, main);
    assert.ok(withSecrets.ok && parsed.ok, vector.public);
    const [descriptor] = parsed.descriptors;
    const { secrets } = withSecrets;
    assert.equal(strip(printDescriptor(descriptor, main)), strip(vector.public));
    assert.equal(strip(printDescriptor(withSecrets.descriptors[0], main)), strip(vector.public));
    assert.equal(strip(printNormalizedDescriptor(descriptor, main, { secrets }) ?? ''), strip(vector.normalized));
    if (vector.private !== vector.public) {
      assert.equal(strip(printPrivateDescriptor(descriptor, main, secrets) ?? ''), strip(vector.private));
    }
    assert.equal(printPrivateDescriptor(descriptor, main, new Map()), undefined);
    assert.equal(outputTypeOf(descriptor) ?? null, vector.type, vector.public);
    if (vector.id !== null) assert.equal(hashToHex(descriptorId(descriptor, main)), vector.id, vector.public);
    vector.scripts.forEach((expected, index) => {
      const solving = new SolvingData();
      const scripts = expandDescriptor(descriptor, index, { secrets }, solving);
      assert.deepEqual(scripts?.map(toHex), expected, vector.public);
      const cache = new DescriptorCache();
      assert.ok(cacheDescriptor(descriptor, index, { secrets }, cache));
      assert.deepEqual(expandDescriptor(descriptor, index, { cache })?.map(toHex), expected);
      // What was learned on the way is enough to describe each script again, down to its keys.
      for (const script of scripts ?? []) {
        const inferred = inferDescriptor(script, solving);
        assert.notEqual(inferred.kind, 'raw', vector.public);
        assert.notEqual(inferred.kind, 'addr', vector.public);
        const again = parseDescriptor(printDescriptor(inferred, main), main, { requireChecksum: true });
        assert.ok(again.ok);
        assert.deepEqual(expandDescriptor(again.descriptors[0], 0, {})?.map(toHex), [toHex(script)]);
      }
    });
    if (vector.scripts.length > 1) assert.ok(isRanged(descriptor));
  }
});

test('invalid descriptors are refused in the reference words', () => {
  assert.ok(vectors.invalid.length > 40);
  const unsupported = /miniscript|musig/;
  for (const vector of vectors.invalid) {
    assert.equal(parseDescriptor(vector.private, main).ok, false, vector.private);
    const parsed = parseDescriptor(vector.public, main);
    assert.ok(!parsed.ok, vector.public);
    if (!unsupported.test(parsed.error)) assert.equal(parsed.error, vector.error, vector.public);
  }
});

test('checksums', () => {
  assert.equal(descriptorChecksum('raw(deadbeef)'), '89f8spxm');
  assert.equal(withChecksum('raw(deadbeef)'), 'raw(deadbeef)#89f8spxm');
  assert.ok(parseDescriptor('raw(deadbeef)#89f8spxm', main, { requireChecksum: true }).ok);
  const cases: [string, string][] = [
    ['raw(deadbeef)', 'Missing checksum'],
    ['raw(deadbeef)#', 'Expected 8 character checksum, not 0 characters'],
    ['raw(deadbeef)#89f8spxmx', 'Expected 8 character checksum, not 9 characters'],
    ['raw(deadbeef)#89f8spx', 'Expected 8 character checksum, not 7 characters'],
    ['raw(deedbeef)#89f8spxm', "Provided checksum '89f8spxm' does not match computed checksum 'qzzzxrw6'"],
    ['raw(deadbeef)##9f8spxm', "Multiple '#' symbols"],
    ['raw(Ü)#00000000', 'Invalid characters in payload'],
  ];
  for (const [text, error] of cases) {
    const parsed = parseDescriptor(text, main, { requireChecksum: true });
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.replace(/computed checksum '.*'/, "computed checksum 'qzzzxrw6'"), error);
  }
});

test('multipath descriptors stand for one descriptor per choice (BIP389)', () => {
  const xpub = 'xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB';
  const both = parseDescriptor(`tr(${xpub}/<0;1>/*,pk(${xpub}/7/<2;3>/*))`, main);
  assert.ok(both.ok);
  assert.deepEqual(
    both.descriptors.map((each) => strip(printDescriptor(each, main))),
    [`tr(${xpub}/0/*,pk(${xpub}/7/2/*))`, `tr(${xpub}/1/*,pk(${xpub}/7/3/*))`],
  );
  const bad: [string, string][] = [
    [`pkh(${xpub}/<0>/*)`, 'pkh(): Multipath key path specifiers must have at least two items'],
    [`pkh(${xpub}/<0;0>/*)`, 'pkh(): Duplicated key path value 0 in multipath specifier'],
    [`pkh(${xpub}/<0;1>/<2;3>)`, 'pkh(): Multiple multipath key path specifiers found'],
    [`wsh(multi(2,${xpub}/<0;1>/*,${xpub}/<0;1;2>/*))`, 'multi(): Multipath derivation paths have mismatched lengths'],
    [`pkh([deadbeef/<0;1>]${xpub})`, "pkh(): Key path value '<0;1>' specifies multipath in a section where multipath is not allowed"],
  ];
  for (const [text, error] of bad) assert.deepEqual(parseDescriptor(text, main), { ok: false, error });
});

test('private keys belong to the scripts they are expanded with', () => {
  const parsed = parseDescriptor(
    "wpkh(xprv9s21ZrQH143K31xYSDQpPDxsXRTUcvj2iNHm5NUtrGiGG5e2DtALGdso3pGz6ssrdK4PFmM8NSpSBHNqPqm55Qn3LqFtT2emdEXVYsCzC2U/84'/0'/0'/0/*)",
    main,
  );
  assert.ok(parsed.ok);
  const [descriptor] = parsed.descriptors;
  const solving = new SolvingData();
  const [script] = expandDescriptor(descriptor, 5, { secrets: parsed.secrets }, solving) ?? [];
  assert.ok(script);
  const pubkey = solving.pubkey(script.slice(2));
  assert.ok(pubkey);
  assert.equal(solving.secret(pubkey), undefined);
  addPrivateKeys(descriptor, 5, parsed.secrets, solving);
  assert.equal(solving.secret(pubkey)?.length, 32);
  assert.equal(expandDescriptor(descriptor, 5, {}), undefined);
});
