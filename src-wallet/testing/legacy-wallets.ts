import { encodeAddress } from '../../src-bitcoin/address/address.js';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { concatBytes } from '../../src-bitcoin/bytes/bytes.js';
import { ByteWriter } from '../../src-bitcoin/bytes/writer.js';
import { hash160, sha256 } from '../../src-bitcoin/crypto/hash.js';
import { secp256k1 } from '../../src-bitcoin/crypto/secp256k1.js';
import { derivePrivatePath, type ExtendedPrivateKey } from '../../src-bitcoin/keys/bip32.js';
import { hardened } from '../../src-bitcoin/keys/path.js';
import { blockHash } from '../../src-bitcoin/primitives/block.js';
import { sequenceFinal, txidOf, type Outpoint, type Transaction } from '../../src-bitcoin/primitives/transaction.js';
import { WalletFlag } from '../keys/wallet-flags.js';
import type { StoredRecord } from '../store/database.js';
import { bytesValue, recordKey, RecordType, textValue, writeText } from '../store/record-keys.js';
import type { StoredTransaction } from '../store/transaction-record.js';
import { regtest } from './fixtures.js';
import { LegacyComposer, namedSecret, type BerkeleyForm } from './legacy-composer.js';

const foreignKey = (name: string): Uint8Array => secp256k1.createPublicKey(namedSecret(name));
export const p2pkh = (pubkey: Uint8Array): Uint8Array => scriptPubKeyOf({ kind: 'pubkeyhash', hash: hash160(pubkey) });
export const p2wpkh = (pubkey: Uint8Array): Uint8Array => scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: hash160(pubkey) });
export const p2sh = (script: Uint8Array): Uint8Array => scriptPubKeyOf({ kind: 'scripthash', hash: hash160(script) });
export const p2wsh = (script: Uint8Array): Uint8Array => scriptPubKeyOf({ kind: 'witness_v0_scripthash', hash: sha256(script) });

export function multisig(required: number, ...pubkeys: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter(128).u8(0x50 + required);
  for (const pubkey of pubkeys) writer.varBytes(pubkey);
  return writer.u8(0x50 + pubkeys.length).u8(0xae).finish();
}

export const locatorOfGenesis = new ByteWriter(64).i32(70016).compactSize(1).bytes(blockHash(regtest.genesis.header)).finish();

function hdPubkey(root: ExtendedPrivateKey, chain: number, index: number): Uint8Array {
  const node = derivePrivatePath(root, [hardened(0), hardened(chain), hardened(index)]);
  if (node === undefined) throw new Error('a key cannot be derived');
  return secp256k1.createPublicKey(node.secret);
}

/** Output scripts of the composed wallet that tests pay to. */
export interface ComposedScripts {
  readonly received: Uint8Array;
  readonly change: Uint8Array;
  readonly replaced: Uint8Array;
  readonly single: Uint8Array;
  readonly uncompressed: Uint8Array;
  readonly multisig: Uint8Array;
  readonly nestedMultisig: Uint8Array;
  readonly watched: Uint8Array;
  readonly watchedMultisig: Uint8Array;
  readonly watchedPubkey: Uint8Array;
  readonly solvable: Uint8Array;
  readonly unusable: Uint8Array;
  readonly elsewhere: Uint8Array;
}

export interface ComposedWallet {
  readonly composer: LegacyComposer;
  readonly scripts: ComposedScripts;
}

export const composedAddress = (script: Uint8Array): string => encodeAddress(script, regtest) ?? '';

/** A legacy wallet with something of every kind: two seeds, single keys, scripts, what is watched, and labels of all of them. */
export function composeEverything(transactions: (scripts: ComposedScripts) => readonly StoredTransaction[] = () => []): ComposedWallet {
  const composer = new LegacyComposer();
  const root = composer.seed(namedSecret('seed'), { external: 6, internal: 4 }, 1_600_000_000);
  const replacedRoot = composer.seed(namedSecret('replaced seed'), { external: 3, internal: 2 }, 1_550_000_000, false);
  const single = composer.key(namedSecret('single'));
  composer.metadata(single, 1_500_000_000);
  const uncompressed = composer.key(namedSecret('uncompressed'), false);
  const [first, second] = [composer.key(namedSecret('first')), composer.key(namedSecret('second'))];
  const owned = multisig(2, first, second);
  const nested = multisig(1, second, first);
  const helped = multisig(1, first, foreignKey('helped'));
  const shared = multisig(2, second, foreignKey('shared'));
  const twice = p2sh(p2wpkh(foreignKey('twice')));
  for (const script of [owned, nested, p2wsh(nested), helped, shared, twice]) composer.script(script);
  const watchedPubkey = foreignKey('watched pubkey');
  const segwit = p2wpkh(watchedPubkey);
  const scripts: ComposedScripts = {
    received: p2wpkh(hdPubkey(root, 0, 0)),
    change: p2sh(p2wpkh(hdPubkey(root, 1, 2))),
    replaced: p2pkh(hdPubkey(replacedRoot, 0, 2)),
    single: p2pkh(single),
    uncompressed: p2pkh(uncompressed),
    multisig: p2sh(owned),
    nestedMultisig: p2sh(p2wsh(nested)),
    watched: p2pkh(foreignKey('watched')),
    watchedMultisig: p2sh(shared),
    watchedPubkey: segwit,
    solvable: p2sh(helped),
    unusable: p2sh(twice),
    elsewhere: p2wpkh(foreignKey('shop')),
  };
  composer.watch(scripts.watched, 1_400_000_000).watch(scripts.watchedMultisig).watch(scripts.unusable);
  composer.watch(scriptPubKeyOf({ kind: 'pubkey', pubkey: watchedPubkey }), 1_450_000_000).watch(p2pkh(watchedPubkey)).watch(segwit).watch(p2sh(segwit));
  composer.watch(scriptPubKeyOf({ kind: 'witness_v1_taproot', outputKey: watchedPubkey.slice(1) })).watch(Uint8Array.of(0x51, 0x75, 0x51));
  composer.address(composedAddress(scripts.received), 'savings', 'receive').address(composedAddress(scripts.watched), 'watched', 'receive');
  composer.address(composedAddress(scripts.solvable), 'helped', 'receive').address(composedAddress(scripts.unusable), 'lost', 'receive');
  composer.address(composedAddress(scripts.elsewhere), 'shop', 'send');
  composer.put(recordKey(RecordType.destData, (key) => writeText(writeText(key, composedAddress(scripts.received)), 'used')), textValue('1'));
  composer.put(recordKey(RecordType.destData, (key) => writeText(writeText(key, composedAddress(scripts.watched)), 'rr1')), bytesValue(Uint8Array.of(1, 2, 3)));
  composer.put(recordKey('novelty', (key) => key.u32(1)), Uint8Array.of(1));
  composer.put(recordKey('pool', (key) => key.i64(1n)), concatBytes(new Uint8Array(12), bytesValue(single)));
  composer.bestBlock(locatorOfGenesis);
  const stored = transactions(scripts);
  for (const each of stored) composer.transaction(each);
  composer.put(recordKey(RecordType.orderPosNext), new ByteWriter(8).i64(BigInt(stored.length)).finish());
  return { composer, scripts };
}

