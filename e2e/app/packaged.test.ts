/** The application as `npm run dist` leaves it: what is in it, and that it does its main job. */
import { listPackage } from '@electron/asar';
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { _electron as electron } from 'playwright-core';
import { startAskpass } from '../../src-ipc/process/askpass.js';
import { openDisplay, type Display } from '../framework/display.js';
import { PackagedApplication, PackagedSession } from '../framework/packaged-application.js';
import { childrenOf, commandLine, isRunning } from '../framework/process-tree.js';
import { resultFile, temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

let skip: string | undefined = process.platform === 'linux' ? undefined : 'skipped: packages are made and tried on Linux here';
let display: Display | undefined;
let application: PackagedApplication;

before(async () => {
  if (skip !== undefined) return;
  display = await openDisplay();
  if (display === undefined) {
    skip = 'skipped: no display and no Xvfb (apt-get install xvfb)';
    return;
  }
  application = await PackagedApplication.pack();
});

after(() => {
  display?.close();
  if (skip === undefined) application.remove();
});

/** Runs a check with a session, and leaves no process and no file behind. */
async function withSession(check: (session: PackagedSession, display: string) => Promise<void>): Promise<void> {
  const session = await PackagedSession.create(application);
  try {
    await check(session, display?.name ?? '');
  } finally {
    await session.remove();
  }
}

/** Tells a window to quit, and waits until it has. */
async function quit(window: ChildProcess): Promise<void> {
  window.kill('SIGTERM');
  await waitFor('the window to end', () => window.exitCode !== null || window.signalCode !== null);
}

const allFiles = (folder: string): string[] =>
  fs.readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [path.join(entry.parentPath, entry.name)] : []));

test('it holds what this platform runs and nothing else', (t) => {
  if (skip !== undefined) return t.skip(skip);
  const own = listPackage(path.join(application.resources, 'app.asar'), { isPack: false }).filter((name) => !name.startsWith('/node_modules'));
  assert.deepEqual(own.filter((name) => /\.(map|ts|test\.js)$/.test(name) || name.includes('renderer-test')), []);
  for (const needed of ['/package.json', '/build/main.cjs', '/build/preload.cjs', '/build/renderer/index.html']) assert.ok(own.includes(needed), needed);
  const unpacked = allFiles(path.join(application.resources, 'app.asar.unpacked'));
  const native = unpacked.filter((file) => file.endsWith('.node')).map((file) => path.basename(file));
  assert.equal(native.length, 3, native.join(' '));
  assert.ok(unpacked.every((file) => !/\/node_modules\/(react|electron|esbuild|vite|typescript)/.test(file)));
  for (const name of ['bitcoin-node', 'bitcoin-wallet', 'bitcoin-cli', 'bitcoin-logs', 'bitcoind', 'script-check-worker']) assert.ok(unpacked.includes(application.bundle(name)), name);
  const ours = allFiles(application.resources).reduce((sum, file) => sum + fs.statSync(file).size, 0);
  assert.ok(ours < 20e6, `${ours} bytes of our own`);
  assert.ok(!fs.existsSync(path.join(application.resources, 'default_app.asar')));
});

test('its fuses leave no way to run other code in it', async (t) => {
  if (skip !== undefined) return t.skip(skip);
  const fuses = await getCurrentFuseWire(application.window);
  const enabled = (option: FuseV1Options): boolean => Number(fuses[option]) === '1'.charCodeAt(0);
  assert.ok(!enabled(FuseV1Options.EnableNodeCliInspectArguments));
  assert.ok(!enabled(FuseV1Options.EnableNodeOptionsEnvironmentVariable));
  assert.ok(enabled(FuseV1Options.OnlyLoadAppFromAsar));
  assert.ok(enabled(FuseV1Options.EnableCookieEncryption));
  // The headless programs run on it as Node.
  assert.ok(enabled(FuseV1Options.RunAsNode));
});

