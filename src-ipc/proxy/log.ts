import type { MethodType } from './interface.js';
import { CAPABILITY, shownText, type Shown } from './shown.js';

/** Where the proxies report their traffic. The lines are those of the reference, so that its tools can read them. */
export interface IpcLog {
  /** Calls and answers, one line each. */
  debug(line: string): void;
  /** Their content; `line` is only called if the log wants it. */
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

function ignore(): void {
  // Nobody listens.
}
