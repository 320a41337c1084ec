/** The real window: Electron on the built application, driven by Playwright. */
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { resultFile, rootFolder } from './programs.js';
import { waitFor } from './wait.js';

/** Path of the Electron program; undefined with the reason where there is none. */
export async function findElectron(): Promise<{ readonly program: string } | { readonly missing: string }> {
  try {
    const { electronProgram } = (await import(path.join(rootFolder, 'scripts', 'electron-runtime.mjs'))) as { electronProgram: () => string };
    return { program: electronProgram() };
  } catch (error) {
    return { missing: `skipped: ${error instanceof Error ? error.message : String(error)}` };
  }
}

export interface WindowOptions {
  readonly program: string;
  readonly display: string;
  /** Folder for preferences and, by default, data. */
  readonly home: string;
  readonly args?: readonly string[];
}

export class DrivenWindow {
  readonly application: ElectronApplication;
  readonly page: Page;
  /** What the page wrote to its console as errors. */
  readonly faults: string[] = [];

  private constructor(application: ElectronApplication, page: Page) {
    this.application = application;
    this.page = page;
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
  }

  static async open({ program, display, home, args = [] }: WindowOptions): Promise<DrivenWindow> {
    const application = await _electron.launch({
      executablePath: program,
      args: ['--disable-gpu', rootFolder, ...args],
      env: { ...process.env, DISPLAY: display, BULKHEAD_HOME: home } as Record<string, string>,
      timeout: 60_000,
    });
    const page = await application.firstWindow();
    return new DrivenWindow(application, page);
  }

  /** Process id of the window's main process. */
  get pid(): number {
    return this.application.process().pid ?? -1;
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: resultFile(`${name}.png`) });
  }

  /** Satoshis that an element shows. */
  async amount(testId: string): Promise<bigint> {
    return BigInt((await this.page.getByTestId(testId).getAttribute('data-satoshis')) ?? '-1');
  }

  async waitForAmount(testId: string, satoshis: bigint): Promise<void> {
    await this.page.locator(`[data-testid="${testId}"][data-satoshis="${satoshis}"]`).waitFor({ timeout: 60_000 });
  }

  async waitForCompartment(id: string, kind: string): Promise<void> {
    await this.page.locator(`[data-testid="compartment-${id}"][data-state-kind="${kind}"]`).waitFor({ timeout: 60_000 });
  }

  /** Closes the window as a person does, and waits until its process has ended. */
  async close(): Promise<void> {
    const child = this.application.process();
    await this.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined);
    await waitFor('the window to end', () => child.exitCode !== null || child.signalCode !== null);
  }

  /** Ends it without asking. */
  async kill(): Promise<void> {
    const child = this.application.process();
    child.kill('SIGKILL');
    await waitFor('the window to end', () => child.exitCode !== null || child.signalCode !== null);
  }
}
