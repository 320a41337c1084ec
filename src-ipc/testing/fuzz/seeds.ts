import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { memoryTransportPair, type MemoryTransport } from '../../capnp/transport/memory.js';
import { encodeFrame, type MessageBuilder } from '../../capnp/wire/index.js';
import { connectInit } from '../../connect.js';
import { chainInterface } from '../../generated/chain.js';
import { initInterface } from '../../generated/init.js';
import { serveInit } from '../../serve.js';
import { cutFrames, encodeConversation } from './input.js';
import { AnsweringObjects } from './objects.js';
import type { TargetName } from './targets.js';
import { useInit } from './use-init.js';

const RECORDINGS = fileURLToPath(new URL('../../../../shared/golden/', import.meta.url));

/** Messages of a recording that one seed has: the beginning matters, and every part some more. */
const SEED_FRAMES = 60;

/** Most seeds of one recording and direction. */
const MOST_SEEDS = 4;

/** What a peer said, in order. */
interface Side {
  readonly isCaller: boolean;
  readonly frames: readonly Uint8Array[];
}

/** Inputs to begin with: what our own two ends say to each other, and recorded traffic where there is any. */
export async function seeds(): Promise<Readonly<Record<TargetName, readonly Uint8Array[]>>> {
  const sides = [...(await ownTraffic()), ...recordedTraffic()];
  const parts = sides.flatMap(({ isCaller, frames }) => {
    return Array.from({ length: Math.min(MOST_SEEDS, Math.ceil(frames.length / SEED_FRAMES)) }, (_, i) => ({
      isCaller,
      // The later parts follow what opens a connection.
      frames: [...(i === 0 ? [] : frames.slice(0, 6)), ...frames.slice(i * SEED_FRAMES, (i + 1) * SEED_FRAMES)],
    }));
  });
  const frames = sides.flatMap((side) => side.frames.slice(0, SEED_FRAMES)).filter((frame) => frame.length < 4096);
  return {
    frames: parts.map((part) => Buffer.concat(part.frames).subarray(0, 4096)),
    content: frames,
    conversation: [
      encodeConversation({ isCaller: false, breaksOff: false, cut: 0, frames: [] }),
      ...parts.map((part) => encodeConversation({ isCaller: part.isCaller, breaksOff: false, cut: 0, frames: part.frames })),
    ],
  };
}

async function ownTraffic(): Promise<Side[]> {
  const objects = new AnsweringObjects();
  const [client, server] = memoryTransportPair();
  const [asked, answered] = [listen(client), listen(server)];
  const served = serveInit(objects.make(initInterface), server, { processName: 'server' });
  const connection = await connectInit(client, { processName: 'client' });
  await useInit(connection.init, () => objects.make(chainInterface));
  connection.close();
  await served.closed;
  return [
    { isCaller: false, frames: asked },
    { isCaller: true, frames: answered },
  ];
}

/** The frames that an end sends from now on. */
function listen(transport: MemoryTransport): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const send = transport.send.bind(transport);
  transport.send = (message: MessageBuilder): void => {
    frames.push(encodeFrame(message));
    send(message);
  };
  return frames;
}

function recordedTraffic(): Side[] {
  return [
    { file: 'node-wallet.jsonl.gz', caller: 'node>wallet' },
    { file: 'gui-node.jsonl.gz', caller: 'gui>node' },
  ]
    .filter(({ file }) => existsSync(RECORDINGS + file))
    .flatMap(({ file, caller }) => {
      const streams = new Map<string, Buffer[]>();
      for (const line of gunzipSync(readFileSync(RECORDINGS + file)).toString('utf8').trim().split('\n')) {
        const chunk = JSON.parse(line) as { dir: string; b64: string };
        streams.set(chunk.dir, [...(streams.get(chunk.dir) ?? []), Buffer.from(chunk.b64, 'base64')]);
      }
      // What the caller said is for an end that serves, and the other way round.
      return [...streams].map(([direction, chunks]) => ({ isCaller: direction !== caller, frames: cutFrames(Buffer.concat(chunks)) }));
    });
}
