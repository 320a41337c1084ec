import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { GlobalArgs } from '../../src-interfaces/generated/common.js';
import type { Echo } from '../../src-interfaces/generated/echo.js';
import type { Init } from '../../src-interfaces/generated/init.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import { productName, productVersion } from '../../src-interfaces/product.js';
import type { FileLog } from '../../src-ipc/logging/file-log.js';
import { applyLogLevels, logDestination, logsToConsole } from '../../src-ipc/logging/logging-options.js';
import { adoptOptions, type AdoptedOptions } from './adopt-options.js';
import { createWalletLoader } from './create-wallet-loader.js';

function openLog(log: FileLog, { options, netDirectory }: AdoptedOptions): void {
  applyLogLevels(log, options);
  log.info(`${productName} wallet version v${productVersion}`);
  log.open(logDestination(options, netDirectory, '.wallet', logsToConsole(options)));
}

/** An Init that has nothing but an echo. */
export class BareInit {
  async makeEcho(): Promise<Echo> {
    return { echo: async (text) => text, destroy: async () => undefined };
  }

  async makeNode(): Promise<undefined> {
    return undefined;
  }

  async makeChain(): Promise<undefined> {
    return undefined;
  }

  async makeRpc(): Promise<undefined> {
    return undefined;
  }

  async makeMining(): Promise<undefined> {
    return undefined;
  }

  async makeTracing(): Promise<undefined> {
    return undefined;
  }
}

/** What the wallet's process offers to the node that started it. */
export class WalletInit extends BareInit implements Init {
  readonly #log: FileLog;
  #adopted = false;
  #loader: WalletLoader | undefined;

  constructor(log: FileLog) {
    super();
    this.#log = log;
  }

  /** @throws CallFailure when called again; OptionError */
  async makeWalletLoader(globalArgs: GlobalArgs, chain: Chain): Promise<WalletLoader> {
    if (this.#adopted) throw new CallFailure('failed', 'This process has its wallets already');
    this.#adopted = true;
    const adopted = adoptOptions(globalArgs);
    openLog(this.#log, adopted);
    this.#loader = await createWalletLoader(chain, adopted, this.#log);
    return this.#loader;
  }

  /** Closes all wallets. */
  async close(): Promise<void> {
    await this.#loader?.destroy();
    this.#loader = undefined;
  }
}
