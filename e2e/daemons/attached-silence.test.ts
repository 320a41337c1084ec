/** A wallet process that attached and then hangs: nobody else waits for it, and it is told that it does. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AttachedWallet, killAttachedWallets } from '../framework/attached-wallet.js';
import { NodeProcess, type Json } from '../framework/node-process.js';
import { temporaryFolder } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

after(killAttachedWallets);

describe('of two attached wallet processes the first hangs', { timeout: 240_000 }, () => {
  let node: NodeProcess;
  const attached: AttachedWallet[] = [];
  const directories = [temporaryFolder(), temporaryFolder()];
  const ask = (method: string, params: readonly unknown[] = [], wallet?: string): Promise<Json> => node.rpc(method, params, wallet);
  const signal = (name: NodeJS.Signals): boolean | undefined => attached[0]?.child.kill(name);
  /** Whether something is done within the time that a person puts up with. */
  const soon = async <T>(what: string, work: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(`${what} waits for the process that hangs`)), 20_000)));
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };

  before(async () => {
    node = await NodeProcess.start({ args: ['-ipcbind=unix', '-fallbackfee=0.0002'] });
    for (const [at, directory] of directories.entries()) {
      const name = `w${at}`;
      await ask('createwallet', [name]);
      await ask('unloadwallet', [name]);
      fs.mkdirSync(path.join(directory, 'regtest', 'wallets'), { recursive: true });
      fs.renameSync(path.join(node.networkFolder, 'wallets', name), path.join(directory, 'regtest', 'wallets', name));
      attached.push(new AttachedWallet(directory, `unix:${path.join(node.networkFolder, 'node.sock')}`, [`-wallet=${name}`]));
      await waitFor(name, async () => (await ask('listwallets')).includes(name));
    }
    await ask('createwallet', ['own']);
    await ask('generatetoaddress', [101, await ask('getnewaddress', [], 'own')]);
    await waitFor('the coins', async () => (await ask('getbalances', [], 'own')).mine.trusted === 50);
  });
  after(() => node.kill());

  test('wallets of others are listed and used, blocks and payments go on', async () => {
    signal('SIGSTOP');
    assert.deepEqual(await soon('listwallets', ask('listwallets')), ['own', 'w0', 'w1']);
    await soon('a command for another wallet', ask('getbalances', [], 'w1'));
    await soon('a command for the node’s own', ask('getbalances', [], 'own'));
    await soon('blocks', ask('generatetoaddress', [1, await ask('getnewaddress', [], 'w1')]));
    assert.equal((await soon('a command after a block', ask('getbalances', [], 'w1'))).mine.immature, 50);
    await soon('a command after a block', ask('getbalances', [], 'own'));
    await soon('a payment', ask('sendtoaddress', [await ask('getnewaddress', [], 'w1'), 1], 'own'));
    const { psbt } = await ask('walletcreatefundedpsbt', [[], [{ [await ask('getnewaddress', [], 'w1')]: 1 }]], 'own');
    const { hex } = await ask('walletprocesspsbt', [psbt], 'own');
    await soon('sendrawtransaction', ask('sendrawtransaction', [hex]));
    await soon('estimatesmartfee', ask('estimatesmartfee', [2]));
    await soon('syncwithvalidationinterfacequeue', ask('syncwithvalidationinterfacequeue'));
  });

  test('wallets of others are made, unloaded and loaded', async () => {
    await soon('createwallet', ask('createwallet', ['another']));
    await soon('unloadwallet', ask('unloadwallet', ['another']));
    await soon('unloadwallet', ask('unloadwallet', ['w1']));
    await soon('loadwallet', ask('loadwallet', ['another']));
    await soon('loadwallet in an attached process', ask('loadwallet', ['w1']));
    await assert.rejects(soon('loadwallet', ask('loadwallet', ['nothing'])), { code: -18, message: /A wallet process that does not answer was not asked$/ });
    await assert.rejects(soon('getbalances', ask('getbalances', [], 'nothing')), { code: -18, message: /A wallet process that does not answer was not asked$/ });
    await assert.rejects(soon('getbalances', ask('getbalances')), { code: -19 });
    await soon('unloadwallet', ask('unloadwallet', ['another']));
  });

  test('it is said to hang, and is there when it goes on', async () => {
    const answers = async (): Promise<boolean[]> => (await soon('getprocessinfo', ask('getprocessinfo'))).attached.map((one: Json) => one.answers);
    assert.deepEqual(await answers(), [false, true]);
    const warning = 'A wallet process that attached to the node does not answer. Its wallets: “w0”. It may be busy, and go on by itself.';
    assert.deepEqual((await ask('getnetworkinfo')).warnings, [warning]);
    // Who asks for its own wallet waits for it.
    const address = ask('getnewaddress', [], 'w0');
    signal('SIGCONT');
    await ask('generatetoaddress', [1, await address]);
    await waitFor('it to be told that it answers', async () => (await answers()).every(Boolean));
    assert.deepEqual((await ask('getnetworkinfo')).warnings, []);
    assert.ok((await ask('getbalances', [], 'w0')).mine.immature >= 50);
    assert.deepEqual([...(await ask('listwallets'))].sort(), ['own', 'w0', 'w1']);
    assert.deepEqual((await ask('getprocessinfo')).attached.map(({ wallets, answers }: Json) => [wallets, answers]), [[['w0'], true], [['w1'], true]]);
  });

  test('the node ends all the same', async () => {
    signal('SIGSTOP');
    assert.deepEqual(await soon('the end', node.stop()), { code: 0, signal: null });
  });
});
