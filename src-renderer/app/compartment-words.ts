import type { Compartment, PlannedRetry } from '../../src-interfaces/facade.js';
import type { Translate } from '../text/text.js';

export type CompartmentTone = 'dry' | 'busy' | 'flooded' | 'off';

/** How a compartment looks: healthy, working on something, crashed, or not there. One that is looked for is worked on. */
export function toneOf(compartment: Compartment): CompartmentTone {
  switch (compartment.state.kind) {
    case 'running':
    case 'remote':
      return 'dry';
    case 'starting':
    case 'restarting':
    case 'syncing':
      return 'busy';
    case 'crashed':
    case 'silent':
      return 'flooded';
    case 'detached':
      return compartment.state.retry === undefined ? 'off' : 'busy';
    case 'not-offered':
    case 'disabled':
    case 'stopped':
      return 'off';
  }
}

/** Whether it can be asked. */
export function isThere({ state }: Compartment): boolean {
  return state.kind === 'running' || state.kind === 'syncing' || state.kind === 'remote';
}

/** The attempt that will be made to bring it back; null when there is none to come. */
export function plannedRetry({ state }: Compartment): PlannedRetry | null {
  return state.kind === 'crashed' || state.kind === 'detached' ? (state.retry ?? null) : null;
}

/**
 * What pressing its button does.
 * @param attached whether the node is somebody else's
 */
export function restartLabel(compartment: Compartment, attached: boolean): 'restart' | 'restartNow' | 'reconnect' | 'tryNow' | 'end' {
  if (compartment.state.kind === 'silent') return 'end';
  const isPlanned = plannedRetry(compartment) !== null;
  if (compartment.id === 'node' && (attached || compartment.state.kind === 'detached')) return isPlanned ? 'tryNow' : 'reconnect';
  // The node starts a wallet process that has ended; of one that runs, its wallets are opened anew.
  if (compartment.id === 'wallet' && isThere(compartment)) return 'reconnect';
  return isPlanned ? 'restartNow' : 'restart';
}

/** "restarting in 4 s (attempt 2 of 5)", "connection lost, trying again in 4 s", "stopped, looking again in 4 s". */
function retryWords({ state }: Compartment, retry: PlannedRetry, seconds: number, t: Translate): string {
  const s = Math.max(1, Math.ceil(retry.atMilliseconds / 1000 - seconds));
  const words = state.kind !== 'detached' ? 'compartment.restartingIn' : state.hasStopped === true ? 'compartment.stoppedForNow' : 'compartment.reconnecting';
  return t(words, { s, attempt: retry.attempt, of: retry.of ?? 0 });
}

/**
 * Its state in a few words: "syncing 43 %".
 * @param seconds now, since 1970
 */
export function stateWords(compartment: Compartment, t: Translate, seconds = Date.now() / 1000): string {
  const { state } = compartment;
  const retry = plannedRetry(compartment);
  if (retry !== null) return retryWords(compartment, retry, seconds, t);
  switch (state.kind) {
    case 'starting':
      return state.detail === '' ? t('compartment.starting') : state.detail;
    case 'syncing': {
      // Rounded down: 100 % means done.
      const percent = Math.floor(state.progress * 100);
      return compartment.id === 'wallet' ? t('compartment.scanning', { percent }) : t('compartment.syncing', { percent });
    }
    case 'crashed':
      return state.never === undefined ? t('compartment.crashed') : t(`compartment.never.${state.never}`);
    case 'remote':
      return t('compartment.remote', { host: state.host });
    default:
      return t(`compartment.${state.kind}`);
  }
}

/** "3 d 4 h", "12 min", "8 s": two units at most. */
export function durationWords(seconds: number, t: Translate): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return t('duration.seconds', { s });
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return t('duration.minutes', { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('duration.hours', { hours, minutes: minutes % 60 });
  return t('duration.days', { days: Math.floor(hours / 24), hours: hours % 24 });
}
