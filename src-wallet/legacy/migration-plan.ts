import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash160, ripemd160 } from '../../src-bitcoin/crypto/hash.js';
import { isSolvable, keyExpressions, type Descriptor } from '../../src-bitcoin/descriptor/descriptor.js';
import { inferDescriptor } from '../../src-bitcoin/descriptor/infer.js';
import { parseDescriptor } from '../../src-bitcoin/descriptor/parse.js';
import type { SecretKeys } from '../../src-bitcoin/descriptor/parse-key.js';
import { printDescriptor } from '../../src-bitcoin/descriptor/print.js';
import type { SolvingData } from '../../src-bitcoin/descriptor/solving.js';
import { derivePrivateChild, derivePrivatePath, encodeExtendedPrivateKey, neuter, rootKeyOfSeed, type ExtendedPrivateKey } from '../../src-bitcoin/keys/bip32.js';
import { formatPath, hardened } from '../../src-bitcoin/keys/path.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import { solve } from '../../src-bitcoin/script/solver.js';
import { coversAllKeys } from '../keys/import-descriptor.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import { inactiveChains, type HdChain } from './hd-chains.js';
import { isSeed } from './key-metadata.js';
import { keyScripts, LegacyOwnership } from './legacy-ownership.js';
import { LegacyRecordFault, type LegacyRecords } from './legacy-records.js';
import type { Pauses } from './pauses.js';

/** A descriptor that takes over a part of a legacy wallet. */
export interface PlannedDescriptor {
  readonly descriptor: Descriptor;
  readonly secrets: SecretKeys;
  /** Seconds since 1970; 0 when unknown. */
  readonly creationTime: bigint;
  /** How many indexes were in use; 0 for descriptors without a range. */
  readonly count: number;
}

/** The descriptors that a legacy wallet becomes, by the wallet they go to. */
export interface MigrationPlan {
  /** What new addresses are to come from; undefined without a seed. */
  readonly root: ExtendedPrivateKey | undefined;
  /** What the wallet can spend; all of it in a wallet without private keys. */
  readonly owned: readonly PlannedDescriptor[];
  /** What it watches without being able to spend. */
  readonly watched: readonly PlannedDescriptor[];
  /** What it does not watch, but knows how to sign for. */
  readonly solvable: readonly PlannedDescriptor[];
  /** Output scripts that were watched and that nobody can use (hex). They go nowhere. */
  readonly unusable: ReadonlySet<string>;
}

/** A chain that counts far more keys than there are in the file is damaged, and would take forever. */
const mostMissingKeys = 10_000;
const noSecrets: SecretKeys = new Map();

class Planner {
  readonly #records: LegacyRecords;
  readonly #secrets: SecretKeys;
  readonly #params: ChainParams;
  readonly #ownership: LegacyOwnership;
  readonly #solving: SolvingData;
  /** Own output scripts that no descriptor covers yet. */
  readonly #left = new Map<string, Uint8Array>();
  readonly #candidates: ReadonlyMap<string, Uint8Array>;
  readonly #secretsByHash: ReadonlyMap<string, Uint8Array>;
  readonly #pauses: Pauses;

  constructor(records: LegacyRecords, secrets: SecretKeys, params: ChainParams, pauses: Pauses) {
    this.#pauses = pauses;
    this.#records = records;
    this.#secrets = secrets;
    this.#params = params;
    this.#ownership = new LegacyOwnership(records);
    this.#solving = this.#ownership.solvingData();
    this.#candidates = this.#ownership.candidates();
    this.#secretsByHash = new Map([...secrets].map(([pubkey, secret]) => [toHex(hash160(fromHex(pubkey))), secret]));
  }

