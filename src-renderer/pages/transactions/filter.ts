import type { ArgumentsOf, facadeSchema, TransactionKind } from '../../../src-interfaces/facade.js';

export type Chip = TransactionKind | 'pending' | 'month' | 'year';
export const CHIPS: readonly Chip[] = ['received', 'sent', 'mined', 'self', 'pending', 'month', 'year'];

export interface HistoryFilter {
  readonly search: string;
  readonly chips: readonly Chip[];
}

export type FilterArguments = ArgumentsOf<(typeof facadeSchema)['calls']['wallet']['exportCsv']>;

/** The filter as the bridge takes it; `now` decides what "this month" is, in local time. */
export function filterArguments(wallet: string, filter: HistoryFilter, now: Date): FilterArguments {
  const kinds = filter.chips.filter((chip): chip is TransactionKind => chip === 'received' || chip === 'sent' || chip === 'mined' || chip === 'self');
  const start = filter.chips.includes('month')
    ? new Date(now.getFullYear(), now.getMonth(), 1)
    : filter.chips.includes('year')
      ? new Date(now.getFullYear(), 0, 1)
      : null;
  return {
    wallet,
    search: filter.search.trim().slice(0, 200),
    kinds,
    statuses: filter.chips.includes('pending') ? ['pending'] : [],
    ...(start === null ? {} : { since: Math.floor(start.getTime() / 1000) }),
  };
}

/** Turns a chip on or off; month and year exclude each other. */
export function withChip(filter: HistoryFilter, chip: Chip, on: boolean): HistoryFilter {
  const others = filter.chips.filter((one) => one !== chip && !(on && (chip === 'month' || chip === 'year') && (one === 'month' || one === 'year')));
  return { ...filter, chips: on ? [...others, chip] : others };
}
