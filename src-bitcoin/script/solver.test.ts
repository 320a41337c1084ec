import assert from 'node:assert/strict';
import test from 'node:test';
import { fromHex, toHex } from '../bytes/hex.js';
import { scriptToAsm } from './asm.js';
import { buildScript, isUnspendable, pushBytes, pushNumber } from './script.js';
import { decodeScriptNumber, encodeScriptNumber, isTruthy } from './script-number.js';
import { isScriptError, scriptErrorText } from './script-error.js';
import { parseScriptText } from './script-text.js';
import { matchMultiA, solve } from './solver.js';
import { allScriptFlags, parseScriptFlags, scriptFlagNames, standardScriptFlags } from './flags.js';

const key = Uint8Array.from([2, ...new Uint8Array(32).fill(5)]);
const fullKey = Uint8Array.from([4, ...new Uint8Array(64).fill(5)]);
const hash = new Uint8Array(20).fill(9);
const hash32 = new Uint8Array(32).fill(8);

function typeOf(text: string): string {
  return solve(parseScriptText(text)).type;
}

test('kinds of outputs', () => {
  const hex = (bytes: Uint8Array): string => `0x${toHex(pushBytes(bytes))}`;
  assert.deepEqual(solve(buildScript(key, 0xac)), { type: 'pubkey', publicKey: key });
  assert.deepEqual(solve(buildScript(fullKey, 0xac)), { type: 'pubkey', publicKey: fullKey });
  assert.equal(typeOf(`${hex(Uint8Array.from([5, ...key.subarray(1)]))} CHECKSIG`), 'nonstandard');
  assert.deepEqual(solve(buildScript(0x76, 0xa9, hash, 0x88, 0xac)), { type: 'pubkeyhash', hash });
  assert.deepEqual(solve(buildScript(0xa9, hash, 0x87)), { type: 'scripthash', hash });
  assert.deepEqual(solve(buildScript(0, hash)), { type: 'witness_v0_keyhash', hash });
  assert.deepEqual(solve(buildScript(0, hash32)), { type: 'witness_v0_scripthash', hash: hash32 });
  assert.equal(solve(buildScript(0, hash32.subarray(1))).type, 'nonstandard');
  assert.deepEqual(solve(buildScript(0x51, hash32)), { type: 'witness_v1_taproot', outputKey: hash32 });
  assert.equal(typeOf('1 0x024e73'), 'anchor');
  assert.deepEqual(solve(buildScript(0x60, hash)), { type: 'witness_unknown', version: 16, program: hash });
  assert.equal(typeOf('RETURN'), 'nulldata');
  assert.equal(typeOf("RETURN 'text' 5"), 'nulldata');
  assert.equal(typeOf('RETURN DUP'), 'nonstandard');
  assert.equal(typeOf('RETURN 0x05 0x01'), 'nonstandard');
  assert.equal(typeOf(''), 'nonstandard');
});

test('bare multisig', () => {
  assert.deepEqual(solve(buildScript(0x52, key, fullKey, 0x52, 0xae)), { type: 'multisig', required: 2, publicKeys: [key, fullKey] });
  const sixteen = buildScript(...Array.from({ length: 17 }, () => key));
  const many = solve(Uint8Array.from([...pushNumber(17), ...sixteen, ...pushNumber(17), 0xae]));
  assert.equal(many.type === 'multisig' && many.required, 17);
  // A number that has an operation of its own must use it.
  assert.equal(solve(Uint8Array.from([1, 1, ...pushBytes(key), 0x51, 0xae])).type, 'nonstandard');
  assert.equal(solve(buildScript(0x52, key, 0x51, 0xae)).type, 'nonstandard');
  assert.equal(solve(buildScript(0x51, key, 0x52, 0xae)).type, 'nonstandard');
  assert.equal(solve(buildScript(0, key, 0x51, 0xae)).type, 'nonstandard');
  assert.equal(solve(buildScript(0x51, key, 0x51, 0x61, 0xae)).type, 'nonstandard');
  assert.equal(solve(buildScript(0x51, hash, 0x51, 0xae)).type, 'nonstandard');
});

