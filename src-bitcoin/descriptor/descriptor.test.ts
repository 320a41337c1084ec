import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HDKey } from '@scure/bip32';
import { p2ms, p2pkh, p2sh, p2tr, p2wpkh, p2wsh } from '@scure/btc-signer';
import { compareBytes } from '../bytes/bytes.js';
import { toHex } from '../bytes/hex.js';
import { chainParams } from '../params/networks.js';
import { descriptorChecksum, withChecksum } from './checksum.js';
import { DescriptorCache } from './derive-key.js';
import { isRanged, outputTypeOf } from './descriptor.js';
import { addPrivateKeys, cacheDescriptor, expandDescriptor } from './expand.js';
import { inferDescriptor } from './infer.js';
import { parseDescriptor } from './parse.js';
import { descriptorId, printDescriptor, printNormalizedDescriptor, printPrivateDescriptor } from './print.js';
import { SolvingData } from './solving.js';

const main = chainParams('main');
const strip = (text: string): string => text.split('#')[0] ?? '';

/** Root keys that only these tests know. */
const roots = [1, 2, 3].map((byte) => HDKey.fromMasterSeed(new Uint8Array(32).fill(byte)));
const rootAt = (i: number): HDKey => {
  const root = roots[i];
  assert.ok(root !== undefined);
  return root;
};
/** Compressed public key of a root at `path`. */
const keyAt = (i: number, path: string): Uint8Array => {
  const { publicKey } = rootAt(i).derive(`m/${path}`);
  assert.ok(publicKey !== null);
  return publicKey;
};
const xOnly = (key: Uint8Array): Uint8Array => key.slice(1);

interface Case {
  /** With `K0`, `K1`, `K2` for the root keys. */
  readonly text: string;
  readonly type: string | undefined;
  /** Output scripts at an index, by an independent library. */
  readonly scripts: (index: number) => readonly Uint8Array[];
}

const leaf = (key: Uint8Array): { script: Uint8Array } => ({ script: Uint8Array.of(32, ...xOnly(key), 0xac) });

const cases: readonly Case[] = [
  { text: 'pk(K0/5)', type: undefined, scripts: () => [Uint8Array.of(33, ...keyAt(0, '5'), 0xac)] },
  { text: 'pkh(K0/44/0/*)', type: 'legacy', scripts: (i) => [p2pkh(keyAt(0, `44/0/${i}`)).script] },
  { text: 'wpkh(K0/84/*)', type: 'bech32', scripts: (i) => [p2wpkh(keyAt(0, `84/${i}`)).script] },
  { text: 'sh(wpkh(K1/49/*))', type: 'p2sh-segwit', scripts: (i) => [p2sh(p2wpkh(keyAt(1, `49/${i}`))).script] },
  { text: 'tr(K0/86/*)', type: 'bech32m', scripts: (i) => [p2tr(xOnly(keyAt(0, `86/${i}`))).script] },
  { text: 'wsh(multi(2,K0/*,K1/*,K2/*))', type: 'bech32', scripts: (i) => [p2wsh(p2ms(2, [0, 1, 2].map((root) => keyAt(root, String(i))))).script] },
  {
    text: 'sh(wsh(sortedmulti(1,K0/*,K1/*)))',
    type: 'p2sh-segwit',
    scripts: (i) => [p2sh(p2wsh(p2ms(1, [0, 1].map((root) => keyAt(root, String(i))).sort(compareBytes)))).script],
  },
  { text: 'sh(multi(1,K0/7,K1/8))', type: 'legacy', scripts: () => [p2sh(p2ms(1, [keyAt(0, '7'), keyAt(1, '8')])).script] },
  {
    text: 'tr(K0/0,{pk(K1/*),pk(K2/3)})',
    type: 'bech32m',
    scripts: (i) => [p2tr(xOnly(keyAt(0, '0')), [leaf(keyAt(1, String(i))), leaf(keyAt(2, '3'))], undefined, true).script],
  },
  {
    text: 'combo(K2/1/*)',
    type: undefined,
    scripts: (i) => {
      const key = keyAt(2, `1/${i}`);
      return [Uint8Array.of(33, ...key, 0xac), p2pkh(key).script, p2wpkh(key).script, p2sh(p2wpkh(key)).script];
    },
  },
];

const withKeys = (text: string, key: (root: HDKey) => string): string => text.replace(/K([012])/g, (_, digit: string) => key(rootAt(Number(digit))));

