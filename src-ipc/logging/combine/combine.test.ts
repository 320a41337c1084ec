import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lineTime, lineTopics } from './log-line.js';
import { sinceTime } from './since.js';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): { readonly ended: Promise<Ended>; readonly out: () => string; stop(): void; closeOutput(): void } {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.once('close', (status) => resolve({ status, out, error })));
  return { ended, out: () => out, stop: () => void child.kill('SIGINT'), closeOutput: () => child.stdout.destroy() };
}

const run = (...args: string[]): Promise<Ended> => start(args).ended;

function dataDirectory(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logs-'));
  t.after(() => fs.rmSync(directory, { recursive: true }));
  fs.mkdirSync(path.join(directory, 'regtest'));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(directory, 'regtest', name), content);
  return directory;
}

async function until(condition: () => boolean, what: () => string): Promise<void> {
  for (let waited = 0; !condition(); waited += 50) {
    if (waited > 20_000) assert.fail(what());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const three = {
  'debug.log': '\n\n\n2026-01-01T00:00:01Z one\n2026-01-01T00:00:03.500000Z [ipc] four\n  more of four\n',
  'debug.log.wallet': '2026-01-01T00:00:02.000001Z [ipc:trace] two\n2026-01-01T00:00:04Z [warning] five',
  'debug.log.gui': '2026-01-01T00:00:03Z ipc: three\n',
};

test('the three logs of a data directory in the order of their times', async (t) => {
  const directory = dataDirectory(t, three);
  const { status, out, error } = await run('-regtest', `-datadir=${directory}`);
  assert.deepEqual([status, error], [0, '']);
  assert.equal(
    out,
    [
      'node  2026-01-01T00:00:01Z one',
      'wall  2026-01-01T00:00:02.000001Z [ipc:trace] two',
      'gui   2026-01-01T00:00:03Z ipc: three',
      'node  2026-01-01T00:00:03.500000Z [ipc] four',
      '        more of four',
      'wall  2026-01-01T00:00:04Z [warning] five',
      '',
    ].join('\n'),
  );
});

test('lines are chosen by category, level and time', async (t) => {
  const directory = dataDirectory(t, three);
  const words = async (...args: string[]): Promise<string> =>
    (await run('-regtest', `-datadir=${directory}`, ...args)).out.trim().split('\n').map((line) => line.split(' ').at(-1)).join(' ');
  assert.equal(await words('-category=ipc'), 'two three four four');
  assert.equal(await words('-category=warning,trace'), 'two five');
  assert.equal(await words('--since=2026-01-01T00:00:03'), 'three four four five');
  assert.equal(await words('--since=1d'), '');
});

test('colours tell the processes apart where they are wanted', async (t) => {
  const directory = dataDirectory(t, three);
  const coloured = await run('-regtest', `-datadir=${directory}`, '--color=always');
  assert.equal(new Set(coloured.out.match(/\x1b\[\d;\d\dm/g)).size, 3);
  assert.match(coloured.out, /^\x1b\[0;32mnode {2}2026\S+ one\x1b\[0m$/m);
  assert.ok(!(await run('-regtest', `-datadir=${directory}`)).out.includes('\x1b'));
  const { status, error } = await run('-regtest', `-datadir=${directory}`, '-color=pink');
  assert.deepEqual([status, error], [1, 'Error: Invalid value for -color option. Valid values: always, auto, never. Given: pink\n']);
});

test('bitcoin.conf says where the logs are', async (t) => {
  const directory = dataDirectory(t, { 'own.log': '2026-01-01T00:00:01Z mine\n' });
  fs.writeFileSync(path.join(directory, 'bitcoin.conf'), 'regtest=1\n[regtest]\ndebuglogfile=own.log\n');
  assert.equal((await run(`-datadir=${directory}`)).out, 'node  2026-01-01T00:00:01Z mine\n');
});

test('files by name, with labels of their own; what is in them cannot reach the terminal', async (t) => {
  const directory = dataDirectory(t, { a: '2026-01-01T00:00:02Z \x1b[2J\n', b: '2026-01-01T00:00:01Z first\n' });
  const file = (name: string): string => path.join(directory, 'regtest', name);
  const { out } = await run(`upper=${file('a')}`, `lower-one=${file('b')}`);
  assert.equal(out, 'lower-one 2026-01-01T00:00:01Z first\nupper     2026-01-01T00:00:02Z \\x1b[2J\n');
});

test('what cannot be read or understood is named', async (t) => {
  const directory = dataDirectory(t);
  const missing = path.join(directory, 'nothing.log');
  const said = async (...args: string[]): Promise<string> => {
    const { status, error } = await run(...args);
    assert.equal(status, 1);
    return error;
  };
  assert.match(await said(missing), /^Error: Cannot read \/.*nothing\.log: ENOENT/);
  assert.match(await said(directory), /^Error: Cannot read .*: it is a directory\n$/);
  assert.match(await said('-regtest', `-datadir=${directory}`), /^Error: There is no log in .*regtest: neither .*debug\.log nor .*debug\.log\.wallet nor .*debug\.log\.gui\.\n$/);
  assert.equal(await said('-category=nonsense'), 'Error: Unknown category -category=nonsense.\n');
  assert.match(await said('-since=yesterday'), /^Error: Invalid time -since=yesterday\./);
  assert.match(await said('-nosuch'), /Invalid parameter -nosuch/);
  assert.match(await said('-datadir=/nowhere'), /"\/nowhere" does not exist/);
  assert.match((await run('-help')).out, /Usage: bitcoin-logs \[options\][^]*-since=<time>/);
});

test('files larger than memory pieces: every line once, in order, and a closed output ends it', async (t) => {
  const directory = dataDirectory(t);
  const count = 60_000;
  const line = (index: number): string => `${new Date(1.7e12 + index * 1000).toISOString().replace('.000Z', 'Z')} ${index} ${'x'.repeat(index % 300)}\n`;
  for (const [part, name] of ['debug.log', 'debug.log.wallet', 'debug.log.gui'].entries()) {
    let text = '';
    for (let index = part; index < count; index += 3) text += line(index);
    fs.writeFileSync(path.join(directory, 'regtest', name), text);
  }
  const { status, out } = await run('-regtest', `-datadir=${directory}`);
  assert.equal(status, 0);
  const seen = out.split('\n').slice(0, -1).map((text) => Number(/Z (\d+) /.exec(text)?.[1]));
  assert.equal(seen.length, count);
  assert.ok(seen.every((number, index) => number === index));
  const cut = start(['-regtest', `-datadir=${directory}`]);
  cut.closeOutput();
  assert.deepEqual([(await cut.ended).status, (await cut.ended).error], [0, '']);
});

test('following: new lines, a file that appears later, one cut down, one moved away', async (t) => {
  const two = `2026-01-01T00:00:02Z ${'x'.repeat(1_500)} two\n`;
  const directory = dataDirectory(t, { 'debug.log': `2026-01-01T00:00:01Z ${'x'.repeat(3_000)} one\n${two}` });
  const file = (name: string): string => path.join(directory, 'regtest', name);
  const logs = start(['-regtest', `-datadir=${directory}`, '-f']);
  t.after(() => logs.stop());
  const seen = (text: string): Promise<void> => until(() => logs.out().includes(text), () => `${text} in\n${logs.out()}`);
  await seen('two');
  fs.appendFileSync(file('debug.log'), '2026-01-01T00:00:03Z thr');
  fs.writeFileSync(file('debug.log.wallet'), '2026-01-01T00:00:04Z wallet\n');
  await seen('wall  2026-01-01T00:00:04Z wallet');
  assert.ok(!logs.out().includes('thr'), 'no half lines');
  fs.appendFileSync(file('debug.log'), 'ee\n');
  await seen('three');
  // Its beginning is cut away, as when a program starts with an overlong log.
  fs.writeFileSync(file('debug.log'), `${two}2026-01-01T00:00:03Z three\n2026-01-01T00:00:05Z cut\n`);
  await seen('cut');
  fs.renameSync(file('debug.log'), file('debug.log.1'));
  fs.appendFileSync(file('debug.log.1'), '2026-01-01T00:00:06Z last of the old\n');
  fs.writeFileSync(file('debug.log'), '2026-01-01T00:00:07Z new\n');
  await seen('new');
  logs.stop();
  const { status, out } = await logs.ended;
  assert.equal(status, 0);
  const words = out.trimEnd().split('\n').map((text) => text.replace(/^.*Z (x+ )?/, ''));
  assert.deepEqual(words, ['one', 'two', 'wallet', 'three', 'cut', 'last of the old', 'new']);
});

test('times with seconds and microseconds', () => {
  assert.equal(lineTime('2026-01-01T00:00:01Z x'), Date.UTC(2026, 0, 1, 0, 0, 1) * 1000);
  assert.equal(lineTime('2026-01-01T00:00:01.000002Z x'), Date.UTC(2026, 0, 1, 0, 0, 1) * 1000 + 2);
  assert.equal(lineTime('[*] 2026-01-01T00:00:01Z x'), Date.UTC(2026, 0, 1, 0, 0, 1) * 1000);
  assert.equal(lineTime('x 2026-01-01T00:00:01Z'), undefined);
  assert.equal(lineTime('2026-99-01T00:00:01Z x'), undefined);
  assert.equal(sinceTime('10m', 1_000_000), 400_000_000);
  assert.equal(sinceTime('2026-01-01', 0), Date.UTC(2026, 0, 1) * 1000);
});

test('the category is the last of the parts a line begins with', () => {
  assert.deepEqual(lineTopics('2026-01-01T00:00:01Z (mocktime: 2026-01-01T00:00:01Z) [net] y'), ['net']);
  assert.deepEqual(lineTopics('2026-01-01T00:00:01Z [main] [a.ts:1] [f] [ipc:trace] y'), ['ipc', 'trace']);
  assert.deepEqual(lineTopics('2026-01-01T00:00:01Z [error] ipc: y'), ['error', 'ipc']);
  assert.deepEqual(lineTopics('[*] 2026-01-01T00:00:01Z [net] y'), ['net']);
  assert.deepEqual(lineTopics('[*] [warning] y'), ['warning']);
  assert.deepEqual(lineTopics('no time'), []);
});
