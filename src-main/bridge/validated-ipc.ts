/**
 * The one place where main listens to the renderer. A call is served only when it comes from the main
 * frame of our own page and its arguments fit the schema; everything else is refused and logged.
 */
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { facadeCalls, refusal } from '../../src-interfaces/facade-bind.js';
import type { FacadeError, FacadeHandlers, Result } from '../../src-interfaces/facade.js';
import { asFacadeError } from './facade-failure.js';

/** Tells whether a sender is a window of ours. */
export interface Senders {
  isOurs(contents: WebContents): boolean;
}

type Handler = (args: unknown) => Promise<Result<unknown, FacadeError>>;

function fail(code: FacadeError['code'], message: string): Result<never, FacadeError> {
  return { ok: false, error: { code, message } };
}

function fromOurPage(event: IpcMainInvokeEvent, senders: Senders, pageUrl: string): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(pageUrl) && senders.isOurs(event.sender);
}

/**
 * Serves every call of the facade schema.
 * @param pageUrl what the address of our page starts with
 * @param log told of refused calls and of faults, never of arguments
 * @param underWay told of each call that is served, by its group
 */
export function serveFacade(
  handlers: FacadeHandlers,
  senders: Senders,
  pageUrl: string,
  log: (text: string) => void,
  underWay: (group: string, work: Promise<unknown>) => void,
): void {
  for (const entry of facadeCalls()) {
    const group: Readonly<Record<string, unknown>> = handlers[entry.group as keyof FacadeHandlers];
    const handler = group[entry.name] as Handler | undefined;
    if (handler === undefined) throw new Error(`no handler for ${entry.group}.${entry.name}`);
    ipcMain.handle(entry.channel, async (event, args: unknown): Promise<Result<unknown, FacadeError>> => {
      if (!fromOurPage(event, senders, pageUrl)) {
        log(`refused ${entry.group}.${entry.name}: the sender is not our window`);
        return fail('unsupported', 'This page may not do that.');
      }
      const refused = refusal(entry, args);
      if (refused !== undefined) {
        log(`refused ${entry.group}.${entry.name}: its arguments do not fit`);
        return refused;
      }
      try {
        const work = handler.call(group, args);
        underWay(entry.group, work);
        return await work;
      } catch (error) {
        const failure = asFacadeError(error);
        if (failure.code === 'internal') log(`${entry.group}.${entry.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        return { ok: false, error: failure };
      }
    });
  }
}
