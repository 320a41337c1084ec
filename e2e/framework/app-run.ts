/** One person's window for a test file: a home and data directory of its own, opened and left as often as needed. */
import fs from 'node:fs';
import path from 'node:path';
import { openDisplay, type Display } from './display.js';
import { freePort } from './node-process.js';
import { commandLine, isRunning } from './process-tree.js';
import { temporaryFolder } from './programs.js';
import { waitFor } from './wait.js';
import { DrivenWindow, findElectron } from './window.js';

const electron = await findElectron();
const display: Display | undefined = 'program' in electron ? await openDisplay() : undefined;

/** Why no window can be opened here; false when one can. */
export const withoutWindow: string | false = 'missing' in electron ? electron.missing : display === undefined ? 'skipped: no display and no Xvfb' : false;

/** The running node of a data directory. */
export function nodePid(datadir: string): number | undefined {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => commandLine(pid).includes(`-datadir=${datadir}`) && commandLine(pid).includes('bitcoin-node') && isRunning(pid));
}

export class AppRun {
  readonly home = temporaryFolder();
  readonly datadir = path.join(this.home, 'data');
  #window: DrivenWindow | undefined;

  get window(): DrivenWindow {
    if (this.#window === undefined) throw new Error('the window is not open');
    return this.#window;
  }

  /** Writes the node's configuration. Alone on ports of its own, unless lines say otherwise. */
  async configure(lines: readonly string[] = ['listen=0', 'connect=0']): Promise<void> {
    fs.mkdirSync(path.join(this.datadir, 'regtest'), { recursive: true });
    fs.writeFileSync(path.join(this.datadir, 'bitcoin.conf'), [
      '[regtest]',
      `rpcport=${await freePort()}`,
      ...lines,
      // A test that visits another network meets nobody there.
      '[signet]',
      `rpcport=${await freePort()}`,
      'listen=0',
      'connect=0',
      '',
    ].join('\n'));
  }

  /** Opens the window on the practice network, or with other arguments. */
  async open(args: readonly string[] = ['-regtest', `-datadir=${this.datadir}`]): Promise<DrivenWindow> {
    if (!('program' in electron) || display === undefined) throw new Error('no window can be opened here');
    this.#window = await DrivenWindow.open({ program: electron.program, display: display.name, home: this.home, args });
    return this.#window;
  }

  /** Runs the program a second time, as a desktop does for a link; resolves with its exit status. */
  async again(args: readonly string[]): Promise<number | null> {
    if (!('program' in electron) || display === undefined) throw new Error('no window can be opened here');
    return DrivenWindow.runAgain({ program: electron.program, display: display.name, home: this.home, args });
  }

  /** Ends everything that was started. */
  async end(): Promise<void> {
    await this.#window?.kill().catch(() => undefined);
    const node = nodePid(this.datadir);
    if (node !== undefined) process.kill(node, 'SIGTERM');
    await waitFor('the node to end', () => nodePid(this.datadir) === undefined).catch(() => undefined);
    display?.close();
  }
}
