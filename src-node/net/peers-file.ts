import { open, readFile, rename } from 'node:fs/promises';
import { equalBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteReader, DecodeError } from '../../src-bitcoin/bytes/reader.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { toHex } from '../../src-bitcoin/bytes/hex.js';
import { hash256 } from '../../src-bitcoin/crypto/hash.js';
import type { NetworkName } from '../rpc/context.js';
import type { KnownAddress } from './address-book.js';
import { hostBytes, isRoutable, readHostV2, writeHostV2, type NetworkAddress } from './wire/network-address.js';

const fileFormat = 4;
/** The lowest format whose readers understand the file is written this much higher. */
const compatibleBase = 32;
const keySize = 32;
const checksumSize = 32;
const bucketCount = 1024;
/** The number of buckets is written with this bit flipped. */
const bucketMark = 1 << 30;
const bucketsPerSource = 64n;
/** An old client version with the mark that addresses are in BIP155 form. */
const entryVersion = 0x20035b60;
const entryVersionMask = 0xfff80000;
const maxEntries = 1_000_000;

/** Thrown when peers.dat is damaged: nothing else writes it, so somebody should look at the disk. */
export class PeersFileError extends Error {
  override readonly name = 'PeersFileError';

  constructor(path: string, cause: Error) {
    super(
      `Invalid or corrupt peers.dat (${cause.message}). If you believe this is a bug, please report it. As a workaround, you can move the file ("${path}") out of the way (rename, move, or delete) to have a new one created on the next start.`,
      { cause },
    );
  }
}

/** The file is of a format this program does not know. */
class UnknownFormat extends Error {}

/** What peers.dat holds. */
export interface SavedPeers {
  /** 32 random bytes that decide which bucket an address is in. */
  readonly key: Uint8Array;
  readonly addresses: readonly KnownAddress[];
}

const cheapHash = (bytes: Uint8Array): bigint => new ByteReader(hash256(bytes)).u64();

/** Numbers of networks in groups, and how many leading bits of an address make one. */
const groupRules: Readonly<Partial<Record<NetworkName, { readonly number: number; readonly bits: number }>>> = {
  ipv4: { number: 1, bits: 16 },
  ipv6: { number: 2, bits: 32 },
  onion: { number: 3, bits: 4 },
  i2p: { number: 4, bits: 4 },
  cjdns: { number: 5, bits: 12 },
};

/** Addresses that are likely in one hand: a number for the network, and the start of the address. */
function groupOf(address: NetworkAddress): Uint8Array {
  const rule = isRoutable(address) ? groupRules[address.network] : undefined;
  if (rule === undefined) return Uint8Array.of(0);
  const bytes = hostBytes(address);
  const group = [rule.number, ...bytes.subarray(0, rule.bits >> 3)];
  // Bits of the last byte that are not part of the group are set.
  if (rule.bits % 8 !== 0) group.push((bytes[rule.bits >> 3] ?? 0) | (0xff >> (rule.bits % 8)));
  return Uint8Array.from(group);
}

/** The bucket of an address nobody has connected to yet, by where it is and who told of it. */
export function newBucket(key: Uint8Array, address: NetworkAddress, source: NetworkAddress): number {
  const sourceGroup = groupOf(source);
  const first = cheapHash(new ByteWriter().bytes(key).varBytes(groupOf(address)).varBytes(sourceGroup).finish());
  const second = new ByteWriter().bytes(key).varBytes(sourceGroup).u64(first % bucketsPerSource).finish();
  return Number(cheapHash(second) % BigInt(bucketCount));
}

function writeEntry(writer: ByteWriter, { announced, source, lastSuccess, failures }: KnownAddress): void {
  writer.u32(entryVersion).u32(announced.time).compactSize(announced.services);
  writeHostV2(writer, announced.address);
  writer.u16be(announced.address.port);
  writeHostV2(writer, source);
  writer.i64(BigInt(lastSuccess)).i32(failures);
}

