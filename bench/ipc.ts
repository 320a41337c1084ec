// How fast calls between processes are, beside the C++ implementation of the same protocol in the same run.
// Usage: node --import tsx bench/ipc.ts [rounds]
import { build } from 'esbuild';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildPeer, buildProgram } from '../e2e/interop/build-peer.js';

const inBench = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const bundles = inBench('../.cache/bench');
const rounds = Number(process.argv[2] ?? 5);

/** Kinds of calls; `calls` of one round are enough for a steady median and short enough to alternate. */
const workloads = [
  { name: 'empty, one after another', calls: 2000, inFlight: 1, bytes: 0 },
  { name: 'empty, 100 in flight', calls: 10_000, inFlight: 100, bytes: 0 },
  { name: '1 KB, one after another', calls: 2000, inFlight: 1, bytes: 1000 },
  { name: '1 KB, 100 in flight', calls: 10_000, inFlight: 100, bytes: 1000 },
  { name: '1 MB, one after another', calls: 40, inFlight: 1, bytes: 1_000_000 },
  { name: '1 MB, 100 in flight', calls: 100, inFlight: 100, bytes: 1_000_000 },
] as const;
type Workload = (typeof workloads)[number];

interface Sample {
  /** Microseconds. */
  readonly took: number;
  readonly median: number;
  /** Of the client, in microseconds. */
  readonly cpu: number;
}

/** Microseconds of processor time a process has used, in steps of 10 ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function numberIn(line: string, name: string): number {
  const parsed: unknown = JSON.parse(line);
  const value = isRecord(parsed) ? parsed[name] : undefined;
  if (typeof value !== 'number') throw new Error(`no ${name} in ${line}`);
  return value;
}

/** A client and its server. */
class Pair {
  readonly #client: ChildProcessWithoutNullStreams;
  readonly #reader: Interface;
  readonly #lines: AsyncIterator<string>;
  #server = 0;
  samples: Sample[] = [];
  serverCpu: number[] = [];

  constructor(
    readonly name: string,
    readonly isOurs: { readonly client: boolean; readonly server: boolean },
    command: readonly string[],
  ) {
    const [file = '', ...args] = command;
    this.#client = spawn(file, args);
    this.#client.stderr.pipe(process.stderr);
    this.#reader = createInterface({ input: this.#client.stdout });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  async #line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error(`${this.name}: the client ended`);
    return next.value;
  }

  async start(): Promise<void> {
    this.#server = numberIn(await this.#line(), 'server');
  }

  async run({ calls, inFlight, bytes }: Workload, isCounted: boolean): Promise<void> {
    const before = cpuOf(this.#server);
    this.#client.stdin.write(`${calls} ${inFlight} ${bytes}\n`);
    const line = await this.#line();
    if (!isCounted) return;
    this.samples.push({ took: numberIn(line, 'took'), median: numberIn(line, 'median'), cpu: numberIn(line, 'cpu') });
    this.serverCpu.push(cpuOf(this.#server) - before);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#client.once('exit', resolve));
    this.#client.stdin.end();
    await ended;
    this.#reader.close();
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

function show(workload: Workload, pairs: readonly Pair[]): void {
  console.log(`\n${workload.name}`);
  const rate = (pair: Pair): number => (workload.calls * 1e6) / medianOf(pair.samples.map(({ took }) => took));
  const median = (pair: Pair): number => medianOf(pair.samples.map((sample) => sample.median));
  const peer = pairs.find(({ isOurs }) => !isOurs.client && !isOurs.server);
  for (const pair of pairs) {
    const perCall = (values: readonly number[]): string => `${Math.round(values.reduce((a, b) => a + b, 0) / values.length / workload.calls)} us`;
    const cpu = [
      ...(pair.isOurs.client ? [`client ${perCall(pair.samples.map((sample) => sample.cpu))}`] : []),
      ...(pair.isOurs.server ? [`server ${perCall(pair.serverCpu)}`] : []),
    ];
    const ratios = peer === undefined || peer === pair ? '' : `rate x${(rate(pair) / rate(peer)).toFixed(2)} latency x${(median(pair) / median(peer)).toFixed(2)} of C++ to C++`;
    console.log(
      `  ${pair.name.padEnd(24)} ${Math.round(rate(pair)).toLocaleString('en').padStart(8)}/s  median ${median(pair).toFixed(0).padStart(7)} us  ${ratios.padEnd(46)} ${cpu.length === 0 ? '' : `CPU a call: ${cpu.join(', ')}`}`.trimEnd(),
    );
  }
}

await build({
  entryPoints: [inBench('ipc/client.ts'), inBench('ipc/server.ts')],
  outdir: bundles,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
});
const ourClient = (layer: string): string[] => [process.execPath, `${bundles}/client.mjs`, layer];
const ourServer = (layer: string): string[] => [process.execPath, `${bundles}/server.mjs`, layer];

const client = buildProgram([inBench('ipc/client.c++')]);
const server = buildPeer();
const pairs = [
  new Pair('ours to ours', { client: true, server: true }, [...ourClient('rpc'), ...ourServer('rpc')]),
  new Pair('ours to ours, proxies', { client: true, server: true }, [...ourClient('proxies'), ...ourServer('proxies')]),
];
if ('missing' in client || 'missing' in server) {
  console.log(`C++: ${'missing' in client ? client.missing : 'missing' in server ? server.missing : ''}`);
} else {
  pairs.push(
    new Pair('ours to C++', { client: true, server: false }, [...ourClient('rpc'), server.program]),
    new Pair('C++ to ours', { client: false, server: true }, [client.program, ...ourServer('rpc')]),
    new Pair('C++ to C++', { client: false, server: false }, [client.program, server.program]),
  );
}

for (const pair of pairs) await pair.start();
for (const workload of workloads) {
  for (const pair of pairs) {
    await pair.run(workload, false);
    pair.samples = [];
    pair.serverCpu = [];
  }
  for (let round = 0; round < rounds; round++) for (const pair of pairs) await pair.run(workload, true);
  show(workload, pairs);
}
for (const pair of pairs) await pair.stop();
