import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scriptPubKeyOf } from '../../src-bitcoin/address/destination.js';
import { fromHex, toHex } from '../../src-bitcoin/bytes/hex.js';
import { parseBlock, serializeBlock } from '../../src-bitcoin/primitives/block.js';
import { outpointKey, txidOf } from '../../src-bitcoin/primitives/transaction.js';
import { silentLogger } from '../../src-interfaces/logging.js';
import { WalletClock } from '../context.js';
import { createWallet, openWallet } from '../init/open-wallet.js';
import { regtest, temporaryDirectory, testSettings } from '../testing/fixtures.js';
import { MemoryChain } from '../testing/memory-chain.js';
import type { LoadedWallet } from '../wallet.js';

const child = fileURLToPath(new URL('../testing/crash-child.ts', import.meta.url));
const kills = 10;
/** After how many lines it is killed is up to chance, so that it may take more kills until there is enough to lose. */
const enough = 10;

/** Runs the wallet until it has said so many things, kills it, and gives back all it said. */
async function runAndKill(directory: string, blocksFile: string, lines: number): Promise<readonly (readonly [kind: string, text: string])[]> {
  const running = spawn(process.execPath, ['--import', 'tsx', child, directory, blocksFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => running.once('close', resolve));
  const said: (readonly [string, string])[] = [];
  for await (const line of createInterface({ input: running.stdout })) {
    const [kind = '', text = ''] = line.split(' ');
    said.push([kind, text]);
    if (said.length === lines) running.kill('SIGKILL');
  }
  await ended;
  return said;
}

/** Unspent outputs of the wallet in the chain's blocks, counted without the wallet's history. */
function inBlocks(wallet: LoadedWallet, hexBlocks: readonly string[]): bigint {
  const unspent = new Map<string, bigint>();
  for (const { transactions } of hexBlocks.map((hex) => parseBlock(fromHex(hex)))) {
    for (const tx of transactions) {
      for (const { prevout } of tx.inputs) unspent.delete(outpointKey(prevout));
      tx.outputs.forEach(({ scriptPubKey, value }, index) => {
        if (wallet.keyring.isMine(scriptPubKey)) unspent.set(outpointKey({ txid: txidOf(tx), index }), value);
      });
    }
  }
  return [...unspent.values()].reduce((sum, value) => sum + value, 0n);
}

test(`a wallet killed ${kills} times and more has lost nothing it had announced`, async (t) => {
  const directory = temporaryDirectory(t);
  const blocksFile = join(directory, 'blocks.txt');
  const elsewhere = scriptPubKeyOf({ kind: 'witness_v0_keyhash', hash: new Uint8Array(20).fill(7) });
  const announced = { transactions: new Set<string>(), addresses: new Set<string>() };
  const settings = testSettings(directory, { keypoolSize: 5, unsafeSync: false });
  const chainOf = async (): Promise<MemoryChain> => {
    const chain = new MemoryChain(regtest.genesis);
    for (const line of readFileSync(blocksFile, 'utf8').split('\n')) if (line !== '') await chain.connect(parseBlock(fromHex(line)));
    return chain;
  };
  writeFileSync(blocksFile, '');
  // The first time the wallet gets coins that are old enough to spend.
  const first = await runAndKill(directory, blocksFile, 3);
  assert.equal(first[0]?.[0], 'ready');
  for (let round = 0; round < kills || announced.transactions.size <= enough; round++) {
    const said = round === 0 ? first : await runAndKill(directory, blocksFile, 1 + randomInt(14));
    for (const [kind, text] of said) {
      if (kind === 'block') appendFileSync(blocksFile, `${text}\n`);
      if (kind === 'transaction') announced.transactions.add(text);
      if (kind === 'address') announced.addresses.add(text);
    }
    const chain = await chainOf();
    const context = { chain, params: regtest, settings, logger: silentLogger, clock: new WalletClock(), ending: new AbortController().signal };
    const outcome = await openWallet(context, 'w');
    assert.ok(outcome.ok, outcome.ok ? '' : outcome.failure.message);
    const { wallet } = outcome;
    for (const txid of announced.transactions) assert.ok(wallet.history.get(txid) !== undefined, `${txid} is lost`);
    const next = wallet.newReceiveAddress('bech32', '');
    assert.ok(next.ok && !announced.addresses.has(next.address), 'an address was given out twice');
    for (const address of announced.addresses) assert.ok(wallet.addressBook.get(address) !== undefined);
    const blocks = readFileSync(blocksFile, 'utf8').split('\n').filter((line) => line !== '');
    const confirmed = [...wallet.history.all()].filter(({ state }) => state.kind === 'confirmed');
    const owned = [...wallet.history.ownedOutputs()].filter(({ outpoint, transaction }) => {
      const spenders = [...wallet.history.spenders(outpoint)].filter((spender) => confirmed.includes(spender));
      return confirmed.includes(transaction) && spenders.length === 0;
    });
    assert.equal(owned.reduce((sum, { output }) => sum + output.value, 0n), inBlocks(wallet, blocks));
    announced.addresses.add(next.address);
    wallet.close();
    if (round !== 0) continue;
    // Blocks for ripeness, without the wallet noticing: it catches up.
    for (let i = 0; i < 101; i++) appendFileSync(blocksFile, `${toHex(serializeBlock(await chain.mine(elsewhere, { time: Math.floor(Date.now() / 1000) })))}\n`);
  }
  assert.ok(existsSync(join(directory, 'w', 'wallet.dat')));
});

test('creating a wallet leaves either a whole wallet or none', async (t) => {
  const directory = temporaryDirectory(t);
  const context = { chain: new MemoryChain(regtest.genesis), params: regtest, settings: testSettings(directory), logger: silentLogger, clock: new WalletClock(), ending: new AbortController().signal };
  const broken = { ...context, chain: Object.assign(new MemoryChain(regtest.genesis), { handleNotifications: () => Promise.reject(new Error('gone')) }) };
  await assert.rejects(createWallet(broken, 'w', { flags: 0n, passphrase: '' }), /gone/);
  assert.ok(!existsSync(join(directory, 'w', 'wallet.dat')));
  const outcome = await createWallet(context, 'w', { flags: 0n, passphrase: '' });
  assert.ok(outcome.ok);
  outcome.wallet.close();
});
