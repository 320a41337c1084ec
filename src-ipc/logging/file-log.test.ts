import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { FileLog } from './file-log.js';
import { applyLogLevels, logDestination } from './logging-options.js';

function optionsOf(values: Record<string, string[]>): OptionValues {
  const settings = emptySettings();
  for (const [name, list] of Object.entries(values)) settings.commandLine.set(name, list);
  return new OptionValues(settings, undefined);
}

function openLog(values: Record<string, string[]>, mockTime = 0): { log: FileLog; path: string } {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  const log = new FileLog({ mockTime: () => mockTime, threadName: 'main' });
  const options = optionsOf(values);
  applyLogLevels(log, options);
  log.open(logDestination(options, directory, '', false));
  return { log, path: join(directory, 'debug.log') };
}

const read = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

test('lines carry time, category and level as the reference writes them', () => {
  const { log, path } = openLog({ debug: ['net', 'ipc'], loglevel: ['ipc:trace'] });
  log.info('plain');
  log.warning('careful');
  log.error('bad');
  log.debug('net', 'a peer');
  log.debug('rpc', () => assert.fail('rpc is off'));
  log.trace('net', () => assert.fail('net is at debug'));
  log.trace('ipc', () => 'bytes');
  log.close();
  const lines = read(path);
  const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ /;
  for (const line of lines) assert.match(line, stamp);
  assert.deepEqual(
    lines.map((line) => line.replace(stamp, '')),
    ['plain', '[warning] careful', '[error] bad', '[net] a peer', '[ipc:trace] bytes'],
  );
});

test('options change what a line begins with', () => {
  const { log, path } = openLog({ logtimemicros: [''], logthreadnames: ['1'], logsourcelocations: ['1'], loglevelalways: ['1'] }, 1_600_000_000);
  log.info('here');
  log.close();
  assert.match(
    read(path)[0] ?? '',
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z \(mocktime: 2020-09-13T12:26:40Z\) \[main\] \[file-log\.test\.ts:\d+\] \[\S+\] \[all:info\] here$/,
  );
  const bare = openLog({ logtimestamps: ['0'] });
  bare.log.info('bare');
  bare.log.close();
  assert.deepEqual(read(bare.path), ['bare']);
});

test('control characters cannot reach a terminal', () => {
  const { log, path } = openLog({ logtimestamps: ['0'] });
  log.info('a\x1b[2Jb\x7f\tc');
  log.close();
  assert.deepEqual(read(path), ['a\\x1b[2Jb\\x7f\\x09c']);
});

test('lines before opening come first', () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  const log = new FileLog();
  log.info('early');
  log.open(logDestination(optionsOf({ logtimestamps: ['0'] }), directory, '.gui', false));
  log.info('late');
  log.close();
  assert.deepEqual(read(join(directory, 'debug.log.gui')), ['early', 'late']);
});

test('categories switch on and off while running, as a mask', () => {
  const log = new FileLog();
  assert.equal(log.enableCategory('net'), true);
  assert.equal(log.categoryMask, 1n);
  assert.equal(log.enableCategory('ipc'), true);
  assert.equal(log.categoryMask, 1n | (1n << 23n));
  assert.equal(log.disableCategory('net'), true);
  assert.equal(log.willLog('net', 'debug'), false);
  assert.equal(log.enableCategory('nonsense'), false);
  assert.equal(log.enableCategory('all'), true);
  assert.equal(log.willLog('privatebroadcast', 'debug'), true);
  assert.equal(log.disableCategory(''), true);
  assert.equal(log.categoryMask, 0n);
});

test('unknown categories and levels are named', () => {
  const log = new FileLog();
  assert.throws(() => applyLogLevels(log, optionsOf({ debug: ['foo'] })), /Unsupported logging category -debug=foo\./);
  assert.throws(() => applyLogLevels(log, optionsOf({ debugexclude: ['foo'] })), /-debugexclude=foo\./);
  assert.throws(() => applyLogLevels(log, optionsOf({ loglevel: ['loud'] })), /Unsupported global logging level -loglevel=loud/);
  assert.throws(() => applyLogLevels(log, optionsOf({ loglevel: ['net:error'] })), /Unsupported category-specific/);
  applyLogLevels(log, optionsOf({ debug: ['net', 'none', 'rpc'] }));
  assert.equal(log.willLog('net', 'debug'), false);
  assert.equal(log.willLog('rpc', 'debug'), true);
});

test('an overlong file is cut when starting, and a moved file is made anew', () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  const path = join(directory, 'debug.log');
  writeFileSync(path, 'x'.repeat(11_500_000));
  const log = new FileLog();
  log.open(logDestination(optionsOf({ logtimestamps: ['0'] }), directory, '', false));
  assert.equal(statSync(path).size, 10_000_005);
  renameSync(path, `${path}.1`);
  log.reopen();
  log.info('fresh');
  log.close();
  assert.deepEqual(read(path), ['fresh']);
});
