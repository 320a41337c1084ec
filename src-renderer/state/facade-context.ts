import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react';
import type { Facade, FacadeError, FacadeEvent, FacadeResult } from '../../src-interfaces/facade.js';
import { onBridgeEvent, useBridge } from './bridge.js';

const FacadeContext = createContext<Facade | null>(null);
export const FacadeProvider = FacadeContext.Provider;

/** The bridge to main. */
export function useFacade(): Facade {
  const facade = useContext(FacadeContext);
  if (facade === null) throw new Error('no FacadeProvider above this component');
  return facade;
}

/** Runs `handler` for each event; the latest handler, without subscribing anew. */
export function useBridgeEvent(handler: (event: FacadeEvent) => void): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => onBridgeEvent((event) => latest.current(event)), []);
}

/** One action in progress at a time: `run` resolves to the value, or undefined after an error. */
export interface Action<A extends readonly unknown[], T> {
  readonly run: (...args: A) => Promise<T | undefined>;
  readonly busy: boolean;
  readonly error: FacadeError | null;
  readonly clear: () => void;
}

export function useAction<A extends readonly unknown[], T>(perform: (...args: A) => FacadeResult<T>): Action<A, T> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<FacadeError | null>(null);
  const latest = useRef(perform);
  useEffect(() => {
    latest.current = perform;
  });
  const run = useCallback(async (...args: A): Promise<T | undefined> => {
    setBusy(true);
    setError(null);
    const answer = await latest.current(...args);
    setBusy(false);
    if (answer.ok) return answer.value;
    setError(answer.error);
    return undefined;
  }, []);
  const clear = useCallback(() => setError(null), []);
  return { run, busy, error, clear };
}

export interface Query<T> {
  /** The last answer; kept while a newer one is on its way. Undefined before the first. */
  readonly data: T | undefined;
  readonly error: FacadeError | null;
  readonly reload: () => void;
}

/**
 * Asks when the page opens, when `key` changes, after a new snapshot, and when `refreshOn` accepts an
 * event. Never by a timer.
 */
export function useQuery<T>(
  key: string | null,
  load: () => FacadeResult<T>,
  refreshOn: (event: FacadeEvent) => boolean = () => false,
): Query<T> {
  const epoch = useBridge((state) => state.epoch);
  const [answer, setAnswer] = useState<{ readonly key: string; readonly data?: T; readonly error: FacadeError | null } | null>(null);
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useBridgeEvent((event) => {
    if (refreshOn(event)) setRound((n) => n + 1);
  });
  useEffect(() => {
    if (key === null) return undefined;
    let current = true;
    void latest.current().then((result) => {
      if (!current) return;
      setAnswer((before) => {
        if (result.ok) return { key, data: result.value, error: null };
        // Whoever should answer is away, which the frame says: the question is asked again on the return.
        if (result.error.code === 'disconnected') return before?.key === key ? before : null;
        return before?.key === key ? { ...before, error: result.error } : { key, error: result.error };
      });
    });
    return () => {
      current = false;
    };
  }, [key, epoch, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  const mine = answer?.key === key ? answer : null;
  return { data: mine?.data, error: mine?.error ?? null, reload };
}
