/** A node started as a person would start it, driven over JSON-RPC. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after } from 'node:test';
import { program, temporaryFolder } from './programs.js';
import { waitFor } from './wait.js';

/** An error answer of JSON-RPC. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

// JSON of any shape: tests look at what they ask for.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface NodeOptions {
  /** Program name in bin/, or a full path. */
  readonly program?: string;
  /** A program of this folder that Node runs from its source, instead of one in bin/. */
  readonly source?: string;
  readonly datadir?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** In a process group of its own, as a shell starts it: a signal to the group reaches its wallet, too. */
  readonly ownGroup?: boolean;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

const running = new Set<ChildProcess>();

// A test that fails in its middle leaves nodes behind, which would keep its file from ending.
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

export class NodeProcess {
  readonly datadir: string;
  readonly rpcPort: number;
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  #output = '';
  #ended: { code: number | null; signal: string | null } | undefined;

  private constructor(datadir: string, rpcPort: number, child: ChildProcess) {
    this.datadir = datadir;
    this.rpcPort = rpcPort;
    this.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#ended = { code, signal };
        resolve(this.#ended);
      });
      child.once('error', (error) => {
        this.#output += error.message;
        this.#ended = { code: null, signal: null };
        resolve(this.#ended);
      });
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  /** Everything it wrote to its standard streams. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  get networkFolder(): string {
    return path.join(this.datadir, 'regtest');
  }

  /** Starts a regtest node and waits until it answers commands. */
  static async start(options: NodeOptions = {}): Promise<NodeProcess> {
    const node = await NodeProcess.launch(options);
    await node.ready();
    return node;
  }

  /** Starts a regtest node without waiting. */
  static async launch(options: NodeOptions = {}): Promise<NodeProcess> {
    const datadir = options.datadir ?? temporaryFolder();
    const rpcPort = await freePort();
    const file = options.program ?? 'bitcoin-node';
    const more = options.args ?? [];
    // Alone, unless the test says how to meet others.
    const alone = more.some((arg) => /^-(listen|connect)/.test(arg)) ? [] : ['-listen=0', '-connect=0'];
    const args = ['-regtest', `-datadir=${datadir}`, `-rpcport=${rpcPort}`, '-server=1', ...alone, '-fallbackfee=0.0002', '-printtoconsole=0', ...more];
    const command = options.source === undefined ? [path.isAbsolute(file) ? file : program(file)] : [process.execPath, '--import', 'tsx', path.join(import.meta.dirname, options.source)];
    const child = spawn(command[0] ?? '', [...command.slice(1), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env }, detached: options.ownGroup === true });
    return new NodeProcess(datadir, rpcPort, child);
  }

  async ready(): Promise<void> {
    const answered = waitFor('the node to answer', async () => this.#ended !== undefined || (await this.rpc('getblockcount')) >= 0, 60_000);
    const ended = this.exited.then((how) => {
      throw new Error(`the node ended: ${JSON.stringify(how)} ${this.#output}`);
    });
    await Promise.race([answered, ended]);
  }

  #authorization(): string {
    return `Basic ${Buffer.from(fs.readFileSync(path.join(this.networkFolder, '.cookie'), 'utf8')).toString('base64')}`;
  }

  /** Runs a command; `wallet` chooses one by its name. */
  rpc(method: string, params: readonly unknown[] | Readonly<Record<string, unknown>> = [], wallet?: string): Promise<Json> {
    const body = JSON.stringify({ jsonrpc: '1.0', id: 'e2e', method, params });
    return new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port: this.rpcPort,
          method: 'POST',
          path: wallet === undefined ? '/' : `/wallet/${encodeURIComponent(wallet)}`,
          headers: { authorization: this.#authorization(), 'content-type': 'application/json' },
          agent: false,
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('error', reject);
          response.on('end', () => {
            try {
              const { result, error }: Json = JSON.parse(text);
              if (error === null || error === undefined) resolve(result);
              else reject(new RpcError(error.code, error.message));
            } catch (error) {
              reject(new Error(`HTTP ${response.statusCode ?? 0}: ${text.slice(0, 200)}`, { cause: error }));
            }
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  /** What Ctrl-C does in a terminal, to a node with a group of its own. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** Stops it as a person would, and waits until it has ended. */
  async stop(): Promise<{ code: number | null; signal: string | null }> {
    if (this.#ended !== undefined) return this.#ended;
    await this.rpc('stop');
    return this.exited;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#ended === undefined) this.child.kill(signal);
    await this.exited;
  }
}
