/**
 * The reference's own IPC for the bench: its bitcoin-node, and a client built with its libmultiprocess. Both come from
 * a build of the reference in the folder BITCOIN_REFERENCE_BUILD names.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('libmultiprocess', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/bench-reference', import.meta.url));

/** A reference node that runs, and the command of a client for it. */
export interface Reference {
  readonly command: readonly string[];
  readonly server: number;
  stop(): Promise<void>;
}

/** Starts the reference's node on a regression test network without peers, or says why not. */
export async function startReference(): Promise<Reference | { readonly missing: string }> {
  const build = process.env['BITCOIN_REFERENCE_BUILD'];
  if (build === undefined) return { missing: 'skipped: BITCOIN_REFERENCE_BUILD names no build folder of the reference' };
  const node = join(build, 'bin/bitcoin-node');
  for (const path of [node, join(build, 'src/ipc/libmultiprocess/mpgen')]) if (!existsSync(path)) return { missing: `skipped: no ${path}` };
  const client = buildClient(build);
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const child = spawn(node, ['-regtest', `-datadir=${directory}`, '-ipcbind=unix', '-server=0', '-listen=0', '-connect=0', '-dbcache=4'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const socket = join(directory, 'regtest/node.sock');
  for (let tries = 0; !existsSync(socket); tries++) {
    if (child.exitCode !== null || tries === 300) throw new Error(`${node} does not listen at ${socket}`);
    await sleep(100);
  }
  return {
    command: [client, socket],
    server: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Compiles the client when its sources or the library have changed since it was last. */
function buildClient(build: string): string {
  const source = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(readFileSync(join(build, 'CMakeCache.txt'), 'utf8'))?.[1];
  if (source === undefined) throw new Error(`${build}/CMakeCache.txt does not name the source folder`);
  const library = join(build, 'src/ipc/libmultiprocess');
  const headers = join(source, 'src/ipc/libmultiprocess/include');
  const hash = createHash('sha256').update(readFileSync(join(library, 'libmultiprocess.a')));
  for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
  const directory = join(cache, hash.digest('hex').slice(0, 16));
  const program = join(directory, 'client');
  if (existsSync(program)) return program;
  mkdirSync(directory, { recursive: true });
  cpSync(sources, directory, { recursive: true });
  run(directory, join(library, 'mpgen'), [directory, directory, join(directory, 'echo.capnp'), headers, '/usr/include']);
  const code = ['client.c++', ...['', '.proxy-client', '.proxy-server', '.proxy-types'].map((part) => `echo.capnp${part}.c++`)];
  const includes = [directory, headers, join(library, 'include')].map((path) => `-I${path}`);
  const libraries = [join(library, 'libmultiprocess.a'), '-lcapnp-rpc', '-lcapnp', '-lkj-async', '-lkj', '-lpthread'];
  run(directory, 'g++', ['-std=c++20', '-O2', ...includes, '-o', 'partial', ...code, ...libraries]);
  renameSync(join(directory, 'partial'), program);
  return program;
}

function run(cwd: string, command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
