import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160, ripemd160, sha256 } from '../../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import type { KeyExpression } from '../../src-bitcoin/descriptor/descriptor.js';
import { expandDescriptor } from '../../src-bitcoin/descriptor/expand.js';
import { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { maxScriptElementSize } from '../../src-bitcoin/script/limits.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import type { LegacyRecords } from './legacy-records.js';

/** How a legacy wallet stands to a script. What is invalid stays so in whatever it is wrapped. */
const Standing = { none: 0, watched: 1, spendable: 2, invalid: 3 } as const;
type Standing = (typeof Standing)[keyof typeof Standing];

/** Where a script stands: as an output, behind a P2SH hash, or behind a P2WSH hash. */
type Level = 'top' | 'p2sh' | 'witness';

/** The output scripts that a legacy wallet expects for each of its keys. */
export function keyScripts(pubkey: Uint8Array): readonly Uint8Array[] {
  const key: KeyExpression = { index: 0, origin: undefined, apostrophe: false, key: { kind: 'fixed', pubkey, xOnly: false } };
  return expandDescriptor({ kind: 'combo', key }, 0, {}) ?? [];
}

function wrappedForms(script: Uint8Array): readonly Uint8Array[] {
  const segwit = scriptPubKeyOf({ kind: 'witness_v0_scripthash', hash: sha256(script) });
  const nested = (inner: Uint8Array): Uint8Array => scriptPubKeyOf({ kind: 'scripthash', hash: hash160(inner) });
  return [script, nested(script), segwit, nested(segwit)];
}

/**
 * Which output scripts a legacy wallet counts as its own. It has no list of them: it takes an output
 * script apart and looks whether it knows the keys and scripts within.
 */
export class LegacyOwnership {
  /** Public keys with a private one, by HASH160. */
  readonly #keys = new Map<string, Uint8Array>();
  readonly #watchedKeys = new Map<string, Uint8Array>();
  /** By HASH160. */
  readonly #scripts = new Map<string, Uint8Array>();
  readonly #watched = new Map<string, Uint8Array>();
  readonly #metadata: LegacyRecords['metadata'];

  constructor(records: LegacyRecords) {
    this.#metadata = records.metadata;
    for (const pubkey of [...records.secrets.keys(), ...records.cryptedSecrets.keys()]) this.#learn(fromHex(pubkey), this.#keys);
    for (const script of records.scripts) {
      // A longer one can never be spent.
      if (script.length <= maxScriptElementSize) this.#scripts.set(toHex(hash160(script)), script);
    }
    for (const script of records.watched) {
      this.#watched.set(toHex(script), script);
      const solved = solve(script);
      if (solved.type === 'pubkey' && secp256k1.isValidPublicKey(solved.publicKey)) this.#learn(solved.publicKey.slice(), this.#watchedKeys);
    }
  }

  #learn(pubkey: Uint8Array, keys: Map<string, Uint8Array>): void {
    const hash = hash160(pubkey);
    keys.set(toHex(hash), pubkey);
    if (pubkey.length !== 33) return;
    // Outputs to the key's witness program count only where the script is known that would wrap it in P2SH.
    const segwit = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash });
    this.#scripts.set(toHex(hash160(segwit)), segwit);
  }

  /** Public keys that have a private one. */
  get pubkeys(): Iterable<Uint8Array> {
    return this.#keys.values();
  }

  hasKey(pubkey: Uint8Array): boolean {
    return this.#keys.has(toHex(hash160(pubkey)));
  }

  /** A script by its HASH160. */
  script(scriptHash: Uint8Array): Uint8Array | undefined {
    return this.#scripts.get(toHex(scriptHash));
  }

  #inner(script: Uint8Array | undefined, level: Level): Standing {
    return script === undefined ? Standing.none : this.#standing(script, level);
  }

  /** Outputs to a witness program count only where its P2SH form would, too. */
  #isWitnessAccepted(script: Uint8Array, level: Level): boolean {
    return level !== 'top' || this.script(hash160(script)) !== undefined;
  }

  #byKeys(script: Uint8Array, level: Level): Standing {
    const solved = solve(script);
    const own = (isOwn: boolean): Standing => (isOwn ? Standing.spendable : Standing.none);
    switch (solved.type) {
      case 'pubkey':
        return level === 'witness' && solved.publicKey.length !== 33 ? Standing.invalid : own(this.hasKey(solved.publicKey));
      case 'pubkeyhash': {
        const id = toHex(solved.hash);
        const pubkey = this.#keys.get(id) ?? this.#watchedKeys.get(id);
        return level === 'witness' && pubkey?.length === 65 ? Standing.invalid : own(this.#keys.has(id));
      }
      case 'witness_v0_keyhash':
        if (level === 'witness') return Standing.invalid;
        if (!this.#isWitnessAccepted(script, level)) return Standing.none;
        return this.#standing(scriptPubKeyOf({ kind: 'pubkeyhash', hash: solved.hash.slice() }), 'witness');
      case 'scripthash':
        return level === 'top' ? this.#inner(this.script(solved.hash), 'p2sh') : Standing.invalid;
      case 'witness_v0_scripthash':
        if (level === 'witness') return Standing.invalid;
        return this.#isWitnessAccepted(script, level) ? this.#inner(this.script(ripemd160(solved.hash)), 'witness') : Standing.none;
      case 'multisig':
        if (level === 'top') return Standing.none;
        if (level === 'witness' && solved.publicKeys.some((pubkey) => pubkey.length !== 33)) return Standing.invalid;
        return own(solved.publicKeys.every((pubkey) => this.hasKey(pubkey)));
      default:
        return Standing.none;
    }
  }

  #standing(script: Uint8Array, level: Level): Standing {
    const standing = this.#byKeys(script, level);
    return standing === Standing.none && this.#watched.has(toHex(script)) ? Standing.watched : standing;
  }

  /** Whether outputs with this script count, as spendable or as watched. */
  isOwn(script: Uint8Array): boolean {
    const standing = this.#standing(script, 'top');
    return standing === Standing.spendable || standing === Standing.watched;
  }

  /** All output scripts that can be made of what the wallet knows, by hex. Not all of them are its own. */
  candidates(): ReadonlyMap<string, Uint8Array> {
    const all = [
      ...[...this.#keys.values()].flatMap(keyScripts),
      ...[...this.#scripts.values(), ...this.#watched.values()].flatMap(wrappedForms),
    ];
    return new Map(all.map((script) => [toHex(script), script]));
  }

  /** Watched scripts that are not the wallet's own all the same: nobody could spend them. */
  unusableWatched(): readonly Uint8Array[] {
    return [...this.#watched.values()].filter((script) => !this.isOwn(script));
  }

  /** Everything known about keys and scripts, without private keys. */
  solvingData(): SolvingData {
    const solving = new SolvingData();
    for (const pubkey of [...this.#watchedKeys.values(), ...this.#keys.values()]) solving.addPubkey(pubkey);
    // Also of keys that are only in scripts.
    for (const [id, { origin }] of this.#metadata) solving.addOrigin(fromHex(id), origin ?? { fingerprint: fromHex(id).slice(0, 4), path: [] });
    for (const script of this.#scripts.values()) solving.addScript(script);
    return solving;
  }
}
