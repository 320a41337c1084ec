/** Programs of the same user that connect to a node's socket and mean harm, or are broken: the node serves the others meanwhile. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { spawnSync } from 'node:child_process';
import { connectInit } from '../../src-ipc/connect.js';
import { NodeProcess } from '../framework/node-process.js';
import { openFiles, residentBytes } from '../framework/process-tree.js';
import { program } from '../framework/programs.js';
import { waitFor } from '../framework/wait.js';

const MIB = 1024 * 1024;

describe('a node with hostile peers', () => {
  let node: NodeProcess;
  before(async () => {
    node = await NodeProcess.start({ args: ['-ipcbind=unix'] });
    await node.rpc('createwallet', ['w']);
  });
  after(async () => {
    await node.stop();
    // No warning of the runtime either.
    assert.equal(node.output, '');
  });

  const dial = async (): Promise<Socket> => {
    const socket = connect(path.join(node.networkFolder, 'node.sock'));
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket;
  };
  const sockets = (): number => openFiles(node.pid).filter((file) => file.startsWith('socket:')).length;

  /** Runs `attack` while somebody else uses the node, and sees that nothing of it is left. */
  async function during(attack: (peers: Socket[]) => Promise<void>, mostBytes = 150 * MIB): Promise<void> {
    const [bytesBefore, socketsBefore] = [residentBytes(node.pid), sockets()];
    const peers: Socket[] = [];
    await attack(peers);
    const cli = spawnSync(program('bitcoin-cli'), ['-regtest', `-datadir=${node.datadir}`, '-ipcconnect=unix', 'getblockcount'], { encoding: 'utf8', timeout: 30_000 });
    assert.deepEqual([cli.status, cli.stdout.trim()], [0, '0'], cli.stderr);
    assert.equal((await node.rpc('getwalletinfo', [], 'w')).walletname, 'w');
    assert.ok(residentBytes(node.pid) - bytesBefore < mostBytes, `${residentBytes(node.pid) - bytesBefore} bytes more`);
    for (const peer of peers) peer.destroy();
    await waitFor('its connections to be gone', () => sockets() <= socketsBefore);
  }

  /** What comes back until the node hangs up. */
  async function untilHungUp(peer: Socket): Promise<string> {
    const chunks: Buffer[] = [];
    peer.on('data', (chunk: Buffer) => chunks.push(chunk));
    await new Promise((resolve) => peer.once('close', resolve));
    return Buffer.concat(chunks).toString('latin1');
  }

  test('two hundred that say nothing, and two hundred that come and go', () =>
    during(async (peers) => {
      for (let i = 0; i < 200; i++) {
        peers.push(await dial());
        (await dial()).destroy();
      }
    }));

  test('messages that are announced and never come, whole or in part', () =>
    during(async (peers) => {
      const largest = Buffer.from('0000000000008000', 'hex');
      for (let i = 0; i < 20; i++) {
        const [announcing, half, slow] = [await dial(), await dial(), await dial()];
        peers.push(announcing, half, slow);
        announcing.write(largest);
        half.write(Buffer.concat([largest, Buffer.alloc(MIB / 2)]));
        for (const byte of largest) slow.write(Buffer.of(byte));
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }));

  test('messages over the limits are refused by name', () =>
    during(async () => {
      for (const [header, reason] of [
        ['0000000001008000', /Message is too large: 67108872 bytes, 67108864 allowed/],
        ['ffffffff00000000', /Message has too many segments: 4294967296, 512 allowed/],
        ['0002000000000000', /Message has too many segments: 513, 512 allowed/],
        ['0000000000000000', /Message did not contain a root pointer/],
      ] as const) {
        const peer = await dial();
        peer.write(Buffer.from(header, 'hex'));
        assert.match(await untilHungUp(peer), reason);
      }
    }));

  test('noise', () =>
    during(async () => {
      for (let i = 0; i < 50; i++) {
        const peer = await dial();
        peer.write(randomBytes(5000));
        const words = randomBytes(4096);
        const header = Buffer.alloc(8);
        header.writeUInt32LE(words.length / 8, 4);
        peer.end(Buffer.concat([header, words]));
        await untilHungUp(peer);
      }
    }));

  test('questions without end, whose answers nobody reads', { timeout: 60_000 }, () =>
    during(async (peers) => {
      // A message of a kind that does not exist, with a text, which is sent back.
      const message = Buffer.alloc(8 + 24 + 100_000);
      message.writeUInt32LE((message.length - 8) / 8, 4);
      message.writeUInt32LE(0x0001_0001, 12);
      message.writeUInt16LE(99, 16);
      message.writeUInt32LE(1, 24);
      message.writeUInt32LE((100_000 << 3) | 2, 28);
      for (let i = 0; i < 3; i++) {
        const peer = await dial();
        peer.pause();
        peers.push(peer);
        const pump = (): void => void peer.write(message, (error) => (error ? undefined : pump()));
        pump();
      }
      await new Promise((resolve) => setTimeout(resolve, 4000));
    }));

  test('objects asked for again and again', () =>
    during(async (peers) => {
      const socket = await dial();
      peers.push(socket);
      const { init } = await connectInit(socket);
      for (let i = 0; i < 100; i++) {
        for (const object of [await init.makeChain(), await init.makeNode(), await init.makeEcho()]) await object?.destroy();
        await init.makeMining(); // Released with the connection.
        await init.makeTracing();
      }
    }));
});
