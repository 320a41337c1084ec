/**
 * A program for tests that stands in for bitcoin-wallet: registers commands with the node that started it, follows its
 * chain, and prints what happens to it as lines on stderr.
 */
import { HelpResult, RpcFailure, TypeFailure } from '../../src-interfaces/errors.js';
import type { ActorCallback, Chain, ChainNotifications } from '../../src-interfaces/generated/chain.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { inheritedSocket, parseSpawnArguments } from '../process/index.js';
import { implement, initWith } from '../proxy/testing/pair.js';
import { serveInit } from '../serve.js';

const fd = parseSpawnArguments(process.argv.slice(2));
if (fd === undefined) throw new Error('Not started by another process.');
const handlers: Handler[] = [];

function say(line: string): void {
  process.stderr.write(`[wallet] ${line}\n`);
}

function actor(chain: Chain): ActorCallback {
  return async (request) => {
    if (request.mode === 1) throw new HelpResult(`help of ${request.method}`);
    if (request.params === '["-18"]') throw RpcFailure.of(-18, 'no such wallet');
    if (request.params === '["type"]') throw new TypeFailure('wrong type');
    const height = await chain.getHeight();
    return { response: JSON.stringify({ params: request.params, height }), result: true };
  };
}

function loader(chain: Chain): WalletLoader {
  return implement<WalletLoader>({
    registerRpcs: async () => {
      const argNames = [{ name: 'wallet_name', namedOnly: false }];
      const command = { category: 'wallet', name: 'createwallet', actor: actor(chain), argNames, uniqueId: 1n };
      handlers.push(await chain.handleRpc(command));
    },
    verify: async () => {
      await chain.initMessage('Verifying wallet(s)…');
      return (await chain.getSettingsList('wallet')).length === 0;
    },
    load: async () => {
      handlers.push(await chain.handleNotifications(notifications(chain)));
      return true;
    },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(say('stop')),
    destroy: async () => {
      for (const handler of handlers) await handler.destroy();
      say('destroyed');
    },
  });
}

function notifications(chain: Chain): ChainNotifications {
  return implement<ChainNotifications>({
    blockConnected: async (role, block) => {
      const { result } = await chain.findBlock(block.hash, { wantTime: true });
      say(`block ${block.height} ${role.validated} ${result}`);
    },
    updatedBlockTip: () => Promise.resolve(),
    chainStateFlushed: () => Promise.resolve(),
    destroy: () => Promise.resolve(say('unsubscribed')),
  });
}

const init = initWith({
  makeWalletLoader: (globalArgs, chain) => {
    say(globalArgs.settings.commandLineOptions.map(({ key }) => key).join(' '));
    return Promise.resolve(loader(chain));
  },
});
await serveInit(init, inheritedSocket(fd)).closed;