/** Transactions of which the wallet for spending, the one for watching, or both must get a record. None ever confirmed. */
export function composedTransactions(scripts: ComposedScripts): readonly StoredTransaction[] {
  const tx = (prevout: Outpoint, outputs: readonly (readonly [Uint8Array, bigint])[]): Transaction => ({
    version: 2,
    inputs: [{ prevout, scriptSig: new Uint8Array(0), sequence: sequenceFinal, witness: [] }],
    outputs: outputs.map(([scriptPubKey, value]) => ({ scriptPubKey, value })),
    locktime: 0,
  });
  const funding = tx({ txid: namedSecret('somebody'), index: 0 }, [[scripts.received, 100_000_000n], [scripts.watched, 200_000_000n]]);
  const all = [
    funding,
    tx({ txid: txidOf(funding), index: 0 }, [[scripts.elsewhere, 60_000_000n], [scripts.change, 30_000_000n]]),
    tx({ txid: txidOf(funding), index: 1 }, [[scripts.elsewhere, 199_000_000n]]),
    tx({ txid: namedSecret('somebody'), index: 1 }, [[scripts.watchedMultisig, 5_000_000n]]),
  ];
  return all.map((each, i) => ({
    tx: each,
    state: { kind: 'abandoned' },
    notes: new Map([['comment', `number ${i}`]]),
    orderForm: [],
    timeReceived: 1_600_000_100 + i,
    timeSmart: 1_600_000_000 + i,
    orderPosition: BigInt(i),
  }));
}

/**
 * A legacy wallet that can spend nothing: it watches one address.
 * @param paid whether it knows somebody it paid
 */
export function composeWatching(paid = true): LegacyComposer {
  const composer = new LegacyComposer().bestBlock(locatorOfGenesis);
  composer.watch(p2pkh(foreignKey('watched')), 1_400_000_000).address(composedAddress(p2pkh(foreignKey('watched'))), 'watched', 'receive');
  return paid ? composer.address(composedAddress(p2wpkh(foreignKey('shop'))), 'shop', 'send') : composer;
}

/** A legacy wallet with a seed of before change had keys of its own, which avoids reuse. */
export function composeUnsplit(): LegacyComposer {
  const composer = new LegacyComposer().bestBlock(locatorOfGenesis).flags(WalletFlag.avoidReuse | WalletFlag.keyOriginMetadata);
  const root = composer.seed(namedSecret('unsplit'), { external: 4 }, 1_480_000_000);
  return composer.watch(p2pkh(foreignKey('watched'))).address(composedAddress(p2pkh(hdPubkey(root, 0, 3))), 'last', 'receive');
}

/** A legacy wallet of before seeds. */
export function composeKeys(): LegacyComposer {
  const composer = new LegacyComposer().bestBlock(locatorOfGenesis);
  composer.key(namedSecret('uncompressed'), false);
  return composer.metadata(composer.key(namedSecret('single')), 1_300_000_000);
}

/** A legacy wallet that was made to watch only: it stays one wallet. */
export function composeKeyless(): LegacyComposer {
  const composer = new LegacyComposer().bestBlock(locatorOfGenesis).flags(WalletFlag.disablePrivateKeys);
  return composer.watch(p2pkh(foreignKey('watched')), 1_400_000_000).address(composedAddress(p2pkh(foreignKey('watched'))), 'watched', 'receive');
}

export const composeBlank = (): LegacyComposer => new LegacyComposer().bestBlock(locatorOfGenesis).flags(WalletFlag.blank);

export const testdataPassphrase = 'correct horse';

/** The files in legacy/testdata. Small pages make them trees of several levels, with items that do not fit a page. */
export const legacyTestdata: Readonly<Record<string, { readonly records: () => readonly StoredRecord[]; readonly form: BerkeleyForm }>> = {
  'plain.dat': { records: () => composeEverything(composedTransactions).composer.records(), form: { pageSize: 512 } },
  'encrypted.dat': { records: () => composeEverything(composedTransactions).composer.records(testdataPassphrase), form: { pageSize: 512, bigEndian: true } },
  'watching.dat': { records: () => composeWatching().records(), form: { pageSize: 1024 } },
};

export const testdataFile = (name: string): string => new URL(`../legacy/testdata/${name}`, import.meta.url).pathname;
