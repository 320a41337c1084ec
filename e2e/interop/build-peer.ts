import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = ['probe.capnp', 'peer.c++', 'driver.h'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const CACHE = fileURLToPath(new URL('../../.cache/interop', import.meta.url));

/**
 * The C++ peer, compiled when its sources have changed since it was last. Returns the path of the program, or the
 * reason why it cannot be built here.
 */
export function buildPeer(): { program: string } | { missing: string } {
  for (const tool of ['capnp', 'capnpc-c++', 'g++']) {
    if (spawnSync('which', [tool]).status !== 0) return { missing: `skipped: no ${tool} (Debian: capnproto, libcapnp-dev, g++)` };
  }
  if (!existsSync('/usr/include/capnp/rpc-twoparty.h')) return { missing: 'skipped: no Cap’n Proto headers (Debian: libcapnp-dev)' };
  const hash = createHash('sha256');
  for (const source of SOURCES) hash.update(readFileSync(source));
  const directory = join(CACHE, hash.digest('hex').slice(0, 16));
  const program = join(directory, 'peer');
  if (existsSync(program)) return { program };
  const [schema = '', code = ''] = SOURCES;
  mkdirSync(directory, { recursive: true });
  run('capnp', ['compile', `--src-prefix=${fileURLToPath(new URL('.', import.meta.url))}`, `-oc++:${directory}`, schema]);
  const partial = join(directory, `peer.${process.pid}`);
  run('g++', ['-std=c++17', '-O1', `-I${directory}`, `-I${fileURLToPath(new URL('.', import.meta.url))}`, '-o', partial, code, join(directory, 'probe.capnp.c++'), '-lcapnp-rpc', '-lcapnp', '-lkj-async', '-lkj']);
  renameSync(partial, program);
  return { program };
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command} failed: ${stderr.toString()}`);
}
