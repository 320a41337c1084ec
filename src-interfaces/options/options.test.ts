import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonNumber, type JsonValue } from '../json/json.js';
import { parseCommandLine } from './command-line.js';
import { formatOptionHelp } from './help.js';
import { loadConfiguration, type FileAccess } from './load-configuration.js';
import { OptionValues } from './option-values.js';
import { emptySettings, type Settings } from './settings.js';
import { formatSettingsFile, parseSettingsFile } from './settings-file.js';
import { cliOptionTable, guiOptionTable, nodeOptionTable } from './tables.js';

function fromCommandLine(...args: string[]): Settings {
  const parsed = parseCommandLine(args, nodeOptionTable);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
  return { ...emptySettings(), commandLine: parsed.options };
}

function filesOf(files: Record<string, string>): FileAccess {
  return {
    readText: (path) => files[path],
    isDirectory: (path) => path.endsWith('/'),
    resolve: (base, path) => (path.startsWith('/') ? path : `${base}/${path}`),
  };
}

function load(files: Record<string, string>, ...args: string[]): OptionValues {
  const options = new OptionValues(fromCommandLine(...args), nodeOptionTable);
  loadConfiguration(options, '/d', filesOf(files));
  options.selectNetwork(options.chain());
  return options;
}

function commandLineError(...args: string[]): string | undefined {
  const parsed = parseCommandLine(args, nodeOptionTable);
  return parsed.ok ? undefined : parsed.error;
}

test('command line: spellings, repetition, negation', () => {
  const options = new OptionValues(fromCommandLine('-server', '--txindex=1', '-nolisten', '-debug=net', '-debug=rpc', '-dbcache=10', '-dbcache=20', '-nodnsseed=0'), nodeOptionTable);
  assert.equal(options.flag('server'), true);
  assert.equal(options.flag('txindex'), true);
  assert.equal(options.flag('listen'), false);
  assert.equal(options.isNegated('listen'), true);
  assert.equal(options.flag('dnsseed'), true);
  assert.deepEqual(options.list('debug'), ['net', 'rpc']);
  assert.equal(options.integer('dbcache'), 20);
  assert.equal(options.text('datadir'), undefined);
  assert.equal(options.flag('daemon'), undefined);
});

test('a switch is on when empty or a number other than 0, off otherwise', () => {
  for (const [text, expected] of [['', true], ['1', true], ['2', true], ['0', false], ['true', false], ['-1', true], ['0x1', false]] as const) {
    assert.equal(new OptionValues(fromCommandLine(`-server=${text}`), nodeOptionTable).flag('server'), expected, text);
  }
});

test('negation hides earlier values of a list, later ones count', () => {
  assert.deepEqual(new OptionValues(fromCommandLine('-debug=net', '-nodebug', '-debug=rpc'), nodeOptionTable).list('debug'), ['rpc']);
  assert.deepEqual(new OptionValues(fromCommandLine('-debug=net', '-nodebug'), nodeOptionTable).list('debug'), []);
});

test('what is wrong on the command line is named', () => {
  assert.equal(commandLineError('-foo'), 'Invalid parameter -foo');
  assert.equal(commandLineError('--foo=1'), 'Invalid parameter --foo=1');
  assert.equal(commandLineError('-ipcfd=3'), 'Invalid parameter -ipcfd=3');
  assert.equal(commandLineError('-regtest.listen=1'), 'Invalid parameter -regtest.listen=1');
  assert.equal(commandLineError('-nodatadir'), 'Negating of -datadir is meaningless and therefore forbidden');
  assert.equal(commandLineError('-proxy'), 'Can not set -proxy with no value. Please specify value with -proxy=value.');
  assert.equal(commandLineError('-includeconf=a', '-includeconf=b'), '-includeconf cannot be used from commandline; -includeconf="a"');
  assert.equal(commandLineError('-noincludeconf'), undefined);
  assert.match(commandLineError('-dbcache=lots') ?? '', /-dbcache.*'lots'/);
  assert.match(commandLineError('-fallbackfee=cheap') ?? '', /-fallbackfee=<amount>: 'cheap'/);
  assert.equal(commandLineError('-fallbackfee=0.0002', '-rpcport=18443'), undefined);
  assert.match(commandLineError('-fallbackfee=0.000000001') ?? '', /Invalid amount/);
});

test('the first argument that is no option ends the options', () => {
  const parsed = parseCommandLine(['-regtest', 'getblock', '-foo'], cliOptionTable);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.rest, ['getblock', '-foo']);
});

test('precedence: forced, command line, settings.json, section, default section', () => {
  const options = load({ '/d/bitcoin.conf': 'dbcache=1\nmaxmempool=7\nregtest=1\n[regtest]\ndbcache=2\n' });
  assert.equal(options.integer('dbcache'), 2);
  assert.equal(options.integer('maxmempool'), 7);
  options.settings.readWrite.set('dbcache', new JsonNumber('3'));
  assert.equal(options.integer('dbcache'), 3);
  options.settings.commandLine.set('dbcache', ['4']);
  assert.equal(options.integer('dbcache'), 4);
  assert.equal(options.persistentValue('dbcache')?.toString(), '3');
  options.force('dbcache', '5');
  assert.equal(options.integer('dbcache'), 5);
  assert.equal(options.softSet('dbcache', '6'), false);
  assert.equal(options.softSet('bantime', '6'), true);
});

