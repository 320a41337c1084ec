// Generated from common.capnp, sha256 cb0f0009761d33ae. To change it: "npm run generate".

import type {
  BilingualStr,
  BlockRef,
  GlobalArgs,
  Pair,
  PairInt64,
  PairUInt64,
  Result,
  ResultVoid,
  Settings,
} from '../../src-interfaces/generated/common.js';
import {
  at,
  bytes,
  either,
  list,
  nullable,
  secret,
  struct,
  text,
  type PointerCodec,
  type StructCodec,
} from '../proxy/codec.js';
import { int32, int64, uint64 } from '../proxy/scalar.js';

export const blockRefCodec: StructCodec<BlockRef> = struct(1, 1, {
  hash: at(0, bytes(32, 'hash')),
  height: int32(0),
});

export function pairCodec<Key, Value>(
  key: PointerCodec<Key>,
  value: PointerCodec<Value>,
): StructCodec<Pair<Key, Value>> {
  return struct(0, 2, { key: at(0, key), value: at(1, value) });
}

export const settingsCodec: StructCodec<Settings> = struct(0, 4, {
  forcedSettings: at(0, secret(list(pairCodec(text, text)))),
  commandLineOptions: at(1, secret(list(pairCodec(text, list(text))))),
  rwSettings: at(2, secret(list(pairCodec(text, text)))),
  roConfig: at(3, secret(list(pairCodec(text, list(pairCodec(text, list(text))))))),
});

export const globalArgsCodec: StructCodec<GlobalArgs> = struct(0, 2, {
  settings: at(0, settingsCodec),
  configPath: at(1, text),
});

export const bilingualStrCodec: StructCodec<BilingualStr> = struct(0, 2, {
  original: at(0, text),
  translated: at(1, text),
});

export function resultCodec<Value>(value: PointerCodec<Value>): StructCodec<Result<Value>> {
  return either(0, 2, { value: at(0, value), error: at(1, nullable(bilingualStrCodec)) });
}

export const resultVoidCodec: StructCodec<ResultVoid> = struct(0, 1, {
  error: at(0, nullable(bilingualStrCodec)),
});

export function pairInt64Codec<Key>(key: PointerCodec<Key>): StructCodec<PairInt64<Key>> {
  return struct(1, 1, { key: at(0, key), value: int64(0) });
}

export function pairUInt64Codec<Key>(key: PointerCodec<Key>): StructCodec<PairUInt64<Key>> {
  return struct(1, 1, { key: at(0, key), value: uint64(0) });
}
