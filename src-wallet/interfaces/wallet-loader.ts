import type { BilingualStr, Pair, Result } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { LoadWalletCallback, Wallet, WalletLoader, WalletMigrationResult } from '../../src-interfaces/generated/wallet.js';
import { CallFailure } from '../../src-interfaces/errors.js';
import { isLegacyEncrypted } from '../legacy/legacy-encryption.js';
import { WalletDatabase } from '../store/database.js';
import { isLegacyWallet, locateWallet } from '../store/wallet-files.js';
import { readWalletRecords } from '../store/wallet-records.js';
import type { LoadedWallet } from '../wallet.js';
import type { LoadOutcome, WalletRegistry } from '../wallet-registry.js';
import { HandlerSet } from './handler-set.js';
import { bilingual } from './messages.js';
import { WalletInterface } from './wallet.js';

/** What the loader does at the node's bidding besides wallets themselves. */
export interface LoaderLife {
  /** Adds the wallet's commands to the node's. */
  registerRpcs(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
  destroy(): Promise<void>;
}

/** The wallets of this process, as the node and, through it, the window see them. */
export class WalletLoaderInterface implements WalletLoader {
  readonly #registry: WalletRegistry;
  readonly #life: LoaderLife;
  readonly #handlers = new HandlerSet();

  constructor(registry: WalletRegistry, life: LoaderLife) {
    this.#registry = registry;
    this.#life = life;
  }

  #wrap(wallet: LoadedWallet): Wallet {
    return new WalletInterface(wallet, this.#registry);
  }

  async destroy(): Promise<void> {
    await this.#handlers.endAll();
    await this.#life.destroy();
  }

  registerRpcs(): Promise<void> {
    return this.#life.registerRpcs();
  }

  /** Looks whether the wallets to load at start can be opened, without opening them. */
  async verify(): Promise<boolean> {
    const { chain, params, settings } = this.#registry.context;
    await chain.initMessage('Verifying wallet(s)…');
    for (const name of await this.#registry.loadOnStartNames()) {
      const located = locateWallet(settings.walletDirectory, name, params.magic, 'existing');
      // What is not loaded because it must be migrated first is said when the others are.
      if (located.ok || located.failure.kind === 'legacy') continue;
      // A wallet that was moved away is no reason not to start.
      if (located.failure.kind === 'not-found') await chain.initWarning(bilingual(`Skipping -wallet path that doesn't exist. ${located.failure.message}`));
      else {
        await chain.initError(bilingual(located.failure.message));
        return false;
      }
    }
    return true;
  }

  async load(): Promise<boolean> {
    const { chain, ending, params, settings } = this.#registry.context;
    for (const name of await this.#registry.loadOnStartNames()) {
      const located = locateWallet(settings.walletDirectory, name, params.magic, 'existing');
      if (!located.ok && located.failure.kind === 'legacy') {
        await chain.initWarning(bilingual(located.failure.message));
        continue;
      }
      const outcome = await this.#registry.load(name);
      if (outcome.ok || outcome.failure.kind === 'not-found') continue;
      if (ending.aborted) throw new CallFailure('failed', 'The wallet process was told to end while it loaded the wallets');
      // Whoever ends the node need not be told that this is not finished.
      if (!(await chain.shutdownRequested())) await chain.initError(bilingual(outcome.failure.message));
      return false;
    }
    return true;
  }

  async start(): Promise<void> {
    this.#life.start();
  }

  async stop(): Promise<void> {
    await this.#life.stop();
    await this.#registry.closeAll();
  }

  async setMockTime(time: bigint): Promise<void> {
    this.#registry.context.clock.mock(Number(time));
  }

  async schedulerMockForward(_deltaSeconds: bigint): Promise<void> {
    // Nothing here waits for the scheduler: what is due is done when it becomes due.
  }

  #result(outcome: LoadOutcome): { readonly warning: readonly BilingualStr[]; readonly result: Result<Wallet> } {
    const warning = outcome.warnings.map(bilingual);
    return outcome.ok ? { warning, result: { value: this.#wrap(outcome.wallet) } } : { warning, result: { error: bilingual(outcome.failure.message) } };
  }

  async createWallet(name: string, passphrase: string, flags: bigint): ReturnType<WalletLoader['createWallet']> {
    return this.#result(await this.#registry.create(name, { flags, passphrase }, true));
  }

  async loadWallet(name: string): ReturnType<WalletLoader['loadWallet']> {
    return this.#result(await this.#registry.load(name, true));
  }

  async getWalletDir(): Promise<string> {
    return this.#registry.context.settings.walletDirectory;
  }

  async restoreWallet(backupFile: Uint8Array, name: string, loadAfterRestore: boolean): ReturnType<WalletLoader['restoreWallet']> {
    const backup = new TextDecoder().decode(backupFile);
    if (!loadAfterRestore && isLegacyWallet(backup)) {
      const failure = await this.#registry.restoreLegacy(backup, name);
      return { warning: [], result: failure === undefined ? { value: undefined } : { error: bilingual(failure.message) } };
    }
    const outcome = await this.#registry.restore(backup, name, loadAfterRestore ? true : undefined);
    if (outcome.ok && !loadAfterRestore) {
      await this.#registry.unload(name);
      return { warning: outcome.warnings.map(bilingual), result: { value: undefined } };
    }
    return this.#result(outcome);
  }

  async migrateWallet(name: string, passphrase: string): Promise<Result<WalletMigrationResult>> {
    const outcome = await this.#registry.migrate(name, passphrase);
    if (!outcome.ok) return { error: bilingual(outcome.failure.message) };
    const { wallet, watchonly, solvables, backup } = outcome;
    return { value: { wallet: this.#wrap(wallet), watchonlyWalletName: watchonly, solvablesWalletName: solvables, backupPath: backup } };
  }

  /** @throws CallFailure when there is no such wallet */
  async isEncrypted(name: string): Promise<boolean> {
    const loaded = this.#registry.get(name);
    if (loaded !== undefined) return loaded.keyring.vault.encrypted;
    const { params, settings } = this.#registry.context;
    const legacy = isLegacyEncrypted(settings.walletDirectory, name);
    if (legacy !== undefined) return legacy;
    const located = locateWallet(settings.walletDirectory, name, params.magic, 'existing');
    if (!located.ok) throw new CallFailure('failed', located.failure.message);
    const database = WalletDatabase.open(located.file, { magic: params.magic, create: false, unsafeSync: settings.unsafeSync });
    try {
      return readWalletRecords(database).masterKeys.length > 0;
    } finally {
      database.close();
    }
  }

  async listWalletDir(): Promise<readonly Pair<string, string>[]> {
    return this.#registry.directory().map(({ path, format }) => ({ key: path, value: format }));
  }

  async getWallets(): Promise<readonly Wallet[]> {
    return this.#registry.list().map((wallet) => this.#wrap(wallet));
  }

  async handleLoadWallet(callback: LoadWalletCallback): Promise<Handler> {
    return this.#handlers.listen(callback, this.#registry.loaded, (deliver) => (wallet) => deliver(() => callback(this.#wrap(wallet))));
  }
}
