import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { questionOf } from './askpass.js';
import { namedPipe, pipeFailure } from './named-pipe.js';
import { hostOf } from './ssh-attempt.js';
import { parseSshAddress } from './ssh-address.js';
import { sshFailure } from './ssh-errors.js';
import { connectTo, isPassing, listenAt, parseBindAddress, parseConnectAddress } from './index.js';

test('ssh addresses', () => {
  const parts = (text: string): unknown[] => {
    const { user, host, port, path } = parseSshAddress(text, 'regtest');
    return [user, host, port, path];
  };
  assert.deepEqual(parts('ssh://example.org'), [undefined, 'example.org', undefined, undefined]);
  assert.deepEqual(parts('ssh://example.org/'), [undefined, 'example.org', undefined, undefined]);
  assert.deepEqual(parts('SSH://carol@example.org:2222/home/carol/node.sock'), ['carol', 'example.org', 2222, '/home/carol/node.sock']);
  assert.deepEqual(parts('ssh://[2001:db8::1]:22/x'), [undefined, '2001:db8::1', 22, '/x']);
  assert.deepEqual(parts('ssh://[fe80::1%25eth0]'), [undefined, 'fe80::1%eth0', undefined, undefined]);
  assert.deepEqual(parts('ssh://a%40b.org@my_host-1/with%20blank/%C3%A9%25.sock'), ['a@b.org', 'my_host-1', undefined, '/with blank/é%.sock']);
  assert.equal(hostOf(parseSshAddress('ssh://u@[::1]:22', '')), 'u@[::1]:22');
  assert.deepEqual(parseConnectAddress('ssh://h', '/data', 'signet'), { kind: 'ssh', user: undefined, host: 'h', port: undefined, path: undefined, networkFolder: 'signet', canonical: 'ssh://h' });
});

test('ssh addresses that are none say which part is wrong', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['ssh://', /the host is missing/],
    ['ssh:///path', /the host is missing/],
    ['ssh:host', /not an ssh address/],
    ['ssh://host?x', /not an ssh address/],
    ['ssh://-oProxyCommand=touch x', /host '-oProxyCommand=touch x'/],
    ['ssh://-oProxyCommand/x', /host '-oProxyCommand'/],
    ['ssh://-lroot@host', /user '-lroot'/],
    ['ssh://%2dx@host', /user '-x'/],
    ['ssh://@host', /user ''/],
    ['ssh://u:secret@host', /password does not belong/],
    ['ssh://ho$(id)st', /host 'ho\$\(id\)st'/],
    ['ssh://host:', /port ''/],
    ['ssh://host:0', /port '0'/],
    ['ssh://host:65536', /port '65536'/],
    ['ssh://host:22x', /port '22x'/],
    ['ssh://::1', /several colons; write an IPv6 address in brackets/],
    ['ssh://[nope]', /host 'nope' is not an IPv6 address/],
    ['ssh://host/%zz', /path '\/%zz' has a %/],
    ['ssh://host/a%00b', /control characters/],
    ['ssh://host/${HOME}/x', /\$\{/],
  ];
  for (const [text, message] of wrong) {
    assert.throws(() => parseSshAddress(text, ''), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(error.message.startsWith(`Unrecognized address '${text}': `), error.message);
      return true;
    });
  }
  assert.throws(() => parseBindAddress('ssh://host', '/data', 'node'), { message: "Unrecognized address 'ssh://host'" });
});

test('questions of OpenSSH', () => {
  const kind = (prompt: string, hint = ''): unknown => {
    const { kind: which, keyFile, host } = questionOf(prompt, hint, 'h', 0);
    return [which, keyFile ?? host];
  };
  assert.deepEqual(kind("Enter passphrase for key '/home/c/.ssh/id': "), ['passphrase', '/home/c/.ssh/id']);
  assert.deepEqual(kind('Enter PIN for ED25519-SK key /home/c/.ssh/id_sk: '), ['passphrase', '/home/c/.ssh/id_sk']);
  assert.deepEqual(kind("carol@example.org's password: "), ['password', 'carol@example.org']);
  // The other computer's words cannot pass for a question about a key of this one.
  assert.deepEqual(kind("(carol@example.org) Enter passphrase for key '/home/c/.ssh/id': "), ['password', 'carol@example.org']);
  assert.deepEqual(kind('Allow use of key /home/c/.ssh/id?', 'confirm'), ['confirmation', 'h']);
  assert.deepEqual(kind('Confirm user presence for key ED25519-SK', 'none'), ['confirmation', 'h']);
  assert.deepEqual(kind('Accept updated hostkeys? (yes/no): '), ['confirmation', 'h']);
  assert.deepEqual(kind('Something else: '), ['other', 'h']);
});

