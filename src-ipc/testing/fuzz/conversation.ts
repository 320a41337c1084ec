import { Connection, type ConnectionStatistics } from '../../capnp/rpc/connection.js';
import type { LocalServer } from '../../capnp/rpc/types.js';
import { StreamTransport } from '../../capnp/transport/stream.js';
import { chainInterface } from '../../generated/chain.js';
import { initInterface } from '../../generated/init.js';
import { noLog } from '../../proxy/log.js';
import { RootServer } from '../../proxy/root-server.js';
import { Session } from '../../proxy/session.js';
import { exchangeThreads } from '../../connect.js';
import { seededRandom } from '../random.js';
import { decodeConversation } from './input.js';
import { AnsweringObjects } from './objects.js';
import { PlayedStream } from './peer-stream.js';
import { useInit } from './use-init.js';

/** Turns of the event loop that everything under way needs at most once the peer is gone. */
const MOST_TURNS = 200;

/** Longest piece of a stream that is cut, in bytes. */
const LONGEST_PIECE = 40;

/**
 * A whole connection with objects behind it, and a peer that says what the input says. Throws when something is left
 * over after the peer has gone.
 */
export async function converse(input: Uint8Array): Promise<void> {
  const { isCaller, breaksOff, cut, frames } = decodeConversation(input);
  const stream = new PlayedStream();
  const objects = new AnsweringObjects();
  const session = new Session(noLog, 'fuzzed');
  const bootstrap: LocalServer = new RootServer(session, objects.make(initInterface), initInterface);
  const connection = new Connection(new StreamTransport(stream), isCaller ? {} : { bootstrap });
  const work = isCaller ? call(connection, session, objects) : Promise.resolve();
  for (const piece of pieces(frames, cut)) {
    stream.arrive(piece);
    await turn();
    await turn();
  }
  for (let i = 0; i < 4; i++) await turn();
  stream.hangUp(breaksOff);
  await within('the connection to end', connection.closed);
  await within('calls to end', work);
  session.close();
  await nothingLeft(connection, objects);
}

/** Uses what the peer serves, as a program would. */
async function call(connection: Connection, session: Session, objects: AnsweringObjects): Promise<void> {
  const root = connection.bootstrap();
  try {
    await exchangeThreads(session, root);
  } catch {
    root.dispose();
    return;
  }
  const init = session.importObject(root, initInterface);
  await useInit(init, () => objects.make(chainInterface));
}

function pieces(frames: readonly Uint8Array[], cut: number): readonly Uint8Array[] {
  if (cut === 0) return frames;
  const random = seededRandom(cut);
  const found: Uint8Array[] = [];
  let rest: Uint8Array = Buffer.concat(frames);
  while (rest.length > 0) {
    // Mostly long pieces: every one takes two turns.
    const length = random.oneIn(4) ? 1 + random.below(LONGEST_PIECE) : 1 + random.below(LONGEST_PIECE * 20);
    found.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return found;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function within<T>(what: string, promise: Promise<T>): Promise<void> {
  let isDone = false;
  void promise.then(
    () => (isDone = true),
    () => (isDone = true),
  );
  for (let i = 0; i < MOST_TURNS && !isDone; i++) await turn();
  if (!isDone) throw new Error(`Waited in vain for ${what}.`);
}

async function nothingLeft(connection: Connection, objects: AnsweringObjects): Promise<void> {
  let left = leftOver(connection.statistics(), objects);
  for (let i = 0; i < MOST_TURNS && left !== ''; i++) {
    await turn();
    left = leftOver(connection.statistics(), objects);
  }
  if (left !== '') throw new Error(`Left over after the connection: ${left}.`);
}

function leftOver(tables: ConnectionStatistics, objects: AnsweringObjects): string {
  const left = Object.entries(tables).filter(([, size]) => size > 0);
  if (objects.living.size > 0) left.push(['living objects', objects.living.size]);
  return left.map(([name, size]) => `${size} ${name}`).join(', ');
}
