import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ownNode } from '../../interfaces/testing/ipc-node.js';
import { referencePrograms } from '../testing/reference-node.js';
import { waitFor } from '../testing/test-node.js';
import { linesOf, machineIpv6, makeHomeNetwork, missingForNetworks } from './testing/home-network.js';

const routerProgram = fileURLToPath(new URL('testing/router-program.ts', import.meta.url));

interface Visit {
  /** What the router was asked, the nonce left out. */
  readonly asked: string[];
  /** Lines of mappings made. */
  readonly mapped: string[];
}

/** Lets a node with the default options run behind a router until it has both mappings. */
async function visit(t: TestContext, command: readonly string[], speaks: 'pcp' | 'natpmp'): Promise<Visit> {
  const { machine, router } = await makeHomeNetwork(t);
  const requests = linesOf(router.start(process.execPath, '--import', 'tsx', routerProgram, speaks));
  await waitFor(() => requests.filter((line) => line === 'ready').length === 2, 'the router');
  const directory = mkdtempSync(join(tmpdir(), 'home-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const node = machine.start(...command, '-regtest', `-datadir=${directory}`, '-dnsseed=0', '-fixedseeds=0', '-listenonion=0', '-server=0', '-disablewallet', '-printtoconsole=0');
  const mapped = (): string[] => {
    try {
      return readFileSync(join(directory, 'regtest/debug.log'), 'utf8').split('\n').flatMap((line) => /portmap: Added mapping .*/.exec(line)?.[0] ?? []);
    } catch {
      return [];
    }
  };
  const wanted = speaks === 'pcp' ? 2 : 1;
  await waitFor(() => mapped().length === wanted && requests.some((line) => line.startsWith(machineIpv6)), 'mappings');
  node.kill('SIGTERM');
  await once(node, 'exit');
  const nonces = new Set(requests.filter((line) => / 02/.test(line)).map((line) => line.split(' ')[1]?.slice(48, 72)));
  assert.equal(nonces.size, 1);
  const [nonce = ''] = nonces;
  return { asked: requests.filter((line) => line !== 'ready').map((line) => line.replace(nonce, '<nonce>')), mapped: mapped() };
}

const missing = missingForNetworks();

for (const speaks of ['pcp', 'natpmp'] as const) {
  test(`behind a router that speaks ${speaks}, a node finds it, is let in, and leaves nothing behind`, async (t) => {
    if (missing !== undefined) return t.skip(`skipped: ${missing}`);
    const ours = await visit(t, ownNode, speaks);
    const internal = '192.168.77.2:18444';
    const pinhole = `[${machineIpv6}]:18444`;
    assert.deepEqual(
      ours.mapped,
      speaks === 'pcp'
        ? [`portmap: Added mapping pcp:8.8.4.4:18444 -> ${internal} (for 2400s)`, `portmap: Added mapping pcp:${pinhole} -> ${pinhole} (for 2400s)`]
        : [`portmap: Added mapping natpmp:8.8.4.4:4242 -> ${internal} (for 1200s)`],
    );
    const ends = ours.asked.filter((line) => /^\S+ (0201000000000000|00020000480c000000000000)/.test(line));
    assert.equal(ends.length, ours.mapped.length, ours.asked.join('\n'));

    const folder = referencePrograms();
    if (folder === undefined) return t.diagnostic('not compared: BITCOIN_REFERENCE_BIN names no folder with bitcoin-node and bitcoin-cli');
    const theirs = await visit(t, [join(folder, 'bitcoin-node')], speaks);
    assert.deepEqual(ours.asked.filter((line) => !ends.includes(line)), theirs.asked);
    assert.deepEqual(ours.mapped, theirs.mapped);
  });
}