function readEntry(reader: ByteReader): KnownAddress | undefined {
  const version = reader.u32() & entryVersionMask;
  if (version !== 0 && version !== (entryVersion & entryVersionMask)) throw new DecodeError(`address version ${version}`);
  const time = reader.u32();
  const services = reader.compactSize64();
  const host = readHostV2(reader);
  const port = reader.u16be();
  const source = readHostV2(reader);
  const lastSuccess = Number(reader.i64());
  const failures = reader.i32();
  if (host === undefined) return undefined;
  const address = { ...host, port };
  return { announced: { address, services, time }, source: source ?? address, lastTry: 0, lastSuccess, failures };
}

/** The bytes of a peers.dat. @param magic the network's. */
export function encodePeers({ key, addresses }: SavedPeers, magic: Uint8Array): Uint8Array {
  const tried = addresses.filter(({ lastSuccess }) => lastSuccess > 0);
  const untried = addresses.filter(({ lastSuccess }) => lastSuccess === 0);
  const writer = new ByteWriter(1 << 16);
  writer.bytes(magic).u8(fileFormat).u8(compatibleBase + fileFormat).bytes(key);
  writer.i32(untried.length).i32(tried.length).i32(bucketCount ^ bucketMark);
  for (const known of [...untried, ...tried]) writeEntry(writer, known);
  const buckets = Array.from({ length: bucketCount }, (): number[] => []);
  untried.forEach(({ announced, source }, index) => buckets[newBucket(key, announced.address, source)]?.push(index));
  for (const bucket of buckets) {
    writer.i32(bucket.length);
    for (const index of bucket) writer.i32(index);
  }
  // No map of autonomous systems was used.
  writer.bytes(new Uint8Array(32));
  const body = writer.finish();
  return new ByteWriter(body.length + checksumSize).bytes(body).bytes(hash256(body)).finish();
}

/** Addresses of networks that are unknown or gone are left out. @throws DecodeError when it is damaged. */
export function decodePeers(bytes: Uint8Array, magic: Uint8Array): SavedPeers {
  const end = bytes.length - checksumSize;
  if (end < 0 || !equalBytes(hash256(bytes.subarray(0, end)), bytes.subarray(end))) throw new DecodeError('Checksum mismatch, data corrupted');
  const reader = new ByteReader(bytes.subarray(0, end));
  if (!equalBytes(reader.bytes(magic.length), magic)) throw new DecodeError('Invalid network magic number');
  const format = reader.u8();
  const lowest = reader.u8() - compatibleBase;
  if (lowest > fileFormat) throw new UnknownFormat(`format ${format}`);
  const key = reader.bytes(keySize);
  const untried = reader.i32();
  const tried = reader.i32();
  reader.i32();
  if (untried < 0 || tried < 0 || untried + tried > maxEntries) throw new DecodeError(`${untried} and ${tried} addresses`);
  const addresses = Array.from({ length: untried + tried }, () => readEntry(reader)).filter((known) => known !== undefined);
  return { key, addresses };
}

/**
 * Reads the file. Undefined when there is none, or one of an unknown format, which is set aside as
 * `peers.dat.bak`.
 * @throws PeersFileError when it is damaged.
 */
export async function loadPeers(path: string, magic: Uint8Array): Promise<SavedPeers | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
  try {
    return decodePeers(bytes, magic);
  } catch (cause) {
    if (cause instanceof UnknownFormat) {
      await rename(path, `${path}.bak`);
      return undefined;
    }
    throw cause instanceof DecodeError ? new PeersFileError(path, cause) : cause;
  }
}

/** Replaces the file as a whole. @param random two random bytes for the name of the temporary file. */
export async function savePeers(path: string, saved: SavedPeers, magic: Uint8Array, random: Uint8Array): Promise<void> {
  const temporary = path.replace(/\.dat$/, `.${toHex(random)}`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(encodePeers(saved, magic));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
