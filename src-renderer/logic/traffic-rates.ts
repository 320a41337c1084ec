import type { TrafficSample } from '../../src-interfaces/facade.js';

export interface TrafficRates {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** Bytes per second. */
  readonly received: readonly number[];
  readonly sent: readonly number[];
}

/** Rates between consecutive samples. A total that went down means the node restarted: that step is zero. */
export function trafficRates(samples: readonly TrafficSample[]): TrafficRates {
  const times: number[] = [];
  const received: number[] = [];
  const sent: number[] = [];
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined) continue;
    const seconds = (sample.timeMilliseconds - before.timeMilliseconds) / 1000;
    if (seconds <= 0) continue;
    times.push(sample.timeMilliseconds / 1000);
    received.push(Math.max(0, sample.receivedBytes - before.receivedBytes) / seconds);
    sent.push(Math.max(0, sample.sentBytes - before.sentBytes) / seconds);
  }
  return { times, received, sent };
}

const STEPS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in powers of 1000 with three digits: 1.24 MB. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes);
  let step = 0;
  while (value >= 999.5 && step < STEPS.length - 1) {
    value /= 1000;
    step++;
  }
  const digits = step === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}\u00a0${STEPS[step] ?? 'B'}`;
}