test('multi_a leaves', () => {
  assert.deepEqual(matchMultiA(buildScript(hash32, 0xac, hash32, 0xba, 0x52, 0x9c)), { required: 2, publicKeys: [hash32, hash32] });
  assert.equal(matchMultiA(buildScript(hash32, 0xac, hash32, 0xac, 0x52, 0x9c)), undefined);
  assert.equal(matchMultiA(buildScript(hash32, 0xac, 0x52, 0x9c)), undefined);
  assert.equal(matchMultiA(buildScript(hash32, 0xac)), undefined);
});

test('scripts in words', () => {
  assert.equal(scriptToAsm(parseScriptText('DUP HASH160 0x03 0x010203 EQUALVERIFY CHECKSIG')), 'OP_DUP OP_HASH160 197121 OP_EQUALVERIFY OP_CHECKSIG');
  assert.equal(scriptToAsm(parseScriptText('0 -1 16 1000 -1000 CHECKLOCKTIMEVERIFY 0xba 0xbb')), '0 -1 16 1000 -1000 OP_CHECKLOCKTIMEVERIFY OP_CHECKSIGADD OP_UNKNOWN');
  assert.equal(scriptToAsm(parseScriptText('0x05 0x0102030405 1 0x4c')), '0102030405 1 [error]');
  const signature = fromHex(`3006020101020101${'01'}`);
  assert.equal(scriptToAsm(pushBytes(signature), true), '3006020101020101[ALL]');
  assert.equal(scriptToAsm(pushBytes(signature)), '300602010102010101');
  assert.equal(scriptToAsm(buildScript(0x6a, signature), true), 'OP_RETURN 300602010102010101');
  assert.throws(() => parseScriptText('DUPE'), /unknown word in a script: DUPE/);
  assert.throws(() => parseScriptText('4294967296'), /out of range/);
});

test('numbers', () => {
  for (const [number, hex] of [[0, ''], [1, '01'], [-1, '81'], [127, '7f'], [128, '8000'], [-128, '8080'], [255, 'ff00'], [-255, 'ff80'], [0x7fffffff, 'ffffff7f'], [2 ** 31, '0000008000'], [-(2 ** 39 - 1), 'ffffffffff']] as const) {
    assert.equal(toHex(encodeScriptNumber(number)), hex);
    assert.equal(decodeScriptNumber(fromHex(hex), true, 5), number);
  }
  assert.equal(decodeScriptNumber(fromHex('0000008000'), false), undefined);
  for (const hex of ['00', '80', '0100', '0180', 'ffff0000']) {
    assert.equal(decodeScriptNumber(fromHex(hex), true), undefined, hex);
    assert.notEqual(decodeScriptNumber(fromHex(hex), false), undefined, hex);
  }
  assert.deepEqual(['', '00', '80', '0080', '0100', '8000'].map((hex) => isTruthy(fromHex(hex))), [false, false, false, false, true, true]);
});

test('pushes, unspendable scripts, names', () => {
  assert.deepEqual([75, 76, 255, 256, 65535, 65536].map((size) => pushBytes(new Uint8Array(size)).length - size), [1, 2, 2, 3, 3, 5]);
  assert.deepEqual([isUnspendable(Uint8Array.of(0x6a)), isUnspendable(new Uint8Array(10_000)), isUnspendable(new Uint8Array(10_001))], [true, false, true]);
  assert.equal(scriptErrorText('EVAL_FALSE'), 'Script evaluated without error but finished with a false/empty top stack element');
  assert.deepEqual([isScriptError('SIG_DER'), isScriptError('toString')], [true, false]);
  assert.equal(scriptFlagNames(allScriptFlags).length, 21);
  assert.equal(parseScriptFlags(scriptFlagNames(standardScriptFlags)), standardScriptFlags);
  assert.throws(() => parseScriptFlags(['SEGWIT']), /unknown script flag: SEGWIT/);
});
