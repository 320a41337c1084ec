import type { Chain } from '../../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../../src-interfaces/generated/common.js';
import type { Init } from '../../../src-interfaces/generated/init.js';
import type { Node } from '../../../src-interfaces/generated/node.js';
import type { Wallet, WalletLoader } from '../../../src-interfaces/generated/wallet.js';

const NO_ARGS: GlobalArgs = {
  settings: { forcedSettings: [], commandLineOptions: [], rwSettings: [], roConfig: [] },
  configPath: '',
};

const HASH = new Uint8Array(32);

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Calls of every kind to another process, many at the same time, with callbacks and objects passed both ways. A call
 * that fails only ends what would have followed from it.
 */
export async function useInit(init: Init, makeChain: () => Chain): Promise<void> {
  await all([
    async () => {
      const echo = await init.makeEcho();
      await Promise.all(['', 'text', 'ä'.repeat(300)].map((text) => echo?.echo(text)));
      await echo?.destroy();
    },
    async () => {
      const node = await init.makeNode();
      if (node !== undefined) await useNode(node);
    },
    async () => {
      const loader = await init.makeWalletLoader(NO_ARGS, makeChain());
      if (loader !== undefined) await useLoader(loader);
    },
    async () => {
      const chain = await init.makeChain();
      if (chain !== undefined) await useChain(chain);
    },
    async () => {
      const mining = await init.makeMining();
      await all([
        async () => void (await mining?.getTip()),
        async () => void (await mining?.isTestChain()),
        async () => void (await (await init.makeTracing())?.traceUtxoCache({ add: nothing, spend: nothing, uncache: nothing, destroy: nothing })),
      ]);
    },
  ]);
}

async function useNode(node: Node): Promise<void> {
  await all([
    async () => {
      const handler = await node.handleInitMessage(() => Promise.resolve());
      await handler.destroy();
    },
    async () => void (await node.handleNotifyBlockTip(async () => void (await node.getNumBlocks()))),
    async () => void (await node.getNodesStats()),
    async () => void (await node.getBanned()),
    async () => void (await node.executeRpc('help', '[]', '')),
    async () => void (await node.listRpcCommands()),
    async () => {
      const loader = await node.walletLoader();
      if (loader !== undefined) await useLoader(loader);
    },
  ]);
  await node.destroy();
}

async function useLoader(loader: WalletLoader): Promise<void> {
  await all([
    async () => void (await loader.handleLoadWallet((wallet) => wallet.destroy())),
    async () => void (await loader.verify()),
    async () => void (await loader.listWalletDir()),
    async () => {
      for (const wallet of await loader.getWallets()) await useWallet(wallet);
    },
    async () => {
      const { value } = (await loader.createWallet('w', '', 0n)).result;
      if (value !== undefined) await useWallet(value);
    },
  ]);
  await loader.destroy();
}

async function useWallet(wallet: Wallet): Promise<void> {
  await all([
    async () => void (await wallet.getWalletName()),
    async () => void (await wallet.getBalances()),
    async () => void (await wallet.getWalletTxs()),
    async () => void (await wallet.listCoins()),
    async () => void (await wallet.handleUnload(() => Promise.resolve())),
  ]);
  await wallet.destroy();
}

async function useChain(chain: Chain): Promise<void> {
  await all([
    async () => void (await chain.getHeight()),
    async () => void (await chain.getBlockHash(7)),
    async () => void (await chain.haveBlockOnDisk(7)),
    async () => void (await chain.updateRwSetting('name', (value) => Promise.resolve({ value, result: 0 }))),
    async () => void (await chain.isInMempool(HASH)),
  ]);
  await chain.destroy();
}

async function all(parts: readonly (() => Promise<void>)[]): Promise<void> {
  await Promise.allSettled(parts.map((part) => part()));
}
