import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import type { BlockSummary, NodeState } from '../../../src-interfaces/facade.js';
import { useText } from '../../text/text.js';
import { agoWords } from './sync-words.js';

const HALF_DAY = 12 * 3600;
const CENTRE = 120;
const RADIUS = 102;

/** The time in seconds, renewed every ten while the clock is on screen. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 10_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function pointAt(angle: number, radius: number): string {
  const x = CENTRE + radius * Math.sin(angle);
  const y = CENTRE - radius * Math.cos(angle);
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}

function arc(from: number, to: number, radius: number): string {
  const large = to - from > Math.PI ? 1 : 0;
  return `M${pointAt(from, radius)}A${radius} ${radius} 0 ${large} 1 ${pointAt(to, radius)}`;
}

interface Segment {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** 0 for the newest, 1 for twelve hours ago. */
  readonly age: number;
}

/** One arc per block of the last twelve hours, from the block before it to itself, on a twelve-hour dial. */
export function clockSegments(blocks: readonly BlockSummary[], now: number, offsetSeconds: number): readonly Segment[] {
  const start = now - HALF_DAY;
  const angleOf = (time: number): number => (((time + offsetSeconds) % HALF_DAY) / HALF_DAY) * 2 * Math.PI;
  const segments: Segment[] = [];
  for (const [index, block] of blocks.entries()) {
    if (block.time <= start) break;
    const before = blocks[index + 1];
    const from = Math.max(start, before === undefined ? block.time : Math.min(before.time, block.time));
    // A hair is left free on both sides, so that blocks can be told apart.
    const span = ((Math.min(block.time, now) - from) / HALF_DAY) * 2 * Math.PI;
    const gap = Math.min(0.012, span / 3);
    const begin = angleOf(from) + gap;
    segments.push({ key: block.hash, from: begin, to: begin + Math.max(span - 2 * gap, 0.01), age: (now - block.time) / HALF_DAY });
  }
  return segments;
}

/** The one picture of Overview: when the blocks of the last half day came. While syncing, how far it is. */
export function BlockClock({ node }: { readonly node: NodeState | null }) {
  const t = useText();
  const intl = useIntl();
  const now = useNow();
  const sync = node?.sync;
  const syncing = sync !== undefined && sync.phase !== 'synced';
  const offset = -new Date(now * 1000).getTimezoneOffset() * 60;
  const segments = node === null || syncing ? [] : clockSegments(node.recentBlocks, now, offset);
  const nowAngle = (((now + offset) % HALF_DAY) / HALF_DAY) * 2 * Math.PI;
  // A node that tells only its tip does not tell the time of it.
  const timed = sync !== undefined && sync.tipTime > 0;
  const tipTime = timed ? sync.tipTime : now;
  const openFrom = nowAngle - (Math.min(Math.max(0, now - tipTime), HALF_DAY - 60) / HALF_DAY) * 2 * Math.PI;
  const height = sync?.height ?? 0;
  const ago = !timed || sync.height === 0 ? '' : agoWords(now - sync.tipTime, t);
  return (
    <figure className="block-clock" role="img" aria-label={syncing ? t('clock.syncing', { percent: Math.floor(sync.progress * 100) }) : t('clock.label', { height, ago })}>
      <svg viewBox="0 0 240 240" aria-hidden>
        <circle cx={CENTRE} cy={CENTRE} r={RADIUS} className="clock-track" />
        {Array.from({ length: 12 }, (_, hour) => (
          <path key={hour} d={`M${pointAt((hour / 6) * Math.PI, hour % 3 === 0 ? 86 : 89)}L${pointAt((hour / 6) * Math.PI, 92)}`} className="clock-hour" />
        ))}
        {syncing && sync.progress > 0 && (
          <path d={arc(0, Math.min(0.9999, sync.progress) * 2 * Math.PI, RADIUS)} className="clock-progress" />
        )}
        {segments.map((segment) => (
          <path key={segment.key} d={arc(segment.from, segment.to, RADIUS)} className="clock-block" style={{ opacity: 1 - 0.72 * Math.min(1, segment.age) }} />
        ))}
        {!syncing && node !== null && (
          <>
            {nowAngle - openFrom > 0.02 && <path d={arc(openFrom, nowAngle, RADIUS)} className="clock-open" />}
            <path d={`M${pointAt(nowAngle, 93)}L${pointAt(nowAngle, 111)}`} className="clock-now" />
          </>
        )}
      </svg>
      <figcaption>
        <span className="small quiet">{syncing ? t('clock.checked') : t('clock.block')}</span>
        <span className="clock-height tabular" data-testid="block-height">
          {node === null ? '–' : syncing ? t('percent', { percent: Math.floor(sync.progress * 100) }) : intl.formatNumber(height)}
        </span>
        <span className="small muted">{syncing ? t('clock.height', { height }) : ago}</span>
      </figcaption>
    </figure>
  );
}
