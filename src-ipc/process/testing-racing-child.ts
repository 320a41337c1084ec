import type { IpcListener } from './listen.js';
import { listenAt, parseBindAddress } from './index.js';

/* For tests: told when and where, listens at that moment and says what became of it; answers connections with its id. */

let listener: IpcListener | undefined;

process.on('message', (order: { at: number; directory: string } | 'close') => {
  void (order === 'close' ? close() : race(order)).then((said) => process.send?.(said));
});

async function close(): Promise<string> {
  await listener?.close();
  listener = undefined;
  return 'closed';
}

async function race({ at, directory }: { at: number; directory: string }): Promise<string> {
  while (Date.now() < at) {
    // Awake, so as not to be late.
  }
  try {
    listener = await listenAt(parseBindAddress('unix', directory, 'node'), (socket) => {
      socket.on('error', () => {});
      socket.end(String(process.pid));
    });
    return 'listening';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

process.send?.('ready');
