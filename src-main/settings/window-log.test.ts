import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseGuiCommandLine } from '../command-line.js';
import { WindowLog } from './window-log.js';

interface Opened {
  readonly log: WindowLog;
  readonly folder: string;
  readonly datadir: string;
}

function makeLog(t: TestContext, args: readonly string[] = []): Opened {
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'window-log-'));
  t.after(() => fs.rmSync(base, { recursive: true }));
  const [folder, datadir] = [path.join(base, 'window'), path.join(base, 'data')];
  fs.mkdirSync(datadir);
  const log = new WindowLog(parseGuiCommandLine(args).options, folder, '1.2.3');
  t.after(() => log.close());
  return { log, folder, datadir };
}

const linesOf = (file: string): string[] => fs.readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');

test('before a network is chosen the log is in the window’s folder, then beside the node’s', (t) => {
  const { log, folder, datadir } = makeLog(t);
  log.write('early');
  log.open(undefined);
  const first = path.join(folder, 'debug.log.gui');
  assert.equal(log.path, first);
  log.open({ network: 'regtest', datadir, attachAddress: '' });
  const second = path.join(datadir, 'regtest', 'debug.log.gui');
  assert.equal(log.path, second);
  log.write('late');
  log.close();
  assert.match(linesOf(first)[0] ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ early$/);
  assert.match(linesOf(first).join(), /Bulkhead window version v1\.2\.3/);
  assert.match(linesOf(second).join(), / late$/);
  assert.equal(fs.statSync(second).mode & 0o777, 0o600);
});

test('command line and bitcoin.conf say what is logged and where', (t) => {
  const { log, datadir } = makeLog(t, ['-regtest', '-debug=ipc', '-loglevel=ipc:trace']);
  fs.writeFileSync(path.join(datadir, 'bitcoin.conf'), 'regtest=1\n[regtest]\ndebuglogfile=our.log\nlogtimestamps=0\n[main]\ndebug=net\n');
  log.open({ network: 'regtest', datadir, attachAddress: '' });
  assert.equal(log.path, path.join(datadir, 'regtest', 'our.log.gui'));
  log.logger.debug('net', 'no');
  log.logger.trace('ipc', 'yes');
  log.close();
  assert.deepEqual(linesOf(path.join(datadir, 'regtest', 'our.log.gui')).slice(1), ['[ipc:trace] yes']);
});

test('a node elsewhere leaves the data directory alone', (t) => {
  const { log, folder, datadir } = makeLog(t);
  log.open({ network: 'signet', datadir, attachAddress: 'ssh://elsewhere' });
  assert.equal(log.path, path.join(folder, 'debug.log.gui'));
  assert.ok(!fs.existsSync(path.join(datadir, 'signet')));
});

test('what is wrong with the configuration, or with the place, is in the log', (t) => {
  const { log, folder, datadir } = makeLog(t);
  fs.writeFileSync(path.join(datadir, 'bitcoin.conf'), 'debug=foo\ndebuglogfile=missing/debug.log\n');
  log.open({ network: 'main', datadir, attachAddress: '' });
  log.close();
  assert.match(linesOf(path.join(datadir, 'debug.log.gui')).join(), /\[warning\] Unsupported logging category -debug=foo\./);
  fs.writeFileSync(path.join(datadir, 'bitcoin.conf'), 'debuglogfile=missing/debug.log\n');
  log.open({ network: 'main', datadir, attachAddress: '' });
  log.close();
  assert.match(linesOf(path.join(folder, 'debug.log.gui')).join(), /\[warning\] The log cannot be written beside the node's: ENOENT.*missing/);
});

test('faults of the process are listened for while the log is open, and no longer', (t) => {
  const before = process.listenerCount('uncaughtExceptionMonitor');
  const { log } = makeLog(t);
  assert.equal(process.listenerCount('uncaughtExceptionMonitor'), before + 1);
  log.close();
  assert.equal(process.listenerCount('uncaughtExceptionMonitor'), before);
});

test('an unknown category on the command line is refused by name', () => {
  assert.throws(() => parseGuiCommandLine(['-debug=foo']), /Unsupported logging category -debug=foo/);
  assert.throws(() => parseGuiCommandLine(['-loglevel=ipc:loud']), /-loglevel=ipc:loud/);
});
