import { compareBytes, concatBytes } from '../bytes/bytes.js';
import { toHex } from '../bytes/hex.js';
import { ByteReader } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { hash160 } from '../crypto/hash.js';
import { readOrigin } from './field-values.js';
import { fieldOrder, globalField, inputField, type PsbtMapKind } from './fields.js';

const empty = new Uint8Array(0);

/** What a finished input still says: what it spends, what unlocks it, and what nobody here knows. */
const keptWhenFinished: ReadonlySet<number> = new Set([
  inputField.nonWitnessUtxo,
  inputField.witnessUtxo,
  inputField.finalScriptSig,
  inputField.finalWitness,
  inputField.proprietary,
]);

/** One field of a PSBT map. */
export interface PsbtField {
  /** Types above 2^53 are not exact; `key` has them whole. */
  readonly type: number;
  readonly key: Uint8Array;
  /** What follows the type in the key: for example the public key that a signature belongs to. */
  readonly keyData: Uint8Array;
  readonly value: Uint8Array;
}

/** The bytes of a key: its type, then its data. */
function keyOf(type: number, keyData: Uint8Array): Uint8Array {
  return concatBytes(new ByteWriter(9).compactSize(type).finish(), keyData);
}

function originSortKeys(bytes: Uint8Array): readonly Uint8Array[] {
  const { fingerprint, path } = readOrigin(bytes);
  const steps = new ByteWriter(32);
  for (const step of path) steps.u32be(step);
  return [fingerprint, new ByteWriter(4).u32be(path.length).finish(), steps.finish()];
}

/** What fields of one type are sorted by, one after the other; their key data, where nothing else is said. */
function sortKeys(kind: PsbtMapKind, { type, keyData, value }: PsbtField): readonly Uint8Array[] {
  // Where it comes from, the shorter path first; then its public key and chain code.
  if (kind === 'global' && type === globalField.xpub) return [...originSortKeys(value), keyData.subarray(45), keyData.subarray(13, 45)];
  if (kind !== 'input') return [keyData];
  switch (type) {
    case inputField.partialSignature:
      return [hash160(keyData)];
    case inputField.tapLeafScript:
      // The script, its version, then the control block that is shortest.
      return [value.subarray(0, -1), value.subarray(-1), new ByteWriter(4).u16be(keyData.length).finish(), keyData];
    case inputField.musig2Nonce:
    case inputField.musig2PartialSignature:
      // The aggregate key and the leaf come before the participant.
      return [keyData.subarray(33), keyData.subarray(0, 33)];
    default:
      return [keyData];
  }
}

function compareLists(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  const place = a.findIndex((bytes, i) => compareBytes(bytes, b[i] ?? empty) !== 0);
  return compareBytes(a[place] ?? empty, b[place] ?? empty);
}

/** One map of a PSBT: fields by type and key data. Also keeps fields that nobody here knows. */
export class PsbtMap {
  readonly #kind: PsbtMapKind;
  readonly #fields = new Map<string, PsbtField>();

  constructor(kind: PsbtMapKind) {
    this.#kind = kind;
  }

  get(type: number, keyData: Uint8Array = empty): Uint8Array | undefined {
    return this.#fields.get(toHex(keyOf(type, keyData)))?.value;
  }

  has(type: number, keyData: Uint8Array = empty): boolean {
    return this.get(type, keyData) !== undefined;
  }

  set(type: number, keyData: Uint8Array, value: Uint8Array): void {
    const key = keyOf(type, keyData);
    this.#fields.set(toHex(key), { type, key, keyData, value });
  }

  /** Takes a field as it was read. */
  add(field: PsbtField): void {
    this.#fields.set(toHex(field.key), field);
  }

  hasKey(key: Uint8Array): boolean {
    return this.#fields.has(toHex(key));
  }

  /** Keeps the value that is there already. */
  setIfMissing(type: number, keyData: Uint8Array, value: Uint8Array): void {
    if (!this.has(type, keyData)) this.set(type, keyData, value);
  }

  delete(type: number): void {
    this.#fields.delete(toHex(keyOf(type, empty)));
  }

  /** All fields of a type, in the order in which they are written. */
  all(type: number): readonly PsbtField[] {
    return this.#sorted((field) => field.type === type);
  }

  /** Fields of types that nobody here knows, in the order in which they are written. */
  unknown(): readonly PsbtField[] {
    return this.#sorted(({ type }) => !fieldOrder[this.#kind].includes(type));
  }

  /** Takes over what another map of the same kind says and this one does not. */
  merge(other: PsbtMap): void {
    for (const field of other.#fields.values()) if (!this.hasKey(field.key)) this.add(field);
  }

  /** A map that says the same, but for fields of some types. */
  without(types: ReadonlySet<number>): PsbtMap {
    const copy = new PsbtMap(this.#kind);
    for (const field of this.#fields.values()) if (!types.has(field.type)) copy.add(field);
    return copy;
  }

  /** Fields in Bitcoin Core's order: by type, then by what fields of the type are sorted by; unknown ones last, by their keys. */
  #sorted(choose: (field: PsbtField) => boolean): readonly PsbtField[] {
    const unknown = fieldOrder[this.#kind].length;
    return [...this.#fields.values()]
      .filter(choose)
      .map((field) => {
        const rank = fieldOrder[this.#kind].indexOf(field.type);
        return rank === -1 ? { field, rank: unknown, sort: [field.key] } : { field, rank, sort: sortKeys(this.#kind, field) };
      })
      .sort((a, b) => a.rank - b.rank || compareLists(a.sort, b.sort))
      .map(({ field }) => field);
  }

  /** Appends the map, its fields in Bitcoin Core's order, with the zero byte that ends it. */
  write(writer: ByteWriter): void {
    const finished = this.#kind === 'input' && (this.has(inputField.finalScriptSig) || this.has(inputField.finalWitness));
    const kept = ({ type }: PsbtField): boolean => !finished || keptWhenFinished.has(type) || !fieldOrder[this.#kind].includes(type);
    for (const { key, value } of this.#sorted(kept)) writer.varBytes(key).varBytes(value);
    writer.u8(0);
  }
}

/** The type and the key data in the bytes of a key. @throws DecodeError */
export function splitKey(key: Uint8Array): { readonly type: number; readonly keyData: Uint8Array } {
  const reader = new ByteReader(key);
  const type = Number(reader.compactSize64());
  return { type, keyData: reader.bytes(reader.remaining) };
}
