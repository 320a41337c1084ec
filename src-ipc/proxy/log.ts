import type { MethodRef } from '../capnp/rpc/types.js';
import type { ErrorChannel } from './error-channel.js';
import type { MethodType } from './interface.js';
import { CAPABILITY, SECRET, shownText, type Shown } from './shown.js';

/**
 * Where the proxies report their traffic. The lines are those of the reference, so that its tools can read them.
 * Lines about every call come as functions, which are only called if the log wants them: a log that is off costs nothing.
 */
export interface IpcLog {
  /** Calls and answers, one line each. */
  debug(line: () => string): void;
  /** Their content. */
  trace(line: () => string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** A log that keeps nothing. */
export const noLog: IpcLog = { debug: ignore, trace: ignore, info: ignore, warn: ignore, error: ignore };

const CONTEXT: Shown = new Map([
  ['thread', CAPABILITY],
  ['callbackThread', CAPABILITY],
]);

/** What both sides say first, as a log shows it. */
export const SHOWN_THREAD_MAP = shownText(new Map([['threadMap', CAPABILITY]]));

/** `Interface.method`, the interface being the one that declares it. */
export function methodName(method: Pick<MethodRef, 'interfaceName' | 'methodName'>): string {
  return `${method.interfaceName}.${method.methodName}`;
}

/** A call's parameters as a log shows them. */
export function describeParams<Params>(method: MethodType<Params, unknown>, params: Params): string {
  const shown = method.params.show(params);
  if (method.context === undefined || !(shown instanceof Map)) return shownText(shown);
  return shownText(new Map<string, Shown>([['context', CONTEXT], ...shown]));
}

/** A call's results as a log shows them. */
export function describeResults<Results>(
  method: Pick<MethodType<unknown, Results>, 'results'>,
  results: Results,
): string {
  return shownText(method.results.show(results));
}

/**
 * Results that carry a thrown error, as a log shows them. What a JSON-RPC command finds wrong may quote its parameters,
 * which may be keys.
 */
export function describeError(method: Pick<MethodType<never, unknown>, 'errors'>, channel: ErrorChannel, error: Error): string {
  const isCommand = method.errors.some(({ field }) => field === 'rpcError');
  return shownText(new Map([[channel.field, isCommand ? SECRET : error.message]]));
}

function ignore(): void {
  // Nobody listens.
}
