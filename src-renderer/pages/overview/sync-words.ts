import type { NetworkState, SyncState } from '../../../src-interfaces/facade.js';
import type { Translate } from '../../text/text.js';

/** Seconds as a person would say it: "about 3 hours", "less than a minute". */
export function aboutDuration(seconds: number, t: Translate): string {
  if (seconds < 60) return t('about.minute');
  if (seconds < 90 * 60) return t('about.minutes', { n: Math.round(seconds / 60) });
  if (seconds < 36 * 3600) return t('about.hours', { n: Math.round(seconds / 3600) });
  return t('about.days', { n: Math.round(seconds / 86_400) });
}

/** The state of the node's chain in one sentence. */
export function syncWords(sync: SyncState, t: Translate): string {
  switch (sync.phase) {
    case 'loading':
      return t('sync.loading');
    case 'connecting':
      return t('sync.connecting');
    case 'headers':
      return t('sync.headers', { headers: sync.headers });
    case 'blocks': {
      // Headers are not known of every node that is attached to.
      if (sync.headers <= sync.height) return t('sync.blocksOnly', { height: sync.height });
      const counted = { height: sync.height, headers: Math.max(sync.headers, sync.height) };
      return sync.secondsLeft === null ? t('sync.blocks', counted) : t('sync.blocksLeft', { ...counted, left: aboutDuration(sync.secondsLeft, t) });
    }
    case 'synced':
      return sync.height === 0 ? t('sync.genesis') : t('sync.synced');
  }
}

/** Whom the node is connected to, in one sentence. */
export function connectionWords(network: NetworkState, practice: boolean, t: Translate): string {
  const peers = network.inbound + network.outbound;
  if (!network.active) return t('sync.offline');
  if (peers > 0) return t('sync.peers', { n: peers });
  return practice ? t('sync.practice') : t('sync.alone');
}

/** "just now", "4 min ago", "3 h ago", "5 days ago". */
export function agoWords(seconds: number, t: Translate): string {
  if (seconds < 45) return t('ago.now');
  if (seconds < 3600) return t('ago.minutes', { n: Math.max(1, Math.round(seconds / 60)) });
  if (seconds < 48 * 3600) return t('ago.hours', { n: Math.round(seconds / 3600) });
  return t('ago.days', { n: Math.round(seconds / 86_400) });
}
