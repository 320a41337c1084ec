/** A node program of its own, ours or another, with a connection to its socket. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Init } from '../../../src-interfaces/generated/init.js';
import { connectInit } from '../../../src-ipc/connect.js';
import { connectTo, parseConnectAddress } from '../../../src-ipc/process/index.js';

const main = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** Our own node program. */
export const ownNode: readonly string[] = [process.execPath, '--import', 'tsx', main];

export interface IpcNode {
  readonly init: Init;
  /** Hangs up; the node goes on. */
  close(): void;
  /** Another connection. */
  connect(): Promise<{ readonly init: Init; close(): void }>;
  /** Asks the program to end; its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a node on a new regtest chain, without network and wallet; it ends with the test. */
export async function startIpcNode(t: TestContext, command: readonly string[], ...options: string[]): Promise<IpcNode> {
  const directory = mkdtempSync(join(tmpdir(), 'in-'));
  const [program = '', ...args] = command;
  const quiet = ['-regtest', `-datadir=${directory}`, '-listen=0', '-connect=0', '-printtoconsole=0', '-server=0', '-disablewallet', '-ipcbind=unix'];
  const child = spawn(program, [...args, ...quiet, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  const address = parseConnectAddress('auto', join(directory, 'regtest'));
  assert.ok(address !== null);
  const connect = async (): ReturnType<IpcNode['connect']> => {
    for (;;) {
      const link = await connectTo(address);
      if (link !== null) return connectInit(link.socket, { processName: 'test' });
      assert.equal(child.exitCode, null, 'the node ended before it could be reached');
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  };
  const first = await connect();
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return exited;
  };
  t.after(async () => {
    first.close();
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return { init: first.init, close: () => first.close(), connect, stop };
}
