/** OpenSSH's questions in the terminal of bitcoin-cli and bitcoin-wallet, and without one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SshServer, sshServerObstacle } from '../../src-ipc/testing/ssh-server.js';
import { NodeProcess } from '../framework/node-process.js';
import { processesMarked } from '../framework/process-tree.js';
import { program, temporaryFolder } from '../framework/programs.js';
import { Terminal, terminalObstacle } from '../framework/terminal.js';
import { waitFor } from '../framework/wait.js';

const obstacle = sshServerObstacle() ?? terminalObstacle();
const skip = obstacle === undefined ? false : `skipped: ${obstacle}`;
const passphrase = 'correct horse';
const marker = 'BULKHEAD_TEST_TERMINAL';

const hostQuestion = /^\r?The authenticity of host '\[127\.0\.0\.1\]:\d+ .*ED25519 key fingerprint is SHA256:.*\(yes\/no\/\[fingerprint\]\)\? $/s;
/** The passphrase question at the end of what is shown, for the nth time. */
const passphraseQuestion = (times: number): RegExp => new RegExp(`^(?:[^]*Enter passphrase for key '[^']*/id': ){${times}}$`);

describe('questions of ssh', { skip }, () => {
  let server: SshServer;
  let node: NodeProcess;
  let address = '';
  const scratch = temporaryFolder();
  const datadir = temporaryFolder();

  before(async () => {
    server = await SshServer.start();
    server.protectKey(passphrase);
    node = await NodeProcess.start({ args: ['-ipcbind=unix', '-disablewallet'] });
    address = server.address(path.join(node.networkFolder, 'node.sock'));
  });
  after(async () => {
    await node.stop();
    await server.stop();
  });

  const environment = (): NodeJS.ProcessEnv => {
    const env = { ...process.env, PATH: server.path, TMPDIR: scratch, [marker]: String(process.pid) };
    // Programs of a desktop that ask instead of the terminal.
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE']) Reflect.deleteProperty(env, name);
    return env;
  };
  const command = (name: string, ...args: string[]): string[] => [program(name), '-regtest', `-datadir=${datadir}`, `-ipcconnect=${address}`, ...args];
  const open = (name: string, ...args: string[]): Terminal => new Terminal(command(name, ...args), environment());
  const count = ['bitcoin-cli', 'getblockcount'] as const;

  const isCleanedUp = async (): Promise<void> => {
    await waitFor('every process to end', () => processesMarked(marker, String(process.pid)).length === 0);
    assert.deepEqual(fs.readdirSync(scratch), []);
  };

  test('a host that is not trusted, and Ctrl-C at the question', async () => {
    const terminal = open(...count);
    await terminal.shows(hostQuestion);
    terminal.type('no\n');
    assert.equal(await terminal.exited, 1);
    assert.match(terminal.shown, /error: Cannot connect to \S+: its host key is not trusted\. ssh says:\r\nHost key verification failed\.\r\n$/);
    await isCleanedUp();
    const interrupted = open(...count);
    await interrupted.shows(hostQuestion);
    interrupted.type('\x03');
    assert.equal(await interrupted.exited, 130);
    await isCleanedUp();
    assert.equal(server.knownHosts, '');
  });

  test('no terminal and nothing that asks instead: what is the matter is said at once', async () => {
    const alone = async (): Promise<string> => {
      const [file = '', ...args] = command(...count);
      const child = spawn(file, args, { env: environment(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      assert.equal(await new Promise((resolve) => child.once('close', resolve)), 1);
      return said;
    };
    assert.match(await alone(), /: its host key is not trusted; ssh had a question, and there is no terminal to ask it in\. ssh says:\nHost key verification failed/);
    server.trust();
    assert.match(await alone(), /: it does not let you in; ssh had a question, and there is no terminal to ask it in\. ssh says:\n.*Permission denied/);
    fs.writeFileSync(path.join(server.directory, 'known_hosts'), '');
    await isCleanedUp();
  });

  test('trusted, then a passphrase that is wrong first: the command is run; only the passphrase is asked for from then on', async () => {
    const terminal = open(...count);
    await terminal.shows(hostQuestion);
    terminal.type('perhaps\n');
    await terminal.shows(/Please type 'yes', 'no' or the fingerprint: $/);
    terminal.type('yes\n');
    await terminal.shows(passphraseQuestion(1));
    terminal.type('wrong\n');
    await terminal.shows(passphraseQuestion(2));
    terminal.type(`${passphrase}\n`);
    assert.equal(await terminal.exited, 0);
    assert.match(terminal.shown, /\r\n0\r\n$/);
    assert.ok(!terminal.shown.includes(passphrase), 'what is secret is not shown');
    await isCleanedUp();

    const denied = open(...count);
    for (const times of [1, 2, 3]) {
      await denied.shows(passphraseQuestion(times));
      denied.type('wrong\n');
    }
    assert.equal(await denied.exited, 1);
    assert.match(denied.shown, /error: Cannot connect to \S+: it does not let you in\. ssh says:\r\n.*Permission denied/);
    await isCleanedUp();
  });

  test('Ctrl-C at the passphrase leaves a terminal that shows what is typed', async () => {
    const inner = command(...count).map((word) => `'${word}'`).join(' ');
    const terminal = new Terminal(['/bin/sh', '-c', `trap : INT; ${inner}; echo status $?; sleep 0.5; stty -a`], environment());
    await terminal.shows(passphraseQuestion(1));
    terminal.type('\x03');
    assert.equal(await terminal.exited, 0);
    assert.match(terminal.shown, /status 130\r\n[^]* echo /);
    await isCleanedUp();
  });

  test('a wallet asks in its terminal, too: right, and Ctrl-C at the question and later', async () => {
    const interrupted = open('bitcoin-wallet');
    await interrupted.shows(passphraseQuestion(1));
    interrupted.type('\x03');
    assert.equal(await interrupted.exited, 0);
    await isCleanedUp();

    const terminal = open('bitcoin-wallet');
    await terminal.shows(passphraseQuestion(1));
    terminal.type('wrong\n');
    await terminal.shows(passphraseQuestion(2));
    terminal.type(`${passphrase}\n`);
    await terminal.shows(/Connected to IPC address ssh:/);
    await waitFor('its commands', async () => (await node.rpc('listwallets')).length === 0);
    // A line that breaks is made anew, and what that takes is asked for again.
    server.cut();
    await terminal.shows(passphraseQuestion(3));
    assert.match(terminal.shown, /The connection to \S+ was lost[^]*Connecting again…\r\n/);
    terminal.type(`${passphrase}\n`);
    await terminal.shows(/Connected[^]*Connected to IPC address ssh:/);
    terminal.type('\x03');
    assert.equal(await terminal.exited, 0);
    await isCleanedUp();
  });
});
