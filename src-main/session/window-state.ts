/** What the window is set to and how far it is: the parts of its state that are neither the node's nor the wallet's. */
import { chainParams } from '../../src-bitcoin/params/networks.js';
import type { ChainParams } from '../../src-bitcoin/params/chain-params.js';
import type { AppPhase, AppState, Network, Settings } from '../../src-interfaces/facade.js';
import { FacadeFailure } from '../bridge/facade-failure.js';
import { firstRunOffer } from '../settings/first-run.js';
import type { PreferencesFile } from '../settings/preferences.js';
import type { WindowLog } from '../settings/window-log.js';
import type { Compartments } from './compartments.js';
import { Questions } from './questions.js';
import type { Push } from './wallet-session.js';

/** The node that the window works with. */
export interface Choice {
  readonly network: Network;
  readonly datadir: string;
  /** Of a node that is attached to; '' for the one of the data directory, which is started when it is not there. */
  readonly attachAddress: string;
}

export interface WindowStateParts {
  readonly preferences: PreferencesFile;
  readonly version: string;
  /** What the command line names, for this run alone. */
  readonly fromCommandLine: Partial<Choice>;
  readonly log: WindowLog;
}

export class WindowState {
  readonly #parts: WindowStateParts;
  readonly #push: Push;
  readonly #compartments: Compartments;
  readonly questions = new Questions(() => this.#tell());
  #chosen: Choice | undefined;
  /** Set without a word when nobody needs to see it; else by `enter`. */
  phase: AppPhase = 'first-run';

  constructor(parts: WindowStateParts, push: Push, compartments: Compartments) {
    this.#parts = parts;
    this.#push = push;
    this.#compartments = compartments;
    const { current } = parts.preferences;
    const { network, datadir, attachAddress } = parts.fromCommandLine;
    const chosenNetwork = network ?? current.network;
    const chosenDatadir = datadir ?? current.datadir ?? (network === undefined ? null : firstRunOffer().defaultDatadir);
    if (chosenNetwork !== null && chosenDatadir !== null) {
      this.#chosen = { network: chosenNetwork, datadir: chosenDatadir, attachAddress: attachAddress ?? (network === undefined ? current.attachAddress : '') };
      this.phase = 'starting';
    }
    this.#openLog();
  }

  /** The window's log goes beside the node's. */
  #openLog(): void {
    const { log } = this.#parts;
    log.open(this.#chosen);
    this.#compartments.update('window', { logPath: log.path ?? null });
  }

  /** Undefined in the first run. */
  get chosen(): Choice | undefined {
    return this.#chosen;
  }

  /** @throws FacadeFailure in the first run */
  get choice(): Choice {
    if (this.#chosen === undefined) throw new FacadeFailure('not-ready', 'Choose a network first.');
    return this.#chosen;
  }

  /** Whether the node is the one of the data directory, and not attached to by an address. */
  get usesOwnDirectory(): boolean {
    return this.#chosen?.attachAddress === '';
  }

  /** @throws FacadeFailure in the first run */
  get params(): ChainParams {
    return chainParams(this.choice.network);
  }

  get state(): AppState {
    return {
      phase: this.phase,
      version: this.#parts.version,
      network: this.#chosen?.network ?? null,
      datadir: this.#chosen?.datadir ?? null,
      attachAddress: this.#chosen?.attachAddress ?? '',
      firstRun: this.phase === 'first-run' ? firstRunOffer() : null,
      question: this.questions.current,
      settings: this.#parts.preferences.current.settings,
    };
  }

  enter(phase: AppPhase): void {
    this.phase = phase;
    this.#tell();
  }

  updateSettings(change: Partial<Settings>): void {
    const { preferences } = this.#parts;
    preferences.update({ settings: { ...preferences.current.settings, ...change } });
    this.#tell();
  }

  /**
   * Chooses a node, for later runs too.
   * @param keepRunning whether it outlives the window
   * @returns whether it is another one than before
   */
  choose(choice: Choice, keepRunning: boolean): boolean {
    const { preferences } = this.#parts;
    const before = this.#chosen;
    const { network, datadir, attachAddress } = choice;
    preferences.update({ network, datadir, attachAddress, settings: { ...preferences.current.settings, keepRunning } });
    this.#chosen = { network, datadir, attachAddress };
    const changed = before === undefined || before.network !== network || before.datadir !== datadir || before.attachAddress !== attachAddress;
    if (changed) this.#openLog();
    else this.#tell();
    return changed;
  }

  #tell(): void {
    this.#push('app.state', this.state);
  }
}
