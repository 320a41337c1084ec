/**
 * Our client of the IPC bench; does what client.c++ does. Its first argument says what it calls: `rpc` the RPC layer
 * itself, `proxies` the Echo of an Init through generated proxies.
 */
import { createInterface } from 'node:readline';
import { Connection, StreamTransport, type Capability, type ResultsReader } from '../../src-ipc/capnp/index.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import { connectInit } from '../../src-ipc/connect.js';
import { spawnProcess } from '../../src-ipc/process/index.js';

const [layer, command = '', ...args] = process.argv.slice(2);
const echo = { interfaceId: 0xabcdef0123456789n, methodId: 0, interfaceName: 'Probe', methodName: 'echo' };
const size = { dataWords: 1, pointers: 4 };

/** Makes a function that sends a text of the given length and returns the length of the one that came back. */
type EchoOf = (bytes: number) => () => Promise<number>;

/** Texts are bytes here, as they are for the C++ client. */
function echoOverRpc(server: Capability): EchoOf {
  return (bytes) => {
    const text = Buffer.alloc(bytes, 'x');
    const send = (): Promise<ResultsReader> =>
      server.call(echo, size, (params) => {
        if (bytes > 0) params.setText(0, text);
      }).results;
    return async () => {
      const results = await whenRoom(server, send);
      const { length } = results.content.viewText(0);
      results.dispose();
      return length;
    };
  };
}

/** As proxies do: who makes many calls waits for room, and sends at once when there is some. */
function whenRoom<T>({ connection }: Capability, send: () => Promise<T>): Promise<T> {
  if (connection === undefined || connection.isWritable) return send();
  return new Promise((resolve, reject) => connection.whenWritable((refusal) => (refusal === undefined ? resolve(send()) : reject(refusal))));
}

/** Texts are strings. */
function echoOverProxies(object: Echo): EchoOf {
  return (bytes) => {
    const text = 'x'.repeat(bytes);
    return async () => (await object.echo(text)).length;
  };
}

async function measure(echoOf: EchoOf, calls: number, inFlight: number, bytes: number): Promise<object> {
  const echoText = echoOf(bytes);
  const latencies = new Float64Array(calls);
  let [left, done] = [calls, 0];
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const sent = performance.now();
      if ((await echoText()) !== bytes) throw new Error('another text came back');
      latencies[done++] = performance.now() - sent;
    }
  };
  const busy = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, caller));
  const took = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(busy);
  latencies.sort();
  return { took, median: (latencies[calls >> 1] ?? 0) * 1000, cpu: user + system };
}

const child = await spawnProcess({ command, args }, { name: 'server' });
process.stdout.write(`${JSON.stringify({ server: child.pid })}\n`);

async function connect(): Promise<{ echoOf: EchoOf; close: () => void }> {
  if (layer === 'rpc') {
    const connection = new Connection(new StreamTransport(child.socket));
    return { echoOf: echoOverRpc(connection.bootstrap()), close: () => connection.close() };
  }
  const { init, close } = await connectInit(child.socket);
  const object = await init.makeEcho();
  if (object === undefined) throw new Error('the server has no Echo');
  return { echoOf: echoOverProxies(object), close };
}

const { echoOf, close } = await connect();
for await (const line of createInterface({ input: process.stdin })) {
  const [calls = 0, inFlight = 0, bytes = 0] = line.split(' ').map(Number);
  process.stdout.write(`${JSON.stringify(await measure(echoOf, calls, inFlight, bytes))}\n`);
}
close();
