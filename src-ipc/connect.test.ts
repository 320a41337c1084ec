import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CallFailure, isDisconnected } from '../src-interfaces/errors.js';
import type { Chain, ChainNotifications } from '../src-interfaces/generated/chain.js';
import type { Echo } from '../src-interfaces/generated/echo.js';
import type { Handler } from '../src-interfaces/generated/handler.js';
import type { Node } from '../src-interfaces/generated/node.js';
import { memoryTransportPair } from './capnp/transport/memory.js';
import { connectInit } from './connect.js';
import { spawnProcess, type SpawnedProcess } from './process/index.js';
import type { IpcLog } from './proxy/log.js';
import { connectTo, deferred, implement, initWith, settle } from './proxy/testing/pair.js';
import { serveInit } from './serve.js';

const CHILD = fileURLToPath(new URL('proxy/testing/echo-child.ts', import.meta.url));

function startChild(): Promise<SpawnedProcess> {
  return spawnProcess({ command: process.execPath, args: ['--import', 'tsx', CHILD] }, { name: 'echo-child' });
}

test('an Echo in a child process answers, and the child ends when the connection is closed', async () => {
  const child = await startChild();
  const { init, close, closed } = await connectInit(child.socket);
  const echo = await init.makeEcho();
  const long = 'é'.repeat(100_000);
  const texts = ['', 'a', long, '\u0000\u{1f600}'];
  assert.deepEqual(await Promise.all(texts.map((text) => echo?.echo(text))), texts);
  assert.equal(await init.makeWalletLoader({ settings: EMPTY_SETTINGS, configPath: '' }, implement<Chain>({})), undefined);
  await echo?.destroy();
  close();
  assert.equal((await closed).reason, 'closed');
  assert.equal((await child.exited).code, 0);
});

const EMPTY_SETTINGS = { forcedSettings: [], commandLineOptions: [], rwSettings: [], roConfig: [] };

test('a killed child process fails the calls that wait for it', async () => {
  const child = await startChild();
  const warnings: string[] = [];
  const { init, closed } = await connectInit(child.socket, { log: logTo({ warn: (line) => warnings.push(line) }) });
  const echo = await init.makeEcho();
  const waiting = echo?.echo('wait');
  child.kill('SIGKILL');
  await assert.rejects(async () => waiting, isDisconnected);
  await assert.rejects(init.makeEcho(), isDisconnected);
  await echo?.destroy();
  assert.notEqual((await closed).reason, 'closed');
  await settle();
  assert.match(warnings.join('\n'), /IPC client: unexpected network disconnect\./);
  assert.equal((await child.exited).signal, 'SIGKILL');
});

test('a peer that hangs up before it answers is an error, not a wait', async () => {
  const [near, far] = memoryTransportPair();
  setImmediate(() => far.close());
  await assert.rejects(connectInit(near), isDisconnected);
});

function logTo(methods: Partial<IpcLog>): IpcLog {
  const ignore = (): void => undefined;
  return { debug: ignore, trace: ignore, info: ignore, warn: ignore, error: ignore, ...methods };
}

test('traffic is logged in the lines that the reference writes', async () => {
  const lines: string[] = [];
  const log = logTo({ debug: (line) => lines.push(line()), trace: (line) => lines.push(line()) });
  const chain = implement<Chain>({ handleNotifications: () => Promise.resolve(implement<Handler>({})) });
  const options = { processName: 'bitcoin-node', log };
  const { init, close } = await connectTo(initWith({ makeChain: () => Promise.resolve(chain) }), options);
  const remote = await init.makeChain();
  await remote?.handleNotifications(implement<ChainNotifications>({}));
  close();
  const label = `bitcoin-node-${process.pid}/bitcoin-node`;
  const received = lines.findIndex((line) => /IPC server recv request {2}#\d+ Chain\.handleNotifications\$Params/.test(line));
  const number = /#(\d+)/.exec(lines[received] ?? '')?.[1] ?? '';
  const context = 'context = (thread = <external capability>, callbackThread = <external capability>)';
  assert.deepEqual(lines.slice(received - 2, received + 7), [
    `{${label}-1} IPC client send Chain.handleNotifications$Params`,
    `send data: (${context}, notifications = <external capability>)`,
    `{${label}-${process.pid}} IPC server recv request  #${number} Chain.handleNotifications$Params`,
    `{${label}-${process.pid}} request data: (${context}, notifications = <external capability>)`,
    `{${label}-${process.pid}} IPC server post request  #${number} {${label}-1 (from ${label}-1)}`,
    `{${label}-${process.pid}} IPC server send response #${number} Chain.handleNotifications$Results`,
    `{${label}-${process.pid}} response data: (result = <external capability>)`,
    `{${label}-1} IPC client recv Chain.handleNotifications$Results`,
    'recv data: (result = <external capability>)',
  ]);
});

test('passphrases and what commands are about stay out of the log', async () => {
  const lines: string[] = [];
  const log = logTo({ debug: (line) => lines.push(line()), trace: (line) => lines.push(line()) });
  const node = implement<Node>({ executeRpc: (_command, params) => Promise.resolve(params) });
  const { init, close } = await connectTo(initWith({ makeNode: () => Promise.resolve(node) }), { log });
  const remote = await init.makeNode();
  await remote?.executeRpc('walletpassphrase', '["hunter2",60]', '');
  close();
  const all = lines.join('\n');
  assert.ok(all.includes('command = "walletpassphrase", params = <secret>'), all);
  assert.ok(!all.includes('hunter2'));
});

test('long content is cut and bytes are escaped in the log', async () => {
  const lines: string[] = [];
  const log = logTo({ trace: (line) => lines.push(line()) });
  const echo = implement<Echo>({ echo: (text) => Promise.resolve(text) });
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echo) }), { log });
  const remote = await init.makeEcho();
  await remote?.echo(`a\\\n${'x'.repeat(300)}`);
  close();
  const last = lines.at(-1) ?? '';
  assert.ok(last.startsWith(String.raw`recv data: (result = "a\\\\\\nx`), last);
  // The reference stops after the first character too many.
  assert.equal(last.length, 'recv data: '.length + 201 + 3);
});

test('who connects may offer an Init in return, and is asked for it over the same connection', async () => {
  const [client, server] = memoryTransportPair();
  const served = serveInit(initWith({}), server, { processName: 'server' });
  const offers = initWith({ makeEcho: async () => implement<Echo>({ echo: async (text) => `${text}, said the caller` }) });
  const connection = await connectInit(client, { processName: 'client', offers });
  const echo = await served.peer().makeEcho();
  assert.equal(await echo?.echo('Hello'), 'Hello, said the caller');
  const waiting = deferred();
  const chain = implement<Chain>({ destroy: async () => waiting.resolve() });
  assert.equal(await served.peer().makeWalletLoader({ settings: EMPTY_SETTINGS, configPath: '' }, chain), undefined);
  connection.close();
  await assert.rejects(async () => echo?.echo('Hello'), isDisconnected);
  await waiting.promise;
});

test('of one that offers nothing every call fails, what was to be handed over is given up, and all else goes on', async () => {
  const pair = await connectTo(initWith({ makeEcho: async () => implement<Echo>({ echo: async (text) => text }) }));
  const released = deferred();
  const chain = implement<Chain>({ destroy: async () => released.resolve() });
  await assert.rejects(pair.server.peer().makeWalletLoader({ settings: EMPTY_SETTINGS, configPath: '' }, chain), CallFailure);
  await released.promise;
  assert.equal(await (await pair.init.makeEcho())?.echo('Hello'), 'Hello');
  pair.close();
});