for (const { text, type, scripts } of cases) {
  test(`${text}: scripts as an independent library makes them, texts, caches`, () => {
    const privateText = withKeys(text, (root) => root.privateExtendedKey);
    const publicText = withKeys(text, (root) => root.publicExtendedKey);
    const withSecrets = parseDescriptor(privateText, main);
    const parsed = parseDescriptor(publicText, main);
    assert.ok(withSecrets.ok && parsed.ok);
    const [descriptor] = parsed.descriptors;
    const { secrets } = withSecrets;
    assert.equal(strip(printDescriptor(descriptor, main)), publicText);
    assert.equal(strip(printDescriptor(withSecrets.descriptors[0], main)), publicText);
    assert.equal(strip(printNormalizedDescriptor(descriptor, main, { secrets }) ?? ''), publicText);
    assert.equal(strip(printPrivateDescriptor(descriptor, main, secrets) ?? ''), privateText);
    assert.equal(printPrivateDescriptor(descriptor, main, new Map()), undefined);
    assert.equal(outputTypeOf(descriptor), type);
    assert.equal(isRanged(descriptor), text.includes('*'));
    // BIP380: the id is the hash of the text, so that equal descriptors have equal ids.
    assert.deepEqual(descriptorId(descriptor, main), descriptorId(withSecrets.descriptors[0], main));
    for (const index of isRanged(descriptor) ? [0, 1, 1000] : [0]) {
      const expected = scripts(index).map(toHex);
      const solving = new SolvingData();
      const made = expandDescriptor(descriptor, index, { secrets }, solving);
      assert.deepEqual(made?.map(toHex), expected);
      const cache = new DescriptorCache();
      assert.ok(cacheDescriptor(descriptor, index, { secrets }, cache));
      assert.deepEqual(expandDescriptor(descriptor, index, { cache })?.map(toHex), expected);
      // What was learned on the way is enough to describe each script again, down to its keys.
      for (const script of made ?? []) {
        const inferred = inferDescriptor(script, solving);
        assert.ok(inferred.kind !== 'raw' && inferred.kind !== 'addr');
        const again = parseDescriptor(printDescriptor(inferred, main), main, { requireChecksum: true });
        assert.ok(again.ok);
        assert.deepEqual(expandDescriptor(again.descriptors[0], 0, {})?.map(toHex), [toHex(script)]);
      }
    }
  });
}

test('hardened steps need the private key; normalized texts put them into the origin', () => {
  const text = (key: string): string => `wpkh(${key}/84h/0h/*)`;
  const withSecrets = parseDescriptor(text(rootAt(0).privateExtendedKey), main);
  assert.ok(withSecrets.ok);
  const [descriptor] = withSecrets.descriptors;
  assert.equal(expandDescriptor(descriptor, 0, {}), undefined);
  assert.deepEqual(expandDescriptor(descriptor, 4, { secrets: withSecrets.secrets })?.map(toHex), [toHex(p2wpkh(keyAt(0, "84'/0'/4")).script)]);
  const account = rootAt(0).derive("m/84'/0'");
  const fingerprint = rootAt(0).fingerprint.toString(16).padStart(8, '0');
  const normalized = strip(printNormalizedDescriptor(descriptor, main, { secrets: withSecrets.secrets }) ?? '');
  assert.equal(normalized, `wpkh([${fingerprint}/84h/0h]${account.publicExtendedKey}/*)`);
});

test('what is no descriptor is refused by name', () => {
  const key = toHex(keyAt(0, '0'));
  const xpub = rootAt(0).publicExtendedKey;
  const refused: readonly (readonly [string, RegExp])[] = [
    ['', /not a valid descriptor function/],
    [`nosuch(${key})`, /not a valid descriptor function/],
    [`pk(${key}`, /not a valid descriptor function|Expected/],
    [`pk(${key.slice(2)})`, /Pubkey '[0-9a-f]+' is invalid/],
    [`wpkh(04${'11'.repeat(64)})`, /invalid|Uncompressed/],
    [`sh(sh(pk(${key})))`, /Can only have sh\(\) at top level/],
    [`wsh(wsh(pk(${key})))`, /Can only have wsh\(\) at top level or inside sh\(\)/],
    [`wsh(wpkh(${key}))`, /Can only have wpkh\(\) at top level or inside sh\(\)/],
    [`sh(combo(${key}))`, /Can only have combo\(\) at top level/],
    [`multi(0,${key})`, /Multisig threshold cannot be 0/],
    [`multi(2,${key})`, /Multisig threshold cannot be larger than the number of keys/],
    [`multi(a,${key})`, /Multi threshold 'a' is not valid/],
    [`wpkh(${xpub}/2147483648)`, /Key path value 2147483648 is out of range/],
    [`wpkh(${xpub}/x)`, /Key path value 'x' is not a valid uint32/],
    [`pkh([deadbee]${xpub})`, /Fingerprint is not 4 bytes/],
    ['raw(zz)', /Raw script is not hex/],
    ['addr(nonsense)', /Address is not valid/],
  ];
  for (const [text, error] of refused) {
    const parsed = parseDescriptor(text, main);
    assert.ok(!parsed.ok, text);
    assert.match(parsed.error, error, text);
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
