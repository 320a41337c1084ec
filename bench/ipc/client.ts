/**
 * Our client of the IPC bench; does what client.c++ does. Its first argument says what it calls: `rpc` the RPC layer
 * itself, `proxies` the Echo of an Init through generated proxies.
 */
import { createInterface } from 'node:readline';
import { Connection, StreamTransport, type Capability } from '../../src-ipc/capnp/index.js';
import { connectInit } from '../../src-ipc/connect.js';
import { spawnProcess } from '../../src-ipc/process/index.js';

const [layer, command = '', ...args] = process.argv.slice(2);
const echo = { interfaceId: 0xabcdef0123456789n, methodId: 0, interfaceName: 'Probe', methodName: 'echo' };
const size = { dataWords: 1, pointers: 4 };

type EchoText = (text: string) => Promise<string>;

function echoOverRpc(server: Capability): EchoText {
  return async (text) => {
    const call = server.call(echo, size, (params) => {
      if (text !== '') params.setText(0, text);
    });
    using results = await call.results;
    return results.content.getText(0);
  };
}

async function measure(echoText: EchoText, calls: number, inFlight: number, bytes: number): Promise<object> {
  const text = 'x'.repeat(bytes);
  const latencies: number[] = [];
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const sent = performance.now();
      if ((await echoText(text)).length !== bytes) throw new Error('another text came back');
      latencies.push(performance.now() - sent);
    }
  };
  const busy = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, caller));
  const took = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(busy);
  latencies.sort((a, b) => a - b);
  return { took, median: (latencies[calls >> 1] ?? 0) * 1000, cpu: user + system };
}

const child = await spawnProcess({ command, args }, { name: 'server' });
process.stdout.write(`${JSON.stringify({ server: child.pid })}\n`);

async function connect(): Promise<{ echoText: EchoText; close: () => void }> {
  if (layer === 'rpc') {
    const connection = new Connection(new StreamTransport(child.socket));
    return { echoText: echoOverRpc(connection.bootstrap()), close: () => connection.close() };
  }
  const { init, close } = await connectInit(child.socket);
  const object = await init.makeEcho();
  if (object === undefined) throw new Error('the server has no Echo');
  return { echoText: (text) => object.echo(text), close };
}

const { echoText, close } = await connect();
for await (const line of createInterface({ input: process.stdin })) {
  const [calls = 0, inFlight = 0, bytes = 0] = line.split(' ').map(Number);
  process.stdout.write(`${JSON.stringify(await measure(echoText, calls, inFlight, bytes))}\n`);
}
close();
