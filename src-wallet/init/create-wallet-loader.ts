import type { Chain } from '../../src-interfaces/generated/chain.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { WalletLoader } from '../../src-interfaces/generated/wallet.js';
import type { Logger } from '../../src-interfaces/logging.js';
import { OptionError } from '../../src-interfaces/options/option-values.js';
import { foreignCommand } from '../../src-interfaces/rpc/actor.js';
import { amountJson } from '../../src-interfaces/rpc/values.js';
import { WalletClock, type WalletSettings } from '../context.js';
import { bilingual } from '../interfaces/messages.js';
import { WalletLoaderInterface, type LoaderLife } from '../interfaces/wallet-loader.js';
import { walletCommands } from '../rpc/wallet-commands.js';
import { perKilobyteOf, readFeeRate } from '../spend/fee-rate.js';
import { WalletRegistry } from '../wallet-registry.js';
import type { AdoptedOptions } from './adopt-options.js';
import { Resubmission } from './resubmission.js';
import { readWalletSettings } from './wallet-settings.js';

let commandCount = 0n;

/** What the loader does at the node's bidding besides wallets themselves. */
class Life implements LoaderLife {
  readonly #chain: Chain;
  readonly #registry: WalletRegistry;
  readonly #resubmission: Resubmission;
  readonly #ending: AbortController;
  readonly #handlers: Handler[] = [];

  constructor(chain: Chain, registry: WalletRegistry, ending: AbortController) {
    this.#chain = chain;
    this.#registry = registry;
    this.#ending = ending;
    this.#resubmission = new Resubmission(registry);
  }

  async registerRpcs(): Promise<void> {
    const offered = walletCommands(this.#registry).map((spec) => this.#chain.handleRpc(foreignCommand(spec, ++commandCount)));
    this.#handlers.push(...(await Promise.all(offered)));
  }

  start(): void {
    this.#resubmission.start();
  }

  stop(): Promise<void> {
    this.#ending.abort();
    return this.#resubmission.stop();
  }

  async destroy(): Promise<void> {
    await this.stop();
    await Promise.allSettled(this.#handlers.splice(0).map((handler) => handler.destroy()));
    await this.#registry.closeAll();
  }
}

/** @throws OptionError when the node relays nothing that pays so little */
async function checkMaxFee(chain: Chain, settings: WalletSettings, text: string | undefined): Promise<void> {
  if (text === undefined) return;
  const least = perKilobyteOf(readFeeRate(await chain.relayMinFee()));
  if (settings.maxFee >= least) return;
  throw new OptionError(
    `Invalid amount for -maxtxfee=<amount>: '${text}' (must be at least the minrelay fee of ${amountJson(least).text} BTC/kvB to prevent stuck transactions)`,
  );
}

/** The settings that the options make; the person is told what is wrong or odd about them. @throws OptionError */
async function settle(chain: Chain, { options, netDirectory }: AdoptedOptions): Promise<WalletSettings> {
  try {
    const { settings, warnings } = readWalletSettings(options, netDirectory);
    await checkMaxFee(chain, settings, options.text('maxtxfee'));
    for (const warning of warnings) await chain.initWarning(bilingual(warning));
    return settings;
  } catch (error) {
    if (error instanceof OptionError) await chain.initError(bilingual(error.message));
    throw error;
  }
}

/**
 * The wallets of a node, ready to be verified, loaded and started by it. Whether the chain and the callers
 * of the loader are objects of this process or proxies makes no difference here.
 * @throws OptionError for options that cannot be, after the chain was told
 */
export async function createWalletLoader(chain: Chain, adopted: AdoptedOptions, logger: Logger): Promise<WalletLoader> {
  const settings = await settle(chain, adopted);
  logger.info(`Using wallet directory ${settings.walletDirectory}`);
  const ending = new AbortController();
  const registry = new WalletRegistry({ chain, params: adopted.params, settings, logger, clock: new WalletClock(), ending: ending.signal });
  return new WalletLoaderInterface(registry, new Life(chain, registry, ending));
}