test('failures of OpenSSH are sorted, and its chatter is left out', () => {
  const { code, message } = sshFailure('h', ['debug1: Connection refused', 'ssh: connect to host h port 22: No route to host\r']);
  assert.deepEqual([code, message], ['unreachable', 'Cannot connect to h: it does not answer. ssh says:\nssh: connect to host h port 22: No route to host']);
  assert.equal(sshFailure('h', ['something new']).code, 'ssh-failed');
  for (const terminal of ['/dev/tty', 'conin$']) {
    const alone = sshFailure('h', [`debug1: read_passphrase: can't open ${terminal}: No such file or directory`, 'Host key verification failed.']);
    assert.match(alone.message, /there is no terminal to ask it in/);
  }
});

test('what goes away by itself is told from what needs a person', () => {
  assert.equal(isPassing('link-lost'), true);
  assert.equal(isPassing('host-key'), false);
});

test('a socket path has one named pipe for each user', () => {
  const pipe = namedPipe('C:\\Users\\Carol\\Bulkhead\\regtest\\node.sock', 'Carol');
  assert.match(pipe, /^\\\\\.\\pipe\\bulkhead-node\.sock-[0-9a-f]{32}$/);
  assert.equal(namedPipe('c:/users/carol/Bulkhead/x/../regtest/NODE.sock', 'carol'), pipe);
  assert.notEqual(namedPipe('C:\\Users\\Carol\\Bulkhead\\signet\\node.sock', 'Carol'), pipe);
  assert.notEqual(namedPipe('C:\\Users\\Carol\\Bulkhead\\regtest\\node.sock', 'Dave'), pipe);
  assert.ok(namedPipe(`C:\\${'x'.repeat(300)}.sock`, 'u').length < 256);
});

test('a pipe that the system keeps us out of is another user’s', () => {
  const denied = Object.assign(new Error('connect EPERM'), { code: 'EPERM' });
  const failure = pipeFailure(denied, '/data/node.sock');
  assert.ok(failure instanceof Error && 'code' in failure);
  assert.deepEqual([failure.code, failure.message, failure.cause], ['foreign-owner', 'The pipe of "/data/node.sock" belongs to another user', denied]);
  const missing = Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' });
  assert.equal(pipeFailure(missing, '/data/node.sock'), missing);
});

test('directories that are made are private, those that exist are left alone, and links are followed', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'ipc-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const mode = (path: string): number => statSync(path).mode & 0o777;
  const mask = process.umask(0);
  t.after(() => process.umask(mask));
  const made = parseBindAddress('unix:a/b/x.sock', directory, 'node');
  const listener = await listenAt(made, (socket) => socket.destroy());
  assert.deepEqual([mode(join(directory, 'a')), mode(join(directory, 'a', 'b')), mode(made.path), process.umask()], [0o700, 0o700, 0o600, 0]);
  await listener.close();

  const open = join(directory, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  symlinkSync(open, join(directory, 'linked'));
  const linked = parseBindAddress('unix:linked/x.sock', directory, 'node');
  const second = await listenAt(linked, (socket) => socket.destroy());
  assert.deepEqual([mode(open), mode(join(open, 'x.sock'))], [0o755, 0o600]);
  symlinkSync(join(open, 'x.sock'), join(directory, 'link.sock'));
  const link = await connectTo(parseBindAddress('unix:link.sock', directory, 'node'));
  assert.ok(link);
  link.socket.destroy();
  assert.equal(await link.ended, undefined);
  await second.close();
});
