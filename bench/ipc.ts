// How fast calls between processes are, beside the C++ implementation of the same protocol in the same run; with a build
// of the reference in the folder BITCOIN_REFERENCE_BUILD names, beside the reference's own IPC, too.
// Usage: node --import tsx bench/ipc.ts [rounds] [part of a workload's name]
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { buildPeer, buildProgram } from '../e2e/interop/build-peer.js';
import { compare, REFERENCE } from './ipc/goals.js';
import { Pair, type Workload } from './ipc/pair.js';
import { startReference } from './ipc/reference.js';

const inBench = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const bundles = inBench('../.cache/bench');
const rounds = Number(process.argv[2] ?? 9);
const wanted = process.argv[3] ?? '';

/** Kinds of calls; `calls` of one round are enough for a steady median and short enough to alternate. */
const workloads: readonly Workload[] = [
  { name: 'empty, one after another', calls: 2000, inFlight: 1, bytes: 0 },
  { name: 'empty, 16 in flight', calls: 4000, inFlight: 16, bytes: 0 },
  { name: 'empty, 100 in flight', calls: 30_000, inFlight: 100, bytes: 0, referenceCalls: 3000 },
  { name: '1 KB, one after another', calls: 2000, inFlight: 1, bytes: 1000 },
  { name: '1 KB, 100 in flight', calls: 10_000, inFlight: 100, bytes: 1000 },
  { name: '1 MB, one after another', calls: 40, inFlight: 1, bytes: 1_000_000 },
  { name: '1 MB, 100 in flight', calls: 100, inFlight: 100, bytes: 1_000_000 },
];

function show(workload: Workload, pairs: readonly Pair[]): void {
  console.log(`\n${workload.name}`);
  const peer = pairs.find(({ isOurs }) => !isOurs.client && !isOurs.server);
  for (const pair of pairs) {
    const cpu = [
      ...(pair.isOurs.client ? [`client ${pair.cpu('client').toFixed(0)} us`] : []),
      ...(pair.isOurs.server ? [`server ${pair.cpu('server').toFixed(0)} us`] : []),
    ];
    const ratios =
      peer === undefined || peer === pair
        ? ''
        : `rate x${(pair.rate() / peer.rate()).toFixed(2)} latency x${(pair.latency() / peer.latency()).toFixed(2)} of ${peer.name}`;
    console.log(
      `  ${pair.name.padEnd(24)} ${Math.round(pair.rate()).toLocaleString('en').padStart(8)}/s  median ${pair.latency().toFixed(0).padStart(7)} us  ${ratios.padEnd(46)} ${cpu.length === 0 ? '' : `CPU a call: ${cpu.join(', ')}`}`.trimEnd(),
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
const reference = await startReference();
const pairs = [
  new Pair('ours to ours', { client: true, server: true }, [...ourClient('rpc'), ...ourServer('rpc')]),
  new Pair('ours to ours, Echo', { client: true, server: true }, [...ourClient('proxies'), ...ourServer('proxies')]),
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
if ('missing' in reference) console.log(`Echo of the reference: ${reference.missing}`);
else pairs.push(new Pair(REFERENCE, { client: false, server: false }, reference.command, reference.server));

for (const pair of pairs) await pair.start();
const goals: string[] = [];
for (const workload of workloads.filter(({ name }) => name.includes(wanted))) {
  // Client and server take turns at small calls. Whether they do so on one processor or wake each other on another is up
  // to chance, and on a virtual machine makes more of a difference than all that is measured.
  const isTakingTurns = workload.inFlight === 1 && workload.bytes < 10_000;
  const jobs = pairs.map((pair) => {
    const job = pair.name === REFERENCE ? { ...workload, calls: workload.referenceCalls ?? workload.calls } : workload;
    // Each has been idle while the others had their turns.
    return { pair, job, warmUp: { ...job, calls: Math.ceil(job.calls / 10) } };
  });
  for (const { pair, job } of jobs) {
    pair.useProcessors(isTakingTurns ? 'one' : 'all');
    await pair.run(job, false);
    pair.reset();
  }
  for (let round = 0; round < rounds; round++) {
    for (const { pair, job, warmUp } of jobs) {
      await pair.run(warmUp, false);
      await pair.run(job, true);
    }
  }
  show(workload, pairs);
  goals.push(...compare(workload, pairs));
}
for (const pair of pairs) await pair.stop();
if (!('missing' in reference)) await reference.stop();
console.log(`\nGoals\n${goals.join('\n')}`);
