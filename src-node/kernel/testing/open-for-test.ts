import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Logger } from '../../../src-interfaces/logging.js';
import type { ChainstateOptions } from '../chain-options.js';
import type { NodeChainstate } from '../node-chainstate.js';
import { openChainstate } from '../open-chainstate.js';
import { ScriptChecker } from '../script-check/script-checker.js';
import { regtest } from './regtest-chain.js';

const cleanups = new WeakMap<TestContext, (() => Promise<void> | void)[]>();

/** Undone at the end of the test, last things first; the test runner's own hooks run first things first. */
function defer(t: TestContext, step: () => Promise<void> | void): void {
  const steps = cleanups.get(t) ?? [];
  if (steps.length === 0) {
    cleanups.set(t, steps);
    t.after(async () => {
      for (const each of steps.reverse()) await each();
    });
  }
  steps.push(step);
}

export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-kernel-'));
  defer(t, () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A logger that keeps what is worth showing to people. */
export function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (text: string): void => {
    lines.push(text);
  };
  return { lines, info: keep, warning: keep, error: keep, debug: () => undefined, trace: () => undefined, willLog: () => false };
}

/** Opens a regtest chain state that is closed at the end of the test, if it is not before. */
export async function openForTest(
  t: TestContext,
  dataDirectory: string,
  options: Partial<ChainstateOptions> = {},
): Promise<NodeChainstate> {
  const scriptChecker = new ScriptChecker({ threads: 1 });
  const chain = await openChainstate({
    params: regtest,
    dataDirectory,
    logger: recordingLogger(),
    now: () => Date.now() / 1000,
    scriptChecker,
    ...options,
  });
  defer(t, async () => {
    await chain.close();
    await scriptChecker.close();
  });
  await chain.start();
  return chain;
}
