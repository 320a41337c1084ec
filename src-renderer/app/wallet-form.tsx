import { useRef, type FormEvent, type ReactNode } from 'react';
import type { FacadeError } from '../../src-interfaces/facade.js';
import { openDialog } from '../state/view.js';
import { useText } from '../text/text.js';
import { Button } from '../ui/button.js';
import { Callout, ProgressBar } from '../ui/feedback.js';
import { useFaultFocus } from '../ui/field.js';
import { useWalletAbsence, WalletAwayNotice, WalletFields } from '../pages/shared/wallet-away.js';

/** Closes the dialog that is open. */
export const close = (): void => openDialog(null);

/** The message of an error that belongs to one of these fields. */
export function errorFor(error: FacadeError | null, ...fields: readonly string[]): string | null {
  return error !== null && error.field !== undefined && fields.includes(error.field) ? error.message : null;
}

/** An error that belongs to no field shown. */
export function OtherError({ error, fields }: { readonly error: FacadeError | null; readonly fields: readonly string[] }) {
  if (error === null || (error.field !== undefined && fields.includes(error.field))) return null;
  return <Callout tone="bad" what={error.message} />;
}

/** What a dialog asks for, with what it is doing and its two buttons. */
export function Form(props: { readonly onSubmit: () => void; readonly busy: boolean; readonly working?: string; readonly submit: string; readonly disabled?: boolean; readonly testId: string; readonly children: ReactNode }) {
  const t = useText();
  const isAway = useWalletAbsence() !== null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (props.disabled !== true && !isAway && !props.busy) props.onSubmit();
  };
  const form = useRef<HTMLFormElement>(null);
  useFaultFocus(form, props.busy);
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <WalletAwayNotice />
      <WalletFields>{props.children}</WalletFields>
      <div className="dialog-working">
        {props.busy && props.working !== undefined && (
          <>
            <p className="small muted" role="status">{props.working}</p>
            <ProgressBar fraction={null} label={props.working} />
          </>
        )}
      </div>
      <div className="dialog-actions">
        <Button variant="quiet" onClick={close} disabled={props.busy}>
          {t('cancel')}
        </Button>
        <Button type="submit" variant="primary" busy={props.busy} disabled={props.disabled === true || isAway} data-testid={props.testId}>
          {props.submit}
        </Button>
      </div>
    </form>
  );
}
