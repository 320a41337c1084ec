import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import { socketPair } from '../capnp/transport/testing-sockets.js';
import { connectInit } from '../connect.js';
import { serveInit } from '../serve.js';
import type { IpcLog } from './log.js';
import { connectTo, implement, initWith, settle } from './testing/pair.js';

const TEXT = 'x'.repeat(1024 * 1024);

function logInto(lines: string[]): IpcLog {
  const note = (text: string): void => void lines.push(text);
  return { debug: (text) => note(text()), trace: () => undefined, info: note, warn: note, error: note };
}

test('a call that waited for room is sent from the thread that made it', { timeout: 60_000 }, async (t) => {
  const [near, far] = await socketPair(t);
  const echoed = implement<Echo>({ echo: (text) => Promise.resolve(text.slice(0, 8)) });
  serveInit(initWith({ makeEcho: () => Promise.resolve(echoed) }), far);
  const sent: string[] = [];
  const outer = await connectInit(near, { limits: { queuedBytes: 1024 }, log: logInto(sent) });
  const echo = await outer.init.makeEcho();
  const received: string[] = [];
  const passing = implement<Echo>({ echo: (text) => echo?.echo(text) ?? assert.fail() });
  const pair = await connectTo(initWith({ makeEcho: () => Promise.resolve(passing) }), { log: logInto(received) });
  const passed = await pair.init.makeEcho();
  assert.ok(passed);
  far.pause();
  sent.length = 0;
  received.length = 0;
  const calls = Array.from({ length: 4 }, () => passed.echo(TEXT));
  await settle();
  far.resume();
  await Promise.all(calls);
  const runOn = received.flatMap((line) => /IPC server post request +#\d+ {(.*)}$/.exec(line)?.[1] ?? []);
  const sentFrom = sent.flatMap((line) => /^{(.*)} IPC client send/.exec(line)?.[1] ?? []);
  assert.equal(new Set(runOn).size, 4);
  assert.deepEqual(sentFrom, runOn);
  pair.close();
  outer.close();
});
