// Generated from common.capnp, sha256 cb0f0009761d33ae. To change it: "npm run generate".

/** Structs shared by several interfaces. */

/** A block by hash and height. */
export interface BlockRef {
  /** 32 bytes, internal byte order. */
  readonly hash: Uint8Array;
  readonly height: number;
}

/**
 * A process's whole settings tree. Option names have no dash; values are JSON texts, some of them
 * passwords.
 */
export interface Settings {
  /** Values set by the program itself; they win over all others. */
  readonly forcedSettings: readonly Pair<string, string>[];
  /** Per option its values in order. `-foo` is "", `-nofoo` is false. */
  readonly commandLineOptions: readonly Pair<string, readonly string[]>[];
  /** settings.json. */
  readonly rwSettings: readonly Pair<string, string>[];
  /** bitcoin.conf by section; the section "" is the part before the first heading. */
  readonly roConfig: readonly Pair<string, readonly Pair<string, readonly string[]>[]>[];
}

/** What a process hands to one it started, so that both work from the same configuration. */
export interface GlobalArgs {
  readonly settings: Settings;
  /** Path of the configuration file, empty if there is none. */
  readonly configPath: string;
}

/** A message for people, in English and in the user's language. */
export interface BilingualStr {
  readonly original: string;
  readonly translated: string;
}

/** A value, or the message that says why there is none. */
export type Result<Value> =
  | { readonly value: Value; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: BilingualStr };

/** Success, or the message that says what failed. */
export interface ResultVoid {
  readonly error?: BilingualStr | undefined;
}

/** An entry of a map. */
export interface Pair<Key, Value> {
  readonly key: Key;
  readonly value: Value;
}

/** An entry of a map with signed integer values. */
export interface PairInt64<Key> {
  readonly key: Key;
  readonly value: bigint;
}

/** An entry of a map with unsigned integer values. */
export interface PairUInt64<Key> {
  readonly key: Key;
  readonly value: bigint;
}
