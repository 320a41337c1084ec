/** Legacy wallets migrated here and by Bitcoin Core: what comes out is the same, private keys included. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { skipBerkeley, writeBerkeleyFile, type LegacyComposer } from '../../src-wallet/testing/legacy-composer.js';
import {
  composeBlank,
  composedAddress,
  composedTransactions,
  composeEverything,
  composeKeyless,
  composeKeys,
  composeUnsplit,
  composeWatching,
  testdataPassphrase,
} from '../../src-wallet/testing/legacy-wallets.js';
import { randomLegacyRecords } from '../../src-wallet/testing/random-legacy-wallet.js';
import { followChain } from '../framework/follow-chain.js';
import { NodeProcess, RpcError, type Json } from '../framework/node-process.js';
import { referenceProgram } from '../framework/programs.js';
import { randomFor } from '../framework/random.js';

const reference = referenceProgram('bitcoin-node');
const skip = reference === undefined ? 'skipped: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node' : skipBerkeley;
const { scripts } = composeEverything();
const now = 1_800_000_000;

const everything = (): LegacyComposer => composeEverything(composedTransactions).composer;

/** The wallets to migrate: their files below the wallets' directory, and how many wallets each becomes. */
const wallets: Readonly<Record<string, { readonly file: string; readonly composer: LegacyComposer; readonly count: number }>> = {
  plain: { file: 'plain/wallet.dat', composer: everything(), count: 3 },
  locked: { file: 'locked/wallet.dat', composer: everything(), count: 3 },
  'deep/er': { file: 'deep/er/wallet.dat', composer: everything(), count: 3 },
  file: { file: 'file', composer: everything(), count: 3 },
  '': { file: 'wallet.dat', composer: everything(), count: 3 },
  watching: { file: 'watching/wallet.dat', composer: composeWatching(false), count: 1 },
  unsplit: { file: 'unsplit/wallet.dat', composer: composeUnsplit(), count: 2 },
  keys: { file: 'keys/wallet.dat', composer: composeKeys(), count: 1 },
  keyless: { file: 'keyless/wallet.dat', composer: composeKeyless(), count: 1 },
  blank: { file: 'blank/wallet.dat', composer: composeBlank(), count: 1 },
};

function placeWallets(node: NodeProcess): void {
  for (const [name, { file, composer }] of Object.entries(wallets)) {
    const place = path.join(node.networkFolder, 'wallets', file);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    writeBerkeleyFile(place, composer.records(name === 'locked' ? testdataPassphrase : undefined));
  }
}

/** The result, or code and text of the error, without what is everybody's own. */
async function outcomeOf(node: NodeProcess, method: string, params: readonly unknown[], wallet?: string): Promise<Json> {
  try {
    return JSON.parse(JSON.stringify(await node.rpc(method, params, wallet)).replaceAll(node.datadir, ''));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { code: error.code, message: error.message.replaceAll(node.datadir, '') };
  }
}

