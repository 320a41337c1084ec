import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const CACHE = here('../../.cache/interop');
const FLAGS = ['-std=c++17', '-O2'];

/** The C++ peer, or the reason why it cannot be built here. */
export const buildPeer = (): { program: string } | { missing: string } => buildProgram([here('peer.c++'), here('driver.h')]);

/**
 * A C++ program that speaks the interface Probe, compiled when its sources have changed since it was last. Returns the
 * path of the program, or the reason why it cannot be built here.
 * @param sources what to compile, then what it includes
 */
export function buildProgram(sources: readonly string[]): { program: string } | { missing: string } {
  for (const tool of ['capnp', 'capnpc-c++', 'g++']) {
    if (spawnSync('which', [tool]).status !== 0) return { missing: `skipped: no ${tool} (Debian: capnproto, libcapnp-dev, g++)` };
  }
  if (!existsSync('/usr/include/capnp/rpc-twoparty.h')) return { missing: 'skipped: no Cap’n Proto headers (Debian: libcapnp-dev)' };
  const schema = here('probe.capnp');
  const hash = createHash('sha256').update(FLAGS.join());
  for (const source of [schema, ...sources]) hash.update(readFileSync(source));
  const directory = join(CACHE, hash.digest('hex').slice(0, 16));
  const program = join(directory, 'peer');
  if (existsSync(program)) return { program };
  const [code = ''] = sources;
  mkdirSync(directory, { recursive: true });
  run('capnp', ['compile', `--src-prefix=${here('.')}`, `-oc++:${directory}`, schema]);
  const partial = join(directory, `peer.${process.pid}`);
  run('g++', [...FLAGS, `-I${directory}`, `-I${here('.')}`, '-o', partial, code, join(directory, 'probe.capnp.c++'), '-lcapnp-rpc', '-lcapnp', '-lkj-async', '-lkj']);
  renameSync(partial, program);
  return { program };
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command} failed: ${stderr.toString()}`);
}
