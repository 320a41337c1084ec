import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { RpcFailure } from '../../src-interfaces/errors.js';
import type { ActorCallback, Chain } from '../../src-interfaces/generated/chain.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { Node } from '../../src-interfaces/generated/node.js';
import type { WalletAddress } from '../../src-interfaces/generated/wallet.js';
import { encodeFrame, MessageBuilder } from '../capnp/wire/index.js';
import { SCHEMAS, withoutCapnp } from '../codegen/testing.js';
import { walletAddressCodec } from '../generated/wallet.js';
import { noLog, type IpcLog } from './log.js';
import { Session } from './session.js';
import { SECRET, shownText } from './shown.js';
import { connectTo, deferred, implement, initWith, settle } from './testing/pair.js';

/** A log that keeps every line with its level. */
function keepingLog(): { log: IpcLog; lines: string[] } {
  const lines: string[] = [];
  const log: IpcLog = {
    debug: (line) => lines.push(`debug ${line()}`),
    trace: (line) => lines.push(`trace ${line()}`),
    info: (line) => lines.push(`info ${line}`),
    warn: (line) => lines.push(`warn ${line}`),
    error: (line) => lines.push(`error ${line}`),
  };
  return { log, lines };
}

const label = `\\{n-${process.pid}/n-${process.pid}\\}`;

/** Asserts that the lines come in this order, others between them; `T` stands for the label of this process. */
function assertLines(lines: readonly string[], expected: readonly string[]): void {
  let position = -1;
  for (const pattern of expected) {
    const shape = new RegExp(`^${pattern.replace('{T}', label)}$`);
    const found = lines.findIndex((line, index) => index > position && shape.test(line));
    assert.ok(found > position, `${pattern} after line ${position} of\n${lines.join('\n')}`);
    position = found;
  }
}

test('a connection is logged from its first message to its end', async () => {
  const { log, lines } = keepingLog();
  const echo = implement<Echo>({ echo: (text) => Promise.resolve(text) });
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echo) }), { processName: 'n', log });
  const remote = await init.makeEcho();
  await remote?.destroy();
  close();
  await settle();
  assertLines(lines, [
    'info {T} IPC server: socket connected.',
    'info {T} IPC client first request from current thread, constructing waiter',
    String.raw`debug {T} IPC client send Init\.construct\$Params`,
    String.raw`trace send data: \(threadMap = <external capability>\)`,
    String.raw`debug {T} IPC server recv request  #\d+ Init\.construct\$Params`,
    String.raw`trace {T} request data: \(threadMap = <external capability>\)`,
    String.raw`debug {T} IPC server send response #\d+ Init\.construct\$Results`,
    String.raw`trace {T} response data: \(threadMap = <external capability>\)`,
    String.raw`debug {T} IPC client recv Init\.construct\$Results`,
    String.raw`trace recv data: \(threadMap = <external capability>\)`,
    'debug {T} IPC client destroy mp::ProxyClient<ipc::capnp::messages::Echo>',
    'debug {T} IPC server destroy mp::ProxyServer<ipc::capnp::messages::Echo>',
    'info {T} IPC server: socket disconnected.',
  ]);
});

test('an error that a method returns is an answer like any other', async () => {
  const { log, lines } = keepingLog();
  const node = implement<Node>({ baseInitialize: () => Promise.reject(new Error("it's taken")) });
  const { init, close } = await connectTo(initWith({ makeNode: () => Promise.resolve(node) }), { processName: 'n', log });
  const remote = await init.makeNode();
  const globalArgs = { settings: { forcedSettings: [], commandLineOptions: [{ key: 'rpcpassword', value: ['"hunter2"'] }], rwSettings: [], roConfig: [] }, configPath: '/c' };
  await assert.rejects(async () => remote?.baseInitialize(globalArgs), /it's taken/);
  close();
  assertLines(lines, [
    String.raw`debug {T} IPC server send response #\d+ Node\.baseInitialize\$Results`,
    String.raw`trace {T} response data: \(error = "it\\\\'s taken"\)`,
    String.raw`debug .* IPC client recv Node\.baseInitialize\$Results`,
    String.raw`trace recv data: \(error = "it\\\\'s taken"\)`,
  ]);
  assert.ok(!lines.join().includes('hunter2'));
  assert.match(lines.join(), /commandLineOptions = <secret>/);
});

test('a call that is not answered is logged with the reason', async () => {
  const { log, lines } = keepingLog();
  const started = deferred();
  const echo = implement<Echo>({
    echo: (text) => {
      if (text === 'fail') return Promise.reject(new Error('broken'));
      started.resolve();
      return new Promise(() => undefined);
    },
  });
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echo) }), { processName: 'n', log });
  const remote = await init.makeEcho();
  await assert.rejects(async () => remote?.echo('fail'));
  const waiting = assert.rejects(async () => remote?.echo('wait'));
  await started.promise;
  close();
  await waiting;
  await assert.rejects(async () => remote?.echo('late'));
  const failures = lines.filter((line) => /^(info .*exception|error)/.test(line)).map((line) => line.replace(/\{.*?\}/, '{T}'));
  assert.deepEqual(failures, [
    'error {T} IPC server unhandled exception: broken',
    'info {T} IPC client exception kj::Exception: failed: broken',
    'error kj::Exception: failed: broken',
    'error IPC client method call interrupted by disconnect.',
    'error IPC client method called after disconnect.',
  ]);
});

