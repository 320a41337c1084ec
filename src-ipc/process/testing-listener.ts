import { Connection } from '../capnp/rpc/connection.js';
import { Probe } from '../capnp/rpc/testing.js';
import { StreamTransport } from '../capnp/transport/stream.js';
import { listenAt } from './listen.js';

/* A program for the tests of listening: takes connections at the path in its arguments, says so, and answers no call. */
const [path = ''] = process.argv.slice(2);
const server = new Probe({ 0: () => new Promise(() => {}) });
await listenAt({ path, canonical: `unix:${path}` }, (socket) => void new Connection(new StreamTransport(socket), { bootstrap: server }));
process.stdout.write('listening\n');
