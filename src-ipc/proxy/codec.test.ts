import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeFrame, encodeFrame, MessageBuilder, type StructReader } from '../capnp/wire/index.js';
import { SCHEMAS, withoutCapnp } from '../codegen/testing.js';
import { foundBlockParamCodec } from '../generated/chain.js';
import { blockRefCodec, pairCodec, resultCodec, resultVoidCodec, settingsCodec } from '../generated/common.js';
import { blockCheckOptionsCodec, blockCreateOptionsCodec, blockWaitOptionsCodec, coinbaseTxCodec } from '../generated/mining.js';
import { nodeStatsCodec } from '../generated/node.js';
import { coinControlCodec, txDestinationCodec, walletTxCodec } from '../generated/wallet.js';
import { data, nullable, text, type StructCodec } from './codec.js';
import { noLog } from './log.js';
import { Session } from './session.js';

/*
 * The generated codecs against the capnp program, which knows nothing but the schemas.
 */

const objects = new Session(noLog, 'test');
const skip = withoutCapnp;

function write<T>(codec: StructCodec<T>, value: T): Uint8Array {
  const builder = new MessageBuilder();
  codec.write(builder.initRoot(codec.size), value, objects);
  return encodeFrame(builder);
}

function read<T>(codec: StructCodec<T>, frame: Uint8Array): T {
  return codec.read(rootOf(frame), objects);
}

function rootOf(frame: Uint8Array): StructReader {
  return decodeFrame(frame).root();
}

/** A message in Cap'n Proto's text form. */
function decodeByTool(file: string, type: string, frame: Uint8Array): string {
  return execFileSync('capnp', ['decode', '--short', join(SCHEMAS, file), type], { input: frame }).toString().trim();
}

function encodeByTool(file: string, type: string, value: string): Uint8Array {
  return execFileSync('capnp', ['encode', join(SCHEMAS, file), type], { input: value });
}

test('fields that are left out have the defaults of the schema', { skip }, () => {
  const tool = (type: string, frame: Uint8Array): string => decodeByTool('mining.capnp', type, frame);
  assert.equal(
    tool('BlockCreateOptions', write(blockCreateOptionsCodec, {})),
    '(useMempool = true, blockReservedWeight = 8000, coinbaseOutputMaxAdditionalSigops = 400)',
  );
  assert.equal(
    tool('BlockWaitOptions', write(blockWaitOptionsCodec, { timeout: 1.5, feeThreshold: -1n })),
    '(timeout = 1.5, feeThreshold = -1)',
  );
  assert.equal(
    tool('BlockCheckOptions', write(blockCheckOptionsCodec, { checkPow: false })),
    '(checkMerkleRoot = true, checkPow = false)',
  );
  assert.deepEqual(read(blockWaitOptionsCodec, encodeByTool('mining.capnp', 'BlockWaitOptions', '()')), {
    timeout: Number.MAX_VALUE,
    feeThreshold: 2_100_000_000_000_000n,
  });
});

test('flags and nulls say whether a value is there', { skip }, () => {
  const coinControl = {
    destChange: { pkHash: new Uint8Array(20).fill(1) },
    changeType: 3,
    includeUnsafeInputs: false,
    allowOtherInputs: true,
    overrideFeeRate: false,
    signalRbf: false,
    avoidPartialSpends: true,
    avoidAddressReuse: false,
    feeMode: 2,
    minDepth: 1,
    maxDepth: 9,
    lockTime: 0,
    setSelected: [new Uint8Array(36)],
  };
  const frame = write(coinControlCodec, coinControl);
  const textForm = decodeByTool('wallet.capnp', 'CoinControl', frame);
  for (const part of [
    'hasChangeType = true, changeType = 3',
    'hasSignalRbf = true, signalRbf = false',
    'hasConfirmTarget = false, confirmTarget = 0',
    'hasLockTime = 1, lockTime = 0, hasVersion = 0',
    'maxDepth = 9',
  ]) {
    assert.ok(textForm.includes(part), `${part} in ${textForm}`);
  }
  assert.ok(!textForm.includes('feeRate ='));
  const back = read(coinControlCodec, frame);
  assert.deepEqual([back.changeType, back.signalRbf, back.confirmTarget, back.lockTime], [3, false, undefined, 0]);
  assert.deepEqual([back.version, back.maxTxWeight, back.feeRate], [undefined, undefined, undefined]);
  assert.deepEqual(back.destChange, { ...NO_DESTINATION, ...coinControl.destChange });
});

const NO_DESTINATION = {
  pubKey: undefined,
  pkHash: undefined,
  scriptHash: undefined,
  witnessV0ScriptHash: undefined,
  witnessV0KeyHash: undefined,
  witnessV1Taproot: undefined,
  witnessUnknown: undefined,
};

