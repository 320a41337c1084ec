/** When an answer means the same as a recorded one. */
import type { Capability } from '../../src-ipc/capnp/rpc/types.js';
import { hashToHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import type { Outpoint } from '../../src-bitcoin/primitives/transaction.js';
import { canonical } from './canonical.js';
import { RecordedObject } from './recording.js';

/** An object of the process under test. */
export class LiveObject {
  constructor(readonly capability: Capability) {}
}

/** A value that may differ, and why. */
export interface Allowed {
  /** Method and path, such as `Node.getNodesStats: stats.*.nodeId`. */
  readonly where: RegExp;
  readonly why: string;
}

/**
 * Compares plain values. Random values are the same when they stand for the same thing everywhere: each pair is
 * learned where it is met first, and has to hold from then on.
 */
export class Meaning {
  onObjects: (recorded: RecordedObject, live: LiveObject) => void = () => undefined;
  /** Uses of what is allowed. */
  readonly used = new Map<RegExp, number>();
  readonly #names = new Map<string, string>();
  readonly #outputs = new Map<string, number>();

  /**
   * @param allowed values that may be anything
   * @param random values that stand for something, such as hashes and keys
   */
  constructor(
    private readonly allowed: readonly Allowed[],
    private readonly random: readonly Allowed[] = [],
  ) {}

  /** Says that a recorded value stands for another one here. Bytes are given in hexadecimal. */
  rename(recorded: string, live: string): void {
    this.#names.set(recorded, live);
  }

  /** Says which output stands for a recorded one, for where ids and indexes are told apart from each other. */
  renameOutput(recorded: Outpoint, live: Outpoint): void {
    for (const txid of [toHex(recorded.txid), hashToHex(recorded.txid)]) this.#outputs.set(`${txid}:${recorded.index}`, live.index);
  }

  agrees(name: string, recorded: unknown, live: unknown): boolean {
    return this.#compare(`${name}: `, canonical(recorded), canonical(live), false).length === 0;
  }

  /** Every difference, with its place. */
  differences(name: string, recorded: unknown, live: unknown): string[] {
    return this.#compare(`${name}: `, canonical(recorded), canonical(live), true);
  }

  /** A recorded value with what has another name here under that name. */
  translated(value: unknown): unknown {
    if (value instanceof Uint8Array) return new Uint8Array(Buffer.from(this.#renamed(Buffer.from(value).toString('hex')), 'hex'));
    if (typeof value === 'string') return this.#renamed(value);
    if (Array.isArray(value)) return value.map((each) => this.translated(each));
    if (typeof value !== 'object' || value === null || value instanceof RecordedObject) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.translated(each)]));
  }

  #renamed(text: string): string {
    let result = this.#names.get(text) ?? text;
    if (result === text && text.length > 20) for (const [recorded, live] of this.#names) if (recorded.length >= 40 && recorded.length < text.length) result = result.replaceAll(recorded, live);
    return result;
  }

  #compare(path: string, recorded: unknown, live: unknown, learns: boolean): string[] {
    const allowed = this.allowed.find(({ where }) => where.test(path));
    if (allowed !== undefined) {
      this.used.set(allowed.where, (this.used.get(allowed.where) ?? 0) + 1);
      return [];
    }
    if (recorded instanceof RecordedObject || live instanceof LiveObject) {
      if (recorded instanceof RecordedObject && live instanceof RecordedObject) return [];
      if (!(recorded instanceof RecordedObject && live instanceof LiveObject)) return [`${path} is ${live === undefined ? 'no object' : 'an object'}`];
      if (learns) this.onObjects(recorded, live);
      return [];
    }
    if (Array.isArray(recorded) && Array.isArray(live)) {
      if (recorded.length !== live.length) return [`${path} has ${live.length} elements, not ${recorded.length}`];
      return recorded.flatMap((each, i) => this.#compare(`${path}${path.endsWith(' ') ? '' : '.'}${i}`, each, live[i], learns));
    }
    if (isRecord(recorded) && isRecord(live)) {
      const expected = this.#withOutputIndex(recorded);
      const keys = [...new Set([...Object.keys(expected), ...Object.keys(live)])];
      return keys.flatMap((key) => this.#compare(`${path}${path.endsWith(' ') ? '' : '.'}${key}`, expected[key], live[key], learns));
    }
    return this.#compareLeaf(path, plain(recorded), plain(live), learns);
  }

  /** The same, with the index that the output has here if it names one. */
  #withOutputIndex(recorded: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const field = ['vout', 'outputIndex'].find((name) => recorded[name] !== undefined);
    const index = field === undefined ? undefined : this.#outputs.get(`${plain(recorded['txid'])}:${plain(recorded[field])}`);
    return field === undefined || index === undefined ? recorded : { ...recorded, [field]: index };
  }

  #compareLeaf(path: string, recorded: string, live: string, learns: boolean): string[] {
    if (this.#renamed(recorded) === live) return [];
    const random = this.random.find(({ where }) => where.test(path));
    if (random !== undefined && !this.#names.has(recorded) && recorded.length === live.length) {
      if (learns) this.rename(recorded, live);
      this.used.set(random.where, (this.used.get(random.where) ?? 0) + 1);
      return [];
    }
    return [`${path} is ${live.slice(0, 160)}, not ${recorded.slice(0, 160)}`];
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function plain(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value === undefined ? '' : String(value);
}
