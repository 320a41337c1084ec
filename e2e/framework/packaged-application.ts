/** Packs the application as `npm run dist` does, and starts the programs of the result. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './node-process.js';
import { isRunning } from './process-tree.js';
import { rootFolder, temporaryFolder } from './programs.js';
import { waitFor } from './wait.js';

const run = promisify(execFile);

/** The unpacked application in a folder of its own. */
export class PackagedApplication {
  readonly folder: string;
  readonly #output: string;

  private constructor(output: string) {
    this.#output = output;
    this.folder = path.join(output, 'linux-unpacked');
  }

  static async pack(): Promise<PackagedApplication> {
    const output = temporaryFolder();
    await run(process.execPath, [path.join(rootFolder, 'scripts', 'dist.mjs'), 'dir', `-c.directories.output=${output}`], { cwd: rootFolder });
    return new PackagedApplication(output);
  }

  get window(): string {
    return path.join(this.folder, 'bitcoin-gui');
  }

  get resources(): string {
    return path.join(this.folder, 'resources');
  }

  program(name: string): string {
    return path.join(this.resources, 'bin', name);
  }

  /** Path below `resources` of a headless program's bundle. */
  bundle(name: string): string {
    return path.join(this.resources, 'app.asar.unpacked', 'build', `${name}.mjs`);
  }

  remove(): void {
    fs.rmSync(this.#output, { recursive: true, force: true });
  }
}

/** A data directory and a port, and the packaged programs at work on them. */
export class PackagedSession {
  readonly datadir = temporaryFolder();
  /** Of the window: preferences and log. */
  readonly home = path.join(this.datadir, 'home');
  readonly #windows: ChildProcess[] = [];

  private constructor(
    readonly application: PackagedApplication,
    readonly rpcPort: number,
  ) {}

  static async create(application: PackagedApplication): Promise<PackagedSession> {
    return new PackagedSession(application, await freePort());
  }

  get networkFolder(): string {
    return path.join(this.datadir, 'regtest');
  }

  get nodeOptions(): string[] {
    return ['-regtest', `-datadir=${this.datadir}`, `-rpcport=${this.rpcPort}`, '-listen=0', '-connect=0', '-fallbackfee=0.0002'];
  }

  /** Arguments and environment with which the window is started; root has to do without Chromium's sandbox. */
  windowArguments(): string[] {
    return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', ...this.nodeOptions];
  }

  windowEnvironment(display: string): Record<string, string> {
    const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'NODE_OPTIONS');
    return { ...Object.fromEntries(inherited), DISPLAY: display, BULKHEAD_HOME: this.home };
  }

  startWindow(display: string, ...more: string[]): ChildProcess {
    const window = spawn(this.application.window, [...this.windowArguments(), ...more], { stdio: 'ignore', env: this.windowEnvironment(display) });
    this.#windows.push(window);
    return window;
  }

  /** Runs a headless program to its end. */
  async run(name: string, ...args: string[]): Promise<string> {
    const { stdout } = await run(this.application.program(name), args);
    return stdout.trim();
  }

  /** A command of bitcoin-cli; its answer as text. */
  cli(...words: string[]): Promise<string> {
    return this.run('bitcoin-cli', '-regtest', `-datadir=${this.datadir}`, `-rpcport=${this.rpcPort}`, ...words);
  }

  /** Process id of the node, from the file it keeps while it runs. */
  nodePid(): number | undefined {
    const file = path.join(this.networkFolder, 'bitcoind.pid');
    return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : undefined;
  }

  /** Ends what still runs and removes the files. */
  async remove(): Promise<void> {
    const running = this.#windows.filter((window) => window.exitCode === null && window.signalCode === null);
    for (const window of running) window.kill('SIGKILL');
    const node = this.nodePid();
    if (node !== undefined && isRunning(node)) process.kill(node, 'SIGKILL');
    if (node !== undefined) await waitFor('the node to be gone', () => !isRunning(node));
    fs.rmSync(this.datadir, { recursive: true, force: true });
  }
}
