import { useEffect, useRef, useState } from 'react';
import { Check, Copy } from 'lucide-react';
import { groupsOfFour, shortened } from '../logic/address-groups.js';
import { useText } from '../text/text.js';
import { Button } from './button.js';

/**
 * Copies while a click is being handled. The asynchronous clipboard needs a permission that the window
 * is not given, so the selection of a field off screen is copied instead.
 */
function copyText(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'sr-only';
  // Inside the open dialog, if any: focus is kept there.
  (before?.parentElement ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}

function useCopy(text: string): { readonly copied: boolean; readonly copy: () => void } {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = (): void => {
    if (!copyText(text)) return;
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 1600);
  };
  return { copied, copy };
}

/** Copies and says so in its own place. */
export function CopyButton(props: { readonly text: string; readonly what: string; readonly labelled?: boolean; readonly testId?: string }) {
  const t = useText();
  const { copied, copy } = useCopy(props.text);
  const label = copied ? t('copied') : t('copy.what', { what: props.what });
  if (props.labelled === true) {
    return (
      <Button icon={copied ? Check : Copy} onClick={copy} className={copied ? 'copied' : ''} data-testid={props.testId}>
        <span className="same-width">
          <span aria-hidden={copied} className={copied ? 'invisible' : ''}>{t('copy.what', { what: props.what })}</span>
          <span aria-live="polite" className={copied ? '' : 'invisible'}>{copied ? t('copied') : ''}</span>
        </span>
      </Button>
    );
  }
  const Icon = copied ? Check : Copy;
  return (
    <button type="button" className={`icon-button${copied ? ' copied' : ''}`} aria-label={label} title={label} onClick={copy} data-testid={props.testId}>
      <Icon size={14} aria-hidden />
      <span className="sr-only" aria-live="polite">{copied ? t('copied') : ''}</span>
    </button>
  );
}

/** An address in groups of four, alternately toned, for comparing. Selecting and copying gives no spaces. */
export function AddressGroups({ address, className, testId }: { readonly address: string; readonly className?: string; readonly testId?: string }) {
  return (
    <span className={`address-groups mono ${className ?? ''}`} data-testid={testId} data-address={address}>
      {groupsOfFour(address).map((group, index) => (
        <span key={index} className="address-group">
          {group}
        </span>
      ))}
    </span>
  );
}

/** A hash or address, shortened in the middle, with a copy button. */
export function Identifier(props: { readonly value: string; readonly what: string; readonly head?: number; readonly tail?: number }) {
  return (
    <span className="identifier">
      <span className="mono" title={props.value}>
        {shortened(props.value, props.head ?? 10, props.tail ?? 8)}
      </span>
      <CopyButton text={props.value} what={props.what} />
    </span>
  );
}
