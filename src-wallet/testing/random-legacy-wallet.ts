import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { hardened } from '../../src-bitcoin/keys/path.js';
import { pick, type Random } from '../../src-ipc/testing/random.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { StoredRecord } from '../store/database.js';
import { LegacyComposer, namedSecret } from './legacy-composer.js';
import { composedAddress, locatorOfGenesis, multisig, p2pkh, p2sh, p2wpkh, p2wsh } from './legacy-wallets.js';

/** Longer than any script that can be spent. */
const tooLong = 530;

/** A script of whatever kind around some of these keys. */
function someScript(random: Random, own: readonly Uint8Array[], all: readonly Uint8Array[]): Uint8Array {
  const key = pick(random, all);
  switch (random.below(7)) {
    case 0:
      return scriptPubKeyOf({ kind: 'pubkey', pubkey: key });
    case 1:
      return p2pkh(key);
    case 2:
      return p2wpkh(key);
    case 3:
      return scriptPubKeyOf({ kind: 'witness_v1_taproot', outputKey: key.slice(1, 33) });
    case 4:
      return Uint8Array.from({ length: random.oneIn(8) ? tooLong : 1 + random.below(12) }, () => 0x51 + random.below(4));
    default: {
      const keys = Array.from({ length: 1 + random.below(3) }, () => pick(random, random.oneIn(2) && own.length > 0 ? own : all));
      return multisig(1 + random.below(keys.length), ...keys);
    }
  }
}

/** Keys with a private one, from seeds and alone, with and without notes on them. */
function addKeys(composer: LegacyComposer, random: Random, name: string): readonly Uint8Array[] {
  const time = (): number => 1_300_000_000 + random.below(100_000_000);
  if (!random.oneIn(3)) {
    const external = random.below(4);
    composer.seed(namedSecret(`${name} seed`), random.oneIn(3) ? { external } : { external, internal: random.below(4) }, time());
  }
  if (random.oneIn(3)) composer.seed(namedSecret(`${name} replaced`), { external: 1 + random.below(3), internal: random.below(3) }, time(), false);
  return Array.from({ length: random.below(5) }, (_, i) => {
    const key = composer.key(namedSecret(`${name} ${i}`), !random.oneIn(3));
    if (random.oneIn(2)) composer.metadata(key, time());
    else if (random.oneIn(3)) composer.metadata(key, time(), { seedId: new Uint8Array(20), path: [hardened(1), 5], fingerprint: Uint8Array.of(1, 2, 3, 4) });
    return key;
  });
}

/** The records of a legacy wallet with random keys and scripts, wrapped, known, watched and labelled at random. */
export function randomLegacyRecords(random: Random, name: string): readonly StoredRecord[] {
  const composer = new LegacyComposer().bestBlock(locatorOfGenesis);
  const isKeyless = random.oneIn(10);
  if (isKeyless) composer.flags(WalletFlag.disablePrivateKeys);
  const own = isKeyless ? [] : addKeys(composer, random, name);
  const foreign = Array.from({ length: 1 + random.below(4) }, (_, i) => secp256k1.createPublicKey(namedSecret(`${name} foreign ${i}`), !random.oneIn(3)));
  for (const key of foreign) {
    if (random.oneIn(5)) composer.metadata(key, 1_200_000_000, { seedId: new Uint8Array(20), path: [hardened(44), 1, 2], fingerprint: Uint8Array.of(9, 9, 9, 9) });
  }
  const watched: Uint8Array[] = [];
  for (let left = random.below(6); left > 0; left--) {
    let script = someScript(random, own, [...own, ...foreign]);
    for (let depth = random.below(4); depth >= 0; depth--) {
      if (!random.oneIn(3)) composer.script(script);
      if (random.oneIn(3)) {
        composer.watch(script, random.oneIn(2) ? 1_450_000_000 + left : undefined);
        watched.push(script);
      }
      if (depth > 0) script = random.oneIn(2) ? p2sh(script) : p2wsh(script);
    }
  }
  for (const address of watched.map(composedAddress)) if (address !== '' && random.oneIn(2)) composer.address(address, `label ${random.below(3)}`, 'receive');
  const records = new Map(composer.records().map((record) => [toHex(record.key), record]));
  return [...records.values()];
}
