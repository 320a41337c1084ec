import { Probe } from '../capnp/rpc/testing.js';
import { parseSpawnArguments, serveParent } from './spawned.js';

/* A program for the tests of spawning: answers with its pid, and exits as a spawned process should. */
const fd = parseSpawnArguments(process.argv.slice(2));
if (fd === undefined) process.exit(1);
const server = new Probe({ 0: (params) => ({ n: process.pid, text: params.getText(0) }), 1: () => new Promise(() => {}) });
await serveParent('probe', fd, server).closed;
process.exit(0);
