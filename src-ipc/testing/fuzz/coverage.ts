import { Session, type Profiler } from 'node:inspector';

/** Part of a script, in characters. */
type Range = readonly [start: number, end: number];

/** Which blocks of the code under test have run, as the engine itself counts them. */
export class Coverage {
  readonly #session = new Session();
  /** By function, what of it has never run. */
  readonly #missed = new Map<string, readonly Range[]>();

  /** @param isWatched which scripts count, by their URL */
  constructor(private readonly isWatched: (url: string) => boolean) {
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  }

  /** Functions that have run. */
  get functions(): number {
    return this.#missed.size;
  }

  /** Whether anything has run, since the last look, that never had before. What was new stays new with `isTrial`. */
  hasGrown(isTrial = false): boolean {
    let hasGrown = false;
    this.#session.post('Profiler.takePreciseCoverage', (_error: Error | null, taken: Profiler.TakePreciseCoverageReturnType | undefined) => {
      for (const { url, functions } of taken?.result ?? []) {
        if (!this.isWatched(url)) continue;
        for (const { ranges } of functions) if (this.#add(url, ranges, isTrial)) hasGrown = true;
      }
    });
    return hasGrown;
  }

  stop(): void {
    this.#session.disconnect();
  }

  #add(url: string, ranges: readonly Profiler.CoverageRange[], isTrial: boolean): boolean {
    const [whole] = ranges;
    if (whole === undefined || whole.count === 0) return false;
    const key = `${url} ${whole.startOffset}`;
    const missed = ranges.filter(({ count }) => count === 0).map(({ startOffset, endOffset }): Range => [startOffset, endOffset]);
    const before = this.#missed.get(key);
    const now = before === undefined ? missed : overlap(before, missed);
    if (before !== undefined && size(now) === size(before)) return false;
    if (!isTrial) this.#missed.set(key, now);
    return true;
  }
}

function overlap(some: readonly Range[], others: readonly Range[]): readonly Range[] {
  return some.flatMap(([start, end]) => {
    return others.map(([from, to]): Range => [Math.max(start, from), Math.min(end, to)]).filter(([from, to]) => from < to);
  });
}

function size(ranges: readonly Range[]): number {
  return ranges.reduce((total, [start, end]) => total + end - start, 0);
}
