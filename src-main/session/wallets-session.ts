/** All open wallets, through the wallet loader of the node. */
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { MigratedWallet, RestoredWallet, WalletFile, WalletState } from '../../src-interfaces/facade.js';
import { WalletFlags } from '../../src-interfaces/enums.js';
import type { BilingualStr, Result } from '../../src-interfaces/generated/common.js';
import type { Handler } from '../../src-interfaces/generated/handler.js';
import type { Wallet, WalletLoader } from '../../src-interfaces/generated/wallet.js';
import { Patience } from '../../src-ipc/process/index.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import type { Drafts } from './drafts.js';
import { silence } from './patience.js';
import { words } from './words.js';
import { WalletSession, type Push } from './wallet-session.js';

export interface OpenedWallet {
  readonly name: string;
  readonly warnings: readonly string[];
}

/** Milliseconds for which a wallet that its process unloads is still shown: the node may be ending, and be back. */
const lastLook = 2000;

export interface WalletsListener {
  readonly push: Push;
  /** A wallet is being unloaded; it is let go of when this is done. */
  unloading(): Promise<void>;
  /** Whether the wallets are there without the node's own wallet process. */
  readonly isApart: boolean;
}

export class WalletsSession {
  /** The node's own wallet process is not there: these are wallets of others. */
  readonly isApart: boolean;
  readonly #loader: WalletLoader;
  readonly #params: ChainParams;
  readonly #push: Push;
  readonly #unloading: () => Promise<void>;
  readonly #sessions = new Map<string, WalletSession>();
  /** Wallets being opened, by title, so that the two ways of hearing of one do not open it twice. */
  readonly #openings = new Map<string, Promise<WalletSession | undefined>>();
  /** By title, the names that wallets had in the session that this one continues. */
  readonly #earlierNames: ReadonlyMap<string, string>;
  #handler: Handler | undefined;
  /** Wallets that were unloaded a moment ago, by name. */
  readonly #leaving = new Map<string, WalletSession>();
  #closing: Promise<void> | undefined;
  #statesAtEnd: readonly WalletState[] | undefined;
  /** Drafts by the name of their wallet. They outlive its process and the connection to it. */
  readonly #drafts: Map<string, Drafts>;

  private constructor(loader: WalletLoader, params: ChainParams, { push, unloading, isApart }: WalletsListener, earlier: WalletsSession | undefined) {
    this.isApart = isApart;
    this.#earlierNames = new Map(earlier?.states().map(({ title, name }) => [title, name]));
    this.#drafts = new Map(earlier === undefined ? [] : earlier.#drafts);
    this.#loader = loader;
    this.#params = params;
    this.#push = push;
    this.#unloading = unloading;
  }

