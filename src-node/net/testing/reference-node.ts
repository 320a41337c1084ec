import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxWord = 100_000;

/** The folder with Bitcoin Core's programs, from BITCOIN_REFERENCE_BIN; undefined when there is none. */
export function referencePrograms(): string | undefined {
  const folder = process.env['BITCOIN_REFERENCE_BIN'];
  return folder !== undefined && existsSync(join(folder, 'bitcoin-node')) && existsSync(join(folder, 'bitcoin-cli')) ? folder : undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

/** A running Bitcoin Core node on its own regtest chain, reached over loopback. */
export class ReferenceNode {
  readonly port: number;
  readonly #folder: string;
  readonly #directory: string;
  readonly #rpcPort: number;

  private constructor(folder: string, directory: string, port: number, rpcPort: number) {
    this.#folder = folder;
    this.#directory = directory;
    this.port = port;
    this.#rpcPort = rpcPort;
  }

  /**
   * Starts a node that is stopped at the end of the test.
   * @param prepare puts files into the data directory first.
   */
  static async start(
    t: TestContext,
    folder: string,
    prepare: (directory: string) => void = () => undefined,
    ...options: string[]
  ): Promise<ReferenceNode> {
    const directory = mkdtempSync(join(tmpdir(), 'bulkhead-reference-'));
    prepare(directory);
    const node = new ReferenceNode(folder, directory, await freePort(), await freePort());
    const child = spawn(
      join(folder, 'bitcoin-node'),
      [
        ...['-regtest', `-datadir=${directory}`, `-bind=127.0.0.1:${node.port}`, `-rpcport=${node.#rpcPort}`, '-server', '-listenonion=0'],
        ...['-disablewallet', '-fixedseeds=0', '-dnsseed=0', '-debug=net', '-printtoconsole=0', ...options],
      ],
      { stdio: 'ignore' },
    );
    t.after(async () => {
      await node.#stop(child);
      rmSync(directory, { recursive: true, force: true });
    });
    await node.rpc('-rpcwait', '-rpcwaittimeout=60', 'getblockcount');
    return node;
  }

  async #stop(child: ChildProcess): Promise<void> {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode !== null) return;
    await this.rpc('stop').catch(() => child.kill('SIGKILL'));
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
  }

  /** Runs a command and returns what it prints, trimmed. */
  async rpc(...words: string[]): Promise<string> {
    const command = [join(this.#folder, 'bitcoin-cli'), '-regtest', `-datadir=${this.#directory}`, `-rpcport=${this.#rpcPort}`] as const;
    // A command line cannot hold a large transaction.
    const long = words.some((word) => word.length > maxWord);
    const [program, ...options] = command;
    const running = run(program, long ? [...options, '-stdin', ...words.slice(0, 1)] : [...options, ...words], { maxBuffer: 1 << 26 });
    if (long) running.child.stdin?.end(words.slice(1).join('\n'));
    return (await running).stdout.trim();
  }
}