test('a method whose caller is gone says so when it is done', async () => {
  const { log, lines } = keepingLog();
  const [started, over] = [deferred(), deferred<string>()];
  const echo = implement<Echo>({
    echo: () => {
      started.resolve();
      return over.promise;
    },
  });
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echo) }), { processName: 'n', log });
  const remote = await init.makeEcho();
  const waiting = assert.rejects(async () => remote?.echo(''));
  await started.promise;
  close();
  await waiting;
  await settle();
  over.resolve('');
  await settle();
  const number = /#(\d+) Echo\.echo/.exec(lines.join())?.[1] ?? '';
  assertLines(lines, [`info {T} IPC server request #${number} canceled while executing\\.`]);
});

test('what commands and settings are about stays out of the log, errors included', async () => {
  const { log, lines } = keepingLog();
  const secret = 'L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1';
  const actor: ActorCallback = () => Promise.reject(new RpcFailure(`{"code":-5,"message":"key '${secret}' is not valid"}`));
  const chain = implement<Chain>({ getSetting: () => Promise.resolve(secret), overwriteRwSetting: () => Promise.resolve(true) });
  const { init, close } = await connectTo(initWith({ makeChain: () => Promise.resolve(chain) }), { log });
  const remote = await init.makeChain();
  await remote?.getSetting('rpcpassword');
  await remote?.overwriteRwSetting('rpcpassword', secret, 0);
  const keptActor = deferred<ActorCallback>();
  chain.handleRpc = (command) => {
    keptActor.resolve(command.actor);
    return new Promise(() => undefined);
  };
  remote?.handleRpc({ category: 'wallet', name: 'importdescriptors', actor, argNames: [], uniqueId: 1n }).catch(() => undefined);
  const request = { id: '1', method: 'importdescriptors', params: `["${secret}"]`, mode: 0, uri: '/', authUser: '', peerAddr: '', version: 0 };
  const called = await keptActor.promise;
  await assert.rejects(called(request, secret, true), RpcFailure);
  close();
  const all = lines.join('\n');
  assert.match(all, /response data: \(rpcError = <secret>\)/);
  assert.match(all, /recv data: \(rpcError = <secret>\)/);
  assert.match(all, /name = "rpcpassword", value = <secret>/);
  assert.ok(!all.includes(secret), all);
});

test('values are shown as Cap’n Proto prints them, escaped as the reference does', { skip: withoutCapnp }, () => {
  const value: WalletAddress = {
    dest: { pubKey: Uint8Array.of(0, 10, 65, 127, 128, 255), witnessUnknown: { version: 2, program: Uint8Array.of(39, 34, 92) } },
    isMine: true,
    name: 'a\'b"c\\d\n\t\x01\x7fé',
    purpose: -1,
  };
  const builder = new MessageBuilder();
  walletAddressCodec.write(builder.initRoot(walletAddressCodec.size), value, new Session(noLog, 'test'));
  const printed = execFileSync('capnp', ['decode', '--short', join(SCHEMAS, 'wallet.capnp'), 'WalletAddress'], { input: encodeFrame(builder) });
  const expected = printed
    .toString('latin1')
    .trimEnd()
    .replaceAll('\\', '\\\\')
    .replace(/[^ -~]/g, (letter) => `\\${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
  assert.equal(shownText(walletAddressCodec.show(value)), expected);
});

test('a text ends with the first character too many', () => {
  const shown = (length: number): string => shownText(['x'.repeat(length - 4)]);
  assert.equal(shown(200).length, 200);
  assert.equal(shown(201), `["${'x'.repeat(197)}"]...`);
  assert.equal(shown(1_000), `["${'x'.repeat(199)}...`);
  assert.equal(shownText('\n'.repeat(300)).length, 201 + 3);
  assert.equal(shownText(new Map([['passphrase', SECRET]])), '(passphrase = <secret>)');
});