  #cover(scripts: readonly Uint8Array[]): void {
    for (const script of scripts) this.#left.delete(toHex(script));
  }

  /** A descriptor from its text without checksum. */
  #parse(text: string): { readonly descriptor: Descriptor; readonly secrets: SecretKeys } {
    const parsed = parseDescriptor(text, this.#params);
    if (!parsed.ok) throw new LegacyRecordFault(`a key of the wallet file makes no descriptor: ${parsed.error}`);
    return { descriptor: parsed.descriptors[0], secrets: parsed.secrets };
  }

  #chains(): readonly HdChain[] {
    const { hdChain, metadata } = this.#records;
    return [...(hdChain === undefined ? [] : [hdChain]), ...inactiveChains(metadata.values(), hdChain?.seedId)];
  }

  #rootOf(chain: HdChain): ExtendedPrivateKey {
    const seed = this.#secretsByHash.get(chain.seedId);
    if (seed === undefined) throw new LegacyRecordFault(`the HD seed ${chain.seedId} of the wallet is not among its keys`);
    return rootKeyOfSeed(seed);
  }

  /** A key that does not come from a seed, in each form that outputs to it have. */
  #single(pubkey: Uint8Array): PlannedDescriptor {
    const origin = this.#solving.origin(pubkey);
    const prefix = origin === undefined ? '' : `[${toHex(origin.fingerprint)}${formatPath(origin.path)}]`;
    const { descriptor } = this.#parse(`combo(${prefix}${toHex(pubkey)})`);
    this.#cover(keyScripts(pubkey));
    const creationTime = this.#records.metadata.get(toHex(hash160(pubkey)))?.creationTime ?? 0n;
    return { descriptor, secrets: this.#secretsFor(descriptor), creationTime, count: 0 };
  }

  async #hd(chain: HdChain, internal: boolean): Promise<PlannedDescriptor> {
    const count = internal ? chain.internalCount : chain.externalCount;
    if (count > this.#secrets.size + mostMissingKeys) {
      throw new LegacyRecordFault(`an HD chain of the wallet counts ${count} keys, of which most are missing`);
    }
    const root = this.#rootOf(chain);
    const branch = `/0h/${internal ? 1 : 0}h`;
    const { descriptor, secrets } = this.#parse(`combo(${encodeExtendedPrivateKey(root, this.#params)}${branch}/*h)`);
    const parent = derivePrivatePath(root, [hardened(0), hardened(internal ? 1 : 0)]);
    for (let index = 0; index < count; index++) {
      await this.#pauses.take();
      const child = parent && derivePrivateChild(parent, hardened(index));
      if (child !== undefined) this.#cover(keyScripts(neuter(child).pubkey));
    }
    return { descriptor, secrets, creationTime: 0n, count };
  }

  #secretsFor(descriptor: Descriptor): SecretKeys {
    const found = new Map<string, Uint8Array>();
    for (const { key } of keyExpressions(descriptor)) {
      if (key.kind !== 'fixed') continue;
      const pubkey = toHex(key.pubkey);
      // An x-only key stands for either of its two points.
      for (const point of key.xOnly ? [pubkey, pubkey.replace(/^02/, '03')] : [pubkey]) {
        const secret = this.#secrets.get(point);
        if (secret !== undefined) found.set(point, secret);
      }
    }
    return found;
  }

  /** An inferred descriptor with what is noted of its script; undefined for one that could not be read back from a file. */
  #described(script: Uint8Array, inferred: Descriptor): PlannedDescriptor | undefined {
    const parsed = parseDescriptor(printDescriptor(inferred, this.#params), this.#params);
    if (!parsed.ok) return undefined;
    const [descriptor] = parsed.descriptors;
    const creationTime = this.#records.scriptTimes.get(toHex(hash160(script))) ?? 0n;
    return { descriptor, secrets: this.#secretsFor(descriptor), creationTime, count: 0 };
  }

  /** Whether something could be added to the signatures of an output that is not watched. */
  #canHelpSign(script: Uint8Array, descriptor: Descriptor): boolean {
    const solved = solve(script);
    if (solved.type === 'scripthash' && this.#ownership.script(solved.hash) !== undefined) return true;
    if (solved.type === 'witness_v0_scripthash') {
      const isAccepted = this.#ownership.script(hash160(script)) !== undefined;
      if (isAccepted && this.#ownership.script(ripemd160(solved.hash)) !== undefined) return true;
    }
    return keyExpressions(descriptor).some(({ key }) => key.kind === 'fixed' && this.#ownership.hasKey(key.pubkey));
  }

  async #solvables(): Promise<readonly PlannedDescriptor[]> {
    const found: PlannedDescriptor[] = [];
    for (const script of this.#candidates.values()) {
      await this.#pauses.take();
      const { type } = solve(script);
      if ((type !== 'scripthash' && type !== 'witness_v0_scripthash') || this.#ownership.isOwn(script)) continue;
      const inferred = inferDescriptor(script, this.#solving);
      if (!isSolvable(inferred) || !this.#canHelpSign(script, inferred)) continue;
      const planned = this.#described(script, inferred);
      if (planned !== undefined) found.push({ ...planned, secrets: noSecrets });
    }
    return found;
  }

  async plan(): Promise<MigrationPlan> {
    for (const [key, script] of this.#candidates) {
      await this.#pauses.take();
      if (this.#ownership.isOwn(script)) this.#left.set(key, script);
    }
    const { metadata, hdChain, flags } = this.#records;
    const owned: PlannedDescriptor[] = [];
    const watched: PlannedDescriptor[] = [];
    const chains = this.#chains();
    const seeds = new Set(chains.map(({ seedId }) => seedId));
    for (const pubkey of this.#ownership.pubkeys) {
      await this.#pauses.take();
      const noted = metadata.get(toHex(hash160(pubkey)));
      const isFromChain = noted?.seedId !== undefined && seeds.has(noted.seedId) && !isSeed(noted);
      if (!isFromChain) owned.push(this.#single(pubkey));
    }
    // Without a seed in use, seeds that were replaced had a chain for change.
    const isSplit = hdChain?.split ?? true;
    for (const chain of chains) for (const internal of isSplit ? [false, true] : [false]) owned.push(await this.#hd(chain, internal));
    const isWatchOnly = (flags & WalletFlag.disablePrivateKeys) !== 0n;
    for (const script of this.#left.values()) {
      await this.#pauses.take();
      const planned = this.#described(script, inferDescriptor(script, this.#solving));
      if (planned === undefined) continue;
      const isOwned = isWatchOnly || coversAllKeys(planned.descriptor, planned.secrets);
      if (isOwned) owned.push(planned);
      else watched.push({ ...planned, secrets: noSecrets });
    }
    return {
      root: hdChain && this.#rootOf(hdChain),
      owned,
      watched,
      solvable: await this.#solvables(),
      unusable: new Set(this.#ownership.unusableWatched().map(toHex)),
    };
  }
}

/**
 * Which descriptors a legacy wallet becomes.
 * @param secrets all its private keys by public key (hex)
 * @throws LegacyRecordFault or what `pauses` throws
 */
export function planMigration(records: LegacyRecords, secrets: SecretKeys, params: ChainParams, pauses: Pauses): Promise<MigrationPlan> {
  return new Planner(records, secrets, params, pauses).plan();
}
