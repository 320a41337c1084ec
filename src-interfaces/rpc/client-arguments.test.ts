import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeJson } from '../json/json.js';
import { convertNamed, convertPositional } from './client-arguments.js';

test('arguments by position are JSON where the command wants it', () => {
  assert.equal(writeJson(convertPositional('getblock', ['00ff', '2'])), '["00ff",2]');
  assert.equal(writeJson(convertPositional('getblockstats', ['00ff', '["height"]'])), '["00ff",["height"]]');
  assert.equal(writeJson(convertPositional('getblockstats', ['7'])), '[7]');
  assert.equal(writeJson(convertPositional('sendtoaddress', ['addr', '0.10000000', '5'])), '["addr",0.10000000,"5"]');
  assert.equal(writeJson(convertPositional('echo', ['5', 'x'])), '["5","x"]');
  assert.equal(writeJson(convertPositional('echojson', ['5', '[1]'])), '[5,[1]]');
  assert.throws(() => convertPositional('getblock', ['00', 'two']), /Error parsing JSON: two/);
});

test('named arguments, mixed with positions and with equals signs in texts', () => {
  assert.equal(writeJson(convertNamed('getblock', ['blockhash=00', 'verbosity=0'])), '{"blockhash":"00","verbosity":0}');
  assert.equal(writeJson(convertNamed('getblock', ['00', 'verbosity=0'])), '{"verbosity":0,"args":["00"]}');
  assert.equal(writeJson(convertNamed('createwallet', ['my=wallet', 'blank=true'])), '{"blank":true,"args":["my=wallet"]}');
  assert.equal(writeJson(convertNamed('createwallet', ['wallet_name=w=1'])), '{"wallet_name":"w=1"}');
});
