import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { call, finish } from '../capnp/rpc/testing.js';
import { assertAnswers, assertNothingLeft, linkDirectories, linkProcesses, linksOver, linkWays, listen, person } from '../testing/ssh-link.js';
import { freePort, makeKey } from '../testing/ssh-server.js';

for (const way of linkWays) {
  const { startFarNode, connect } = linksOver(way);
  describe(way.name, { skip: way.skip }, () => {
    test('an unknown host is asked about, trusted once, and connected to', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      const { asked, askPerson } = person(true);
      const address = server.address(socketPath);
      const link = await connect(address, { askPerson });
      assert.equal(link.address, address);
      const [question] = asked;
      const printed = execFileSync('ssh-keygen', ['-l', '-f', join(server.directory, 'host-key.pub')], { encoding: 'utf8' });
      assert.deepEqual([asked.length, question?.kind, question?.keyType, question?.attempt], [1, 'host-key', 'ED25519', 0]);
      assert.equal(question?.fingerprint, printed.split(' ')[1]);
      assert.equal(question?.host, `[127.0.0.1]:${server.port}`);
      assert.match(question?.prompt ?? '', /^The authenticity of host/);
      assert.match(server.knownHosts, /ssh-ed25519/);
      const connection = await assertAnswers(link);
      connection.close();
      assert.equal(await link.ended, undefined);
      assertNothingLeft();

      const again = await connect(address, { askPerson });
      assert.equal(asked.length, 1);
      again.socket.destroy();
      assert.equal(await again.ended, undefined);
      assertNothingLeft();
    });

    test('a host that is not trusted is not connected to, and not remembered', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      const { asked, askPerson } = person(false);
      await assert.rejects(connect(server.address(socketPath), { askPerson }), { code: 'host-key', message: /its host key is not trusted/ });
      assert.equal(asked.length, 1);
      assert.equal(server.knownHosts, '');
      await assert.rejects(connect(server.address(socketPath), person(undefined)), { code: 'cancelled' });
      assertNothingLeft();
    });

    test('a host key that changed is refused without a question', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      makeKey(join(server.directory, 'other'), '');
      server.trust(join(server.directory, 'other.pub'));
      const { asked, askPerson } = person(true);
      await assert.rejects(connect(server.address(socketPath), { askPerson }), {
        code: 'host-key',
        message: /its host key is not the one that is known for it.*ssh says:.*Host key verification failed/s,
      });
      assert.equal(asked.length, 0);
      assertNothingLeft();
    });

    test('a question is moot when connecting is given up', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      const abort = new AbortController();
      let moot: AbortSignal | undefined;
      const connecting = connect(server.address(socketPath), {
        signal: abort.signal,
        askPerson: (_question, signal) => {
          moot = signal;
          setTimeout(() => abort.abort(), 50);
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
        },
      });
      await assert.rejects(connecting, { code: 'cancelled' });
      assert.equal(moot?.aborted, true);
      assertNothingLeft();
    });

    test('megabytes there and back, several at once', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      server.trust();
      const link = await connect(server.address(socketPath));
      const connection = await assertAnswers(link);
      const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(4 << 20));
      const answers = await Promise.all(texts.map((text) => finish(call(connection.bootstrap(), 0, { text }))));
      assert.ok(answers.every(({ text }, i) => text === texts[i]));
      connection.close();
      assert.equal(await link.ended, undefined);
      assertNothingLeft();
    });

    test('a line that is cut fails the calls under way and says so', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      server.trust();
      const link = await connect(server.address(socketPath));
      const connection = await assertAnswers(link);
      const pending = call(connection.bootstrap(), 1);
      await finish(call(connection.bootstrap(), 0));
      server.cut();
      await assert.rejects(pending.results, { kind: 'disconnected' });
      const reason = await link.ended;
      assert.equal(reason?.code, 'link-lost');
      assert.match(reason?.message ?? '', new RegExp(`^The connection to .*127\\.0\\.0\\.1:${server.port} was lost`));
      assertNothingLeft();
    });

    test('a line on which nothing arrives any more is noticed', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      server.trust();
      const link = await connect(server.address(socketPath));
      const connection = await assertAnswers(link);
      server.hold();
      await connection.closed;
      const reason = await link.ended;
      assert.equal(reason?.code, 'link-lost');
      assert.match(reason?.message ?? '', /not responding/);
      assertNothingLeft();
    });

    test('a node that hangs up is no lost line', async (t) => {
      const { server } = await startFarNode(t);
      server.trust();
      const path = join(server.home, 'short.sock');
      const node = listen(t, path);
      const link = await connect(server.address(path));
      const connection = await assertAnswers(link);
      node.close();
      assert.equal((await connection.closed).reason, 'eof');
      assert.equal(await link.ended, undefined);
      assertNothingLeft();
    });

    test('without a path the socket is where a node has it by default', async (t) => {
      const { server } = await startFarNode(t);
      server.trust();
      server.protectKey('secret');
      const directory = join(server.home, '.bulkhead', 'regtest');
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(server.home, '.bashrc'), 'echo "Welcome. home:nowhere"\n');
      listen(t, join(directory, 'node.sock'));
      const { asked, askPerson } = person('secret');
      const link = await connect(server.address(), { askPerson });
      (await assertAnswers(link)).close();
      await link.ended;
      // One question, though ssh was asked for two things.
      assert.equal(asked.length, 1);
      assertNothingLeft();
    });

    test('paths of any spelling', async (t) => {
      const { server } = await startFarNode(t);
      server.trust();
      const directory = join(server.home, 'a b');
      mkdirSync(directory);
      const path = join(directory, "x:%h'\\$y\u00e9.sock");
      listen(t, path);
      const link = await connect(server.address(encodeURI(path).replaceAll('%5C', '%5c')));
      (await assertAnswers(link)).close();
      await link.ended;
    });

    test('nobody at the socket, and a socket that may not be used', async (t) => {
      const { server } = await startFarNode(t);
      server.trust();
      const path = join(server.home, 'nobody.sock');
      await assert.rejects(connect(server.address(path)), { code: 'refused', message: new RegExp(`nobody listening at ${path}.*-ipcbind=unix`) });
      assertNothingLeft();
    });

    test('forwarding switched off at the other end', async (t) => {
      const { server, socketPath } = await startFarNode(t, { server: ['AllowStreamLocalForwarding no'] });
      server.trust();
      await assert.rejects(connect(server.address(socketPath)), { code: 'refused', message: /does not let you use it/ });
      assertNothingLeft();
    });

    test('hosts that are not there', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      const port = await freePort();
      await assert.rejects(connect(`ssh://127.0.0.1:${port}${socketPath}`), { code: 'unreachable', message: /^Cannot connect to 127\.0\.0\.1:\d+: it does not answer\. ssh says:\n.*Connection refused/s });
      await assert.rejects(connect(`ssh://nowhere.invalid${socketPath}`), { code: 'unknown-host', message: /there is no computer of that name/ });
      await assert.rejects(connect(`ssh://nobody@127.0.0.1:${server.port}${socketPath}`, person(true)), { code: 'denied', message: /it does not let you in.*Permission denied/s });
      assertNothingLeft();
    });

    test('ssh ends and its directory goes when this process is killed', async (t) => {
      const { server, socketPath } = await startFarNode(t);
      server.trust();
      const script = `
        import { connectTo, parseConnectAddress } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
        await connectTo(parseConnectAddress(${JSON.stringify(server.address(socketPath))}, '/unused'), { sshStream: '${way.sshStream}' });
        process.kill(process.pid, 'SIGKILL');`;
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'inherit' });
      assert.equal(await new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal))), 'SIGKILL');
      for (let i = 0; i < 100 && (linkDirectories().length > 0 || linkProcesses().length > 0); i++) await pause(50);
      assertNothingLeft();
    });
  });
}

for (const way of linkWays) {
  test(`a computer without ssh, ${way.name}`, async (t) => {
    const path = process.env['PATH'];
    t.after(() => (process.env['PATH'] = path));
    process.env['PATH'] = join(tmpdir(), 'nothing-here');
    assert.equal(existsSync(process.env['PATH']), false);
    await assert.rejects(linksOver(way).connect('ssh://127.0.0.1/x.sock'), { code: 'ssh-missing', message: /the program ssh of OpenSSH is not installed/ });
    assertNothingLeft();
  });
}
