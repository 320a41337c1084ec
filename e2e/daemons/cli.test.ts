/** The programs as a person types them: commands, starts in the background, and mistakes on the command line. */
import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test, before } from 'node:test';
import { freePort, NodeProcess } from '../framework/node-process.js';
import { childrenOf, isRunning } from '../framework/process-tree.js';
import { program, referenceProgram, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

const run = (file: string, args: readonly string[], input = ''): SpawnSyncReturns<string> => spawnSync(file, args, { encoding: 'utf8', input, timeout: 60_000 });

const clients = [
  ['our bitcoin-cli', program('bitcoin-cli')],
  ['Bitcoin Core’s bitcoin-cli', referenceProgram('bitcoin-cli')],
] as const;

for (const [name, cli] of clients) {
  describe(`${name} talks to our node`, { skip: cli === undefined ? 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-cli' : false }, () => {
    let node: NodeProcess;
    before(async () => {
      node = await NodeProcess.start();
    });
    after(async () => {
      await node.stop();
    });
    const ask = (args: readonly string[], input?: string): SpawnSyncReturns<string> =>
      run(cli ?? '', ['-regtest', `-datadir=${node.datadir}`, `-rpcport=${node.rpcPort}`, ...args], input);
    const answer = (...args: string[]): string => {
      const { status, stdout, stderr } = ask(args);
      assert.equal(status, 0, stderr);
      return stdout.trimEnd();
    };

    test('with the cookie: texts, numbers, objects, names, wallets', () => {
      assert.equal(answer('getblockcount'), '0');
      assert.equal(answer('getblockhash', '0'), '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206');
      assert.equal(answer('-named', 'getblockhash', 'height=0'), answer('getblockhash', '0'));
      assert.equal(ask(['-stdin', 'getblockhash'], '0\n').stdout.trimEnd(), answer('getblockhash', '0'));
      assert.equal(JSON.parse(answer('getblockchaininfo')).chain, 'regtest');
      for (const wallet of ['one', 'two']) assert.equal(JSON.parse(answer('createwallet', wallet)).name, wallet);
      const address = answer('-rpcwallet=two', 'getnewaddress', 'label with blanks', 'bech32m');
      assert.match(address, /^bcrt1p/);
      assert.equal(JSON.parse(answer('generatetoaddress', '101', address)).length, 101);
      assert.equal(answer('-rpcwallet=two', 'getbalance'), '50.00000000');
      assert.equal(answer('-rpcwallet=one', 'getbalance'), '0.00000000');
      const sent = answer('-rpcwallet=two', '-named', 'send', `outputs={"${answer('-rpcwallet=one', 'getnewaddress')}": 1.5}`, 'fee_rate=3');
      assert.equal(JSON.parse(sent).complete, true);
      assert.match(answer('-getinfo'), /Chain: regtest/);
      assert.match(answer('-netinfo'), /ipv4 +ipv6 .*\n *in +0 /);
      assert.match(answer('help'), /== Wallet ==/);
      assert.match(answer('help', 'sendtoaddress'), /^sendtoaddress "address" amount/);
    });

    test('errors of the node: code, text and exit status', () => {
      const cases = [
        [['getblockhash', '1000'], 8, /^error code: -8\nerror message:\nBlock height out of range\n$/],
        [['nosuchcommand'], 89, /^error code: -32601\nerror message:\nMethod not found\n$/],
        [['getblockhash'], 1, /^error code: -1\nerror message:\ngetblockhash height\n/],
        [['getblockhash', 'abc'], 1, /^error: Error parsing JSON: abc\n$/],
        [['-rpcwallet=absent', 'getbalance'], 18, /^error code: -18\nerror message:\nRequested wallet does not exist or is not loaded\n/],
        [['getbalance'], 19, /^error code: -19\n/],
        [['-rpcuser=a', '-rpcpassword=b', 'getblockcount'], 1, /^error: Authorization failed: Incorrect rpcuser or rpcpassword\n$/],
      ] as const;
      for (const [args, status, text] of cases) {
        const result = ask(args);
        assert.equal(result.status, status, `${args.join(' ')}: ${result.stderr}`);
        assert.match(result.stderr, text);
        assert.equal(result.stdout, '');
      }
    });

    test('a node that is not there', async () => {
      const result = ask([`-rpcport=${await freePort()}`, 'getblockcount']);
      assert.equal(result.status, 1);
      assert.match(result.stderr, /^error: timeout on transient error: Could not connect to the server 127\.0\.0\.1:\d+/);
    });
  });
}

for (const daemon of ['bitcoin-node', 'bitcoind']) {
  for (const option of ['-daemon', '-daemonwait']) {
    test(`${daemon} ${option} goes on in the background, alone in its directory, until stop`, async (t) => {
      const datadir = temporaryFolder();
      const rpcPort = await freePort();
      const connection = ['-regtest', `-datadir=${datadir}`, `-rpcport=${rpcPort}`];
      const start = (): SpawnSyncReturns<string> => run(program(daemon), [...connection, '-listen=0', '-connect=0', option]);
      const cli = (...args: string[]): SpawnSyncReturns<string> => run(program('bitcoin-cli'), [...connection, ...args]);
      const first = start();
      assert.equal(first.status, 0, first.stderr);
      assert.match(first.stdout, /^\S+ starting\n$/);
      // Who waited for the start need not wait again.
      const asked = option === '-daemonwait' ? cli('getblockcount') : cli('-rpcwait', '-rpcwaittimeout=60', 'getblockcount');
      assert.equal(asked.stdout, '0\n', asked.stderr);
      const pid = Number(fs.readFileSync(path.join(datadir, 'regtest', 'bitcoind.pid'), 'utf8'));
      t.after(() => {
        if (isRunning(pid)) process.kill(pid, 'SIGKILL');
      });
      assert.ok(isRunning(pid));
      const processes = [pid, ...childrenOf(pid)];
      assert.equal(processes.length, daemon === 'bitcoind' ? 1 : 2);
      const second = start();
      assert.equal(second.status, 1);
      assert.match(second.stderr, /^Error: Cannot obtain a lock on directory .*regtest\. \S+ is probably already running\.\n$/);
      assert.equal(cli('stop').status, 0);
      await waitFor('every process to end', () => !processes.some(isRunning));
    });
  }
}

test('-daemonwait says when the start fails', async () => {
  const args = ['-regtest', `-datadir=${temporaryFolder()}`, `-rpcport=${await freePort()}`, '-listen=0', '-connect=0', '-daemonwait', '-rpcbind=256.1.1.1', '-rpcallowip=127.0.0.1'];
  const result = run(program('bitcoin-node'), args);
  assert.equal(result.status, 1);
  assert.match(result.stderr, /Error during initialization - check debug\.log for details/);
});

describe('mistakes on the command line', () => {
  const datadir = temporaryFolder();
  const file = (name: string, text: string): string => {
    fs.writeFileSync(path.join(datadir, name), text);
    return path.join(datadir, name);
  };
  const combination = /Invalid combination of -regtest, -signet, -testnet, -testnet4 and -chain\. Can use at most one\.\n$/;
  const unparsed = file('unparsed.conf', 'regtest=1\nnonsense\n');
  const conflicting = file('conflicting.conf', 'regtest=1\nsignet=1\n');
  const unreadable: readonly (readonly [string, RegExp])[] = [
    [`-conf=${datadir}/absent.conf`, /Error reading configuration file: specified config file ".*absent\.conf" could not be opened\.\n$/],
    [`-conf=${unparsed}`, /Error reading configuration file: parse error on line 2: nonsense, if you intended to specify a negated option, use nonsense=1 instead\n$/],
    [`-conf=${conflicting}`, combination],
    [`-conf=${datadir}`, /Error reading configuration file: Config file ".*" is a directory\.\n$/],
  ];
  const everywhere: readonly (readonly [string, RegExp])[] = [
    ['-nosuchoption', /Error parsing command line arguments: Invalid parameter -nosuchoption\n$/],
    ['-regtest -signet', combination],
    ['-chain=nonsense', /^Error: Unknown chain nonsense\.\n$/],
    [`-regtest -datadir=${datadir}/absent`, /^Error: Specified data directory ".*absent" does not exist\.\n$/],
    ...unreadable,
  ];
  const ports = ['abc', '0', '70000', '-1', '8.5'];
  const daemonMistakes = [
    ...everywhere,
    ...ports.map((port) => [`-regtest -rpcport=${port}`, new RegExp(`^Error: Invalid port specified in -rpcport: '${port}'\\n$`)] as const),
    ['stray', /^Error: Command line contains unexpected token 'stray', see bitcoind -h for a list of options\.\n$/],
  ] as const;
  const mistakes = [
    ['bitcoin-node', daemonMistakes, []],
    ['bitcoind', [...daemonMistakes, ['-regtest -listen=0 -connect=0 -ipcbind=unix', /^Error: -ipcbind: this program is one process and lets no other connect\. Use bitcoin-node\.\n$/]], []],
    ['bitcoin-cli', [...everywhere, ...ports.map((port) => [`-regtest -rpcport=${port}`, new RegExp(`^error: Invalid port provided in -rpcport: ${port}\\n$`)] as const)], ['getblockcount']],
  ] as const;
  for (const [name, cases, more] of mistakes) {
    test(name, () => {
      for (const [args, text] of cases) {
        const { status, stderr } = run(program(name), [`-datadir=${datadir}`, '-printtoconsole=0', ...args.split(' '), ...more].filter((arg) => name !== 'bitcoin-cli' || arg !== '-printtoconsole=0'));
        assert.equal(status, 1, `${name} ${args}`);
        assert.match(stderr, text, `${name} ${args}`);
      }
    });
  }

  test('bitcoin-wallet, which people do not start', () => {
    assert.match(run(program('bitcoin-wallet'), ['-version']).stdout, /bitcoin-wallet version v\d/);
    assert.equal(run(program('bitcoin-wallet'), ['-help']).status, 0);
    for (const [args, text] of [
      [[], /^Error: bitcoin-wallet is started by bitcoin-node\./],
      [['-nosuchoption'], /^Error: Error parsing command line arguments: Invalid parameter -nosuchoption\n$/],
      [['-ipcfd', 'abc'], /^Error: /],
      [['-ipcfd'], /^Error: /],
    ] as const) {
      const { status, stderr } = run(program('bitcoin-wallet'), args);
      assert.equal(status, 1, args.join(' '));
      assert.match(stderr, text, args.join(' '));
    }
  });
});