test('in a file the first value of a setting wins, for lists all count', () => {
  const options = load({ '/d/bitcoin.conf': 'dbcache=1\ndbcache=2\ndebug=net\ndebug=rpc\n' }, '-debug=ipc');
  assert.equal(options.integer('dbcache'), 1);
  assert.deepEqual(options.list('debug'), ['ipc', 'net', 'rpc']);
});

test('network-only options count in the default section on main only', () => {
  const text = 'rpcport=1111\nwallet=w\n[regtest]\nport=2222\n';
  const main = load({ '/d/bitcoin.conf': text });
  assert.equal(main.integer('rpcport'), 1111);
  const regtest = load({ '/d/bitcoin.conf': text }, '-regtest');
  assert.equal(regtest.integer('rpcport'), undefined);
  assert.equal(regtest.integer('port'), 2222);
  assert.deepEqual(regtest.list('wallet'), []);
  assert.deepEqual(regtest.misplacedOptions(), ['rpcport', 'wallet']);
});

test('choosing the network', () => {
  assert.equal(load({}).chain(), 'main');
  assert.equal(load({}, '-testnet').chain(), 'test');
  assert.equal(load({}, '-chain=testnet4').chain(), 'testnet4');
  assert.equal(load({ '/d/bitcoin.conf': 'regtest=1' }).chain(), 'regtest');
  // A negation on the command line does not undo the file: Bitcoin Core's rule.
  assert.equal(load({ '/d/bitcoin.conf': 'regtest=1' }, '-noregtest').chain(), 'regtest');
  assert.throws(() => load({}, '-regtest', '-signet'), /Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain/);
  assert.throws(() => load({}, '-chain=nonet'), /Unknown chain nonet\./);
});

test('configuration files: comments, sections by dot, errors with their line', () => {
  const options = load({ '/d/bitcoin.conf': '# note\n listen = 0 # no\nregtest=1\nregtest.rpcport=5\n\r\n' });
  assert.equal(options.flag('listen'), false);
  assert.equal(options.integer('rpcport'), 5);
  assert.throws(() => load({ '/d/bitcoin.conf': 'a\n' }), /parse error on line 1: a$/);
  assert.throws(() => load({ '/d/bitcoin.conf': 'server=1\nnolisten\n' }), /line 2: nolisten, if you intended to specify a negated option, use nolisten=1 instead/);
  assert.throws(() => load({ '/d/bitcoin.conf': '-server=1\n' }), /without leading -/);
  assert.throws(() => load({ '/d/bitcoin.conf': 'foo=1\n' }), /Invalid configuration value foo/);
  assert.throws(() => load({ '/d/bitcoin.conf': 'conf=x\n' }), /conf cannot be set in the configuration file/);
  assert.throws(() => load({ '/d/bitcoin.conf': 'rpcpassword=a#b\n' }), /using # in rpcpassword/);
  assert.throws(() => load({}, '-conf=gone.conf'), /specified config file "\/d\/gone\.conf" could not be opened/);
});

test('included files', () => {
  const files = { '/d/bitcoin.conf': 'includeconf=more.conf\nregtest=1\n[regtest]\nincludeconf=/x/reg.conf\n', '/d/more.conf': 'dbcache=9\nincludeconf=deep.conf', '/x/reg.conf': 'maxmempool=8' };
  const options = new OptionValues(fromCommandLine(), nodeOptionTable);
  const loaded = loadConfiguration(options, '/d', filesOf(files));
  assert.deepEqual(loaded.included, ['/x/reg.conf', 'more.conf']);
  assert.deepEqual(loaded.warnings, ['-includeconf cannot be used from included files; ignoring -includeconf=deep.conf']);
  assert.equal(options.integer('dbcache'), 9);
  assert.equal(options.integer('maxmempool'), 8);
  assert.equal(load(files, '-noincludeconf').integer('dbcache'), undefined);
  assert.throws(() => load({ '/d/bitcoin.conf': 'includeconf=gone.conf' }), /Failed to include configuration file gone\.conf/);
});

test('settings.json goes out and comes back', () => {
  const values = new Map<string, JsonValue>([['wallet', ['w1', 'w2']], ['prune', new JsonNumber('0')], ['dbcache', '450']]);
  const text = formatSettingsFile(values);
  assert.match(text, /^\{\n {4}"_warning_": "/);
  const parsed = parseSettingsFile(text, 'p');
  assert.ok(parsed.ok);
  assert.deepEqual([...parsed.values].sort(), [...values].sort());
  for (const [bad, message] of [['{', /does not contain valid JSON/], ['[1]', /Found non-object value \[1\]/], ['{"a":1,"a":2}', /Found duplicate key a/]] as const) {
    const failed = parseSettingsFile(bad, 'p');
    assert.ok(!failed.ok);
    assert.match(failed.error, message);
  }
});

test('help lists every option of its program, grouped, within 79 columns', () => {
  for (const table of [nodeOptionTable, guiOptionTable, cliOptionTable]) {
    const text = formatOptionHelp(table, true);
    for (const spec of table.all()) {
      if (spec.category !== 'hidden') assert.ok(text.includes(`  -${spec.name}${spec.argument}\n`), spec.name);
    }
    assert.deepEqual(text.split('\n').filter((line) => line.length > 79 && !line.startsWith('  -')), []);
  }
  assert.ok(!formatOptionHelp(nodeOptionTable, false).includes('-limitclustercount'));
});
