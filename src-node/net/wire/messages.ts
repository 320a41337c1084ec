import { ByteReader, DecodeError } from '../../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../../src-bitcoin/bytes/writer.js';
import { readHeader, writeHeader, type BlockHeader } from '../../../src-bitcoin/primitives/block.js';
import {
  isInternet,
  readAddressV1,
  readAddressV2,
  writeAddressV1,
  writeAddressV2,
  type AnnouncedAddress,
  type NetworkAddress,
} from './network-address.js';

export const protocolVersion = 70016;
/** Older peers do not know headers. */
export const minPeerVersion = 31800;

export const services = { network: 1n, bloom: 4n, witness: 8n, compactFilters: 64n, networkLimited: 1024n } as const;

/** Kinds of inventory; `witness` is added to ask for witness data. */
export const inventory = { tx: 1, block: 2, filteredBlock: 3, compactBlock: 4, wtx: 5, witness: 0x40000000 } as const;

export const limits = { inventory: 50_000, getData: 1000, headers: 2000, locator: 101, addresses: 1000, userAgent: 256 } as const;

export interface VersionMessage {
  readonly version: number;
  readonly services: bigint;
  /** Seconds since 1970 on the sender's clock. */
  readonly time: number;
  /** The receiver as the sender sees it. */
  readonly receiver: NetworkAddress | undefined;
  /** Random; shows a connection to oneself. */
  readonly nonce: bigint;
  readonly userAgent: string;
  readonly startHeight: number;
  readonly relay: boolean;
}

export interface InventoryItem {
  readonly kind: number;
  /** Internal byte order. */
  readonly hash: Uint8Array;
}

export interface LocatorRequest {
  /** Block hashes from the tip back, ever sparser. */
  readonly locator: readonly Uint8Array[];
  /** All zeros for as many as fit. */
  readonly stop: Uint8Array;
}

function counted<T>(reader: ByteReader, limit: number, read: () => T): T[] {
  const count = reader.compactSize();
  if (count > limit) throw new DecodeError(`${count} items, at most ${limit} are allowed`);
  return Array.from({ length: count }, read);
}

export function encodeVersion(message: VersionMessage): Uint8Array {
  const writer = new ByteWriter(128);
  writer.i32(message.version).u64(message.services).i64(BigInt(message.time));
  writeAddressV1(writer, message.receiver, 0n);
  writeAddressV1(writer, undefined, message.services);
  writer.u64(message.nonce).varBytes(Buffer.from(message.userAgent, 'latin1'));
  return writer.i32(message.startHeight).u8(message.relay ? 1 : 0).finish();
}

/** @throws DecodeError */
export function decodeVersion(payload: Uint8Array): VersionMessage {
  const reader = new ByteReader(payload);
  const version = reader.i32();
  const offered = reader.u64();
  const time = Number(reader.i64());
  const receiver = readAddressV1(reader).address;
  // Old peers end anywhere after this.
  if (reader.remaining > 0) readAddressV1(reader);
  const nonce = reader.remaining > 0 ? reader.u64() : 0n;
  const agent = reader.remaining > 0 ? reader.varBytes() : new Uint8Array(0);
  if (agent.length > limits.userAgent) throw new DecodeError(`a user agent of ${agent.length} bytes`);
  const startHeight = reader.remaining > 0 ? reader.i32() : -1;
  const relay = reader.remaining > 0 ? reader.u8() !== 0 : true;
  return { version, services: offered, time, receiver, nonce, userAgent: printable(agent), startHeight, relay };
}

/** What is safe to show and to write into a log. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte))
    .filter((letter) => /[A-Za-z0-9 .,;\-_/:?@()]/.test(letter))
    .join('');
}

export function encodeInventory(items: readonly InventoryItem[]): Uint8Array {
  const writer = new ByteWriter(9 + 36 * items.length).compactSize(items.length);
  for (const { kind, hash } of items) writer.u32(kind).bytes(hash);
  return writer.finish();
}

/** @throws DecodeError */
export function decodeInventory(payload: Uint8Array): InventoryItem[] {
  const reader = new ByteReader(payload);
  return counted(reader, limits.inventory, () => ({ kind: reader.u32(), hash: reader.bytes(32) }));
}

export function encodeLocator({ locator, stop }: LocatorRequest): Uint8Array {
  const writer = new ByteWriter(64 + 32 * locator.length).u32(protocolVersion).compactSize(locator.length);
  for (const hash of locator) writer.bytes(hash);
  return writer.bytes(stop).finish();
}

/** @throws DecodeError */
export function decodeLocator(payload: Uint8Array): LocatorRequest {
  const reader = new ByteReader(payload);
  reader.u32();
  return { locator: counted(reader, limits.locator, () => reader.bytes(32)), stop: reader.bytes(32) };
}

export function encodeHeaders(headers: readonly BlockHeader[]): Uint8Array {
  const writer = new ByteWriter(9 + 81 * headers.length).compactSize(headers.length);
  for (const header of headers) {
    writeHeader(writer, header);
    writer.compactSize(0);
  }
  return writer.finish();
}

/** @throws DecodeError */
export function decodeHeaders(payload: Uint8Array): BlockHeader[] {
  const reader = new ByteReader(payload);
  return counted(reader, limits.headers, () => {
    const header = readHeader(reader);
    reader.compactSize();
    return header;
  });
}

/** The old form has no place for addresses outside the internet: they are left out. */
export function encodeAddresses(all: readonly AnnouncedAddress[], v2: boolean): Uint8Array {
  const addresses = v2 ? all : all.filter(({ address }) => isInternet(address));
  const writer = new ByteWriter(9 + 30 * addresses.length).compactSize(addresses.length);
  for (const announced of addresses) {
    if (v2) writeAddressV2(writer, announced);
    else writeAddressV1(writer.u32(announced.time), announced.address, announced.services);
  }
  return writer.finish();
}

/** Addresses of networks that are unknown or gone are left out. @throws DecodeError */
export function decodeAddresses(payload: Uint8Array, v2: boolean): AnnouncedAddress[] {
  const reader = new ByteReader(payload);
  const read = (): AnnouncedAddress | undefined => {
    if (v2) return readAddressV2(reader);
    const time = reader.u32();
    return { time, ...readAddressV1(reader) };
  };
  return counted(reader, limits.addresses, read).filter((announced) => announced !== undefined);
}

export const encodeU64 = (value: bigint): Uint8Array => new ByteWriter(8).u64(value).finish();

/** @throws DecodeError */
export const decodeU64 = (payload: Uint8Array): bigint => new ByteReader(payload).u64();

/** BIP152: whether blocks are to be announced in compact form, and which version of it. */
export const encodeSendCompact = (announce: boolean, version: bigint): Uint8Array =>
  new ByteWriter(9).u8(announce ? 1 : 0).u64(version).finish();

/** @throws DecodeError */
export function decodeSendCompact(payload: Uint8Array): { announce: boolean; version: bigint } {
  const reader = new ByteReader(payload);
  return { announce: reader.u8() !== 0, version: reader.u64() };
}
