import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { OptionValues } from '../../src-interfaces/options/option-values.js';
import { emptySettings } from '../../src-interfaces/options/settings.js';
import { FileLog } from './file-log.js';
import { ipcLog } from './ipc-log.js';
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

test('a file is cut down unless categories are on', () => {
  const shrink = (values: Record<string, string[]>): boolean => logDestination(optionsOf(values), '/', '', false).shrink;
  assert.deepEqual([shrink({}), shrink({ debug: ['0'] }), shrink({ debug: ['net', 'none'] })], [true, true, true]);
  assert.deepEqual([shrink({ debug: ['net'] }), shrink({ debug: ['0', 'net'] }), shrink({ debug: [''] })], [false, false, false]);
  assert.deepEqual([shrink({ shrinkdebugfile: ['0'] }), shrink({ debug: ['net'], shrinkdebugfile: ['1'] })], [false, true]);
});

test('lines from before the levels are known are kept, and sorted out when they are', () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  const log = new FileLog({ mockTime: () => 0, threadName: 'main', isToldLevelsLater: true });
  log.debug('ipc', 'call');
  log.trace('ipc', () => 'content');
  log.debug('net', 'peer');
  log.info('always');
  const options = optionsOf({ debug: ['ipc'], logtimestamps: ['0'], logsourcelocations: ['1'] });
  applyLogLevels(log, options);
  log.open(logDestination(options, directory, '.wallet', false));
  log.trace('ipc', () => assert.fail('ipc is at debug'));
  log.debug('net', () => assert.fail('net is off'));
  log.close();
  const lines = read(join(directory, 'debug.log.wallet'));
  assert.deepEqual(lines.map((line) => line.replace(/:\d+\] \[\S+\]/, '')), ['[file-log.test.ts [ipc] call', '[file-log.test.ts always']);
});

test('a log that is off has no line put into words', () => {
  const off = ipcLog(new FileLog());
  off.debug(() => assert.fail('asked for a line'));
  off.trace(() => assert.fail('asked for a line'));
  const { log, path } = openLog({ debug: ['ipc'], logtimestamps: ['0'] });
  const on = ipcLog(log);
  on.debug(() => 'a call');
  on.trace(() => assert.fail('trace is off'));
  on.info('b');
  on.warn('c');
  on.error('d');
  log.close();
  assert.deepEqual(read(path), ['[ipc] a call', 'ipc: b', '[warning] ipc: c', '[error] ipc: d']);
});

test('a line says where it comes from, not who passed it on', () => {
  const { log, path } = openLog({ logtimestamps: ['0'], logsourcelocations: ['1'], debug: ['ipc'] });
  function spawnSomething(write: (line: () => string) => void): void {
    write(() => 'launched');
  }
  class Maker {
    constructor() {
      log.info('made');
    }
  }
  new Maker();
  spawnSomething(ipcLog(log).debug);
  spawnSomething((line) => log.debug('ipc', line));
  log.close();
  const [made = '', first = '', second = ''] = read(path);
  assert.match(made, /^\[file-log\.test\.ts:\d+\] \[Maker\] made$/);
  assert.match(first, /^\[file-log\.test\.ts:\d+\] \[spawnSomething\] \[ipc\] launched$/);
  assert.match(second, /^\[file-log\.test\.ts:\d+\] /);
});

test('a line that many pass on says where it comes from, and leaves the stacks of errors as they are', () => {
  const { log, path } = openLog({ logtimestamps: ['0'], logsourcelocations: ['1'] });
  let info = (text: string): void => log.info(text);
  for (let i = 0; i < 5; i++) {
    const inner = { info };
    info = { info: (text: string): void => inner.info(text) }.info;
  }
  function faraway(): void {
    info('passed on');
  }
  for (let i = 0; i < 2; i++) faraway();
  log.close();
  const lines = read(path);
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /^\[file-log\.test\.ts:\d+\] \[faraway\] passed on$/);
  assert.equal(Error.stackTraceLimit, 10);
  assert.match(new Error('here').stack ?? '', /^Error: here\n {4}at .*file-log\.test\.ts:\d+:\d+\)\n/);
});

test('the log moves to another file and goes on there', () => {
  const { log, path } = openLog({ logtimestamps: ['0'] });
  log.info('here');
  const other = mkdtempSync(join(tmpdir(), 'log-'));
  assert.throws(() => log.open(logDestination(optionsOf({}), join(other, 'missing'), '', false)), /ENOENT/);
  log.info('still here');
  log.open(logDestination(optionsOf({ logtimestamps: ['0'] }), other, '', false));
  log.info('there');
  log.close();
  assert.deepEqual(read(path), ['here', 'still here']);
  assert.deepEqual(read(join(other, 'debug.log')), ['there']);
});

test('times have microseconds that do not go back', () => {
  const { log, path } = openLog({ logtimemicros: ['1'] });
  for (let count = 0; count < 5_000; count++) log.info('x');
  log.close();
  const times = read(path).map((line) => line.slice(0, 27));
  assert.deepEqual(times, [...times].sort());
  assert.ok(new Set(times).size > 100);
  assert.ok(Math.abs(Date.parse(times.at(-1) ?? '') - Date.now()) < 1_000);
});

test('a console that nobody reads any more does not end the program', async () => {
  const source = `
    import { FileLog } from ${JSON.stringify(new URL('./file-log.ts', import.meta.url).href)};
    const log = new FileLog();
    log.open({ path: undefined, console: true, shrink: false, timestamps: true, microseconds: false, threadNames: false, sourceLocations: false, alwaysLevel: false, rateLimit: true });
    let count = 0;
    const timer = setInterval(() => { log.info('line'); if (++count === 20) { clearInterval(timer); process.stderr.write('done'); } }, 5);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.deepEqual([code, errors], [0, 'done']);
});
