import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromGlobalArgs, toGlobalArgs } from './global-args.js';
import { emptySettings } from './settings.js';

test('a settings tree survives the way to another process', () => {
  const settings = emptySettings();
  settings.forced.set('server', '1');
  settings.commandLine.set('regtest', ['']);
  settings.commandLine.set('debug', ['ipc', false]);
  settings.readWrite.set('wallet', ['w1', 'w2']);
  settings.config.set('', new Map([['rpcport', ['1']]]));
  settings.config.set('regtest', new Map([['rpcport', ['2', '3']]]));
  const sent = toGlobalArgs(settings, '/d/bitcoin.conf');
  assert.equal(sent.configPath, '/d/bitcoin.conf');
  assert.deepEqual(sent.settings.commandLineOptions, [
    { key: 'debug', value: ['"ipc"', 'false'] },
    { key: 'regtest', value: ['""'] },
  ]);
  assert.deepEqual(fromGlobalArgs(sent), settings);
});

test('values that are no JSON count as null', () => {
  const settings = fromGlobalArgs({ configPath: '', settings: { forcedSettings: [{ key: 'a', value: '{' }], commandLineOptions: [], rwSettings: [], roConfig: [] } });
  assert.equal(settings.forced.get('a'), null);
});
