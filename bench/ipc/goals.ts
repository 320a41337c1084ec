/** What calls between processes are to reach, beside what they did. */
import type { Pair, Workload } from './pair.js';

/** A figure of one pair under one workload, mostly as a multiple of another pair's. */
export interface Goal {
  readonly workload: string;
  readonly pair: string;
  readonly figure: 'rate' | 'latency' | 'client CPU' | 'server CPU';
  /** The pair whose figure is the measure; without one the bound is in microseconds. */
  readonly base?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const CPP = 'C++ to C++';
/** The pair of the reference's own IPC. */
export const REFERENCE = 'reference, Echo';

/** All goals. The reference's own IPC is held against the same Echo interface through our proxies. */
export const GOALS: readonly Goal[] = [
  { workload: 'empty, 100 in flight', pair: 'ours to C++', figure: 'rate', base: CPP, atLeast: 1 },
  { workload: 'empty, 100 in flight', pair: 'ours to ours', figure: 'rate', base: CPP, atLeast: 0.7 },
  { workload: 'empty, one after another', pair: 'ours to C++', figure: 'latency', base: CPP, atMost: 1.3 },
  { workload: 'empty, one after another', pair: 'ours to C++', figure: 'client CPU', atMost: 55 },
  { workload: 'empty, one after another', pair: 'C++ to ours', figure: 'server CPU', atMost: 55 },
  { workload: 'empty, 100 in flight', pair: 'ours to C++', figure: 'client CPU', atMost: 55 },
  ...['ours to C++', 'C++ to ours', 'ours to ours'].flatMap((pair): Goal[] => [
    { workload: '1 MB, one after another', pair, figure: 'rate', base: CPP, atLeast: 0.7 },
    { workload: '1 MB, 100 in flight', pair, figure: 'rate', base: CPP, atLeast: 0.7 },
  ]),
  { workload: 'empty, one after another', pair: 'ours to ours, Echo', figure: 'rate', base: REFERENCE, atLeast: 1.5 },
  { workload: 'empty, 16 in flight', pair: 'ours to ours, Echo', figure: 'rate', base: REFERENCE, atLeast: 5 },
  { workload: '1 MB, one after another', pair: 'ours to ours, Echo', figure: 'rate', base: REFERENCE, atLeast: 2 },
];

function figureOf(goal: Goal, pair: Pair): number {
  switch (goal.figure) {
    case 'rate':
      return pair.rate();
    case 'latency':
      return pair.latency();
    case 'client CPU':
      return pair.cpu('client');
    case 'server CPU':
      return pair.cpu('server');
  }
}

/** One line for every goal of a workload just measured, and none for those whose pairs could not run. */
export function compare(workload: Workload, pairs: readonly Pair[]): string[] {
  return GOALS.filter((goal) => goal.workload === workload.name).flatMap((goal) => {
    const pair = pairs.find(({ name }) => name === goal.pair);
    const base = pairs.find(({ name }) => name === goal.base);
    if (pair === undefined || (goal.base !== undefined && base === undefined)) return [];
    const reached = figureOf(goal, pair) / (base === undefined ? 1 : figureOf(goal, base));
    const isMet = reached >= (goal.atLeast ?? 0) && reached <= (goal.atMost ?? Number.POSITIVE_INFINITY);
    const amount = (value: number): string => (base === undefined ? `${value.toFixed(0)} us` : `x${value.toFixed(2)}`);
    const bound = goal.atLeast === undefined ? `at most ${amount(goal.atMost ?? 0)}` : `at least ${amount(goal.atLeast)}`;
    const what = `${goal.workload}: ${goal.figure} of ${goal.pair}`;
    return [`  ${isMet ? 'met    ' : 'NOT MET'}  ${what.padEnd(62)} ${amount(reached).padStart(7)}  goal ${bound}${goal.base === undefined ? '' : ` of ${goal.base}`}`];
  });
}
