/** The real window: Electron on the built application, driven by Playwright. */
import { spawn } from 'node:child_process';
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
    page.setDefaultTimeout(15_000);
    return new DrivenWindow(application, page);
  }

  /** Runs the program beside a window that is open, and waits for it to end: a second window is not opened. */
  static runAgain({ program, display, home, args = [] }: WindowOptions): Promise<number | null> {
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(program, ['--disable-gpu', ...root, rootFolder, ...args], { env: { ...process.env, DISPLAY: display, BULKHEAD_HOME: home }, stdio: 'ignore' });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
  }

  /** Chooses an entry of the wallet menu. */
  async walletMenu(entry: string): Promise<void> {
    await this.page.getByTestId('wallet-menu').click();
    await this.page.getByTestId(entry).click();
  }

  /** Creates a wallet with the dialog and waits until it is the one shown. */
  async createWallet(name: string, passphrase = ''): Promise<void> {
    const { page } = this;
    await this.walletMenu('menu-create-wallet');
    await page.getByTestId('wallet-name').fill(name);
    if (passphrase !== '') {
      await page.getByTestId('wallet-protect').click();
      await page.getByTestId('passphrase-new').fill(passphrase);
      await page.getByTestId('passphrase-again').fill(passphrase);
    }
    await page.getByTestId('create-wallet-submit').click();
    await this.waitForWallet(name);
  }

  /** Waits until this wallet is the one shown. */
  async waitForWallet(name: string): Promise<void> {
    await this.page.getByTestId('wallet-menu').getByText(name, { exact: true }).waitFor({ timeout: 30_000 });
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  async waitForToast(text: string | RegExp): Promise<void> {
    await this.page.getByTestId('toast').filter({ hasText: text }).first().waitFor({ timeout: 30_000 });
  }

  async go(page: string): Promise<void> {
    await this.page.getByTestId(`nav-${page}`).click();
    await this.page.getByTestId(`page-${page}`).waitFor();
  }

  /** Runs a line in the console, which must be shown, and gives what it says to it. */
  async command(line: string): Promise<string> {
    const { page } = this;
    const entries = page.getByTestId('console-entry');
    const before = await entries.count();
    await page.getByTestId('console-input').fill(line);
    // The list of suggestions is in the way of Enter.
    await page.getByTestId('console-input').press('Escape');
    await page.getByTestId('console-input').press('Enter');
    const entry = entries.nth(before);
    await entry.locator('.json, [role=alert]').first().waitFor();
    return entry.innerText();
  }

  /** Waits until the overview shows this height of the chain. */
  async waitForHeight(height: number): Promise<void> {
    await this.go('overview');
    await this.page.getByTestId('block-height').getByText(String(height), { exact: true }).waitFor();
  }

  /** Answers the system's dialogs for files, which no test can click, with this path. */
  async answerFileDialogs(file: string): Promise<void> {
    await this.application.evaluate(({ dialog }, chosen) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
    }, file);
  }

  /** The same picture in both themes. */
  async pictures(name: string): Promise<void> {
    for (const theme of ['dark', 'light'] as const) {
      await this.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await this.page.locator(`html[data-theme="${theme}"]`).waitFor();
      // Colours fade over; the picture is of where they end.
      await this.page.evaluate(() => Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)));
      await this.picture(`${name}-${theme}`);
    }
  }

  /** Process id of the window's main process. */
  get pid(): number {
    return this.application.process().pid ?? -1;
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: resultFile(`${name}.png`), animations: 'disabled' });
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

  /**
   * Waits until the application has ended by itself. Electron, driven, waits at its end for its debugger to let go:
   * that is asked for once the page is gone, when nothing is left to close.
   */
  async ended(): Promise<void> {
    const child = this.application.process();
    const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
    await waitFor('the page to close', () => this.page.isClosed() || hasEnded());
    if (!hasEnded()) void this.application.close().catch(() => undefined);
    await waitFor('the window to end', hasEnded);
  }

  /** Closes the window as a person does, and waits until its process has ended. */
  async close(): Promise<void> {
    await this.application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined);
    await this.ended();
  }

  /** Ends it without asking. */
  async kill(): Promise<void> {
    const child = this.application.process();
    child.kill('SIGKILL');
    await waitFor('the window to end', () => child.exitCode !== null || child.signalCode !== null);
  }
}
