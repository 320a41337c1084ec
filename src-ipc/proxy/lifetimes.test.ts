import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDisconnected } from '../../src-interfaces/errors.js';
import type { Chain, ChainNotifications } from '../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { InitMessageCallback, Node } from '../../src-interfaces/generated/node.js';
import type { LoadWalletCallback, Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { connectTo, deferred, implement, initWith, settle } from './testing/pair.js';

const NO_ARGS: GlobalArgs = {
  settings: { forcedSettings: [], commandLineOptions: [], rwSettings: [], roConfig: [] },
  configPath: '',
};

/** A function that counts its calls. */
function counter(): { readonly count: number; run: () => Promise<void> } {
  const counted = {
    count: 0,
    run: (): Promise<void> => {
      counted.count++;
      return Promise.resolve();
    },
  };
  return counted;
}

test('destroy reaches the object once, whatever happens to the connection later', async () => {
  const destroyed = counter();
  const { init, close, server } = await connectTo(
    initWith({ makeEcho: () => Promise.resolve(implement<Echo>({ destroy: destroyed.run })) }),
  );
  const echo = await init.makeEcho();
  await echo?.destroy();
  assert.equal(destroyed.count, 1);
  close();
  await server.closed;
  await settle();
  assert.equal(destroyed.count, 1);
});

test('an object is destroyed when the calls under way are answered, and at once by code that such a call waits for', async () => {
  const destroyed = counter();
  const answer = deferred<string>();
  let callback: InitMessageCallback | undefined;
  const echo = implement<Echo>({ destroy: destroyed.run, echo: () => answer.promise });
  const node = implement<Node>({
    destroy: destroyed.run,
    handleInitMessage: async (told) => {
      callback = told;
      return implement<Handler>({ destroy: () => Promise.resolve() });
    },
    startShutdown: async () => callback?.('going down'),
  });
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(echo), makeNode: () => Promise.resolve(node) }));
  const remote = await init.makeEcho();
  const asked = remote?.echo('');
  const ended = remote?.destroy();
  await settle();
  assert.equal(destroyed.count, 0);
  await assert.rejects(async () => remote?.echo(''), { code: 'destroyed' });
  answer.resolve('late');
  assert.equal(await asked, 'late');
  await ended;
  assert.equal(destroyed.count, 1);

  const remoteNode = await init.makeNode();
  await remoteNode?.handleInitMessage(async () => remoteNode.destroy());
  await remoteNode?.startShutdown();
  assert.equal(destroyed.count, 2);
  close();
});

test('a lost connection destroys what the peer held', async () => {
  const destroyed = counter();
  const { init, close, server } = await connectTo(
    initWith({ makeEcho: () => Promise.resolve(implement<Echo>({ destroy: destroyed.run })) }),
  );
  await init.makeEcho();
  assert.equal(destroyed.count, 0);
  close();
  await server.closed;
  await settle();
  assert.equal(destroyed.count, 1);
});

test('an object handed out twice is destroyed with its last reference', async () => {
  const destroyed = counter();
  const shared = implement<Echo>({ destroy: destroyed.run, echo: (text) => Promise.resolve(text) });
  const { init, close } = await connectTo(initWith({ makeEcho: () => Promise.resolve(shared) }));
  const [first, second] = [await init.makeEcho(), await init.makeEcho()];
  await first?.destroy();
  assert.equal(destroyed.count, 0);
  assert.equal(await second?.echo('still there'), 'still there');
  await second?.destroy();
  assert.equal(destroyed.count, 1);
  close();
});

test('a callback is destroyed with the handler of its subscription, before destroy returns', async () => {
  const order: string[] = [];
  const { init, close } = await connectTo(
    initWith({
      makeNode: () =>
        Promise.resolve(
          implement<Node>({
            handleInitMessage: async (callback) => {
              await callback('subscribed');
              return implement<Handler>({
                destroy: () => {
                  order.push('handler');
                  return Promise.resolve();
                },
              });
            },
          }),
        ),
    }),
  );
  const node = await init.makeNode();
  const callback = Object.assign(
    (message: string): Promise<void> => {
      order.push(message);
      return Promise.resolve();
    },
    {
      destroy: (): Promise<void> => {
        order.push('callback');
        return Promise.resolve();
      },
    },
  );
  const handler = await node?.handleInitMessage(callback);
  await settle();
  assert.deepEqual(order, ['subscribed']);
  await handler?.destroy();
  assert.deepEqual(order, ['subscribed', 'handler', 'callback']);
  close();
});