describe('migration beside the reference', { skip }, () => {
  let nodes: readonly [ours: NodeProcess, theirs: NodeProcess];

  before(async () => {
    const args = ['-keypool=5'];
    nodes = [await NodeProcess.start({ args }), await NodeProcess.start({ args, program: reference ?? '' })];
    const [ours, theirs] = nodes;
    const elsewhere = composedAddress(scripts.elsewhere);
    for (const script of Object.values(scripts)) await theirs.rpc('generatetoaddress', [1, composedAddress(script)]);
    await theirs.rpc('generatetoaddress', [101, elsewhere]);
    await followChain(ours, theirs);
    for (const node of nodes) {
      placeWallets(node);
      await node.rpc('setmocktime', [now]);
    }
  });

  after(() => Promise.all(nodes.map((node) => node.stop())));

  const alike = async (method: string, params: readonly unknown[] = [], wallet?: string, form: (result: Json) => Json = (result) => result): Promise<Json> => {
    const [ours, theirs] = await Promise.all(nodes.map((node) => outcomeOf(node, method, params, wallet)));
    assert.deepEqual(form(ours), form(theirs), `${method} ${JSON.stringify(params)} ${wallet ?? ''}`);
    return ours;
  };

  const sorted = (result: Json): Json => (Array.isArray(result) ? result.map((each) => JSON.stringify(each)).sort() : result);
  const byName = ({ wallets: listed }: Json): Json => sorted(listed);
  // Times of records are told by each from its own blocks and clock.
  const transactionForm = (result: Json): Json => sorted(result.map(({ time: _time, timereceived: _received, walletconflicts: _conflicts, ...rest }: Json) => rest));

  test('what is refused, and how', async () => {
    await alike('listwalletdir', [], undefined, byName);
    await alike('loadwallet', ['plain']);
    await alike('migratewallet', ['absent']);
    await alike('migratewallet', []);
    await alike('migratewallet', ['locked']);
    await alike('migratewallet', ['locked', 'battery']);
  });

  test('what comes out', async () => {
    const made: string[] = [];
    for (const [name, { count }] of Object.entries(wallets)) {
      const result = await alike('migratewallet', name === 'locked' ? [name, testdataPassphrase] : [name]);
      const names = [result.wallet_name, result.watchonly_name, result.solvables_name].filter((each) => each !== undefined);
      assert.equal(names.length, count, name);
      made.push(...names);
    }
    await alike('listwalletdir', [], undefined, byName);
    await alike('listwallets', [], undefined, sorted);
    await alike('migratewallet', ['plain']);
    for (const wallet of made) {
      await alike('getwalletinfo', [], wallet);
      // Without a seed the new addresses come from a fresh one.
      const descriptorForm = wallet === 'keys' ? ({ descriptors }: Json): Json => sorted(descriptors.filter(({ active }: Json) => !active)) : undefined;
      await alike('listdescriptors', [], wallet, descriptorForm);
      if (wallet === 'locked') await Promise.all(nodes.map((node) => node.rpc('walletpassphrase', [testdataPassphrase, 600], wallet)));
      await alike('listdescriptors', [true], wallet, descriptorForm);
      await alike('listlabels', [], wallet, sorted);
      for (const label of await nodes[0].rpc('listlabels', [], wallet)) await alike('getaddressesbylabel', [label], wallet);
      for (const script of Object.values(scripts)) await alike('getaddressinfo', [composedAddress(script)], wallet);
      const { mine } = await alike('getbalances', [], wallet);
      assert.equal(mine.trusted > 0, !['blank', 'unsplit'].includes(wallet), `coins of ${wallet}`);
      await alike('listunspent', [0], wallet, sorted);
      await alike('listtransactions', ['*', 1000], wallet, transactionForm);
      if (wallet === 'keys') continue;
      await alike('getnewaddress', ['', 'bech32'], wallet);
      await alike('getrawchangeaddress', ['legacy'], wallet);
    }
  });

  test('what comes out of wallets with random keys and scripts', async (t) => {
    const random = randomFor(t);
    const count = Number(process.env['BULKHEAD_MIGRATIONS'] ?? 12);
    for (let i = 0; i < count; i++) {
      const name = `random ${i}`;
      const records = randomLegacyRecords(random, name);
      for (const node of nodes) {
        const directory = path.join(node.networkFolder, 'wallets', name);
        fs.mkdirSync(directory);
        writeBerkeleyFile(path.join(directory, 'wallet.dat'), records);
      }
      // Where nothing of a wallet can be used the reference leaves none; here an empty one stays.
      const result = await alike('migratewallet', [name], undefined, ({ wallet_name, ...rest }) => ({ ...rest, wallet_name: wallet_name === '' ? name : wallet_name }));
      if (!(await nodes[1].rpc('listwallets')).includes(result.wallet_name)) {
        assert.deepEqual(await nodes[0].rpc('listdescriptors', [], name), { wallet_name: name, descriptors: [] });
        continue;
      }
      for (const wallet of [result.wallet_name, result.watchonly_name, result.solvables_name].filter((each) => each !== undefined)) {
        await alike('getwalletinfo', [], wallet);
        const hasSeed = records.some(({ key }) => Buffer.from(key).includes('hdchain'));
        await alike('listdescriptors', [], wallet, ({ descriptors }) => sorted(descriptors.filter(({ active }: Json) => hasSeed || !active)));
        await alike('listlabels', [], wallet, sorted);
        for (const label of await nodes[0].rpc('listlabels', [], wallet)) await alike('getaddressesbylabel', [label], wallet);
        await Promise.all(nodes.map((node) => node.rpc('unloadwallet', [wallet])));
      }
    }
  });
});
