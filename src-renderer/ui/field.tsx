import { useEffect, useId, useRef, useState, type InputHTMLAttributes, type ReactNode, type Ref, type RefObject } from 'react';
import { Eye, EyeOff } from 'lucide-react';
import { IconButton } from './button.js';
import { useText } from '../text/text.js';

export interface FieldParts {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Plain words; shown beneath the control in place of the hint. */
  readonly error?: string | null | undefined;
  readonly optional?: boolean;
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: (parts: FieldParts) => ReactNode;
}

/** Label, control and one line below it. The line is always there, so an error moves nothing. */
export function Field({ label, hint, error, optional = false, aside, className, children }: FieldProps) {
  const t = useText();
  const id = useId();
  const bad = error !== undefined && error !== null && error !== '';
  const line = bad ? error : hint;
  const lineId = `${id}-line`;
  return (
    <div className={`field ${className ?? ''}`}>
      <div className="spread field-head">
        <label htmlFor={id}>
          {label}
          {optional && <span className="quiet optional"> {t('field.optional')}</span>}
        </label>
        {aside}
      </div>
      {children({ id, describedBy: line === undefined ? undefined : lineId, invalid: bad })}
      <div id={lineId} className={bad ? 'field-line bad' : 'field-line'} role={bad ? 'alert' : undefined}>
        {line}
      </div>
    </div>
  );
}

export interface TextInputProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly parts: FieldParts;
  readonly suffix?: ReactNode;
  readonly mono?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextInput({ parts, suffix, mono = false, className, ...rest }: TextInputProps) {
  return (
    <div className={`input${parts.invalid ? ' invalid' : ''}${mono ? ' mono' : ''} ${className ?? ''}`}>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={parts.id}
        aria-invalid={parts.invalid || undefined}
        aria-describedby={parts.describedBy}
      />
      {suffix}
    </div>
  );
}

/** A secret: hidden unless asked, with a warning while caps lock is on. */
export function PassphraseInput(props: TextInputProps) {
  const t = useText();
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  return (
    <TextInput
      {...props}
      type={shown ? 'text' : 'password'}
      onKeyUp={(event) => setCaps(event.getModifierState('CapsLock'))}
      suffix={
        <>
          {caps && <span className="caps small">{t('field.capsLock')}</span>}
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={shown ? t('field.hidePassphrase') : t('field.showPassphrase')}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          />
        </>
      }
    />
  );
}

/** When an answer has come and there is a fault in a field, that field gets the focus, ready to be typed over. */
export function useFaultFocus(form: RefObject<HTMLFormElement | null>, busy: boolean): void {
  const waited = useRef(false);
  useEffect(() => {
    if (busy) waited.current = true;
    else if (waited.current) {
      waited.current = false;
      const field = form.current?.querySelector<HTMLInputElement>('input[aria-invalid]');
      field?.focus();
      field?.select();
    }
  }, [form, busy]);
}
