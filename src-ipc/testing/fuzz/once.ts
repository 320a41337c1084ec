/** Runs one input in a process of its own: its exit status tells whether it came through. */
import { readFileSync } from 'node:fs';
import { attempt, watchStrayErrors } from './attempt.js';
import { targetNames } from './targets.js';

const [name, file = ''] = process.argv.slice(2);
const target = targetNames.find((known) => known === name);
if (target === undefined) throw new Error(`${String(name)} is no target: ${targetNames.join(', ')}`);
watchStrayErrors();
const failure = await attempt(target, new Uint8Array(readFileSync(file)));
if (failure !== undefined) process.stderr.write(`${failure.message}\n`);
process.exitCode = failure === undefined ? 0 : 1;