  /** @param earlier the session that this one continues */
  static async open(loader: WalletLoader, params: ChainParams, listener: WalletsListener, earlier?: WalletsSession): Promise<WalletsSession> {
    const session = new WalletsSession(loader, params, listener, earlier);
    session.#handler = await loader.handleLoadWallet(async (wallet) => {
      // Not awaited: the wallet process waits for this answer before it goes on.
      void session.#adopt(wallet);
    });
    // One that does not answer is shown when it does.
    await Promise.all((await loader.getWallets()).map((wallet) => new Patience(silence).whileAnswering(session.#adopt(wallet), () => wallet.getWalletName())));
    return session;
  }

  get #closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Of the open wallets; once this is closed, as they were then. */
  states(): readonly WalletState[] {
    return this.#statesAtEnd ?? [...this.#sessions.values(), ...this.#leaving.values()].map((session) => session.state).sort((a, b) => a.title.localeCompare(b.title));
  }

  /** @throws FacadeFailure when no wallet of that name is open. */
  get(name: string): WalletSession {
    const session = this.#sessions.get(name);
    if (session === undefined && (this.#leaving.has(name) || (this.isApart && this.#drafts.has(name)))) throw new FacadeFailure('disconnected', 'The wallet is not there at the moment.');
    if (session === undefined) throw new FacadeFailure('not-found', `The wallet "${name}" is not open.`, { field: 'wallet' });
    return session;
  }

  /** Fulfilled when the wallets have been read again. */
  async tipChanged(): Promise<void> {
    // One that does not answer looks for itself when it does.
    await Promise.all([...this.#sessions.values()].filter(({ state }) => !state.isSilent).map((session) => session.tipChanged()));
  }

  /** Takes charge of a wallet; a second handle on one that is open already is given back. */
  async #adopt(wallet: Wallet): Promise<WalletSession | undefined> {
    try {
      const title = await wallet.getWalletName();
      // What is open may be called otherwise, now that this one is there.
      await Promise.all([...this.#sessions.values()].map((session) => session.isGone()));
      const titled = (): WalletSession | undefined => [...this.#sessions.values()].find(({ state }) => state.title === title);
      const underWay = this.#openings.get(title);
      const known = titled() ?? (underWay === undefined ? undefined : await underWay);
      if (known !== undefined || this.#closed) {
        await wallet.destroy();
        return known;
      }
      const opening = this.#open(wallet, title).catch(() => undefined).finally(() => this.#openings.delete(title));
      this.#openings.set(title, opening);
      return await opening;
    } catch {
      // The wallet or its process went away meanwhile.
      return undefined;
    }
  }

  async #open(wallet: Wallet, title: string): Promise<WalletSession | undefined> {
    const [params, push, isApart] = [this.#params, this.#push, this.isApart];
    const name = this.#freeName(this.#earlierNames.get(title) ?? title);
    const session = await WalletSession.open({ wallet, name, title, params, push, isApart, unloaded: (gone) => this.#unloaded(gone), answers: () => void this.dropGone() });
    if (this.#closed) {
      await session.close();
      return undefined;
    }
    const drafts = this.#drafts.get(name);
    if (drafts !== undefined) session.drafts.takeOver(drafts);
    this.#drafts.set(name, session.drafts);
    this.#leaving.delete(name);
    this.#sessions.set(name, session);
    this.#push('wallets.loaded', this.states());
    return session;
  }

  #freeName(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#sessions.has(name); count++) name = `${wanted} (${count})`;
    return name;
  }

  #unloaded(session: WalletSession): void {
    this.#forget(session);
    void this.#unloading().then(() => session.close());
    this.#leaving.set(session.name, session);
    setTimeout(() => {
      if (this.#leaving.get(session.name) !== session) return;
      this.#leaving.delete(session.name);
      this.#tellStates();
    }, lastLook);
  }

  /** Some program beside the node may have gone, and its wallets with it, without a word; or wallets are called otherwise. */
  async dropGone(): Promise<void> {
    await Promise.all(
      [...this.#sessions.values()].map(async (session) => {
        if (!(await session.isGone()) || this.#closed) return;
        this.#dropSession(session);
        this.#tellStates();
      }),
    );
  }

  #forget(session: WalletSession): void {
    if (this.#sessions.get(session.name) === session) this.#sessions.delete(session.name);
  }

  #dropSession(session: WalletSession): void {
    this.#forget(session);
    void session.close();
  }

  #tellStates(): void {
    if (!this.#closed) this.#push('wallets.loaded', this.states());
  }

  async directory(): Promise<WalletFile[]> {
    const files = await this.#loader.listWalletDir();
    return files.map(({ key: name, value: format }) => ({ name, format: format === 'bdb' ? 'bdb' : 'sqlite', loaded: this.#sessions.has(name) }));
  }

  async #opened(result: Result<Wallet | undefined>, warnings: readonly BilingualStr[], name: string): Promise<OpenedWallet> {
    if (result.error !== undefined) throw openFailure(words(result.error));
    const session = result.value === undefined ? undefined : await this.#adopt(result.value);
    return { name: session?.name ?? name, warnings: warnings.map(words) };
  }

  /** @throws FacadeFailure for a name that no new wallet can have */
  async #needFreeName(name: string): Promise<void> {
    if (name.trim() === '') throw new FacadeFailure('invalid-argument', 'Give the wallet a name.', { field: 'name' });
    if ((await this.#loader.listWalletDir()).some((file) => file.key === name)) {
      throw new FacadeFailure('already-exists', `There is a wallet named “${name}” already. Choose another name, or open that one.`, { field: 'name' });
    }
  }

  async create(name: string, passphrase: string): Promise<OpenedWallet> {
    await this.#needFreeName(name);
    const { warning, result } = await this.#loader.createWallet(name, passphrase, WalletFlags.descriptors);
    return this.#opened(result, warning, name);
  }

  async openWallet(name: string): Promise<OpenedWallet> {
    const { warning, result } = await this.#loader.loadWallet(name);
    return this.#opened(result, warning, name);
  }

  /** Puts a backup in the place of a new wallet, and opens it if it is not of the old format. */
  async restore(file: string, name: string): Promise<RestoredWallet> {
    await this.#needFreeName(name);
    const path = new TextEncoder().encode(file);
    const { warning, result } = await this.#loader.restoreWallet(path, name, true);
    if (result.error === undefined) return { ...(await this.#opened(result, warning, name)), isOld: false };
    if (/Legacy wallet/.test(words(result.error))) {
      const { result: placed } = await this.#loader.restoreWallet(path, name, false);
      if (placed.error === undefined) return { name, warnings: [], isOld: true };
    }
    // The name is free, so it is the file that is wrong.
    throw new FacadeFailure('rejected', `The backup was not restored. ${sentence(words(result.error))} Choose another file.`);
  }

  /** Whether a wallet of the directory has a passphrase. */
  isEncrypted(name: string): Promise<boolean> {
    return this.#loader.isEncrypted(name);
  }

  /** Makes a wallet of the old format one that can be opened, and opens it with those that come of it. */
  async migrate(name: string, passphrase: string): Promise<MigratedWallet> {
    const { value, error } = await this.#loader.migrateWallet(name, passphrase);
    if (value === undefined) throw migrationFailure(error === undefined ? '' : words(error));
    const session = await this.#adopt(value.wallet);
    return { name: session?.name ?? name, watchonly: value.watchonlyWalletName ?? null, solvables: value.solvablesWalletName ?? null, backup: value.backupPath };
  }

  /** Unloads the wallet, and no longer opens it at start. */
  async closeWallet(name: string): Promise<void> {
    const session = this.get(name);
    await session.wallet.remove();
    this.#dropSession(session);
    this.#leaving.delete(name);
    this.#tellStates();
  }

  /**
   * Lets go of everything; the wallet process goes on.
   * @param before waited for before the wallets are let go of, without which an ending node does not go on
   */
  close(before?: Promise<void>): Promise<void> {
    return (this.#closing ??= this.#letGo(before));
  }

  async #letGo(before: Promise<void> | undefined): Promise<void> {
    this.#statesAtEnd = this.states();
    const sessions = [...this.#sessions.values(), ...this.#leaving.values()];
    this.#sessions.clear();
    await this.#handler?.destroy().catch(() => undefined);
    await before;
    await Promise.allSettled(sessions.map((session) => session.close()));
    await this.#loader.destroy().catch(() => undefined);
  }
}

/** A text with its full stop. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function migrationFailure(text: string): FacadeFailure {
  const reason = text.replace(/^Error: /, '');
  const isPassphrase = /wallet passphrase/.test(reason);
  if (isPassphrase) return new FacadeFailure('wrong-passphrase', /null character/.test(reason) ? reason : 'The passphrase is wrong.', { field: 'passphrase' });
  return new FacadeFailure('rejected', `The wallet was not migrated, and is as it was. ${sentence(reason)}`);
}

function openFailure(text: string): FacadeFailure {
  if (/already exists|already loaded|duplicate/i.test(text)) return new FacadeFailure('already-exists', text, { field: 'name' });
  if (/not found|does not exist/i.test(text)) return new FacadeFailure('not-found', text, { field: 'name' });
  return new FacadeFailure('rejected', text, { field: 'name' });
}
