// Types, lint and import rules of the whole project. Every step runs; the exit status tells whether all passed.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const tool = (...parts) => path.join(root, 'node_modules', ...parts);
const rooms = fs.readdirSync(root).filter((name) => name.startsWith('src-')).concat('e2e', 'bench').filter((name) => fs.existsSync(path.join(root, name)));

const steps = [
  ['types', [tool('typescript', 'bin', 'tsc'), '-b']],
  ['import rules', [tool('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', ...rooms]],
  ['lint', [tool('eslint', 'bin', 'eslint.js'), '--cache', '--cache-location', '.cache/eslint/', '--max-warnings=0', '.']],
];

function run([name, args]) {
  return new Promise((resolve) => {
    const started = performance.now();
    let output = '';
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? 'passed' : 'FAILED'}: ${name} (${seconds} s)\n${code === 0 ? '' : output}`);
      resolve(code === 0);
    });
  });
}

const results = await Promise.all(steps.map(run));
process.exitCode = results.every(Boolean) ? 0 : 1;
