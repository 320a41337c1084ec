import type { Socket } from 'node:net';
import { Connection } from '../../src-ipc/capnp/rpc/connection.js';
import { StreamTransport } from '../../src-ipc/capnp/transport/stream.js';
import { exchangeThreads } from '../../src-ipc/connect.js';
import { LiveObject } from './meaning.js';
import type { Player } from './player.js';
import type { RecordedCall } from './recording.js';

/** Takes the place of a recorded parent: its first object is the process's Init. */
export async function connectPlayer(player: Player, calls: readonly RecordedCall[], socket: Socket): Promise<Connection> {
  const connection = new Connection(new StreamTransport(socket));
  const root = connection.bootstrap();
  await exchangeThreads(player.session, root);
  const first = calls.find(({ method }) => method.interfaceName === 'Init');
  if (first !== undefined) player.bind(first.target, new LiveObject(root));
  return connection;
}
