/** Wallet processes that attach to a node by themselves. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { program } from './programs.js';
import { waitFor } from './wait.js';

const running = new Set<ChildProcess>();

/** For the end of a test file: those that still run. */
export function killAttachedWallets(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** bitcoin-wallet as a person starts it. */
export class AttachedWallet {
  readonly child: ChildProcess;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  output = '';

  constructor(datadir: string, address: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) {
    const all = ['-regtest', `-datadir=${datadir}`, `-ipcconnect=${address}`, '-keypool=5', '-fallbackfee=0.0002', ...args];
    this.child = spawn(program('bitcoin-wallet'), all, { stdio: ['ignore', 'pipe', 'pipe'], env });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.exited = new Promise((resolve) => this.child.once('close', (code, signal) => {
      running.delete(this.child);
      resolve({ code, signal });
    }));
  }

  async connected(times = 1): Promise<void> {
    await waitFor(`the wallet to be attached: ${this.output}`, () => this.output.split('Connected to IPC address').length > times);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.child.kill(signal);
    assert.deepEqual(await this.exited, { code: 0, signal: null }, this.output);
  }
}
