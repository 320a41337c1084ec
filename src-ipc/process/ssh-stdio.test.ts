/** What is particular to links that are the standard input and output of ssh, as on Windows. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { assertAnswers, assertNothingLeft, isSystemSshOld, linkProcesses, linksOver, linkWays, listen, person, systemSshVersion } from '../testing/ssh-link.js';
import { sshPasswordObstacle } from '../testing/ssh-password.js';
import { SshServer, type SshServerOptions } from '../testing/ssh-server.js';

const [, way] = linkWays;
const { startFarNode, connect, assertReaches } = linksOver(way);

/** A program in the place of ssh that says to be this version, and fails the test's expectations if it is used. */
function pretend(t: TestContext, version: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'old-ssh-'));
  const file = join(folder, 'ssh');
  writeFileSync(file, `#!/bin/sh\nif [ "$1" = -V ]; then echo '${version}' >&2; else echo 'used nevertheless' >&2; exit 255; fi\n`);
  chmodSync(file, 0o755);
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  t.after(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });
}

for (const [version, named] of [
  ['OpenSSH_for_Windows_8.6p1, LibreSSL 3.4.3', 'OpenSSH_for_Windows_8.6p1'],
  ['OpenSSH_9.3p2, OpenSSL 3.1.1 30 May 2023', 'OpenSSH_9.3p2'],
] as const) {
  test(`an ssh that cannot do it is named, and not used: ${named}`, async (t) => {
    pretend(t, version);
    await assert.rejects(linksOver({ sshStream: 'stdio', ssh: undefined }).connect('ssh://carol@example.org/node.sock'), {
      code: 'ssh-failed',
      message: new RegExp(`^Cannot connect to carol@example\\.org: OpenSSH 9\\.4 or newer is needed .* is ${named}$`),
    });
    assertNothingLeft();
  });
}

for (const version of ['OpenSSH_for_Windows_9.5p1, LibreSSL 3.8.2', 'OpenSSH_10.0p2 Debian-7, OpenSSL 3.0', 'a fork of its own 1.2']) {
  test(`an ssh that can, or may, is used: ${version}`, async (t) => {
    pretend(t, version);
    await assert.rejects(linksOver({ sshStream: 'stdio', ssh: undefined }).connect('ssh://example.org/node.sock'), { code: 'ssh-failed', message: /ssh failed\. ssh says:\nused nevertheless/ });
  });
}

test("the system's ssh, when it is too old", { skip: isSystemSshOld && systemSshVersion !== '' ? false : `skipped: it is ${systemSshVersion === '' ? 'not there' : systemSshVersion}` }, async () => {
  await assert.rejects(linksOver({ sshStream: 'stdio', ssh: undefined }).connect('ssh://127.0.0.1/x.sock'), { code: 'ssh-failed', message: /9\.4 or newer is needed/ });
});

