/** `npm run fuzz -- [minutes]`: looks for bytes that a peer could send to break us, and keeps them as tests. */
import { fork, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepInput, REGRESSIONS } from './corpus.js';
import { minimise } from './minimise.js';
import { targetNames, type TargetName } from './targets.js';
import { Watchdog, type Silence } from './watchdog.js';
import type { Report } from './worker.js';

/** For how long the worker may say nothing. */
const WORKER_SILENCE: Silence = { busyMs: 20_000, idleMs: 200_000 };

/** How long one input may take in a process of its own. */
const INPUT_SILENCE: Silence = { busyMs: 10_000, idleMs: 100_000 };

/** Memory that the worker may use, in megabytes. */
const HEAP_MB = 512;

const NODE_OPTIONS = [`--max-old-space-size=${HEAP_MB}`, '--expose-gc', '--import', 'tsx'];

const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) {
  process.stderr.write(`${String(process.argv[2])} is no number of minutes\n`);
  process.exit(2);
}
const givenSeed = process.env['BULKHEAD_SEED'];
let seed = givenSeed === undefined ? randomInt(2 ** 32) : Number(givenSeed);
const until = Date.now() + minutes * 60_000;
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-fuzz-'));
const currentFile = join(folder, 'current');
let runs = 0;
let findings = 0;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a worker to its end. Resolves with how it failed, or undefined when its time was up. */
function work(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [currentFile, String(seed), String(until)], {
      execArgv: NODE_OPTIONS,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-2000)));
    const watchdog = new Watchdog(child, WORKER_SILENCE);
    let last = 0;
    let said = Date.now();
    child.on('message', (report: Report) => {
      watchdog.heard();
      if (report.kind === 'found') {
        findings++;
        say(`found ${report.file}\n${report.message}`);
      } else if (report.kind === 'grown') {
        findings++;
        say(`memory in use grew by ${report.bytes} bytes, with seed ${seed}`);
      } else if (report.kind === 'progress') {
        runs += report.runs - last;
        last = report.runs;
        if (Date.now() - said < 30_000) return;
        said = Date.now();
        say(`${runs} inputs, ${report.kept} kept, ${report.functions} functions reached, ${Math.round(report.heapBytes / 1e6)} MB in use`);
      }
    });
    child.once('close', (code, signal) => {
      if (watchdog.hasBitten) resolve('It hangs.');
      else resolve(code === 0 ? undefined : `It ends the process (${signal ?? String(code)}): ${errors}`);
    });
  });
}

/** Whether an input ends or hangs a process of its own. */
async function breaks(target: TargetName, input: Uint8Array): Promise<boolean> {
  const file = join(folder, 'candidate');
  writeFileSync(file, input);
  const program = fileURLToPath(new URL('once.ts', import.meta.url));
  const child = spawn(process.execPath, [...NODE_OPTIONS, program, target, file], { stdio: 'ignore' });
  new Watchdog(child, INPUT_SILENCE);
  const [code] = await once(child, 'close');
  return code !== 0;
}

async function keepCurrent(message: string): Promise<void> {
  findings++;
  const content = readFileSync(currentFile);
  const end = content.indexOf(10);
  const target = targetNames.find((name) => name === content.subarray(0, end).toString());
  if (target === undefined) {
    say(`the worker broke before its first input: ${message}`);
    return;
  }
  const input = new Uint8Array(content.subarray(end + 1));
  const isAlone = await breaks(target, input);
  const short = isAlone ? await minimise(target, input, 60, (candidate) => breaks(target, candidate)) : input;
  say(`found ${keepInput(REGRESSIONS, target, short)}${isAlone ? '' : ' (only after others)'}\n${message}`);
}

say(`BULKHEAD_SEED=${seed} repeats these choices, with the same inputs in .cache/fuzz`);
try {
  while (Date.now() < until) {
    const failure = await work();
    if (failure === undefined) break;
    await keepCurrent(failure);
    seed++;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
say(`${runs} inputs in ${minutes} minutes, ${findings} findings`);
process.exitCode = findings === 0 ? 0 : 1;
