import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGuiCommandLine } from './command-line.js';

test('network and data directory are the window’s, the rest is passed on', () => {
  const line = parseGuiCommandLine(['--no-sandbox', '-regtest', '-datadir=/tmp/d', '-fallbackfee=0.0001', '-rpcport=18555']);
  assert.equal(line.network, 'regtest');
  assert.equal(line.datadir, '/tmp/d');
  assert.deepEqual(line.passedOn, ['-fallbackfee=0.0001', '-rpcport=18555']);
});

test('nothing chosen leaves the choice to the first window', () => {
  const line = parseGuiCommandLine([]);
  assert.equal(line.network, undefined);
  assert.equal(line.datadir, undefined);
});

test('payment links and attach addresses are understood', () => {
  assert.equal(parseGuiCommandLine(['bitcoin:bcrt1qx?amount=1']).uri, 'bitcoin:bcrt1qx?amount=1');
  assert.equal(parseGuiCommandLine(['-ipcconnect=unix:/tmp/node.sock']).attachAddress, 'unix:/tmp/node.sock');
  assert.equal(parseGuiCommandLine(['-ipcconnect=auto']).attachAddress, undefined);
});

test('an unknown option or stray word is refused by name', () => {
  assert.throws(() => parseGuiCommandLine(['-nosuchoption']), /Invalid parameter -nosuchoption/);
  assert.throws(() => parseGuiCommandLine(['stray']), /unexpected token 'stray'/);
  assert.throws(() => parseGuiCommandLine(['-regtest', '-signet']), /at most one/);
});