test('a null struct reads as one whose fields have their defaults', { skip }, () => {
  const empty = read(walletTxCodec, encodeByTool('wallet.capnp', 'WalletTx', '()'));
  assert.deepEqual(empty.txoutIsMine, []);
  assert.deepEqual([empty.tx, empty.credit, empty.isCoinbase], [undefined, 0n, false]);
  const stats = read(nodeStatsCodec, encodeByTool('node.capnp', 'NodeStats', '()'));
  assert.deepEqual([stats.cleanSubVer, stats.stateStats, stats.addr.length], ['', undefined, 0]);
});

test('bit lists, lists of structs and maps', { skip }, () => {
  const bits = Array.from({ length: 19 }, (_, index) => index % 3 === 0);
  const value = {
    tx: Uint8Array.of(1, 0, 255),
    txinIsMine: bits,
    txoutIsMine: [],
    txoutIsChange: [true],
    txoutAddress: [{ witnessUnknown: { version: 2, program: Uint8Array.of(9) } }, {}],
    txoutAddressIsMine: [false, true],
    credit: -5n,
    debit: 9_223_372_036_854_775_807n,
    change: 0n,
    time: 1_700_000_000n,
    valueMap: [{ key: 'to', value: 'naïve' }],
    isCoinbase: true,
  };
  const frame = write(walletTxCodec, value);
  const back = read(walletTxCodec, frame);
  assert.deepEqual(back.txinIsMine, bits);
  assert.deepEqual(back.txoutAddress[0]?.witnessUnknown, { version: 2, program: Uint8Array.of(9) });
  assert.deepEqual({ ...back, txoutAddress: [] }, { ...value, txoutAddress: [] });
  const again = encodeByTool('wallet.capnp', 'WalletTx', decodeByTool('wallet.capnp', 'WalletTx', frame));
  assert.deepEqual(read(walletTxCodec, again), back);
});

test('nested generic structs', { skip }, () => {
  const settings = {
    forcedSettings: [{ key: 'server', value: '"1"' }],
    commandLineOptions: [{ key: 'debug', value: ['"ipc"', '"net"'] }],
    rwSettings: [],
    roConfig: [{ key: 'regtest', value: [{ key: 'rpcport', value: ['"1"'] }] }],
  };
  const frame = write(settingsCodec, settings);
  assert.deepEqual(read(settingsCodec, frame), settings);
  // The program writes generic fields as pointers of unknown type: what is not generic must be there.
  assert.match(decodeByTool('common.capnp', 'Settings', frame), /^\(forcedSettings = \[\(key = "server", value = "\\"1\\""\)\]/);
});

test('a result has a value or an error', () => {
  const codec = resultCodec(text);
  assert.deepEqual(read(codec, write(codec, { value: 'ok' })), { value: 'ok' });
  const error = { original: 'no', translated: '' };
  assert.deepEqual(read(codec, write(codec, { error })), { error });
  const optional = resultCodec(nullable(data));
  assert.deepEqual(read(optional, write(optional, { value: undefined })), { value: undefined });
  assert.deepEqual(read(resultVoidCodec, write(resultVoidCodec, {})), { error: undefined });
  const entry = pairCodec(data, nullable(data));
  assert.deepEqual(read(entry, write(entry, { key: Uint8Array.of(1), value: undefined })).value, undefined);
});

test('structs that contain themselves', () => {
  const param = { wantHash: true, nextBlock: { wantData: true, nextBlock: {} } };
  const back = read(foundBlockParamCodec, write(foundBlockParamCodec, param));
  assert.deepEqual([back.wantHash, back.wantData, back.nextBlock?.wantData], [true, false, true]);
  assert.deepEqual(back.nextBlock?.nextBlock?.nextBlock, undefined);
});

test('values outside their range are refused', () => {
  const coinbase = {
    version: 2 ** 32,
    sequence: 0,
    scriptSigPrefix: new Uint8Array(),
    blockRewardRemaining: 0n,
    requiredOutputs: [],
    lockTime: 0,
  };
  assert.throws(() => write(coinbaseTxCodec, coinbase), RangeError);
  assert.throws(() => write(coinbaseTxCodec, { ...coinbase, version: 1, blockRewardRemaining: 1n << 63n }), RangeError);
  assert.doesNotThrow(() => write(coinbaseTxCodec, { ...coinbase, version: 1 }));
  assert.deepEqual(read(txDestinationCodec, write(txDestinationCodec, {})), NO_DESTINATION);
});

test('bytes of the wrong number are refused by name, sent or received', { skip }, () => {
  const tool = (value: string): Uint8Array => encodeByTool('common.capnp', 'BlockRef', value);
  const message = 'hash has 31 bytes instead of 32';
  assert.throws(() => write(blockRefCodec, { hash: new Uint8Array(31), height: 1 }), { name: 'RangeError', message });
  assert.throws(() => read(blockRefCodec, tool(`(hash = 0x"${'ab'.repeat(31)}")`)), { name: 'WireError', message });
  assert.throws(() => read(blockRefCodec, tool('(hash = "")')), /hash has 0 bytes/);
  assert.deepEqual(read(blockRefCodec, tool('(height = 7)')), { hash: new Uint8Array(32), height: 7 });
});
