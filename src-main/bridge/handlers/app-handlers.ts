import path from 'node:path';
import type { CompartmentId, FacadeHandlers, Settings } from '../../../src-interfaces/facade.js';
import { IpcError, parseConnectAddress } from '../../../src-ipc/process/index.js';
import type { Application } from '../../application.js';
import { freeBytes } from '../../settings/first-run.js';
import { FacadeFailure, ok } from '../facade-failure.js';

/** What the handlers need of the desktop; Electron provides it. */
export interface Desktop {
  /** Native directory dialog. */
  pickDirectory(): Promise<string | undefined>;
  pickSaveFile(suggestedName: string, title: string): Promise<string | undefined>;
  pickOpenFile(title: string): Promise<string | undefined>;
  openFile(file: string): Promise<void>;
  /** Ends the window, node and wallet. */
  quit(): void;
  relaunch(): void;
}

/** @throws FacadeFailure that says which part of the address is wrong */
function checkAttachAddress(address: string, datadir: string): void {
  if (address === '') return;
  const wrong = (message: string, cause?: unknown): FacadeFailure => new FacadeFailure('invalid-argument', message, { field: 'attachAddress', cause });
  if (!/^(unix|ssh:.*|unix:.*)$/i.test(address)) throw wrong('An attach address looks like unix:/path/to/node.sock or ssh://user@host.');
  try {
    parseConnectAddress(address, datadir);
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    throw wrong(`${error.message}.`, error);
  }
}

export function appHandlers(application: Application, desktop: Desktop, setTheme: (theme: Settings['theme']) => void): FacadeHandlers['app'] {
  return {
    snapshot: async () => ok(application.snapshot()),
    async configure(choice) {
      const { datadir, attachAddress } = choice;
      if (!path.isAbsolute(datadir)) throw new FacadeFailure('invalid-argument', 'Choose a full path for the data directory.', { field: 'datadir' });
      checkAttachAddress(attachAddress, datadir);
      await application.configure(choice);
      return ok(null);
    },
    async pickDirectory() {
      const chosen = await desktop.pickDirectory();
      return ok(chosen === undefined ? null : { path: chosen, freeBytes: freeBytes(chosen) });
    },
    async setSettings(change) {
      application.updateSettings(change);
      if (change.theme !== undefined) setTheme(change.theme);
      return ok(null);
    },
    async answer({ question, accept, text }) {
      application.questions.answer(question, text ?? accept);
      return ok(null);
    },
    async openLog({ compartment }) {
      const file = application.compartments.get(compartment).logPath;
      if (file === null) throw new FacadeFailure('not-found', 'This compartment has no log here.', { field: 'compartment' });
      await desktop.openFile(file);
      return ok(null);
    },
    async quit() {
      desktop.quit();
      return ok(null);
    },
  };
}

export function compartmentHandlers(application: Application, desktop: Desktop): FacadeHandlers['compartments'] {
  return {
    async restart({ compartment, kill = false }: { readonly compartment: CompartmentId; readonly kill?: boolean | undefined }) {
      if (compartment === 'window') desktop.relaunch();
      else await application.restart(compartment, kill);
      return ok(null);
    },
    async watch({ on }) {
      application.watchMemory(on);
      return ok(null);
    },
  };
}
