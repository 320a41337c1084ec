/** Questions in the terminal of an ssh whose standard input and output are the link, as on Windows. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { linkWays } from '../../src-ipc/testing/ssh-link.js';
import { SshServer } from '../../src-ipc/testing/ssh-server.js';
import { processesMarked } from '../framework/process-tree.js';
import { rootFolder, temporaryFolder } from '../framework/programs.js';
import { Terminal, terminalObstacle } from '../framework/terminal.js';
import { waitFor } from '../framework/wait.js';

const [, { ssh, skip: skipWay }] = linkWays;
const withoutTerminal = terminalObstacle();
const skip = withoutTerminal === undefined ? skipWay : `skipped: ${withoutTerminal}`;
const passphrase = 'correct horse';
const marker = 'BULKHEAD_TEST_TERMINAL';

describe('questions of ssh, as on Windows', { skip }, () => {
  let server: SshServer;
  const node = createServer((socket) => socket.resume());
  const scratch = temporaryFolder();

  before(async () => {
    server = await SshServer.start(ssh === undefined ? {} : { ssh });
    server.protectKey(passphrase);
    const directory = path.join(server.home, '.bulkhead', 'regtest');
    fs.mkdirSync(directory, { recursive: true });
    await new Promise<void>((resolve) => node.listen(path.join(directory, 'node.sock'), resolve));
  });
  after(async () => {
    node.close();
    await server.stop();
  });

  const open = (): Terminal => {
    const env: NodeJS.ProcessEnv = { ...process.env, PATH: server.path, TMPDIR: scratch, [marker]: String(process.pid) };
    for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'SSH_ASKPASS', 'SSH_ASKPASS_REQUIRE']) Reflect.deleteProperty(env, name);
    const program = path.join(rootFolder, 'e2e', 'framework', 'stdio-link.ts');
    return new Terminal([process.execPath, '--import', path.join(rootFolder, 'node_modules', 'tsx', 'dist', 'loader.mjs'), program, server.address()], env);
  };
  const isCleanedUp = async (): Promise<void> => {
    await waitFor('every process to end', () => processesMarked(marker, String(process.pid)).length === 0);
    assert.deepEqual(fs.readdirSync(scratch).filter((name) => name.startsWith('bulkhead-ssh-')), []);
  };

  test('the host, then the passphrase for each of the two connections that it takes without a path; Ctrl-C when connected', async () => {
    const terminal = open();
    await terminal.shows(/\(yes\/no\/\[fingerprint\]\)\? $/);
    terminal.type('yes\n');
    for (const times of [1, 2]) {
      await terminal.shows(new RegExp(`^(?:[^]*Enter passphrase for key '[^']*/id': ){${times}}$`));
      terminal.type(`${passphrase}\n`);
    }
    await terminal.shows(/connected\r\n/);
    terminal.type('\x03');
    assert.equal(await terminal.exited, 0);
    assert.match(terminal.shown, /ended\r\n$/);
    assert.ok(!terminal.shown.includes(passphrase));
    await isCleanedUp();
  });

  test('Ctrl-C at the question', async () => {
    const terminal = open();
    await terminal.shows(/Enter passphrase for key '[^']*\/id': $/);
    terminal.type('\x03');
    assert.equal(await terminal.exited, 130);
    await isCleanedUp();
  });

  test('a line that breaks ends the link', async () => {
    const terminal = open();
    for (const times of [1, 2]) {
      await terminal.shows(new RegExp(`^(?:[^]*Enter passphrase for key '[^']*/id': ){${times}}$`));
      terminal.type(`${passphrase}\n`);
    }
    await terminal.shows(/connected\r\n/);
    server.cut();
    assert.equal(await terminal.exited, 0);
    await isCleanedUp();
  });
});
