/** What the person at this computer has applies: keys and passphrases, an agent, passwords, the configuration of OpenSSH. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import { assertAnswers, assertNothingLeft, linksOver, linkWays, person, type Links } from '../testing/ssh-link.js';
import { sshPasswordObstacle } from '../testing/ssh-password.js';
import { freePort, SshServer } from '../testing/ssh-server.js';

const noPassword = sshPasswordObstacle();
const skipPassword = noPassword === undefined ? false : `skipped: ${noPassword}`;

/** An agent that nobody else has, in the environment of this process. */
async function startAgent(t: TestContext, directory: string): Promise<void> {
  const socket = join(directory, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  const before = process.env['SSH_AUTH_SOCK'];
  process.env['SSH_AUTH_SOCK'] = socket;
  t.after(() => {
    agent.kill();
    if (before === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = before;
  });
  while (!existsSync(socket)) await pause(20);
}

/** A computer behind another, each with a host key and a key of the person that are its own. */
async function startBehindJump(t: TestContext, { startFarNode }: Links): Promise<{ readonly jump: SshServer; readonly server: SshServer; readonly socketPath: string }> {
  const jump = await SshServer.start();
  t.after(() => jump.stop());
  const { server, socketPath } = await startFarNode(t);
  const gate = ['Host gate', 'HostName 127.0.0.1', `Port ${jump.port}`, `IdentityFile ${join(jump.directory, 'id')}`, `UserKnownHostsFile ${join(jump.directory, 'known_hosts')}`];
  server.configureClient([...gate, 'Host faraway', 'HostName 127.0.0.1', `Port ${server.port}`, 'ProxyJump gate', 'Host *']);
  return { jump, server, socketPath };
}

for (const way of linkWays) {
  const links = linksOver(way);
  const { startFarNode, connect, assertReaches } = links;
  describe(way.name, { skip: way.skip }, () => {
    test('the passphrase of a key: right, wrong first, and not given', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      server.trust();
      server.protectKey("it's a \"secret\" $HOME");
      const address = server.address(socketPath);
      const right = person("it's a \"secret\" $HOME");
      const link = await connect(address, right);
      assert.deepEqual(
        right.asked.map(({ kind, keyFile, attempt }) => ({ kind, keyFile, attempt })),
        [{ kind: 'passphrase', keyFile: join(server.directory, 'id'), attempt: 0 }],
      );
      (await assertAnswers(link)).close();
      await link.ended;

      const second = person('wrong', "it's a \"secret\" $HOME");
      const secondLink = await connect(address, second);
      assert.deepEqual(second.asked.map(({ attempt }) => attempt), [0, 1]);
      secondLink.socket.destroy();
      await secondLink.ended;

      await assert.rejects(connect(address, person('wrong', 'wrong', 'wrong')), { code: 'denied', message: /Permission denied/ });
      const none = person('wrong', undefined);
      await assert.rejects(connect(address, none), { code: 'cancelled', message: /was called off/ });
      assert.equal(none.asked.length, 2);
      assertNothingLeft();
    });

    for (const method of ['password', 'keyboard-interactive'] as const) {
      test(`a password, asked for by ${method === 'password' ? 'OpenSSH' : 'the other computer'}: right, wrong first, never right`, { skip: skipPassword }, async (t) => {
        const { server, socketPath } = await startFarNode(t, { password: { text: 'open sesame', method } });
        server.trust();
        const address = server.address(socketPath);
        const right = person('open sesame');
        await assertReaches(address, right);
        const [question] = right.asked;
        assert.deepEqual([right.asked.length, question?.kind, question?.attempt], [1, 'password', 0]);
        assert.match(question?.host ?? '', /^\w+@127\.0\.0\.1$/);

        const second = person('wrong', 'open sesame');
        await assertReaches(address, second);
        assert.deepEqual(second.asked.map(({ attempt }) => attempt), [0, 1]);

        await assert.rejects(connect(address, person('a', 'b', 'c')), { code: 'denied', message: /Permission denied/ });
        await assert.rejects(connect(address, person('a', undefined)), { code: 'cancelled' });
        assertNothingLeft();
      });
    }

    test('a key that an agent keeps needs no passphrase, and no file', async (t) => {
      const { server, socketPath } = await startFarNode(t, { client: ['IdentityAgent SSH_AUTH_SOCK', 'IdentitiesOnly no'] });
      server.trust();
      await startAgent(t, server.directory);
      const address = server.address(socketPath);
      const key = join(server.directory, 'id');
      execFileSync('ssh-add', ['-q', key]);
      server.protectKey('secret');
      const guarded = person();
      await assertReaches(address, guarded);
      rmSync(key);
      rmSync(`${key}.pub`);
      await assertReaches(address, guarded);
      assert.deepEqual(guarded.asked, []);
      // What let us in was the agent.
      execFileSync('ssh-add', ['-q', '-D']);
      await assert.rejects(connect(address, guarded), { code: 'denied' });
      assertNothingLeft();
    });

    test('the configuration of the person applies, but its forwardings are not made', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      server.trust();
      const taken = await freePort();
      const holder = createServer();
      await new Promise<void>((resolve) => holder.listen(taken, '127.0.0.1', resolve));
      t.after(() => holder.close());
      const names = ['Host faraway', 'HostName 127.0.0.1', `Port ${server.port}`];
      server.configureClient([...names, `LocalForward 127.0.0.1:${taken} 127.0.0.1:1`, 'RemoteCommand echo hello', 'RequestTTY yes', 'Host *']);
      await assertReaches(`ssh://faraway${socketPath}`);

      // What the address says goes before what the configuration says.
      server.configureClient([...names, 'User somebody-else', 'Host *']);
      await assert.rejects(connect(`ssh://faraway${socketPath}`), { code: 'denied', message: /^Cannot connect to faraway: .*somebody-else@127\.0\.0\.1: Permission denied/s });
      await assertReaches(server.address(socketPath).replace(`127.0.0.1:${server.port}`, 'faraway'));
      const other = await freePort();
      await assert.rejects(connect(`ssh://faraway:${other}${socketPath}`), { code: 'unreachable', message: new RegExp(`port ${other}: Connection refused`) });
      assertNothingLeft();
    });

    test('through a jump host: each computer and each key is asked about once', async (t) => {
      const { jump, server, socketPath } = await startBehindJump(t, links);
      jump.protectKey('of the gate');
      server.protectKey('of the far one');
      const { asked, askPerson } = person(true, 'of the gate', true, 'of the far one');
      const link = await connect(`ssh://faraway${socketPath}`, { askPerson });
      assert.deepEqual(
        asked.map(({ kind, host, keyFile }) => (kind === 'host-key' ? host : keyFile)),
        [`[127.0.0.1]:${jump.port}`, join(jump.directory, 'id'), `[127.0.0.1]:${server.port}`, join(server.directory, 'id')],
      );
      const connection = await assertAnswers(link);
      jump.cut();
      await connection.closed;
      assert.equal((await link.ended)?.code, 'link-lost');
      assertNothingLeft();
    });

    test('one key for both computers: its passphrase was not wrong when it is asked for again', async (t) => {
      const { jump, server, socketPath } = await startBehindJump(t, links);
      jump.trust();
      server.trust();
      jump.allow(join(server.directory, 'id.pub'));
      server.configureClient(['Host gate', 'HostName 127.0.0.1', `Port ${jump.port}`, `UserKnownHostsFile ${join(jump.directory, 'known_hosts')}`, 'Host faraway', 'HostName 127.0.0.1', `Port ${server.port}`, 'ProxyJump gate', 'Host *']);
      server.protectKey('secret');
      const { asked, askPerson } = person('wrong', 'secret', 'wrong', 'secret');
      await assertReaches(`ssh://faraway${socketPath}`, { askPerson });
      assert.deepEqual(asked.map(({ attempt }) => attempt), [0, 1, 0, 1]);
    });

    test('a jump host that is not trusted, that does not let in, and that does not answer', async (t) => {
      const { jump, server, socketPath } = await startBehindJump(t, links);
      const address = `ssh://faraway${socketPath}`;
      await assert.rejects(connect(address, person(false)), { code: 'host-key' });
      await assert.rejects(connect(address, person(undefined)), { code: 'cancelled' });
      jump.trust();
      server.trust();
      jump.allow();
      await assert.rejects(connect(address, person()), { code: 'denied' });
      await jump.stop();
      await assert.rejects(connect(address, person()), { code: 'unreachable', message: new RegExp(`port ${jump.port}: Connection refused`) });
      assertNothingLeft();
    });
  });
}
