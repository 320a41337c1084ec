import { AppWindow, FileText, Network, RotateCw, WalletCards, type LucideIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Compartment, CompartmentId } from '../../src-interfaces/facade.js';
import { bytesText } from '../logic/traffic-rates.js';
import { useBridge, useIsAttached, useRestartable } from '../state/bridge.js';
import { useAction, useFacade } from '../state/facade-context.js';
import { openDialog, useView } from '../state/view.js';
import { useText } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Facts } from '../ui/page.js';
import { Popover } from '../ui/overlay.js';
import { durationWords, plannedRetry, restartLabel, stateWords, toneOf } from './compartment-words.js';

const ICONS: Readonly<Record<CompartmentId, LucideIcon>> = { window: AppWindow, node: Network, wallet: WalletCards };

/** Seconds on the clock of this window; it ticks only while shown and `on`, and asks nobody. */
function useSeconds(on = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!on) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return now / 1000;
}

function CompartmentDetails({ compartment }: { readonly compartment: Compartment }) {
  const t = useText();
  const facade = useFacade();
  const now = useSeconds();
  const { state, id } = compartment;

  useEffect(() => {
    void facade.compartments.watch({ on: true });
    return () => void facade.compartments.watch({ on: false });
  }, [facade]);

  return (
    <div className="compartment-details" data-testid={`compartment-details-${id}`}>
      <div className="compartment-title">
        <h2>{t(`compartment.${id}`)}</h2>
        <span className={`compartment-state ${toneOf(compartment)}`}>{stateWords(compartment, t, now)}</span>
      </div>
      <p className="small muted compartment-duty">{t(`compartment.${id}.duty`)}</p>
      {state.kind === 'not-offered' || state.kind === 'disabled' ? <p className="small">{t(`compartment.${state.kind}.text`)}</p> : <RunningDetails compartment={compartment} now={now} />}
    </div>
  );
}

/** Facts of a compartment that is there, or was; and what can be done with it. */
function RunningDetails({ compartment, now }: { readonly compartment: Compartment; readonly now: number }) {
  const t = useText();
  const facade = useFacade();
  const attached = useIsAttached();
  const restart = useAction(() => facade.compartments.restart({ compartment: compartment.id }));
  const restartable = useRestartable(compartment.id);
  const { state, id } = compartment;
  return (
    <>
      {state.kind === 'crashed' && <p className="small bad">{state.reason}</p>}
      {state.kind === 'detached' && <p className="small muted">{[state.reason, ...(state.failure === null ? [] : [state.failure])].join(' ')}</p>}
      <Facts
        className="small"
        items={[
          [t('compartment.pid'), compartment.pid ?? '–'],
          [t('compartment.uptime'), compartment.startedAtMilliseconds === null ? '–' : durationWords(now - compartment.startedAtMilliseconds / 1000, t)],
          [t('compartment.memory'), compartment.memoryBytes === null ? '–' : bytesText(compartment.memoryBytes)],
          [t('compartment.version'), compartment.version === '' ? '–' : compartment.version],
          [t('compartment.connection'), compartment.connection === '' ? '–' : compartment.connection],
        ]}
      />
      <div className="row compartment-actions">
        <Button small icon={FileText} disabled={compartment.logPath === null} title={compartment.logPath ?? undefined} onClick={() => void facade.app.openLog({ compartment: id })}>
          {t('compartment.log')}
        </Button>
        {restartable && (
          <Button small icon={RotateCw} busy={restart.busy || state.kind === 'restarting'} data-testid={`compartment-restart-${id}`} onClick={() => (state.kind === 'silent' ? openDialog('end-wallet') : void restart.run())}>
            {t(`compartment.${restartLabel(compartment, attached)}`)}
          </Button>
        )}
      </div>
      {restart.error !== null && <p className="small bad" role="alert">{restart.error.message}</p>}
    </>
  );
}

function Cell({ compartment }: { readonly compartment: Compartment }) {
  const t = useText();
  const open = useView((view) => view.openCompartment === compartment.id);
  const Icon = ICONS[compartment.id];
  const tone = toneOf(compartment);
  const retry = plannedRetry(compartment);
  const now = useSeconds(retry !== null);
  const words = stateWords(compartment, t, now);
  const progress = compartment.state.kind === 'syncing' ? compartment.state.progress : null;
  const name = t(`compartment.${compartment.id}`);
  return (
    <Popover
      side="top"
      align="center"
      label={name}
      open={open}
      onOpenChange={(next) => useView.setState({ openCompartment: next ? compartment.id : null })}
      trigger={
        <button type="button" className={`cell ${tone}`} data-testid={`compartment-${compartment.id}`} data-state-kind={compartment.state.kind} aria-label={t('compartment.aria', { name, state: words })}>
          {tone === 'flooded' && (
            <span className="flood" aria-hidden>
              <svg viewBox="0 0 240 8" preserveAspectRatio="none">
                <path d="M0 8V4c20-4 40-4 60 0s40 4 60 0 40-4 60 0 40 4 60 0v4z" />
              </svg>
            </span>
          )}
          {progress !== null && <span className="cell-progress" style={{ transform: `scaleX(${progress.toFixed(4)})` }} aria-hidden />}
          <span className="lamp" aria-hidden />
          <Icon size={15} aria-hidden className="cell-icon" />
          <span className="cell-name">{name}</span>
          <span className="cell-state ellipsis">{words}</span>
        </button>
      }
    >
      <CompartmentDetails compartment={compartment} />
    </Popover>
  );
}

/** Three compartments at the foot of the window: when one floods, the others are seen to be dry. */
export function BulkheadBar() {
  const compartments = useBridge((state) => state.compartments);
  const t = useText();
  return (
    <footer className="bulkhead-bar" aria-label={t('compartment.bar')} data-testid="bulkhead-bar">
      {compartments.map((compartment) => (
        <Cell key={compartment.id} compartment={compartment} />
      ))}
    </footer>
  );
}
