import type { SyncState } from '../../../src-interfaces/facade.js';
import type { Translate } from '../../text/text.js';

/** Seconds as a person would say it: "about 3 hours", "less than a minute". */
export function aboutDuration(seconds: number, t: Translate): string {
  if (seconds < 60) return t('about.minute');
  if (seconds < 90 * 60) return t('about.minutes', { n: Math.round(seconds / 60) });
  if (seconds < 36 * 3600) return t('about.hours', { n: Math.round(seconds / 3600) });
  return t('about.days', { n: Math.round(seconds / 86_400) });
}

/** The state of the node's chain in one sentence. `now` in seconds. */
export function syncWords(sync: SyncState, now: number, t: Translate): string {
  switch (sync.phase) {
    case 'loading':
      return t('sync.loading');
    case 'connecting':
      return t('sync.connecting');
    case 'headers':
      return t('sync.headers', { headers: sync.headers });
    case 'blocks': {
      const counted = { height: sync.height, headers: Math.max(sync.headers, sync.height) };
      return sync.secondsLeft === null ? t('sync.blocks', counted) : t('sync.blocksLeft', { ...counted, left: aboutDuration(sync.secondsLeft, t) });
    }
    case 'synced':
      return sync.height === 0 ? t('sync.genesis') : t('sync.synced', { ago: agoWords(now - sync.tipTime, t) });
  }
}

/** "just now", "4 min ago", "3 h ago", "5 days ago". */
export function agoWords(seconds: number, t: Translate): string {
  if (seconds < 45) return t('ago.now');
  if (seconds < 3600) return t('ago.minutes', { n: Math.max(1, Math.round(seconds / 60)) });
  if (seconds < 48 * 3600) return t('ago.hours', { n: Math.round(seconds / 3600) });
  return t('ago.days', { n: Math.round(seconds / 86_400) });
}