test('an object passed for one call is given up when the call returns', async () => {
  const destroyed = counter();
  const added: number[] = [];
  const subscribed = deferred<ChainNotifications>();
  const { init, close } = await connectTo(
    initWith({
      makeChain: () =>
        Promise.resolve(
          implement<Chain>({
            handleNotifications: (notifications) => {
              subscribed.resolve(notifications);
              return Promise.resolve(implement<Handler>({}));
            },
            requestMempoolTransactions: async (notifications) => {
              for (const size of [1, 2]) await notifications.transactionAddedToMempool(new Uint8Array(size));
            },
          }),
        ),
    }),
  );
  const chain = await init.makeChain();
  const notifications = implement<ChainNotifications>({
    transactionAddedToMempool: (tx) => {
      added.push(tx.length);
      return Promise.resolve();
    },
    destroy: destroyed.run,
  });
  await chain?.requestMempoolTransactions(notifications);
  assert.deepEqual([added, destroyed.count], [[1, 2], 1]);
  // While a subscription refers to the same object, it is not destroyed.
  const handler = await chain?.handleNotifications(notifications);
  await chain?.requestMempoolTransactions(notifications);
  assert.equal(destroyed.count, 1);
  await (await subscribed.promise).transactionAddedToMempool(new Uint8Array(3));
  assert.deepEqual(added, [1, 2, 1, 2, 3]);
  await handler?.destroy();
  assert.equal(destroyed.count, 2);
  close();
});

test('an object that goes back to its own process arrives as itself', async () => {
  const chain = implement<Chain>({});
  const received = deferred<Chain>();
  const { init, close } = await connectTo(
    initWith({
      makeChain: () => Promise.resolve(chain),
      makeWalletLoader: (_args, argument) => {
        received.resolve(argument);
        return Promise.resolve(undefined);
      },
    }),
  );
  const remote = await init.makeChain();
  assert.ok(remote !== undefined && remote !== chain);
  await init.makeWalletLoader(NO_ARGS, remote);
  assert.equal(await received.promise, chain);
  close();
});

/** A window connected to a node that is connected to a wallet process. */
async function threeProcesses(wallet: Partial<Wallet>) {
  const loadWallet = deferred<LoadWalletCallback>();
  const loaderDestroyed = counter();
  const inner = implement<WalletLoader>({
    getWallets: () => Promise.resolve([implement<Wallet>(wallet)]),
    handleLoadWallet: (callback) => {
      loadWallet.resolve(callback);
      return Promise.resolve(implement<Handler>({}));
    },
    destroy: loaderDestroyed.run,
  });
  const walletProcess = await connectTo(initWith({ makeWalletLoader: () => Promise.resolve(inner) }));
  const loader = await walletProcess.init.makeWalletLoader(NO_ARGS, implement<Chain>({}));
  const node = implement<Node>({
    walletLoader: () => Promise.resolve(loader),
    getNumBlocks: () => Promise.resolve(7),
  });
  const nodeProcess = await connectTo(initWith({ makeNode: () => Promise.resolve(node) }));
  const remoteNode = await nodeProcess.init.makeNode();
  const remoteLoader = await remoteNode?.walletLoader();
  assert.ok(remoteNode !== undefined && remoteLoader !== undefined);
  return { node: remoteNode, loader: remoteLoader, walletProcess, nodeProcess, loadWallet, loaderDestroyed };
}

test('a wallet is reached through the node, and destroyed through it', async () => {
  const destroyed = counter();
  const { loader, nodeProcess, walletProcess } = await threeProcesses({
    getWalletName: () => Promise.resolve('savings'),
    destroy: destroyed.run,
  });
  const [wallet] = await loader.getWallets();
  assert.equal(await wallet?.getWalletName(), 'savings');
  await wallet?.destroy();
  assert.equal(destroyed.count, 1);
  nodeProcess.close();
  walletProcess.close();
});

test('a callback goes through the node, and the wallet it is given belongs to the receiver', async () => {
  const { loader, nodeProcess, walletProcess, loadWallet } = await threeProcesses({});
  const seen = deferred<Wallet>();
  const destroyed = counter();
  const subscription = await loader.handleLoadWallet((wallet) => {
    seen.resolve(wallet);
    return Promise.resolve();
  });
  const callback = await loadWallet.promise;
  await callback(implement<Wallet>({ getWalletName: () => Promise.resolve('new'), destroy: destroyed.run }));
  const wallet = await seen.promise;
  assert.equal(await wallet.getWalletName(), 'new');
  assert.equal(destroyed.count, 0);
  await wallet.destroy();
  assert.equal(destroyed.count, 1);
  await subscription.destroy();
  nodeProcess.close();
  walletProcess.close();
});

test('when the wallet process is gone the node goes on, and the window learns which it is', async () => {
  const { node, loader, nodeProcess, walletProcess } = await threeProcesses({});
  const [wallet] = await loader.getWallets();
  walletProcess.server.close();
  await walletProcess.closed;
  await assert.rejects(async () => wallet?.getWalletName(), isDisconnected);
  await wallet?.destroy();
  assert.equal(await node.getNumBlocks(), 7);
  nodeProcess.close();
});

test('when the window is gone its references to wallets go too', async () => {
  const destroyed = counter();
  const { loader, nodeProcess, walletProcess } = await threeProcesses({ destroy: destroyed.run });
  await loader.getWallets();
  nodeProcess.close();
  await nodeProcess.server.closed;
  await settle();
  assert.equal(destroyed.count, 1);
  walletProcess.close();
});
