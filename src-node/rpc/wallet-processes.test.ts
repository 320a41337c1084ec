import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { RequestMode } from '../../src-interfaces/rpc/command.js';
import { rpcError } from '../../src-interfaces/rpc/codes.js';
import { writeJson } from '../../src-interfaces/json/json.js';
import { Patience } from '../../src-ipc/process/patience.js';
import { WalletProcess } from '../interfaces/wallet-process.js';
import { CommandTable } from './command-table.js';

/** A process with wallets that says where a command got to; it may stop answering. */
class Answering {
  readonly process: WalletProcess;
  asked = 0;
  #goOn = (): void => undefined;
  #hanging: Promise<void> | undefined;

  constructor(table: CommandTable, place: string, readonly wallets: string[], isOwn = false) {
    this.process = new WalletProcess(new Patience(20), place);
    const registry = table.commandsOf(this.process, isOwn);
    for (const name of ['where', 'listwallets', 'loadwallet', 'unloadwallet', 'createwallet']) {
      registry.register({
        category: 'wallet',
        name,
        argNames: [],
        uniqueId: 1n,
        actor: async ({ uri, params }) => {
          this.asked++;
          await this.#hanging;
          if (name === 'listwallets') return { response: JSON.stringify(wallets), result: true };
          const wanted = uri.startsWith('/wallet/') ? decodeURIComponent(uri.slice(8)) : name === 'where' ? wallets[0] : (JSON.parse(params) as string[])[0];
          if (name !== 'createwallet' && !wallets.includes(wanted ?? '')) throw rpcError('walletNotFound', 'not here');
          return { response: JSON.stringify(place), result: true };
        },
      });
    }
  }

  hang(): void {
    this.#hanging = new Promise((resolve) => (this.#goOn = resolve));
  }

  goOn(): void {
    this.#hanging = undefined;
    this.#goOn();
  }
}

function started(): { readonly own: Answering; readonly ada: Answering; readonly bob: Answering; readonly ask: (method: string, wallet?: string, ...params: readonly string[]) => Promise<unknown>; readonly help: () => Promise<string> } {
  const table = new CommandTable();
  table.finishWarmup();
  const [ada, bob] = [new Answering(table, '/ada', ['savings', 'ada']), new Answering(table, '/bob', ['savings', 'bob'])];
  const own = new Answering(table, 'this node', ['own'], true);
  const call = { id: undefined, params: [], mode: RequestMode.execute, uri: '/', authUser: '', peerAddress: '', version: 1 } as const;
  const ask = async (method: string, wallet?: string, ...params: readonly string[]): Promise<unknown> => {
    const uri = wallet === undefined ? '/' : `/wallet/${encodeURIComponent(wallet)}`;
    const result = await table.execute({ ...call, method, params, uri });
    return JSON.parse(writeJson(result)) as unknown;
  };
  return { own, ada, bob, ask, help: () => table.help('', { ...call, method: 'help' }) };
}

test('a command goes to the process that has the wallet; of two of one name to the first, or as windows call it', async () => {
  const { ask } = started();
  assert.deepEqual(await ask('listwallets'), ['own', 'savings', 'ada', 'savings', 'bob']);
  assert.equal(await ask('where', 'bob'), '/bob');
  assert.equal(await ask('where', 'savings'), '/ada');
  assert.equal(await ask('where', 'savings (/bob)'), '/bob');
  assert.equal(await ask('where', 'savings (/ada)'), '/ada');
  await assert.rejects(ask('where', 'savings (/eve)'), { code: -18, message: 'not here' });
  await assert.rejects(ask('where', 'bob (/bob)'), { code: -18 }, 'there is one of that name');
  await assert.rejects(ask('where'), { code: -19 });
  assert.equal(await ask('unloadwallet', undefined, 'bob'), '/bob');
});

test('a process that does not answer is waited for once, and by those who ask for its wallets', { timeout: 10_000 }, async () => {
  const { own, ada, ask, help } = started();
  await ask('listwallets');
  ada.hang();
  assert.deepEqual(await ask('listwallets'), ['own', 'savings', 'ada', 'savings', 'bob']);
  const before = ada.asked;
  for (let time = 0; time < 10; time++) assert.equal(await ask('where', 'bob'), '/bob');
  assert.equal(ada.asked, before, 'questions do not pile up');
  assert.equal(await ask('loadwallet', undefined, 'bob'), '/bob');
  assert.equal(await ask('createwallet', undefined, 'new'), 'this node');
  const notFound = { code: -18, message: 'not here. A wallet process that does not answer was not asked' };
  await assert.rejects(ask('where', 'eve'), notFound);
  await assert.rejects(ask('loadwallet', undefined, 'eve'), notFound);
  await assert.rejects(ask('where'), { code: -19 });
  let isDone = false;
  const waiting = ask('where', 'ada').finally(() => (isDone = true));
  await pause(50);
  assert.equal(isDone, false);
  ada.goOn();
  assert.equal(await waiting, '/ada');
  assert.equal(await ask('where', 'ada'), '/ada');
  // What the node's own process is asked first, it is waited for.
  own.hang();
  assert.equal(await ask('where', 'bob'), '/bob');
  assert.match(await help(), /^where$/m);
  const loading = ask('loadwallet', undefined, 'bob');
  await pause(50);
  own.goOn();
  assert.equal(await loading, '/bob');
});
