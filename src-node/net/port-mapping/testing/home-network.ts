import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { waitFor } from '../../testing/test-node.js';

/** Why no networks can be made here; undefined when they can. */
export function missingForNetworks(): string | undefined {
  try {
    execFileSync('unshare', ['-n', 'ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'lan0'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'network namespaces cannot be made (needs Linux, root, unshare and ip)';
  }
}

/** One end of a home network: a network namespace of Linux, in which programs run. */
export class Place {
  readonly #t: TestContext;
  readonly #holder: ChildProcess;

  private constructor(t: TestContext, holder: ChildProcess) {
    this.#t = t;
    this.#holder = holder;
  }

  static async make(t: TestContext): Promise<Place> {
    const holder = spawn('unshare', ['-n', 'sleep', '600'], { stdio: 'ignore' });
    t.after(() => holder.kill());
    const own = readlinkSync('/proc/self/ns/net');
    await waitFor(() => readlinkSync(`/proc/${holder.pid ?? 0}/ns/net`) !== own, 'a network of its own');
    return new Place(t, holder);
  }

  get pid(): string {
    return String(this.#holder.pid);
  }

  #inside(command: readonly string[]): string[] {
    return ['-t', this.pid, '-n', ...command];
  }

  ip(command: string): void {
    execFileSync('nsenter', this.#inside(['ip', ...command.split(' ')]));
  }

  /** Starts a program that ends with the test. */
  start(...command: string[]): ChildProcess {
    const child = spawn('nsenter', this.#inside(command), { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#t.after(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    return child;
  }
}

/** The address of the machine that everybody can reach. */
export const machineIpv6 = '2a01:4f8:1::2';

/** A machine behind a router: nothing they say leaves this computer. */
export async function makeHomeNetwork(t: TestContext): Promise<{ readonly machine: Place; readonly router: Place }> {
  const machine = await Place.make(t);
  const router = await Place.make(t);
  machine.ip(`link add eth0 type veth peer name lan0 netns ${router.pid}`);
  router.ip('link set lan0 addrgenmode none');
  router.ip('addr add 192.168.77.1/24 dev lan0');
  router.ip('addr add fe80::1/64 dev lan0 nodad');
  for (const [place, link] of [[router, 'lo'], [router, 'lan0'], [machine, 'lo'], [machine, 'eth0']] as const) place.ip(`link set ${link} up`);
  router.ip(`route add ${machineIpv6}/128 dev lan0`);
  machine.ip('addr add 192.168.77.2/24 dev eth0');
  machine.ip(`addr add ${machineIpv6}/64 dev eth0 nodad`);
  machine.ip('route add default via 192.168.77.1');
  machine.ip('route add default via fe80::1 dev eth0');
  return { machine, router };
}

/** The lines a program prints, as they come. */
export function linesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  let rest = '';
  assert.ok(child.stdout !== null);
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return lines;
}
