/** A program for tests: serves an Init with an Echo to the process that started it. */
import { inheritedSocket, parseSpawnArguments } from '../../process/index.js';
import { serveInit } from '../../serve.js';
import { implement, initWith } from './pair.js';
import type { Echo } from '../../../src-interfaces/generated/echo.js';

const fd = parseSpawnArguments(process.argv.slice(2));
if (fd === undefined) throw new Error('Not started by another process.');
const echo = implement<Echo>({
  echo: (text) => (text === 'wait' ? new Promise(() => undefined) : Promise.resolve(text)),
});
await serveInit(initWith({ makeEcho: () => Promise.resolve(echo) }), inheritedSocket(fd)).closed;
