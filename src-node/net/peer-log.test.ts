import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Logger } from '../../src-interfaces/logging.js';
import { RawPeer } from './testing/raw-peer.js';
import { TestNode, waitFor } from './testing/test-node.js';
import { ipAddress } from './wire/network-address.js';

/** The lines of a node that a peer visits and leaves, but for where it comes from when it comes. */
async function linesOfVisit(t: TestContext, logAddresses: boolean): Promise<string[]> {
  const lines: string[] = [];
  const write = (text: string): void => void lines.push(text);
  const log: Logger = {
    info: write,
    warning: write,
    error: write,
    debug: (_category, text) => write(typeof text === 'string' ? text : text()),
    trace: () => undefined,
    willLog: () => true,
  };
  const node = await TestNode.start(t, { log, logAddresses, externalAddresses: [{ network: 'ipv4', host: '8.8.8.8', port: 1 }] });
  const receiver = ipAddress('9.9.9.9', 18444);
  assert.ok(receiver !== undefined);
  const peer = await RawPeer.ready(t, node, { receiver });
  peer.send('nonsense');
  await waitFor(() => lines.some((line) => line.includes('"nonsense"')), 'the message');
  const [{ address = '' } = {}] = node.network.peers();
  node.network.disconnectById(0);
  await waitFor(() => lines.some((line) => line.startsWith('disconnected')), 'the line about it');
  return lines.filter((line) => !line.startsWith('accepted')).map((line) => line.replaceAll(address, '<peer>'));
}

const visit = [
  'receive version message: /Raw:1/: version 70016, blocks=0, us=9.9.9.9:18444, txrelay=1, peer=0',
  'New inbound peer connected: version: 70016, blocks=0, peer=0',
  'unknown message "nonsense" from peer=0',
];

test('the log names peers by number alone', async (t) => {
  const lines = await linesOfVisit(t, false);
  for (const line of visit) assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
  assert.ok(lines.every((line) => !line.includes('<peer>') && !line.includes('8.8.8.8')), lines.join('\n'));
  assert.ok(lines.includes('disconnected peer=0: the operator asked for it'));
});

test('with -logips it shows their addresses, and those of this node', async (t) => {
  const lines = await linesOfVisit(t, true);
  for (const line of visit) assert.ok(lines.includes(`${line}, peeraddr=<peer>`), `${line}\n${lines.join('\n')}`);
  assert.ok(lines.includes('AddLocal(8.8.8.8:1,4)'));
  assert.ok(lines.includes('disconnected peer=0, peeraddr=<peer>: the operator asked for it'));
});
