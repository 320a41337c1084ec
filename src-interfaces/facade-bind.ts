/** Derives both ends of the renderer bridge from `facadeSchema`. No Electron: the caller gives the transport. */
import { channelOf, facadeSchema, type Facade, type FacadeError, type FacadeEvent, type Result } from './facade.js';
import { checkArguments, type Fields } from './facade-shape.js';

/** One call as the schema lists it. */
export interface CallEntry {
  readonly group: string;
  readonly name: string;
  readonly channel: string;
  readonly args: Fields;
}

/** Every call of the schema. */
export function facadeCalls(): CallEntry[] {
  const entries: CallEntry[] = [];
  for (const [group, calls] of Object.entries(facadeSchema.calls)) {
    for (const [name, { args }] of Object.entries<{ readonly args: Fields }>(calls)) {
      entries.push({ group, name, channel: channelOf(group, name), args });
    }
  }
  return entries;
}

/** Sends one call to the other side; resolves to what its handler returned. */
export type Invoke = (channel: string, args: unknown) => Promise<unknown>;
/** Subscribes to pushed events; the returned function ends it. */
export type Subscribe = (listener: (event: FacadeEvent) => void) => () => void;

/** The caller's end: an object with one method per call of the schema. */
export function bindFacade(invoke: Invoke, subscribe: Subscribe): Facade {
  const facade: Record<string, unknown> = { onEvent: subscribe };
  for (const group of Object.keys(facadeSchema.calls)) facade[group] = {};
  for (const { group, name, channel } of facadeCalls()) {
    const methods = facade[group];
    if (typeof methods !== 'object' || methods === null) continue;
    Object.assign(methods, { [name]: (args: unknown = {}) => invoke(channel, args) });
  }
  // Keys and types come from the same object, which no annotation can express for a built-up record.
  return facade as Facade;
}

/** The refusal for arguments that do not fit, or undefined when they do. */
export function refusal(entry: CallEntry, args: unknown): Result<never, FacadeError> | undefined {
  const fault = checkArguments(entry.args, args);
  if (fault === undefined) return undefined;
  const error: FacadeError = {
    code: 'invalid-argument',
    message: `${entry.group}.${entry.name}: ${fault.field === '' ? '' : `${fault.field}: `}${fault.message}`,
    field: fault.field,
  };
  return { ok: false, error };
}
