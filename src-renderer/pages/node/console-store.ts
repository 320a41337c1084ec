import { create } from 'zustand';
import type { FacadeError } from '../../../src-interfaces/facade.js';

export interface ConsoleEntry {
  readonly id: number;
  /** The line without secrets. */
  readonly line: string;
  readonly answer: { readonly ok: true; readonly json: string } | { readonly ok: false; readonly error: FacadeError } | null;
}

interface ConsoleState {
  readonly entries: readonly ConsoleEntry[];
  /** Oldest first. */
  readonly history: readonly string[];
  readonly nextId: number;
}

/** The console outlives a look at another page; it is never written to disk. */
export const useConsole = create<ConsoleState>()(() => ({ entries: [], history: [], nextId: 1 }));

const MAX_ENTRIES = 200;

export function addEntry(line: string): number {
  const { nextId } = useConsole.getState();
  useConsole.setState((state) => ({
    nextId: nextId + 1,
    entries: [...state.entries, { id: nextId, line, answer: null }].slice(-MAX_ENTRIES),
  }));
  return nextId;
}

export function setAnswer(id: number, answer: ConsoleEntry['answer']): void {
  useConsole.setState((state) => ({ entries: state.entries.map((entry) => (entry.id === id ? { ...entry, answer } : entry)) }));
}