describe(way.name, { skip: way.skip }, () => {
  /** A node where it is by default, so that its socket is to be found without a path. */
  async function startDefaultNode(t: TestContext, options: SshServerOptions = {}): Promise<SshServer> {
    const { server } = await startFarNode(t, options);
    const directory = join(server.home, '.bulkhead', 'regtest');
    mkdirSync(directory, { recursive: true });
    listen(t, join(directory, 'node.sock'));
    return server;
  }

  test('a link is one ssh, which ends with it', async (t) => {
    const { server, socketPath } = await startFarNode(t);
    server.trust();
    const link = await connect(server.address(socketPath));
    assert.equal(linkProcesses().length, 1);
    (await assertAnswers(link)).close();
    await link.ended;
    assertNothingLeft();
  });

  test('without a path: passphrases of a jump host and of the one behind it are asked for once', async (t) => {
    const jump = await SshServer.start(way.ssh === undefined ? {} : { ssh: way.ssh });
    t.after(() => jump.stop());
    const server = await startDefaultNode(t);
    const gate = ['Host gate', 'HostName 127.0.0.1', `Port ${jump.port}`, `IdentityFile ${join(jump.directory, 'id')}`, `UserKnownHostsFile ${join(jump.directory, 'known_hosts')}`];
    server.configureClient([...gate, 'Host faraway', 'HostName 127.0.0.1', `Port ${server.port}`, 'ProxyJump gate', 'Host *']);
    jump.protectKey('of the gate');
    server.protectKey('of the far one');
    const { asked, askPerson } = person(true, 'wrong', 'of the gate', true, 'of the far one');
    await assertReaches('ssh://faraway', { askPerson });
    assert.deepEqual(asked.map(({ kind, attempt }) => [kind, attempt]), [['host-key', 0], ['passphrase', 0], ['passphrase', 1], ['host-key', 0], ['passphrase', 0]]);
  });

  const noPassword = sshPasswordObstacle();
  const skip = noPassword === undefined ? false : `skipped: ${noPassword}`;

  test('without a path: a password is asked for once', { skip }, async (t) => {
    const server = await startDefaultNode(t, { password: { text: 'open sesame', method: 'password' } });
    server.trust();
    const { asked, askPerson } = person('wrong', 'open sesame');
    await assertReaches(server.address(), { askPerson });
    assert.deepEqual(asked.map(({ attempt }) => attempt), [0, 1]);
  });

  test('without a path: what the other computer asks in its own words may be a code, and is asked each time; the path is found once', { skip }, async (t) => {
    const server = await startDefaultNode(t, { password: { text: 'open sesame', method: 'keyboard-interactive' } });
    server.trust();
    const first = person('open sesame', 'open sesame');
    await assertReaches(server.address(), first);
    assert.deepEqual(first.asked.map(({ attempt }) => attempt), [0, 0]);
    const second = person('open sesame');
    await assertReaches(server.address(), second);
    assert.equal(second.asked.length, 1);
  });

  test('without a path: called off at the second connection', { skip }, async (t) => {
    const server = await startDefaultNode(t, { password: { text: 'open sesame', method: 'keyboard-interactive' } });
    server.trust();
    await assert.rejects(connect(server.address(), person('open sesame', undefined)), { code: 'cancelled' });
    assertNothingLeft();
  });

  test('a computer whose shell tells no home', async (t) => {
    const { server } = await startFarNode(t, { server: ['ForceCommand echo no shell here'] });
    server.trust();
    await assert.rejects(connect(server.address()), { code: 'no-remote-home', message: /write the path of its socket/ });
    assertNothingLeft();
  });

  test('a proxy command that is a program for Node.js runs as ever', async (t) => {
    const { server, socketPath } = await startFarNode(t);
    server.trust();
    server.protectKey('secret');
    const relay = join(server.directory, 'relay.cjs');
    writeFileSync(relay, `const s = require('node:net').connect(${server.port}, '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout)`);
    server.configureClient([`ProxyCommand ${process.execPath} ${relay}`]);
    const { asked, askPerson } = person('secret');
    await assertReaches(server.address(socketPath), { askPerson });
    assert.equal(asked.length, 1);
  });

  test('options of the configuration that would keep the stream from coming through', async (t) => {
    const { server, socketPath } = await startFarNode(t);
    server.trust();
    server.configureClient(['StdinNull yes', 'SessionType none', 'ForkAfterAuthentication yes', 'ControlMaster auto', `ControlPath ${join(server.directory, 'shared')}`, 'LogLevel QUIET']);
    await assertReaches(server.address(socketPath));
  });

  test('the question arrives as ssh words it', async (t) => {
    const { server, socketPath } = await startFarNode(t);
    const { asked, askPerson } = person(true);
    await assertReaches(server.address(socketPath), { askPerson });
    const printed = execFileSync('ssh-keygen', ['-l', '-f', join(server.directory, 'host-key.pub')], { encoding: 'utf8' }).split(' ')[1] ?? '';
    assert.match(asked[0]?.prompt ?? '', /^The authenticity of host [^]*\n[^]*\(yes\/no\/\[fingerprint\]\)\? $/);
    assert.ok(asked[0]?.prompt.includes(`ED25519 key fingerprint is ${printed}.\n`) || asked[0]?.prompt.includes(`ED25519 key fingerprint is: ${printed}`));
  });
});
