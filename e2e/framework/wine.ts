/** A Windows to run programs on: a node.exe under Wine. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { rootFolder, temporaryFolder } from './programs.js';

const nodeExe = process.env['BULKHEAD_WINDOWS_NODE'] ?? '';

/** Why nothing can be run on Windows here; false when it can. */
export const withoutWindows: string | false =
  nodeExe === '' ? 'skipped: BULKHEAD_WINDOWS_NODE is not set' : !fs.existsSync(nodeExe) ? `skipped: there is no ${nodeExe}` : spawnSync('wine', ['--version']).status !== 0 ? 'skipped: no wine' : false;

/** A path of this system as programs on Windows name it. */
export function windowsPath(file: string): string {
  return `Z:${file.replaceAll('/', '\\')}`;
}

/** How a program on Windows ended. */
export interface WindowsRun {
  readonly status: number | null;
  readonly output: string;
}

/** A Windows of its own: what is started there sees nothing of another one. */
export class Wine {
  readonly #folder = temporaryFolder();
  readonly #environment: NodeJS.ProcessEnv = {
    ...process.env,
    WINEPREFIX: path.join(this.#folder, 'prefix'),
    WINEDEBUG: '-all',
    // No questions about parts that browsers and .NET programs would need.
    WINEDLLOVERRIDES: 'mscoree=;mshtml=',
    DISPLAY: '',
    // Set for tests that a runner starts, which then write for it alone.
    NODE_TEST_CONTEXT: undefined,
  };
  #runs = 0;

  static async start(): Promise<Wine> {
    const wine = new Wine();
    // Node.js wants a newer one than Wine is by default.
    const { status, output } = await wine.#run(['winecfg', '-v', 'win10'], {});
    if (status !== 0) throw new Error(`Wine does not start: ${output}`);
    return wine;
  }

  /** Makes programs of TypeScript files, all in one folder. @returns the folder */
  async bundle(files: readonly string[]): Promise<string> {
    const folder = path.join(this.#folder, 'programs');
    await build({
      absWorkingDir: rootFolder,
      entryPoints: Object.fromEntries(files.map((file) => [path.basename(file, '.ts'), file])),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'warning',
      banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    });
    return folder;
  }

  /** Runs a program for Node.js to its end. @param environment of its own, beside this process's */
  node(program: string, environment: Readonly<Record<string, string>> = {}): Promise<WindowsRun> {
    return this.#run([nodeExe, '--test-reporter=tap', windowsPath(program)], environment);
  }

  /** Ends all that runs there. */
  stop(): void {
    spawnSync('wineserver', ['--kill'], { env: this.#environment });
    spawnSync('wineserver', ['--wait'], { env: this.#environment });
  }

  /** Node.js does not know the pipes of this system, so that what is written goes to a file. */
  async #run(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<WindowsRun> {
    const file = path.join(this.#folder, `output-${this.#runs++}`);
    const output = fs.openSync(file, 'w');
    const child = spawn('wine', args, { stdio: ['ignore', output, output], env: { ...this.#environment, ...environment } });
    fs.closeSync(output);
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('exit', resolve);
      child.once('error', reject);
    });
    return { status, output: fs.readFileSync(file, 'utf8') };
  }
}
