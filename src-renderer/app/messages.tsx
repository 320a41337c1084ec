import { FileText, RotateCw } from 'lucide-react';
import type { Compartment, CompartmentState } from '../../src-interfaces/facade.js';
import { dismissNotice, useBridge, useRestartable } from '../state/bridge.js';
import { useAction, useFacade } from '../state/facade-context.js';
import { openDialog, useView } from '../state/view.js';
import { useText } from '../text/text.js';
import { plannedRetry } from './compartment-words.js';
import { Button } from '../ui/button.js';
import { Callout } from '../ui/feedback.js';

function CrashMessage({ compartment }: { readonly compartment: Compartment }) {
  const facade = useFacade();
  const t = useText();
  const restart = useAction(() => facade.compartments.restart({ compartment: compartment.id }));
  if (compartment.state.kind !== 'crashed') return null;
  const key = `${compartment.id}@${compartment.state.atMilliseconds}`;
  const retry = plannedRetry(compartment) !== null;
  const { id } = compartment;
  const { never } = compartment.state;
  return (
    <Callout
      tone="bad"
      testId={`crash-${id}`}
      what={never === undefined ? t(`crash.${id}.what`) : t(`crash.never.${never}`)}
      why={compartment.state.reason}
      todo={restart.error !== null ? restart.error.message : retry ? t('crash.retry') : never === undefined ? t(`crash.${id}.todo`) : undefined}
      onDismiss={() => useView.setState((view) => ({ dismissed: [...view.dismissed, key] }))}
      actions={
        <>
          <Button small variant="secondary" icon={RotateCw} busy={restart.busy} data-testid={`crash-restart-${id}`} onClick={() => void restart.run()}>
            {never !== undefined ? t('crash.never.restart') : retry ? t('compartment.restartNow') : t(`crash.${id}.restart`)}
          </Button>
          {compartment.logPath !== null && (
            <Button small variant="quiet" icon={FileText} onClick={() => void facade.app.openLog({ compartment: id })}>
              {t('compartment.log')}
            </Button>
          )}
        </>
      }
    />
  );
}

/** A node that is looked for again: what one sees is what it last said. */
function LostMessage({ compartment, lost }: { readonly compartment: Compartment; readonly lost: Extract<CompartmentState, { kind: 'detached' }> }) {
  const facade = useFacade();
  const t = useText();
  const tryNow = useAction(() => facade.compartments.restart({ compartment: compartment.id }));
  return (
    <Callout
      tone={lost.hasStopped === true ? 'info' : 'warning'}
      testId={`lost-${compartment.id}`}
      what={lost.reason}
      why={lost.failure}
      todo={tryNow.error !== null ? tryNow.error.message : t(lost.hasStopped === true ? 'lost.stopped.todo' : 'lost.todo')}
      actions={
        <Button small variant="secondary" icon={RotateCw} busy={tryNow.busy} data-testid={`try-now-${compartment.id}`} onClick={() => void tryNow.run()}>
          {t('compartment.tryNow')}
        </Button>
      }
    />
  );
}

/** A wallet process that runs but does not answer: to wait, or to end it. */
function SilentMessage() {
  const t = useText();
  const restartable = useRestartable('wallet');
  return (
    <Callout
      tone="warning"
      testId="silent-wallet"
      what={t('silent.what')}
      todo={t('silent.todo')}
      actions={
        restartable && (
          <Button small variant="secondary" icon={RotateCw} onClick={() => openDialog('end-wallet')} data-testid="silent-end-wallet">
            {t('compartment.end')}
          </Button>
        )
      }
    />
  );
}

/**
 * Crashes and messages of the programs. They float above the bulkhead bar, over the page instead of in
 * it: nothing on the page moves.
 */
export function Messages() {
  const compartments = useBridge((state) => state.compartments);
  const notices = useBridge((state) => state.notices);
  const dismissed = useView((view) => view.dismissed);
  const crashed = compartments.filter((one) => one.state.kind === 'crashed' && !dismissed.includes(`${one.id}@${one.state.atMilliseconds}`));
  const lost = compartments.flatMap((one) => (one.state.kind === 'detached' && one.state.retry !== undefined ? [{ compartment: one, lost: one.state }] : []));
  const isSilent = compartments.some((one) => one.state.kind === 'silent');
  if (crashed.length === 0 && lost.length === 0 && !isSilent && notices.length === 0) return null;
  return (
    <div className="messages">
      {crashed.map((compartment) => (
        <CrashMessage key={compartment.id} compartment={compartment} />
      ))}
      {lost.map((one) => (
        <LostMessage key={one.compartment.id} {...one} />
      ))}
      {isSilent && <SilentMessage />}
      {notices.map((notice) => (
        <Callout
          key={notice.id}
          tone={notice.level === 'error' ? 'bad' : notice.level}
          what={notice.what}
          why={notice.why}
          todo={notice.todo}
          onDismiss={() => dismissNotice(notice.id)}
        />
      ))}
    </div>
  );
}
