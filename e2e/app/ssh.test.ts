/** The window on a node of another computer, through a real sshd: OpenSSH's questions, refusals, and a link that breaks. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeKey, SshServer, sshServerObstacle } from '../../src-ipc/testing/ssh-server.js';
import { AppRun, nodePid, withoutWindow } from '../framework/app-run.js';
import { NodeProcess } from '../framework/node-process.js';
import { isRunning } from '../framework/process-tree.js';
import { temporaryFolder } from '../framework/programs.js';

const obstacle = sshServerObstacle();
const skip = withoutWindow !== false ? withoutWindow : obstacle === undefined ? false : `skipped: ${obstacle}`;
const passphrase = 'correct horse battery staple';

describe('a node on another computer', { skip }, () => {
  const run = new AppRun();
  const far = temporaryFolder();
  const pathBefore = process.env['PATH'];
  let server: SshServer;
  let node: NodeProcess;
  let address = '';

  before(async () => {
    await run.configure();
    server = await SshServer.start();
    server.protectKey(passphrase);
    process.env['PATH'] = server.path;
    node = await NodeProcess.start({ datadir: far, args: ['-ipcbind=unix'] });
    await node.rpc('createwallet', { wallet_name: 'Far', load_on_startup: true });
    address = server.address(path.join(far, 'regtest', 'node.sock'));
  });
  after(async () => {
    await run.end();
    await node.kill();
    process.env['PATH'] = pathBefore;
    await server.stop();
  });

  test('an address that is wrong says which part', async () => {
    const { page } = await run.open();
    await run.window.waitForCompartment('wallet', 'running');
    await run.window.go('settings');
    for (const [wrong, words] of [
      ['tcp:1.2.3.4', /looks like unix:.* or ssh:/],
      ['ssh://carol@example.org:99999', /port '99999'/],
      ['ssh://carol:secret@example.org', /a password does not belong/],
      ['ssh:///node.sock', /the host is missing/],
    ] as const) {
      await page.getByTestId('attach-address').fill(wrong);
      await page.getByTestId('apply-node').click();
      await page.getByTestId('apply-confirm').click();
      await page.locator('.field-line.bad').getByText(words).waitFor();
    }
    await run.window.pictures('90-wrong-ssh-address');
    assert.ok(nodePid(run.datadir) !== undefined, 'nothing else happened');
  });

  test('a computer that was never met is shown with its fingerprint; cancelling is possible', async () => {
    const { window } = run;
    const { page } = window;
    await page.getByTestId('attach-address').fill(address);
    await page.getByTestId('apply-node').click();
    await page.getByTestId('apply-confirm').click();
    await page.locator('[data-testid=dialog-question] form[data-kind=host-key]').waitFor({ timeout: 30_000 });
    assert.match(await page.getByTestId('question-fingerprint').innerText(), /^SHA256:[A-Za-z0-9+/]{43}$/);
    await window.pictures('91-host-key');
    await page.getByTestId('question-cancel').click();
    await window.waitForCompartment('node', 'crashed');
    await page.getByTestId('crash-node').waitFor();
    await window.pictures('92-cancelled');
    assert.equal(server.knownHosts, '');
  });

  test('trusted, the passphrase of the key is asked for, again after a wrong one, and the window is attached', async () => {
    const { window } = run;
    const { page } = window;
    await page.getByTestId('crash-restart-node').click();
    await page.locator('[data-testid=dialog-question] form[data-kind=host-key]').waitFor({ timeout: 30_000 });
    await page.getByTestId('question-answer').click();
    await page.locator('[data-testid=dialog-question] form[data-kind=passphrase]').waitFor();
    await page.getByTestId('question-secret').fill('wrong');
    await page.getByTestId('question-answer').click();
    await page.getByText('That was not right. Try again.').waitFor();
    await page.getByTestId('question-secret').fill(passphrase);
    await window.pictures('93-passphrase');
    await page.getByTestId('question-answer').click();
    await window.waitForCompartment('node', 'remote');
    await window.waitForCompartment('wallet', 'running');
    await window.waitForWallet('Far');
    await page.getByTestId('compartment-node').getByText(/remote, .*127\.0\.0\.1/).waitFor();
    await window.pictures('94-remote');
  });

  test('the link is cut: said, and back once the person has given the passphrase again', async () => {
    const { window } = run;
    const { page } = window;
    await window.go('receive');
    await page.getByTestId('request-label').fill('Across the sea');
    server.cut();
    await page.getByTestId('compartment-node').getByText(/connection lost, trying again in \d+ s/).waitFor({ timeout: 30_000 });
    await window.pictures('95-link-cut');
    await page.locator('[data-testid=dialog-question] form[data-kind=passphrase]').waitFor({ timeout: 30_000 });
    await page.getByTestId('question-secret').fill(passphrase);
    await page.getByTestId('question-answer').click();
    await window.waitForCompartment('node', 'remote');
    await window.waitForCompartment('wallet', 'running');
    assert.equal(await page.getByTestId('request-label').inputValue(), 'Across the sea');
    assert.ok(isRunning(node.pid));
  });

  test('a computer with another key than before is refused without a question', async () => {
    const { window } = run;
    const { page } = window;
    makeKey(path.join(server.directory, 'other'), '');
    server.trust(path.join(server.directory, 'other.pub'));
    await page.getByTestId('compartment-node').click();
    await page.getByTestId('compartment-restart-node').click();
    await page.keyboard.press('Escape');
    await window.waitForCompartment('node', 'crashed');
    await page.getByTestId('crash-node').getByText(/host key is not the one that is known/).waitFor();
    assert.equal(await page.getByTestId('dialog-question').count(), 0);
    await window.pictures('96-host-key-changed');
    assert.deepEqual(window.faults, []);
  });

  test('no secret is in the log or the preferences, and the far node goes on when the window leaves', async () => {
    await run.window.close();
    const files = fs.readdirSync(run.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /log|json/.test(entry.name));
    assert.ok(files.length >= 2);
    for (const file of files) assert.ok(!fs.readFileSync(path.join(file.parentPath, file.name), 'utf8').includes(passphrase), file.name);
    assert.equal((await node.stop()).code, 0);
  });
});