test('ssh can start it to ask a person something', async (t) => {
  if (skip !== undefined) return t.skip(skip);
  const folder = temporaryFolder();
  const asked: string[] = [];
  const answers = [true, 'pass "word" \u00fc', undefined];
  // On Windows, where it is done so, the executable itself is named; root has to do without Chromium's sandbox here.
  const askpass = await startAskpass(folder, {}, 'example.org', async ({ prompt }) => answers[asked.push(prompt) - 1], () => {});
  t.after(() => askpass.close());
  const ask = async (prompt: string): Promise<{ status: number | null; output: string }> => {
    const child = spawn(application.window, [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), prompt], {
      env: { ...process.env, ...askpass.env, DISPLAY: display?.name },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    return new Promise((resolve) => child.once('close', (status) => resolve({ status, output })));
  };
  const hostKey = "The authenticity of host 'example.org (192.0.2.1)' can't be established.\nED25519 key fingerprint is SHA256:a/b+c//d.\nAre you sure (yes/no/[fingerprint])? ";
  assert.deepEqual(await ask(hostKey), { status: 0, output: 'yes\n' });
  assert.deepEqual(await ask("Enter passphrase for key 'C:\\id': "), { status: 0, output: 'pass "word" \u00fc\n' });
  assert.deepEqual(await ask('Code: '), { status: 1, output: '' });
  assert.deepEqual(asked, [hostKey, "Enter passphrase for key 'C:\\id': ", 'Code: ']);
});

test('its headless programs run on its own Electron', async (t) => {
  if (skip !== undefined) return t.skip(skip);
  await withSession(async (session) => {
    assert.match(await session.run('bitcoin-node', '-version'), /version v\d/);
    await session.run('bitcoin-node', ...session.nodeOptions, '-daemonwait');
    const pid = session.nodePid() ?? -1;
    assert.equal(commandLine(pid).split(' ')[0], fs.realpathSync(application.window));
    assert.match(commandLine(pid), /app\.asar\.unpacked\/build\/bitcoin-node\.mjs /);
    const [wallet] = childrenOf(pid).map(commandLine);
    assert.match(wallet ?? '', /bitcoin-wallet\S* .*-ipcfd \d+/);
    await session.cli('createwallet', 'one');
    const address = await session.cli('getnewaddress');
    await session.cli('generatetoaddress', '101', address);
    const { mine } = JSON.parse(await session.cli('getbalances'));
    assert.equal(mine.trusted, 50);
    const txid = await session.cli('sendtoaddress', address, '1.5');
    assert.deepEqual(JSON.parse(await session.cli('getrawmempool')), [txid]);
    await session.cli('generatetoaddress', '1', address);
    assert.equal(JSON.parse(await session.cli('gettransaction', txid)).confirmations, 1);
    await session.cli('stop');
    await waitFor('the node to end', () => !isRunning(pid));
  });
});

test('its window starts a node that outlives it, finds it again, and stops it when asked to', async (t) => {
  if (skip !== undefined) return t.skip(skip);
  await withSession(async (session, display) => {
    const socket = path.join(session.networkFolder, 'node.sock');
    const first = session.startWindow(display);
    await waitFor('the node of the window to answer', () => session.cli('getblockcount'));
    const node = session.nodePid() ?? -1;
    assert.ok(fs.statSync(socket).isSocket());
    assert.ok(childrenOf(first.pid ?? -1).includes(node), 'the window is the parent of the node');
    const wallet = await waitFor('the wallet process', () => childrenOf(node).find((pid) => commandLine(pid).includes('bitcoin-wallet')));

    await quit(first);
    assert.ok(isRunning(node) && isRunning(wallet), 'they go on without the window');

    // Told to keep nothing running, a second window attaches and takes the same node down with it.
    const preferences = path.join(session.home, 'window', 'preferences.json');
    const kept = JSON.parse(fs.readFileSync(preferences, 'utf8')) as { settings: object };
    fs.writeFileSync(preferences, JSON.stringify({ ...kept, settings: { ...kept.settings, keepRunning: false } }));
    const second = session.startWindow(display);
    const log = path.join(session.datadir, 'regtest', 'debug.log.gui');
    await waitFor('the window to attach', () => /attached/.test(fs.readFileSync(log, 'utf8')));
    assert.equal(session.nodePid(), node);
    await quit(second);
    await waitFor('all three to be gone', () => !isRunning(node) && !isRunning(wallet));
    assert.ok(!fs.existsSync(socket));
  });
});

test('its window shows the payment of a bitcoin: link', async (t) => {
  if (skip !== undefined) return t.skip(skip);
  await withSession(async (session, display) => {
    await session.run('bitcoin-node', ...session.nodeOptions, '-ipcbind=unix', '-daemonwait');
    await session.cli('createwallet', 'one');
    const address = await session.cli('getnewaddress');
    // The form is there for whoever has something to send.
    await session.cli('generatetoaddress', '101', address);
    // The same application, except that a test driver may talk to it.
    const drivable = path.join(application.folder, 'bitcoin-gui-drivable');
    fs.copyFileSync(application.window, drivable);
    await flipFuses(drivable, { version: FuseVersion.V1, [FuseV1Options.EnableNodeCliInspectArguments]: true });
    const window = await electron.launch({
      executablePath: drivable,
      args: [...session.windowArguments(), `bitcoin:${address}?amount=0.25&label=Tea`],
      env: session.windowEnvironment(display),
    });
    try {
      assert.equal(await window.evaluate(({ app }) => app.isPackaged), true);
      const page = await window.firstWindow();
      await page.getByTestId('bulkhead-bar').waitFor();
      try {
        await waitFor('the address in the form', () => page.locator('input, textarea').evaluateAll((fields: HTMLInputElement[], wanted) => fields.some((field) => field.value === wanted), address));
      } finally {
        await page.screenshot({ path: resultFile('packaged-link.png') });
      }
    } finally {
      await window.close();
    }
    await session.cli('stop');
  });
});
