/** Our server of the IPC bench: echoes, over the RPC layer itself or (with `proxies`) through generated proxies. */
import type { Init } from '../../src-interfaces/generated/init.js';
import type { IncomingCall, LocalServer } from '../../src-ipc/capnp/index.js';
import { initBootstrap } from '../../src-ipc/serve.js';
import { parseSpawnArguments, serveParent } from '../../src-ipc/process/index.js';

const [layer, ...args] = process.argv.slice(2);
const fd = parseSpawnArguments(args);
if (fd === undefined) throw new Error('usage: server rpc|proxies -ipcfd <n>');

const echo: LocalServer = {
  dispatch(call: IncomingCall): Promise<void> {
    const results = call.initResults({ dataWords: 1, pointers: 4 });
    results.setInt32(0, call.params.getInt32(0) + 1);
    // Bytes, as for the C++ server; the Echo interface has strings.
    if (call.params.has(0)) results.setText(0, call.params.viewText(0));
    return Promise.resolve();
  },
  released: () => undefined,
};

const init: Init = {
  makeEcho: () => Promise.resolve({ echo: (text: string) => Promise.resolve(text), destroy: () => Promise.resolve() }),
  makeMining: () => Promise.resolve(undefined),
  makeChain: () => Promise.resolve(undefined),
  makeRpc: () => Promise.resolve(undefined),
  makeNode: () => Promise.resolve(undefined),
  makeTracing: () => Promise.resolve(undefined),
  makeWalletLoader: () => Promise.resolve(undefined),
};

await serveParent('bench-server', fd, layer === 'rpc' ? echo : initBootstrap(init)).closed;
process.exit(0);
