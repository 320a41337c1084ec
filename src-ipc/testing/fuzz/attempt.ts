import { targets, type TargetName } from './targets.js';

/** Most processor time that an input of a few kilobytes may take, in milliseconds: other programs on the machine do not count. */
const SLOW_MS = 5000;

/** What an input did that it must not. */
export interface Failure {
  /** The same for inputs that fail in the same way. */
  readonly key: string;
  readonly message: string;
}

let stray: Error | undefined;

/** From now on, an error that nobody catches belongs to the input that is running. */
export function watchStrayErrors(): void {
  const note = (error: unknown): void => {
    stray ??= error instanceof Error ? error : new Error(String(error));
  };
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
}

/** Runs one input; undefined when nothing is wrong. */
export async function attempt(target: TargetName, input: Uint8Array): Promise<Failure | undefined> {
  stray = undefined;
  const started = process.cpuUsage();
  try {
    await targets[target](input);
    if (target === 'conversation') await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    return failure(error);
  }
  if (stray !== undefined) return failure(stray, 'Nobody caught: ');
  const { user, system } = process.cpuUsage(started);
  const took = (user + system) / 1000;
  return took > SLOW_MS ? { key: 'slow', message: `It took ${took.toFixed(0)} ms.` } : undefined;
}

function failure(thrown: unknown, prefix = ''): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const place = /\n +at .*?([\w-]+\.ts:\d+)/.exec(error.stack ?? '')?.[1] ?? '';
  return { key: `${place} ${error.message.replace(/\d+/g, 'N')}`, message: prefix + (error.stack ?? error.message) };
}
